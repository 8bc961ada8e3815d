"""The grid of tiles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QListView

from gptimg_desktop.core.job import NEEDS_USER, Job
from gptimg_desktop.ui.gallery.circumstances import Circumstances
from gptimg_desktop.ui.gallery.grid_view import GridView
from gptimg_desktop.ui.gallery.light import Light
from gptimg_desktop.ui.gallery.news import News
from gptimg_desktop.ui.gallery.place import Place
from gptimg_desktop.ui.gallery.rows import runs
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.tile_cache import TileCache
from gptimg_desktop.ui.gallery.tile_drag import carry, make_drag
from gptimg_desktop.ui.gallery.tile_painter import TilePainter
from gptimg_desktop.ui.gallery.tile_size import TILE, larger, smaller, within
from gptimg_desktop.ui.gallery.tiles.shape import CAPTION_ROOM
from gptimg_desktop.ui.gallery.whereabouts import Whereabouts
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
    from PySide6.QtGui import (
        QFocusEvent,
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QPainter,
        QResizeEvent,
        QShowEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.usual_times import UsualTimes
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.gallery.stress import Stress

    Index = QModelIndex | QPersistentModelIndex

_log = logging.getLogger(__name__)

_SETTLED_MS: Final = 150
_MOST_LOOKED_AT: Final = 256
_VIEW_KEYS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MOVING_KEYS: Final = frozenset(
    {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
    | {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)


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
    drag_began = Signal()
    tile_size_changed = Signal(int)
    caption_room_changed = Signal(bool)

    def __init__(self, model: JobListModel, parent: QWidget | None = None) -> None:
        self._jobs = model
        self._tiles: TilePainter | None = None
        self._light: Light | None = None
        self._settling: QTimer | None = None
        self._settled: QSize | None = None
        self._news: News | None = None
        self._whereabouts: Whereabouts | None = None
        self._presses = KeyPresses()
        self._circumstances = Circumstances()
        self._drawn = TileCache()
        self._wheel = 0
        self._pressed_question = False
        self._is_silent = False
        self._lost_row: int | None = None
        self._has_caption_room = True
        self.silences = Silences()
        super().__init__(parent)
        self._place = Place(self, model)
        self.setObjectName("galleryView")
        self.setAccessibleName(self.tr("Pictures"))
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self._tiles = TilePainter(
            model, silences=self.silences, circumstances=self._circumstances, tiles=self._drawn
        )
        self._light = Light(self, model)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle_size)
        self._telling = QTimer(self, singleShot=True, interval=0)
        self._telling.timeout.connect(self._make_current)
        self._news = News(self, model)
        self._news.list_wanted.connect(self.new_wanted)
        self._whereabouts = Whereabouts(self, model)
        self.set_tile_width(TILE)
        self._connect(model, self._light)

    def _connect(self, model: JobListModel, light: Light) -> None:
        model.modelAboutToBeReset.connect(self._place.leave)
        self.setModel(model)
        model.modelReset.connect(self._enter_list)
        model.modelReset.connect(self._drawn.clear)
        model.dataChanged.connect(self._forget_drawn)
        model.job_changed.connect(self._note)
        for fact in (model.dataChanged, model.rowsInserted, model.modelReset):
            fact.connect(light.wake)
        self.verticalScrollBar().valueChanged.connect(light.wake)

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

    def select_rows(self, rows: Collection[int]) -> None:
        """Select these rows and no others, the first of them current, and show it."""
        first = self._jobs.index(min(rows))
        self.select_only(first)
        self._select(runs(rows), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(first)

    def selectAll(self) -> None:
        super().selectAll()
        self._telling.start()  # the tiles first: the details of one may be made for the first time

    def settle_current(self) -> None:
        """Make one current now that is about to be: what goes next is not taken for a choice of the user."""
        if self._telling.isActive():
            self._telling.stop()
            self._make_current()

    def _make_current(self) -> None:
        """Where none is current, the first selected tile, of those in sight if there are any: what is
        selected is told with one of them."""
        chosen = [range(first, last + 1) for first, last in self.selected_runs()]
        if not chosen or self.currentIndex().isValid():
            return
        seen = (row for row in self.rows_in_sight() if any(row in rows for rows in chosen))
        first = self._jobs.index(next(seen, chosen[0].start))
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.setAutoScroll(True)

    # State across restarts

    def view_state(self) -> dict[str, Any]:
        """Tile size, captions and what stands at the top, for `restore_view_state`."""
        state: dict[str, Any] = {"tile": self._tile_width, "captions": self.shows_captions}
        return state | self._place.state()

    def restore_view_state(self, state: object) -> None:
        """Take over an earlier state, the place as soon as the rows are here; what is none is ignored."""
        if not isinstance(state, dict):
            return
        if type(size := state.get("tile")) is int:
            self._resize_tiles(size, near=None)
        if isinstance(captions := state.get("captions"), bool):
            self.set_captions(captions)
        self._place.restore(state)

    def _enter_list(self) -> None:
        self._lost_row = None
        if self._place.enter() and self._news is not None and self._whereabouts is not None:
            self._news.forget()
            self._whereabouts.stop()

    # Grid's side

    def foot(self, width: int) -> int:
        return 0 if self._tiles is None else self._tiles.foot(width, self.fontMetrics())

    def note_sight(self) -> None:
        """Ask for what is in sight, and forget that it is new."""
        rows = self.rows_in_sight()
        if rows:
            self._jobs.look_at(rows.start, rows.stop - 1)
        has_room = self.grid.tile_size.width() >= CAPTION_ROOM
        if has_room != self._has_caption_room and self.grid.count:
            self._has_caption_room = has_room
            self.caption_room_changed.emit(has_room)
        if self._settled is None:
            self._settle_size()
        elif self._settled != self.grid.tile_size and self._settling is not None:
            self._settling.start()
        if self._news is not None:
            self._news.see(rows)

    def _settle_size(self) -> None:
        """Pictures are made to fit: a moment after the last change, since each change makes them anew."""
        if self._tiles is not None and self.grid.count:
            self._settled = self.grid.tile_size
            room = self._tiles.picture_room(self._settled, self.fontMetrics())
            self._jobs.set_thumbnail_box(round(room * self.devicePixelRatioF()))

    # Qt's side

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self._is_silent:
            return
        self._lost_row = None
        job = self._jobs.job_at(current.row()) if current.isValid() else None
        self.current_job_changed.emit("" if job is None else job.id)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._forget_rows(start, end)
        if self._news is not None:
            self._news.note_rows(start, end)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """The current tile that leaves by itself leaves none current, and nobody is told: who looks at its
        details is not shown a neighbour's instead, whose buttons would be where the hand is."""
        if start <= self.currentIndex().row() <= end:
            self._clear_current_silently()
            self._lost_row = start
        super().rowsAboutToBeRemoved(parent, start, end)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._news is not None:
            self._news.settle()

    def event(self, event: QEvent) -> bool:
        """On a screen of another scale, pictures have another number of pixels."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._settle_size()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in _VIEW_KEYS:
            event.accept()
            if self._presses.is_new(event):
                self._open_current()
            return
        if plain and event.key() in _MOVING_KEYS and self._lost_row is not None and self._jobs.rowCount():
            event.accept()
            self.select_only(self._jobs.index(min(self._lost_row, self._jobs.rowCount() - 1), 0))
            return
        if plain and event.key() == Qt.Key.Key_Escape and self.selected_count() > 1:
            event.accept()
            self.select_only(self.currentIndex())
            return
        super().keyPressEvent(event)
        if plain and event.key() in _MOVING_KEYS and not self.selected_count():
            self.select_only(
                self.currentIndex()
            )  # the focus alone made it current: what is done would miss it

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by Tab stands on a tile that is also selected; any other way nothing becomes current by
        the focus alone."""
        by_key = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        had_current = self.currentIndex().isValid()
        self._is_silent = not by_key
        super().focusInEvent(event)
        self._is_silent = False
        if not by_key and not had_current:
            self._clear_current_silently()
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
        self._make_current()  # a band may have ended beside the tiles
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
        if self._news is not None:
            self._news.settle()

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
                self.drag_began.emit()
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
        if self._light is not None:
            self._light.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._light is not None:
            self._light.stop()

    # Painting

    def begin_frame(self, painter: QPainter) -> None:
        """Cells that are about to have another size are painted in haste."""
        if self._tiles is not None:
            size = self.grid.tile_size
            self._tiles.begin(painter, self.font(), self.palette(), size, in_haste=size != self._settled)

    def paint_tile(self, tile: QRect, row: int, stress: Stress) -> None:
        if self._tiles is not None:
            self._tiles.paint(tile, row, stress)

    def _forget_drawn(self, first: Index, last: Index) -> None:
        self._forget_rows(first.row(), last.row())

    def _forget_rows(self, first: int, last: int) -> None:
        if last - first > _MOST_LOOKED_AT:
            self._drawn.clear()
        else:
            for seq in self._jobs.seqs_in(first, last):
                self._drawn.drop(seq)

    # Jobs

    def _note(self, job_id: str) -> None:
        job = self._jobs.job(job_id)
        if job is not None and self._news is not None:
            self.silences.note(job)
            self._news.note(job)

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

    # The current tile

    def _clear_current_silently(self) -> None:
        self._is_silent = True
        self.selectionModel().clearCurrentIndex()
        self._is_silent = False

    # Size

    def _resize_tiles(self, size: int, *, near: QPoint | None) -> None:
        self.set_tile_width(within(size), near=near)

    def _place_of_current(self) -> QPoint | None:
        """Where the current tile is, if it is seen."""
        index = self.currentIndex()
        if not index.isValid() or index.row() not in self.rows_whole_in_sight():
            return None
        return self.visualRect(index).center()
