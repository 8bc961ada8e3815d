"""The grid of tiles."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QListView

from gptimg_desktop.core.job import NEEDS_USER, Job, JobState
from gptimg_desktop.ui.gallery.arrivals import Arrivals
from gptimg_desktop.ui.gallery.caption import scroll_words
from gptimg_desktop.ui.gallery.circumstances import Circumstances
from gptimg_desktop.ui.gallery.delegate import AT_ONCE, TileDelegate
from gptimg_desktop.ui.gallery.grid_view import GridView
from gptimg_desktop.ui.gallery.pill import NewPill
from gptimg_desktop.ui.gallery.scroll_label import ScrollLabel
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.tile_cache import TileCache
from gptimg_desktop.ui.gallery.tile_drag import carry, make_drag
from gptimg_desktop.ui.gallery.tile_size import TILE, larger, smaller, within
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import (
        QFocusEvent,
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QResizeEvent,
        QShowEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.usual_times import UsualTimes
    from gptimg_desktop.ui.gallery.model import JobListModel

    Index = QModelIndex | QPersistentModelIndex

_log = logging.getLogger(__name__)

_FRAME_MS: Final = 50
_SETTLED_MS: Final = 150
_MOST_LOOKED_AT: Final = 256
_PAGES_TO_LABEL: Final = 3
_VIEW_KEYS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MOVING_KEYS: Final = frozenset(
    {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
    | {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)
_WORKING: Final = frozenset({JobState.SENDING, JobState.ACCEPTED, JobState.READY})


@dataclass(slots=True, kw_only=True)
class _Left:
    """Where a list was left: the number at the top, its column and how far it stood below the edge; and the
    current one."""

    filter: JobFilter
    top: int | None = None
    column: int = 0
    share: float = 0.0
    current: int | None = None


class GalleryView(GridView):
    """Tiles of jobs. Wishes come as signals; what they are about is what is selected.

    Light moves over working tiles only while one of them can be seen. What is new above, or out of sight, or
    hidden by the filter is told by a pill; `new_wanted` asks for a list in which it can be seen.
    `decision_wanted`: the current job asks the user something, and the user wants to answer.
    """

    view_wanted = Signal()
    menu_wanted = Signal(object)  # QPoint
    current_job_changed = Signal(str)
    decision_wanted = Signal()
    new_wanted = Signal()
    tile_size_changed = Signal(int)

    def __init__(self, model: JobListModel, parent: QWidget | None = None) -> None:
        self._jobs = model
        self._tiles: TileDelegate | None = None
        self._frames: QTimer | None = None
        self._settling: QTimer | None = None
        self._settled: QSize | None = None
        self._pill: NewPill | None = None
        self._label: ScrollLabel | None = None
        self._arrivals = Arrivals()
        self._presses = KeyPresses()
        self._left: _Left | None = None
        self._to_restore: tuple[int, float] | None = None
        self._circumstances = Circumstances()
        self._drawn = TileCache()
        self._wheel = 0
        self._pressed_question = False
        self.silences = Silences()
        super().__init__(parent)
        self.setObjectName("galleryView")
        self.setAccessibleName(self.tr("Pictures"))
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self._tiles = TileDelegate(
            self, silences=self.silences, circumstances=self._circumstances, tiles=self._drawn
        )
        self.setItemDelegate(self._tiles)
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._show_next_frame)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle_size)
        self._pill = NewPill(self)
        self._pill.clicked.connect(self._go_to_new)
        self._label = ScrollLabel(self)
        self.set_tile_width(TILE)
        self._connect(model)

    def _connect(self, model: JobListModel) -> None:
        model.modelAboutToBeReset.connect(self._leave_list)
        self.setModel(model)
        model.modelReset.connect(self._enter_list)
        model.modelReset.connect(self._drawn.clear)
        model.dataChanged.connect(self._forget_drawn)
        model.job_changed.connect(self._note)
        model.arrived.connect(self._note_hidden)
        for fact in (model.dataChanged, model.rowsInserted, model.modelReset):
            fact.connect(self._wake)
        self.verticalScrollBar().valueChanged.connect(self._wake)
        self.moved.connect(self._label_scroll)

    # What is told

    def set_tile_size(self, size: int) -> None:
        """About how wide a tile is, in device-independent pixels; what is looked at stays in sight."""
        self._resize_tiles(size, near=self._place_of_current())

    @property
    def tile_size(self) -> int:
        return self._tile_width

    def set_captions(self, shown: bool) -> None:
        """Lines below the tiles, where there is room for them."""
        if self._tiles is not None and shown != self._tiles.shows_captions:
            self._tiles.shows_captions = shown
            self.regrid()

    @property
    def shows_captions(self) -> bool:
        return self._tiles is None or self._tiles.shows_captions

    def set_line(self, line: Sequence[Job]) -> None:
        """The waiting jobs in the order in which they will be sent."""
        if self._circumstances.set_line(line):
            self.viewport().update()

    def set_gates(self, gates: tuple[Gate, ...]) -> None:
        """What holds the queue."""
        self._circumstances.set_gates(gates)
        self.viewport().update()

    def set_usual_times(self, usual: UsualTimes) -> None:
        """How long pictures usually take."""
        self._circumstances.set_usual_times(usual)

    # What is asked

    def selected_ids(self) -> tuple[str, ...]:
        """The selected jobs that are here, in the order of their rows."""
        found = (self._jobs.job_of(seq) for seq in self.selected_seqs())
        return tuple(job.id for job in found if job is not None)

    def selected_seqs(self) -> tuple[int, ...]:
        """The numbers of all selected jobs, in the order of their rows; nobody need have read them."""
        runs = self.selected_runs()
        if len(runs) == 1:
            return self._jobs.seqs_in(*runs[0])
        return tuple(seq for first, last in runs for seq in self._jobs.seqs_in(first, last))

    def select_only(self, index: Index) -> None:
        """Make one tile current and the only selected one, without going there; an invalid index clears
        both."""
        self.setAutoScroll(False)
        if index.isValid():  # not setCurrentIndex(), which adds to the selection while Ctrl is held
            only = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, only)
        else:
            self.selectionModel().clear()
        self.setAutoScroll(True)

    # State across restarts

    def view_state(self) -> dict[str, Any]:
        """Tile size, captions and what stands at the top, for `restore_view_state`."""
        state: dict[str, Any] = {"tile": self._tile_width, "captions": self.shows_captions}
        if self._to_restore is not None:
            state["top"], state["share"] = self._to_restore
        elif (place := self._top_of_sight()) is not None:
            state["top"], state["share"] = place
        return state

    def restore_view_state(self, state: object) -> None:
        """Take over an earlier state, the place as soon as the rows are here; what is none is ignored."""
        if not isinstance(state, dict):
            return
        if type(size := state.get("tile")) is int:
            self._resize_tiles(size, near=None)
        if isinstance(captions := state.get("captions"), bool):
            self.set_captions(captions)
        top, share = state.get("top"), state.get("share")
        if type(top) is int and isinstance(share, int | float) and -1.0 <= share <= 1.0:
            self._to_restore = (top, float(share))
            self._jobs.look_first_at(top)
            self._enter_list()

    def _top_of_sight(self) -> tuple[int, float] | None:
        """The number at the upper edge and how far it stands below it, in heights of a cell."""
        offset = self.verticalScrollBar().value()
        rows = self.rows_in_sight()
        if offset == 0 or not rows:
            return None
        share = (self.grid.cell(rows.start).top() - offset) / self.grid.cell_height
        return self._jobs.seq_at(rows.start), round(share, 4)

    # Lists

    def _leave_list(self) -> None:
        place = self._top_of_sight()
        current = self.currentIndex().row()
        self._left = _Left(filter=self._jobs.filter)
        if place is not None:
            self._left.top, self._left.share = place
            self._left.column = self.grid.column_of(self.rows_in_sight().start)
        if 0 <= current < self.grid.count:
            self._left.current = self._jobs.seq_at(current)

    def _enter_list(self) -> None:
        """The same list anew stays where it was; another one begins at the current tile, or at its top where
        something was searched for."""
        left, self._left = self._left, None
        if self._to_restore is not None and self._jobs.rowCount():
            (top, share), self._to_restore = self._to_restore, None
            self._return_to(top, share)
        elif left is None:
            return
        elif left.filter == self._jobs.filter:
            if left.top is not None:
                self._return_to(left.top, left.share, column=left.column)
            return
        elif left.current is not None and not self._jobs.filter.text:
            self._show_row(self._jobs.row_of(left.current))
        self._arrivals.forget()
        self._tell_new()
        if self._label is not None:
            self._label.stop()

    def _return_to(self, seq: int, share: float, *, column: int | None = None) -> None:
        row = self._jobs.row_of(seq)
        if row is not None:
            self.go_to(row, share, column=column)

    def _show_row(self, row: int | None) -> None:
        if row is not None and row not in self.rows_whole_in_sight():
            self.scrollTo(self._jobs.index(row), QListView.ScrollHint.PositionAtCenter)

    # Grid's side

    def foot(self, width: int) -> int:
        return 0 if self._tiles is None else self._tiles.foot(width, self.fontMetrics())

    def note_sight(self) -> None:
        """Ask for what is in sight, and forget that it is new."""
        rows = self.rows_in_sight()
        if rows:
            self._jobs.look_at(rows.start, rows.stop - 1)
        if self._settled is None:
            self._settle_size()
        elif self._settled != self.grid.tile_size and self._settling is not None:
            self._settling.start()
        self._see(rows)

    def _settle_size(self) -> None:
        """Pictures are made to fit: a moment after the last change, since each change makes them anew."""
        if self._tiles is not None and self.grid.count:
            self._settled = self.grid.tile_size
            room = self._tiles.picture_room(self._settled, self.fontMetrics())
            self._jobs.set_thumbnail_box(round(room * self.devicePixelRatioF()))

    # Qt's side

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        job = self._jobs.job_at(current.row()) if current.isValid() else None
        self.current_job_changed.emit("" if job is None else job.id)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._forget_rows(start, end)
        self._note_new_rows(start, end)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pill is not None:
            self._pill.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in _VIEW_KEYS:
            event.accept()
            if self._presses.is_new(event):
                self._open_current()
            return
        super().keyPressEvent(event)
        if plain and event.key() in _MOVING_KEYS and not self.selected_count():
            self.select_only(
                self.currentIndex()
            )  # the focus alone made it current: what is done would miss it

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by Tab stands on a tile that is also selected."""
        super().focusInEvent(event)
        by_key = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if by_key and self.currentIndex().isValid() and not self.selected_count():
            self.select_only(self.currentIndex())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the question of a tile asks for its answers."""
        at = event.position().toPoint()
        asked = self._question_at(at) if event.button() == Qt.MouseButton.LeftButton else False
        pressed = self._pressed_question
        super().mouseReleaseEvent(event)
        self._pressed_question = False
        if asked and pressed:
            self.decision_wanted.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        self._pressed_question = plain and self._question_at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        asks = not event.buttons() and self._question_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if asks else Qt.CursorShape.ArrowCursor)
        if self._pill is not None and len(self._arrivals) and self._pill.isHidden():
            self._pill.settle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self._open_current()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        event.accept()
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / 120), self._wheel - 120 * int(self._wheel / 120)
        size = self._tile_width
        for _ in range(abs(notches)):
            size = larger(size) if notches > 0 else smaller(size)
        if size != self._tile_width:
            self._resize_tiles(size, near=event.position().toPoint())
            self.tile_size_changed.emit(size)

    def startDrag(self, supported_actions: Qt.DropAction) -> None:
        try:
            drag = make_drag(self, self._jobs)
            if drag is not None:
                carry(drag, supported_actions)
        except Exception:  # noqa: BLE001 - one that leaves a mouse event can end the process
            _log.exception("tiles not dragged")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        if self.selected_count():
            self.menu_wanted.emit(at)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wake()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._frames is not None:
            self._frames.stop()

    # What was painted before

    def begin_frame(self) -> None:
        """Nothing is kept of cells that are about to have another size."""
        if self._tiles is not None:
            self._tiles.allowance = AT_ONCE if self._settled == self.grid.tile_size else 0

    def _forget_drawn(self, first: Index, last: Index) -> None:
        self._forget_rows(first.row(), last.row())

    def _forget_rows(self, first: int, last: int) -> None:
        if last - first > _MOST_LOOKED_AT:
            self._drawn.clear()
        else:
            for seq in self._jobs.seqs_in(first, last):
                self._drawn.drop(seq)

    # What is new

    def _note(self, job_id: str) -> None:
        job = self._jobs.job(job_id)
        if job is None:
            return
        self.silences.note(job)
        if self._arrivals.has_landed(job):
            row = self._jobs.row_of(job.seq)
            if row is not None and row not in self.rows_whole_in_sight():
                self._arrivals.add(job.seq)
        self._tell_new()

    def _note_hidden(self, seq: int) -> None:
        self._arrivals.add_hidden(seq)
        self._tell_new()

    def _note_new_rows(self, first: int, last: int) -> None:
        """Jobs that were asked for a moment ago stand above what is looked at."""
        if first >= self.rows_in_sight().start:
            return
        for row in range(first, min(last + 1, first + _MOST_LOOKED_AT)):
            job = self._jobs.job_of(self._jobs.seq_at(row))
            if job is not None and job.is_running and row < self.rows_in_sight().start:
                self._arrivals.add(job.seq)
        self._tell_new()

    def _see(self, rows: range) -> None:
        if not self._arrivals.unseen:
            return
        places = ((seq, self._jobs.row_of(seq)) for seq in self._arrivals.unseen)
        self._arrivals.see([seq for seq, row in places if row is None or row in rows])
        self._tell_new()

    def _tell_new(self) -> None:
        if self._pill is not None:
            self._pill.tell(len(self._arrivals))

    def _go_to_new(self) -> None:
        """The first of them in the list; where the filter hides some, a list that has them is asked for."""
        rows = [row for seq in self._arrivals.unseen if (row := self._jobs.row_of(seq)) is not None]
        hidden = bool(self._arrivals.hidden)
        if rows:
            self.go_to(min(rows))
        self._arrivals.forget()
        self._tell_new()
        if hidden:
            self.new_wanted.emit()

    # Answers

    def _open_current(self) -> None:
        """Look at the picture; what has none and asks something wants an answer."""
        index = self.currentIndex()
        job = self._jobs.job_at(index.row()) if index.isValid() else None
        if job is not None and job.state in NEEDS_USER and not job.images:
            self.decision_wanted.emit()
        else:
            self.view_wanted.emit()

    def _question_at(self, point: QPoint) -> bool:
        """True where a tile asks something at this point."""
        index = self.indexAt(point)
        job = self._jobs.job_of(self._jobs.seq_at(index.row())) if index.isValid() else None
        if job is None or self._tiles is None or job.state not in NEEDS_USER:
            return False
        return self._tiles.question_at(self.visualRect(index), job, self.fontMetrics()).contains(point)

    # Size

    def _resize_tiles(self, size: int, *, near: QPoint | None) -> None:
        self.set_tile_width(within(size), near=near)

    def _place_of_current(self) -> QPoint | None:
        """Where the current tile is, if it is seen."""
        index = self.currentIndex()
        if not index.isValid() or index.row() not in self.rows_whole_in_sight():
            return None
        return self.visualRect(index).center()

    # Light and words

    def _wake(self) -> None:
        if self._frames is not None and self.isVisible() and not self._frames.isActive():
            self._frames.start()

    def _show_next_frame(self) -> None:
        working = [row for row in self.rows_in_sight() if self._is_working(row)]
        for row in working:
            self.update(self._jobs.index(row))
        if (not working or self.window().isMinimized()) and self._frames is not None:
            self._frames.stop()

    def _is_working(self, row: int) -> bool:
        job = self._jobs.job_of(self._jobs.seq_at(row))
        return job is not None and job.state in _WORKING

    def _label_scroll(self) -> None:
        """While the user moves through much, say where."""
        bar = self.verticalScrollBar()
        if self._label is None or bar.maximum() < _PAGES_TO_LABEL * bar.pageStep():
            return
        rows = self.rows_whole_in_sight()
        job = self._jobs.job_of(self._jobs.seq_at(rows.start)) if rows else None
        words = "" if job is None else scroll_words(job, self._jobs.filter.sort, time.time())
        self._label.tell(words, bar.value() / bar.maximum())
