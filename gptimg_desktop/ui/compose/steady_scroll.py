"""A scrolled column whose content stays where it is when the scroll bar comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar

from gptimg_desktop.ui.compose.scroll_shade import ScrollShade
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QVBoxLayout, QWidget


class SteadyScroll(QScrollArea):
    """Scrolls up and down only. The bar lies over the right margin of `column`, the content's own layout. A
    shade tells where the content is cut off.

    The area's own bars are never shown, and the one that is seen mirrors the upright one: Qt counts shown
    bars among the children that it tells a screen reader, and the program crashes where it is asked for one
    that was hidden since the children were counted.
    """

    def __init__(self, content: QWidget, column: QVBoxLayout, parent: QWidget | None = None) -> None:
        self._bar: QScrollBar | None = None
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.setContentsMargins(2 * UNIT, UNIT + UNIT // 2, 2 * UNIT, UNIT)
        self.setWidget(content)
        self._shade = ScrollShade(self)
        self._bar = self._make_bar()
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def _make_bar(self) -> QScrollBar:
        bar, own = QScrollBar(Qt.Orientation.Vertical, self.viewport()), self.verticalScrollBar()
        bar.valueChanged.connect(own.setValue)
        own.valueChanged.connect(bar.setValue)
        own.rangeChanged.connect(self._follow)
        return bar

    def _follow(self) -> None:
        """There is another height to scroll, or to show."""
        bar, own, room = self._bar, self.verticalScrollBar(), self.viewport().rect()
        if bar is None:
            return
        bar.setPageStep(own.pageStep())
        bar.setSingleStep(own.singleStep())
        bar.setRange(own.minimum(), own.maximum())
        bar.setValue(own.value())
        width = bar.sizeHint().width()
        bar.setGeometry(room.right() + 1 - width, room.top(), width, room.height())
        bar.setVisible(own.maximum() > own.minimum())
        bar.raise_()
