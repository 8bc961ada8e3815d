"""The list of waiting jobs, to be reordered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QFrame, QListView

from gptimg_desktop.core.line import Move
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.queue.delegate import LineDelegate, row_height
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.queue.model import LineModel

_MOST_ROWS: Final = 6
_SCROLL_MS: Final = 30
_ALT: Final = Qt.KeyboardModifier.AltModifier


class LineView(QListView):
    """A row is moved by dragging it, or with Alt and the arrows; Delete takes it out, once for each press.

    The list itself changes only when it is told a new line.
    """

    move_requested = Signal(object)  # Move
    cancel_requested = Signal(object)  # tuple[str, ...]
    selection_changed = Signal()

    def __init__(self, model: LineModel, parent: QWidget | None = None) -> None:
        self._line = model
        self._presses = KeyPresses()
        self._grabbed = ""
        self._grabbed_at = QPoint()
        self._target = -1
        self._pointer = QPoint()
        super().__init__(parent)
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)
        self.setObjectName("queueList")
        self.setAccessibleName(self.tr("Waiting jobs, in the order in which they are sent"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(LineDelegate(self))
        self.setModel(model)

    @property
    def chosen(self) -> str:
        """The id of the selected job; empty where none is."""
        rows = self.selectedIndexes()
        job = self._line.job_at(rows[0].row()) if rows else None
        return "" if job is None else job.id

    def choose(self, row: int) -> None:
        """Select a row, the last one where there are fewer."""
        last = self._line.rowCount() - 1
        if last >= 0:
            self.setCurrentIndex(self._line.index(max(0, min(row, last))))

    def move_by(self, rows: int) -> None:
        """Wish the selected job up (negative) or down by so many rows; nothing beyond the ends."""
        row = self._line.row_of(self.chosen)
        if row >= 0 and 0 <= row + rows < self._line.rowCount():
            self._wish(self.chosen, row + rows + (1 if rows > 0 else 0))

    def move_first(self) -> None:
        """Wish that the selected job is sent before all others."""
        if self._line.row_of(self.chosen) > 0:
            self._wish(self.chosen, 0)

    def cancel_chosen(self) -> None:
        """Wish that the selected job is never sent."""
        if self.chosen:
            self.cancel_requested.emit((self.chosen,))

    # Size

    def sizeHint(self) -> QSize:
        rows = max(1, min(_MOST_ROWS, self._line.rowCount()))
        return QSize(super().sizeHint().width(), rows * row_height(self.fontMetrics()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, row_height(self.fontMetrics()))

    # Qt's side

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_alt = event.key(), bool(event.modifiers() & _ALT)
        if self._grabbed and key == Qt.Key.Key_Escape:
            self._let_go()
        elif has_alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_by(-1 if key == Qt.Key.Key_Up else 1)
        elif has_alt and key == Qt.Key.Key_Home:
            self.move_first()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            if self._presses.is_new(event):
                self.cancel_chosen()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._let_go()
        job = self._line.job_at(self.indexAt(event.position().toPoint()).row())
        if event.button() == Qt.MouseButton.LeftButton and job is not None:
            self._grabbed, self._grabbed_at = job.id, event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._grabbed:
            super().mouseMoveEvent(event)
            return
        self._pointer = event.position().toPoint()
        far = (self._pointer - self._grabbed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._target >= 0 or far:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scrolling.start()
            self._aim()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grabbed, target = self._grabbed, self._target
        self._let_go()
        super().mouseReleaseEvent(event)
        if grabbed and target >= 0:
            self._wish(grabbed, target)

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._target >= 0:
            self._paint_target()

    # Dragging

    def _let_go(self) -> None:
        self._grabbed, self._target = "", -1
        self._scrolling.stop()
        self.viewport().unsetCursor()
        self.viewport().update()

    def _aim(self) -> None:
        """The gap nearest to the pointer: the number of the row that it is above of."""
        height = row_height(self.fontMetrics())
        above = self.verticalScrollBar().value() + self._pointer.y()
        self._target = max(0, min(self._line.rowCount(), round(above / height)))
        self.viewport().update()

    def _scroll_on(self) -> None:
        """Past its edges the pointer takes the list along."""
        bar, room = self.verticalScrollBar(), self.viewport().rect()
        over = min(0, self._pointer.y() - room.top()) + max(0, self._pointer.y() - room.bottom())
        if over:
            bar.setValue(bar.value() + over)
            self._aim()

    def _paint_target(self) -> None:
        height = row_height(self.fontMetrics())
        top = self._target * height - self.verticalScrollBar().value()
        top = max(0, min(top - 1, self.viewport().height() - 2))
        painter = QPainter(self.viewport())
        painter.fillRect(QRect(0, top, self.viewport().width(), 2), QColor(tokens_for(self.palette()).accent))
        painter.end()

    def _wish(self, job_id: str, gap: int) -> None:
        """Tell a move into the gap above row `gap`, unless the job stands at it already."""
        row = self._line.row_of(job_id)
        if row < 0 or gap in {row, row + 1}:
            return
        behind = self._line.job_at(gap)
        self.move_requested.emit(Move(job_id=job_id, before="" if behind is None else behind.id))
