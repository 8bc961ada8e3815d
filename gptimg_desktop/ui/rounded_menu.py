"""A menu of the same family as the cards that float over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainterPath, QRegion
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

_RADIUS: Final = 8  # of a card, as the style sheet draws it


class RoundedMenu(QMenu):
    """Its corners are see-through. X11 may have no compositor, by which they would be black: there they are
    cut away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_cut = QGuiApplication.platformName() == "xcb"
        super().__init__(parent)
        self.setProperty("rounded", True)
        if not self._is_cut:
            bare = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
            self.setWindowFlags(self.windowFlags() | bare)
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_cut:
            self.setMask(rounded(self.rect()))


def rounded(place: QRect) -> QRegion:
    """A rectangle without its corners."""
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), _RADIUS, _RADIUS)
    return QRegion(shape.toFillPolygon().toPolygon())
