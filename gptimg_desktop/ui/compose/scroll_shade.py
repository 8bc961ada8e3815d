"""A soft shadow where scrolled content is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QWidget

from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QAbstractScrollArea

_HEIGHT: Final = UNIT + UNIT // 2
_STRONGEST: Final = 56
_STRONGEST_DARK: Final = 128
"""Opacity at the very edge, of 255."""


class ScrollShade(QWidget):
    """Lies over the lower edge of an area as long as something follows below it. The mouse goes through."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        self._area = area
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._follow)
        bar.rangeChanged.connect(self._follow)
        area.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """The area has another size."""
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        is_dark = QColor(tokens.panel).lightness() < 128
        edge = QColor(Qt.GlobalColor.black)
        edge.setAlpha(_STRONGEST_DARK if is_dark else _STRONGEST)
        gone = QColor(edge)
        gone.setAlpha(0)
        gradient = QLinearGradient(0, 0, 0, self.height())
        gradient.setColorAt(0, gone)
        middle = QColor(edge)
        middle.setAlpha(edge.alpha() // 4)
        gradient.setColorAt(0.6, middle)
        gradient.setColorAt(1, edge)
        painter = QPainter(self)
        painter.fillRect(self.rect(), gradient)
        painter.end()

    def _follow(self) -> None:
        bar, viewport = self._area.verticalScrollBar(), self._area.viewport()
        place = viewport.geometry()
        self.setGeometry(place.left(), place.bottom() + 1 - _HEIGHT, place.width(), _HEIGHT)
        self.setVisible(bar.value() < bar.maximum())
        self.raise_()
