"""The selected picture on neutral ground."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gptimg_desktop.ui.gallery.tiles.shape import fit
from gptimg_desktop.ui.icons import pixmap
from gptimg_desktop.ui.theme import UNIT, tokens_for

_HEIGHT: Final = 232
_LOW: Final = 96
"""The height where there is no picture and none to come."""
_ICON: Final = 32


class Preview(QWidget):
    """Shows an image whole, or an icon for what there is instead of one.

    `clicked` comes where there is an image.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._image = QImage()
        self._is_pressed = False
        self._icon = "image"
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview"))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def image(self) -> QImage:
        return self._image

    def show_image(self, image: QImage) -> None:
        self.setFixedHeight(_HEIGHT)
        self._image = image
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.update()

    def show_icon(self, name: str, *, awaits_picture: bool = False) -> None:
        self.setFixedHeight(_HEIGHT if awaits_picture else _LOW)
        self._image = QImage()
        self._icon = name
        self.unsetCursor()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(264, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """Its first half was the click."""
        self._is_pressed = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_pressed, self._is_pressed = self._is_pressed, False
        is_inside = self.rect().contains(event.position().toPoint())
        if was_pressed and is_inside and not self._image.isNull():
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(QRectF(self.rect()), UNIT, UNIT)
        if self._image.isNull():
            drawing = pixmap(self._icon, tokens.muted, _ICON, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - _ICON) // 2, (self.height() - _ICON) // 2, drawing)
        else:
            self._paint_image(painter)
        painter.end()

    def _paint_image(self, painter: QPainter) -> None:
        room = self.rect().adjusted(UNIT, UNIT, -UNIT, -UNIT)
        place = fit(self._image.size(), room)
        ratio = self.devicePixelRatioF()
        size = QSize(round(place.width() * ratio), round(place.height() * ratio))
        small = self._image
        if small.width() > 2 * size.width():
            smooth = Qt.TransformationMode.SmoothTransformation
            small = small.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        painter.drawImage(QRectF(place), small)
