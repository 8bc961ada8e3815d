"""One reference in the tray: its number, its picture, its name; or the place that is kept for one."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy

from gptimg_desktop.core.reference import FileReference, Reference, UrlReference
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
_SIGN_TOP: Final = 22  # below number and button
_BREAK: Final = "\u200b"
_LONG_WORD: Final = re.compile(r"\S{40}(?=\S)")  # a tool tip's lines break between words only


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A reference that is still being read. `source` says where from, `name` is what the user knows it as."""

    source: str
    name: str


class ReferenceChip(QFrame):
    """Shows a reference, or an awaited one until `fill`.

    Each wish carries the chip itself: `remove_requested` by its button, Delete or Backspace,
    `earlier_requested` by Alt+Left, `later_requested` by Alt+Right.
    """

    remove_requested = Signal(object)
    earlier_requested = Signal(object)
    later_requested = Signal(object)

    _number = 0
    _image: QImage | None = None

    def __init__(self, content: Reference | Awaited, parent: QWidget | None = None) -> None:
        self._content = content
        self._title = _title(content)
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_PICTURE_HEIGHT + _NAME_HEIGHT)
        self._remove = IconButton("x", "", self, size=12)
        self._remove.setProperty("role", "badge")
        self._remove.setFixedSize(_BADGE, _BADGE)
        self._remove.clicked.connect(self._ask_removal)

    @property
    def reference(self) -> Reference | None:
        """What is sent; None while it is awaited."""
        return None if isinstance(self._content, Awaited) else self._content

    @property
    def source(self) -> str:
        """Where the awaited reference comes from; empty once it is there."""
        return self._content.source if isinstance(self._content, Awaited) else ""

    @property
    def image(self) -> QImage | None:
        return self._image

    @property
    def title(self) -> str:
        """The file's name, or the host that the address names."""
        return self._title

    def fill(self, reference: Reference, image: QImage | None) -> None:
        """Put the awaited reference into its place."""
        self._content = reference
        self._title = _title(reference)
        self._image = image
        self._tell_names()

    def set_number(self, number: int) -> None:
        """Its place in the tray, from 1: what the prompt calls it by."""
        self._number = number
        self._tell_names()

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

    def _tell_names(self) -> None:
        name = self.tr("Reference {number}: {name}").format(number=self._number, name=self._spoken())
        self.setAccessibleName(name)
        self.setToolTip(f"<qt>{_breakable(self._describe())}</qt>")
        removal = self.tr("Remove reference {number}, {name}").format(number=self._number, name=self.title)
        self._remove.setAccessibleName(removal)
        self._remove.setToolTip(self.tr("Remove"))
        self.update()

    def _spoken(self) -> str:
        content = self._content
        if isinstance(content, Awaited):
            return self.tr("{name}, reading…").format(name=content.name)
        if isinstance(content, UrlReference):
            return (
                self.tr("{address}, not secure").format(address=content.url)
                if _is_open(content)
                else content.url
            )
        return content.name

    def _describe(self) -> str:
        content = self._content
        if isinstance(content, FileReference):
            return f"{content.name} · {content.width}×{content.height}"
        if isinstance(content, UrlReference) and _is_open(content):
            return self.tr("{address} – not secure: others on the way can read and change it").format(
                address=content.url
            )
        return self._spoken()

    def _paint_picture(self, painter: QPainter, place: QRectF, tokens: Tokens) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(place, RADIUS, RADIUS)
        is_address = isinstance(self._content, UrlReference)
        painter.fillPath(outline, QColor(tokens.raised if is_address else tokens.canvas))
        if self._image is not None and not self._image.isNull():
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(_filling(self._image, place), self._image)
            painter.restore()
        else:
            self._paint_sign(painter, place, tokens)
        focused = self.hasFocus()
        pen = QPen(QColor(tokens.accent if focused else tokens.border), 2 if focused else 1)
        if isinstance(self._content, Awaited) and not focused:
            pen = QPen(QColor(tokens.border_strong), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPath(outline)

    def _paint_sign(self, painter: QPainter, place: QRectF, tokens: Tokens) -> None:
        """What stands for a picture that cannot be seen, with a word below where one helps."""
        name, word = self._sign()
        edge = 16 if word else 20
        middle = QPointF(place.center().x(), _SIGN_TOP + edge / 2)
        content = self._content
        tone = tokens.warning if isinstance(content, UrlReference) and _is_open(content) else tokens.muted
        sign = icons.pixmap(name, tone, edge, self.devicePixelRatioF())
        painter.drawPixmap(middle - QPointF(edge / 2, edge / 2), sign)
        if word:
            self._paint_word(painter, place.adjusted(4, _SIGN_TOP + edge, -4, -1), word, tokens)

    def _paint_word(self, painter: QPainter, place: QRectF, word: str, tokens: Tokens) -> None:
        is_address = isinstance(self._content, UrlReference)
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens.text if is_address else tokens.muted))
        cut = Qt.TextElideMode.ElideMiddle if is_address else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(word, cut, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _sign(self) -> tuple[str, str]:
        """An icon's name, and the word below it: the last part of an address tells pictures apart that come
        from one host."""
        if isinstance(self._content, Awaited):
            return "hourglass", self.tr("reading…")
        if isinstance(self._content, UrlReference):
            return "globe", _last_part(self._content.url)
        return "image", ""

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


def _title(content: Reference | Awaited) -> str:
    return content.host if isinstance(content, UrlReference) else content.name


def _is_open(reference: UrlReference) -> bool:
    """True where anybody on the way can read and change what is fetched."""
    return reference.url.lower().startswith("http:")


def _last_part(address: str) -> str:
    """The name that the address gives its picture; empty where it gives none."""
    return QUrl(address).fileName().replace("\n", " ")


def _breakable(text: str) -> str:
    """Foreign text for a tool tip: never markup, and with places where a long word may be broken."""
    return html.escape(_LONG_WORD.sub(rf"\g<0>{_BREAK}", text))


def _filling(image: QImage, place: QRectF) -> QRectF:
    """Where to draw the image so that it fills the place, its middle in the middle."""
    scale = max(place.width() / image.width(), place.height() / image.height())
    drawn = QRectF(0, 0, image.width() * scale, image.height() * scale)
    drawn.moveCenter(place.center())
    return drawn
