"""One reference in the tray: its number, its picture, its name."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy

from gptimg_desktop.core.request import FileReference, Reference
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.ratio_button import small_font
from gptimg_desktop.ui.theme import RADIUS, Tokens, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

_PICTURE_HEIGHT: Final = 56
_NAME_HEIGHT: Final = 18
_BADGE: Final = 20


class ReferenceChip(QFrame):
    """Each wish carries the chip itself: `remove_requested` by its button, Delete or Backspace,
    `earlier_requested` by Alt+Left, `later_requested` by Alt+Right."""

    remove_requested = Signal(object)
    earlier_requested = Signal(object)
    later_requested = Signal(object)

    _number = 0
    _image: QImage | None = None

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        self._reference = reference
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_PICTURE_HEIGHT + _NAME_HEIGHT)
        self._remove = IconButton("x", "", self, size=12)
        self._remove.setProperty("role", "badge")
        self._remove.setFixedSize(_BADGE, _BADGE)
        self._remove.clicked.connect(self._ask_removal)

    @property
    def reference(self) -> Reference:
        return self._reference

    @property
    def image(self) -> QImage | None:
        return self._image

    @property
    def title(self) -> str:
        """The file's name, or the host that the address names."""
        return self._reference.name if isinstance(self._reference, FileReference) else self._reference.host

    def set_number(self, number: int) -> None:
        """Its place in the tray, from 1: what the prompt calls it by."""
        self._number = number
        name = self.tr("Reference {number}: {name}").format(number=number, name=self.title)
        self.setAccessibleName(name)
        self.setToolTip(f"<qt>{html.escape(self._describe())}</qt>")
        removal = self.tr("Remove reference {number}, {name}").format(number=number, name=self.title)
        self._remove.setAccessibleName(removal)
        self._remove.setToolTip(self.tr("Remove"))
        self.update()

    def set_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(64, _PICTURE_HEIGHT + _NAME_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, _PICTURE_HEIGHT + _NAME_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remove.move(self.width() - self._remove.width() - 2, 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._ask_removal()
        elif has_alt and key == Qt.Key.Key_Left:
            self.earlier_requested.emit(self)
        elif has_alt and key == Qt.Key.Key_Right:
            self.later_requested.emit(self)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tokens = tokens_for(self.palette())
        place = QRectF(0.5, 0.5, self.width() - 1, _PICTURE_HEIGHT - 1)
        self._paint_picture(painter, place, tokens)
        self._paint_number(painter, tokens)
        self._paint_name(painter, tokens)
        painter.end()

    def _ask_removal(self) -> None:
        self.remove_requested.emit(self)

    def _describe(self) -> str:
        if isinstance(self._reference, FileReference):
            pixels = f"{self._reference.width}×{self._reference.height}"
            return f"{self._reference.name} · {pixels}"
        return self._reference.url

    def _paint_picture(self, painter: QPainter, place: QRectF, tokens: Tokens) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(place, RADIUS, RADIUS)
        painter.fillPath(outline, QColor(tokens.canvas))
        if self._image is not None and not self._image.isNull():
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(_filling(self._image, place), self._image)
            painter.restore()
        else:
            name = "image" if isinstance(self._reference, FileReference) else "link"
            sign = icons.pixmap(name, tokens.muted, 20, self.devicePixelRatioF())
            painter.drawPixmap(place.center() - QPointF(10, 10), sign)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(tokens.accent if focused else tokens.border), 2 if focused else 1))
        painter.drawPath(outline)

    def _paint_number(self, painter: QPainter, tokens: Tokens) -> None:
        font = small_font(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        text = str(self._number)
        width = max(18, painter.fontMetrics().horizontalAdvance(text) + 10)
        badge = QRectF(3.5, 3.5, width, 18)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(badge, 9, 9)
        painter.setPen(QColor(tokens.text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_name(self, painter: QPainter, tokens: Tokens) -> None:
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens.muted))
        place = QRect(0, _PICTURE_HEIGHT, self.width(), _NAME_HEIGHT)
        title = self.title.replace("\n", " ")
        text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _filling(image: QImage, place: QRectF) -> QRectF:
    """Where to draw the image so that it fills the place, its middle in the middle."""
    scale = max(place.width() / image.width(), place.height() / image.height())
    drawn = QRectF(0, 0, image.width() * scale, image.height() * scale)
    drawn.moveCenter(place.center())
    return drawn
