"""The gallery: the grid of tiles, or why it is empty, and the wishes that tiles can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from gptimg_desktop.core.bin import Clearing
from gptimg_desktop.core.collection import Gathering
from gptimg_desktop.core.filter import View
from gptimg_desktop.core.job import OVER, Job, JobState
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.take import Take
from gptimg_desktop.ui.deeds import PARTS, Deed, DeedKeys
from gptimg_desktop.ui.details.save_as import SaveAsDialog, SavePlace
from gptimg_desktop.ui.gallery.choice import Choice
from gptimg_desktop.ui.gallery.empty_state import EmptyState
from gptimg_desktop.ui.gallery.model import path_of
from gptimg_desktop.ui.gallery.tile_menu import TileMenu
from gptimg_desktop.ui.gallery.view import GalleryView

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.ui.gallery.model import JobListModel

OPENING_MS: Final = 300
"""A library that takes longer to open is told to be opened."""

_MOST_RETURNED: Final = 500
"""Of more tiles that come back together none is selected."""


class GalleryPanel(QWidget):
    """Shows the model. Wishes about one job name its id, those about many the numbers of all of them
    (`Job.seq`), whether anybody has read them or not. `current_changed` tells "" where no tile is current.

    `undo_requested` takes back what was done last, wherever in the window. `save_place` is shared with
    whatever else saves.
    """

    current_changed = Signal(str)
    counted = Signal(int, int)  # found by the search (-1 without one), selected
    view_requested = Signal(str)
    wider_filter_wanted = Signal(object)  # JobFilter
    take_requested = Signal(object)  # Take
    generate_again_requested = Signal(str)
    references_requested = Signal(object)  # tuple[int, ...]
    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    send_next_requested = Signal(str)
    cancel_requested = Signal(str)
    reopen_requested = Signal(str)
    mark_requested = Signal(object)  # Marking
    undo_requested = Signal()
    gather_requested = Signal(object)  # tuple[int, ...]
    take_out_requested = Signal(object)  # Gathering
    clearing_requested = Signal(object)  # Clearing

    def __init__(
        self, model: JobListModel, parent: QWidget | None = None, *, save_place: SavePlace | None = None
    ) -> None:
        self._keys: DeedKeys | None = None
        super().__init__(parent)
        self._model = model
        self._save_place = save_place or SavePlace()
        self._current = ""
        self._is_resetting = False
        self._row_to_keep: int | None = None
        self._stand_in: int | None = None
        self._coming_back: set[int] = set()
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._deeds = self._make_deeds()
        self._empty = EmptyState(self)
        self._empty.wider_filter_wanted.connect(self.wider_filter_wanted)
        self._is_opening = False
        self._opening = QTimer(self, singleShot=True, interval=OPENING_MS)
        self._opening.timeout.connect(self._say_opening)
        self.view = GalleryView(model, self)
        self._choice = Choice(self.view, model)
        self._keys = DeedKeys(self.view)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._connect()
        self._choose_page()

    def _connect(self) -> None:
        model = self._model
        if self._keys is not None:
            self._keys.pressed.connect(self._do)
        self.view.view_wanted.connect(self._view)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.current_job_changed.connect(self._tell_current)
        model.modelAboutToBeReset.connect(self._hold_current)
        model.modelReset.connect(self._find_current_again)
        model.dataChanged.connect(self._look_for_current)
        for fact in (model.rowsInserted, model.rowsRemoved):
            fact.connect(self._choose_page)
        model.rowsRemoved.connect(self._select_next, Qt.ConnectionType.QueuedConnection)
        for fact in (model.rowsInserted, model.modelReset):
            fact.connect(self._select_returned, Qt.ConnectionType.QueuedConnection)
        for fact in (model.rowsInserted, model.rowsRemoved, self.view.selectionModel().selectionChanged):
            fact.connect(self._count)

    def select(self, job_id: str) -> None:
        """Make a job's tile the current one, if it is shown."""
        index = self._model.index_of(job_id)
        if index.isValid():
            self.view.select_only(index)
            self.view.scrollTo(index)

    def expect_back(self, seqs: Collection[int]) -> None:
        """These jobs are about to be brought back: those that get a tile by that are selected once they have
        it, unless the user chooses another tile before. Of very many none is, and what came into their place
        is not either any more: nobody chose it, and among them it may be far away."""
        if len(seqs) > _MOST_RETURNED:
            self._let_stand_in_go()
        else:
            self._coming_back |= {seq for seq in seqs if self._model.row_of(seq) is None}

    def return_to(self, job_id: str) -> None:
        """Give the focus back to the tiles, with this one current where it is shown."""
        self.select(job_id)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_prices(self, prices: PriceTable, is_free: bool) -> None:
        """What another picture costs; `is_free` while the practice service makes them."""
        self._prices, self._is_free = prices, is_free

    def set_in_bin(self, count: int) -> None:
        """How many jobs lie in the bin."""
        self._empty.set_in_bin(count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that came while there were no tiles."""
        if self._keys is None or not self._keys.take(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._keys is not None:
            self._keys.note_release(event)
        super().keyReleaseEvent(event)

    # Which page

    def begin_opening(self) -> None:
        """The library is being opened; where that takes long, it is said."""
        self._opening.start()

    def end_opening(self) -> None:
        """The library is open, or cannot be opened."""
        self._opening.stop()
        if self._is_opening:
            self._is_opening = False
            self._choose_page()

    def _say_opening(self) -> None:
        if self._model.rowCount() == 0:
            self._is_opening = True
            self._empty.tell_opening()
            self._stack.setCurrentWidget(self._empty)

    def _count(self) -> None:
        """How many tiles a search found, and how many are selected."""
        found = self._model.rowCount() if self._model.filter.text else -1
        self.counted.emit(found, self.view.selected_count())

    def _choose_page(self) -> None:
        if self._model.is_settled:
            self._opening.stop()
            self._is_opening = False
        is_empty = self._model.rowCount() == 0 and self._model.is_settled
        if is_empty:
            self._empty.explain(has_jobs=self._model.has_jobs, shown=self._model.filter)
            if self.view.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # else the next field has it, and its Ctrl+Z
        self._stack.setCurrentWidget(self._empty if is_empty else self.view)
        if not is_empty and self.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)  # it was held here while there were no tiles

    # The current tile

    def _tell_current(self, job_id: str) -> None:
        if self._is_resetting or job_id == self._current:
            return
        if job_id:
            self._row_to_keep = None  # another tile was chosen since
            self._coming_back.clear()
            self._stand_in = None
        self._current = job_id
        self._model.hold(job_id)
        self.current_changed.emit(job_id)

    def _look_for_current(self) -> None:
        """The job of the current tile may have come only now."""
        index = self.view.currentIndex()
        job = self._model.job_at(index.row()) if index.isValid() else None
        if job is not None:
            self._tell_current(job.id)

    def _hold_current(self) -> None:
        self._is_resetting = True

    def _find_current_again(self) -> None:
        """Another list keeps the current tile where it has it; after tiles were put away, the next one."""
        self._choose_page()
        index = self._model.index_of(self._current)
        if index.isValid():
            self.view.select_only(index)
        self._is_resetting = False
        self._count()
        if index.isValid():
            self._row_to_keep = None
            return
        self._tell_current("")
        self._select_next()

    def _select_next(self) -> None:
        """After all chosen tiles were taken away, the one that came into their place is selected."""
        if self._all_stay():
            self._row_to_keep = None
        if self._row_to_keep is None or len(self._choice):
            return
        row = min(self._row_to_keep, self._model.rowCount() - 1)
        self._row_to_keep = None
        if row < 0:
            self._tell_current("")
            return
        self.view.select_only(self._model.index(row, 0))
        self._stand_in = self._model.seq_at(row)

    def _let_stand_in_go(self) -> None:
        """The tile that was selected in place of others is not, if it still is."""
        stand_in, self._stand_in = self._stand_in, None
        if stand_in is not None and self.view.selected_seqs() == (stand_in,):
            self.view.select_only(QModelIndex())

    def _select_returned(self) -> None:
        """Once more for each that comes later than the others, until all are here."""
        coming = set(self._coming_back)
        rows = [row for seq in coming if (row := self._model.row_of(seq)) is not None]
        if rows:
            self.view.select_rows(rows)
            self._coming_back = coming if len(rows) < len(coming) else set()

    def _all_stay(self) -> bool:
        """True where nothing that is chosen can be put away: it waits for a decision."""
        few = self._choice.few
        is_all = bool(few) and len(few) == len(self._choice)
        return is_all and all(job.state is JobState.UNCONFIRMED for job in few)

    # Wishes that have a key

    def _make_deeds(self) -> Mapping[Deed, Callable[[], None]]:
        return {
            Deed.AS_REFERENCE: self._use_as_reference,
            Deed.SEND_NEXT: self._send_next,
            Deed.PICK: self._pick,
            Deed.REJECT: self._reject,
            Deed.GATHER: self._gather,
            Deed.REMOVE: self._remove,
            Deed.RESTORE: self._restore,
            Deed.UNDO: self.undo_requested.emit,
        }

    def _do(self, deed: Deed) -> None:
        self._row_to_keep = None
        if deed in PARTS:
            self._take(deed, by_key=True)
        else:
            self._deeds[deed]()

    def _choose(self, deed: Deed) -> None:
        """The same from the menu, after which the keys may be wanted elsewhere."""
        if deed in PARTS:
            self._take(deed, by_key=False)
        else:
            self._do(deed)

    def _take(self, deed: Deed, *, by_key: bool) -> None:
        job = self._choice.only
        if job is not None:
            self.take_requested.emit(Take(job_id=job.id, part=PARTS[deed], by_key=by_key))

    def _use_as_reference(self) -> None:
        if chosen := self._choice.seqs:
            self.references_requested.emit(chosen)

    def _send_next(self) -> None:
        """The oldest is named last, so that it ends up before the others."""
        for job in self._choice.few:
            if job.state is JobState.QUEUED:
                self.send_next_requested.emit(job.id)

    def _pick(self) -> None:
        self._mark(Mark.PLAIN if self._choice.all_are("picked") else Mark.PICKED)

    def _reject(self) -> None:
        self._mark(Mark.PLAIN if self._choice.all_are("rejected") else Mark.REJECTED)

    def _clear_marks(self) -> None:
        self._mark(Mark.PLAIN)

    def _gather(self) -> None:
        chosen = self._choice.seqs
        if chosen and self._model.filter.view is not View.BIN:
            self.gather_requested.emit(chosen)

    def _take_out(self) -> None:
        if chosen := self._choice.seqs:
            self.take_out_requested.emit(Gathering(seqs=chosen, number=self._model.filter.collection))

    def _remove(self) -> None:
        """Into the bin; from there, for good, which asks first."""
        chosen = self._choice.seqs
        if not chosen:
            return
        self.view.settle_current()
        self._row_to_keep = None if self._all_stay() else self._model.row_of(chosen[0])
        if self._model.filter.view is View.BIN:
            self.clearing_requested.emit(Clearing(seqs=chosen))
        else:
            self._mark(Mark.BINNED)

    def _restore(self) -> None:
        chosen = self._choice.seqs
        if chosen and self._model.filter.view is View.BIN:
            self.view.settle_current()
            self._row_to_keep = self._model.row_of(chosen[0])
            self._mark(Mark.RESTORED)

    def _mark(self, mark: Mark) -> None:
        if chosen := self._choice.seqs:
            self.mark_requested.emit(Marking(seqs=chosen, mark=mark))

    # Wishes of the menu

    def _view(self) -> None:
        """Look at the current tile's picture; a tile without one has nothing to look at."""
        job = self._model.job(self._current)
        if job is not None and job.images:
            self.view_requested.emit(job.id)

    def _generate_again(self, job_id: str) -> None:
        """For the job whose price the entry named, whatever is selected by now."""
        job = self._model.job(job_id)
        if job is not None and job.state in OVER and not job.is_imported:
            self.generate_again_requested.emit(job.id)

    def _save_as(self) -> None:
        """Ask where to; the answer comes by signal, so that nothing waits in here."""
        job = self._choice.only
        if job is not None and job.images:
            dialog = SaveAsDialog(path_of(job), self._save_place, self.window())
            dialog.chosen.connect(self.save_as_requested)
            dialog.open()

    def _show_in_folder(self) -> None:
        job = self._choice.only
        if job is not None and job.images:
            self.show_in_folder_requested.emit(path_of(job))

    def _copy_prompt(self) -> None:
        job = self._choice.only
        if job is not None:
            QGuiApplication.clipboard().setText(job.request.prompt)

    def _reopen(self) -> None:
        job = self._choice.only
        if job is not None and job.state is JobState.CLOSED:
            self.reopen_requested.emit(job.id)

    def _cancel(self) -> None:
        for job in self._choice.few:
            if job.state is JobState.QUEUED:
                self.cancel_requested.emit(job.id)

    # Menu

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def menu(self) -> QMenu:
        """A menu of what can be done with the selected tiles."""
        current = self._model.job(self._current)
        can_view = current is not None and bool(current.images)
        menu = TileMenu(self._choice, self._model.filter, self, can_view=can_view, price=self._again_label)
        menu.deed_chosen.connect(self._choose)
        menu.view_chosen.connect(self._view)
        menu.again_chosen.connect(self._generate_again)
        menu.save_chosen.connect(self._save_as)
        menu.folder_chosen.connect(self._show_in_folder)
        menu.copy_chosen.connect(self._copy_prompt)
        menu.cancel_chosen.connect(self._cancel)
        menu.reopen_chosen.connect(self._reopen)
        menu.clear_marks_chosen.connect(self._clear_marks)
        menu.take_out_chosen.connect(self._take_out)
        return menu

    def _again_label(self, job: Job) -> str:
        if self._is_free:
            return self.tr("Generate again (practice, free)")
        price = money(self._prices.estimate(job.request.size, job.request.tier))
        return self.tr("Generate again ({price})").format(price=price)
