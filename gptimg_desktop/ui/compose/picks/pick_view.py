"""The list itself: rows to take, with small buttons on the one that is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip

from gptimg_desktop.ui.compose.picks.pick_delegate import PickDelegate, button_rects, row_height

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.picks.pick import RowShape
    from gptimg_desktop.ui.compose.picks.pick_model import PickModel

_MOST_ROWS: Final = 7


class PickView(QListView):
    """`row_taken`: a row was clicked. `button_pressed`: the row, and the place of its small button.

    Both the press and the release have to be on the same thing; the second half of a double click counts for
    neither, since another row may have come under the mouse by then.
    """

    row_taken = Signal(int)
    button_pressed = Signal(int, int)

    def __init__(self, model: PickModel, shape: RowShape, parent: QWidget | None = None) -> None:
        self._shape = shape
        self._pressed = (-1, -1)
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(PickDelegate(shape, self))
        self.setModel(model)

    @property
    def chosen(self) -> int:
        """The selected row; -1 where none is."""
        index = self.currentIndex()
        return index.row() if index.isValid() else -1

    def choose(self, row: int) -> None:
        """Select a row, the nearest one where there is none of that number."""
        last = self.model().rowCount() - 1
        if last >= 0:
            index = self.model().index(max(0, min(row, last)), 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def rows_in_sight(self) -> int:
        """How many whole rows are shown, at least one."""
        return max(1, self.viewport().height() // self._row_height())

    def wanted_height(self) -> int:
        return min(_MOST_ROWS, self.model().rowCount()) * self._row_height()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._row_height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = (-1, -1)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt would make a press of it."""
        self._pressed = (-1, -1)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, (-1, -1)
        row, button = pressed
        if row < 0 or pressed != self._at(event.position().toPoint()):
            return
        if button >= 0:
            self.button_pressed.emit(row, button)
        else:
            self.row_taken.emit(row)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            _, button = self._at(event.pos())
            tip = self._shape.tips[button] if 0 <= button < len(self._shape.tips) else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().viewportEvent(event)

    def _row_height(self) -> int:
        return row_height(self._shape, self.fontMetrics())

    def _at(self, place: QPoint) -> tuple[int, int]:
        """The row there and the place of its small button; -1 for none."""
        index = self.indexAt(place)
        if not index.isValid():
            return -1, -1
        rects = button_rects(self._shape, self.visualRect(index))
        return index.row(), next((at for at, rect in enumerate(rects) if rect.contains(place)), -1)
