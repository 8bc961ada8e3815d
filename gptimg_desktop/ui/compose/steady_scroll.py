"""A scrolled column whose right edge stays where it is when the scroll bar comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from gptimg_desktop.ui.compose.scroll_shade import ScrollShade
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QVBoxLayout, QWidget


class SteadyScroll(QScrollArea):
    """Scrolls up and down only. The bar takes its room from the right margin of `column`, the content's own
    layout, so that the content stays in line with what stands below it. A
    shade tells where it is cut off."""

    def __init__(self, content: QWidget, column: QVBoxLayout, parent: QWidget | None = None) -> None:
        self._column = column
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self._shade = ScrollShade(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The viewport has a new size: the window's, or the bar's doing."""
        bar = self.width() - self.viewport().width()
        self._column.setContentsMargins(2 * UNIT, UNIT + UNIT // 2, max(0, 2 * UNIT - bar), UNIT)
        super().resizeEvent(event)
