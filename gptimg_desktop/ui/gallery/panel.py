"""The gallery: the grid of tiles, or why it is empty, and the wishes that tiles can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from gptimg_desktop.core.filter import View
from gptimg_desktop.core.job import OVER, WITHOUT_PICTURE, Job, JobState
from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.ui.details.save_as import SaveAsDialog, SavePlace
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden
from gptimg_desktop.ui.gallery.empty_state import EmptyState
from gptimg_desktop.ui.gallery.model import path_of
from gptimg_desktop.ui.gallery.view import GalleryView
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.ui.gallery.model import JobListModel


class GalleryPanel(QWidget):
    """Shows the model and speaks in job ids. `current_changed` tells "" where no tile is current.

    Ctrl+Z brings back what the last Del put away; in the bin, what is selected there. `save_place` is shared
    with whatever else saves.
    """

    current_changed = Signal(str)
    view_requested = Signal(str)
    use_all_requested = Signal(str)
    edit_again_requested = Signal(str)
    generate_again_requested = Signal(str)
    use_as_reference_requested = Signal(object)  # tuple[str, ...], paths
    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    send_next_requested = Signal(str)
    pick_requested = Signal(str)
    bin_requested = Signal(object)  # tuple[str, ...]
    restore_requested = Signal(object)  # tuple[str, ...]
    cancel_requested = Signal(str)
    reopen_requested = Signal(str)

    def __init__(
        self, model: JobListModel, parent: QWidget | None = None, *, save_place: SavePlace | None = None
    ) -> None:
        self._presses = KeyPresses()
        super().__init__(parent)
        self._model = model
        self._save_place = save_place or SavePlace()
        self._current = ""
        self._put_away: tuple[str, ...] = ()
        self._is_resetting = False
        self._row_to_keep: int | None = None
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._empty = EmptyState(self)
        self.view = GalleryView(model, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self.view.view_wanted.connect(self._view)
        self.view.use_key_pressed.connect(self._use)
        self.view.reference_key_pressed.connect(self._use_as_reference)
        self.view.next_key_pressed.connect(self._send_next)
        self.view.pick_key_pressed.connect(self._pick)
        self.view.remove_key_pressed.connect(self._bin)
        self.view.restore_key_pressed.connect(self._restore)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.current_job_changed.connect(self._tell_current)
        model.modelAboutToBeReset.connect(self._hold_current)
        model.modelReset.connect(self._find_current_again)
        for fact in (model.rowsInserted, model.rowsRemoved):
            fact.connect(self._choose_page)
        model.rowsRemoved.connect(self._select_next, Qt.ConnectionType.QueuedConnection)
        self._choose_page()

    def select(self, job_id: str) -> None:
        """Make a job's tile the current one, if it is shown."""
        index = self._model.index_of(job_id)
        if index.isValid():
            self.view.select_only(index)
            self.view.scrollTo(index)

    def return_to(self, job_id: str) -> None:
        """Give the focus back to the tiles, with this one current where it is shown."""
        self.select(job_id)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def note_put_away(self, job_ids: tuple[str, ...]) -> None:
        """These went last, here or elsewhere in the window; what is unconfirmed stays where it is."""
        jobs = (self._model.job(job_id) for job_id in job_ids)
        self._put_away = tuple(
            job.id for job in jobs if job is not None and job.state is not JobState.UNCONFIRMED
        )

    def set_prices(self, prices: PriceTable, is_free: bool) -> None:
        """What another picture costs; `is_free` while the practice service makes them."""
        self._prices, self._is_free = prices, is_free

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the tiles did not want, or that came while there were none."""
        if event.matches(QKeySequence.StandardKey.Undo):
            if self._presses.is_new(event):
                self._restore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    # Which page

    def _choose_page(self) -> None:
        is_empty = self._model.rowCount() == 0
        if is_empty:
            self._empty.explain(has_jobs=bool(self._model.jobs()), shown=self._model.filter)
            if self.view.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # else the next field has it, and its Ctrl+Z
        self._stack.setCurrentWidget(self._empty if is_empty else self.view)

    # The current tile

    def _tell_current(self, job_id: str) -> None:
        if self._is_resetting or job_id == self._current:
            return
        self._current = job_id
        self.current_changed.emit(job_id)

    def _hold_current(self) -> None:
        self._is_resetting = True

    def _find_current_again(self) -> None:
        """A new filter keeps the current tile where it lets it through."""
        self._choose_page()
        index = self._model.index_of(self._current)
        if index.isValid():
            self.view.select_only(index)
        self._is_resetting = False
        if not index.isValid():
            self._tell_current("")

    def _select_next(self) -> None:
        """After tiles were taken away, the one that came into their place is selected."""
        if self._row_to_keep is None:
            return
        row = min(self._row_to_keep, self._model.rowCount() - 1)
        self._row_to_keep = None
        if row >= 0:
            self.view.select_only(self._model.index(row, 0))

    # Wishes

    def _view(self) -> None:
        """Look at the current tile's picture; a tile without one has nothing to look at."""
        job = self._model.job(self._current)
        if job is not None and job.images:
            self.view_requested.emit(job.id)

    def _use(self) -> None:
        job = self._only_one()
        if job is None:
            return
        if job.state in WITHOUT_PICTURE:
            self.edit_again_requested.emit(job.id)
        else:
            self.use_all_requested.emit(job.id)

    def _generate_again(self, action: QAction) -> None:
        """For the job whose price the entry named, whatever is selected by now."""
        job = self._model.job(str(action.data() or ""))
        if job is not None and job.state in OVER:
            self.generate_again_requested.emit(job.id)

    def _use_as_reference(self) -> None:
        paths = tuple(image.path for job in self._selected() for image in job.images)
        if paths:
            self.use_as_reference_requested.emit(paths)

    def _save_as(self) -> None:
        """Ask where to; the answer comes by signal, so that nothing waits in here."""
        job = self._only_one()
        if job is not None and job.images:
            dialog = SaveAsDialog(path_of(job), self._save_place, self.window())
            dialog.chosen.connect(self.save_as_requested)
            dialog.open()

    def _show_in_folder(self) -> None:
        job = self._only_one()
        if job is not None and job.images:
            self.show_in_folder_requested.emit(path_of(job))

    def _copy_prompt(self) -> None:
        job = self._only_one()
        if job is not None:
            QGuiApplication.clipboard().setText(job.request.prompt)

    def _send_next(self) -> None:
        """The oldest is named last, so that it ends up before the others."""
        for job in self._selected():
            if job.state is JobState.QUEUED:
                self.send_next_requested.emit(job.id)

    def _only_one(self) -> Job | None:
        """The selected job; None where there are several or none."""
        chosen = self._selected()
        return chosen[0] if len(chosen) == 1 else None

    def _pick(self) -> None:
        for job_id in self.view.selected_ids():
            self.pick_requested.emit(job_id)

    def _bin(self) -> None:
        chosen = self.view.selected_ids()
        if chosen and self._model.filter.view is not View.BIN:
            self._row_to_keep = min(self._model.index_of(job_id).row() for job_id in chosen)
            self.note_put_away(chosen)
            self.bin_requested.emit(chosen)

    def _restore(self) -> None:
        """Bring back what is selected in the bin, else what was put away last."""
        chosen = self.view.selected_ids() if self._model.filter.view is View.BIN else ()
        if not chosen:
            chosen, self._put_away = self._put_away, ()
        if chosen:
            self.restore_requested.emit(chosen)

    def _reopen(self) -> None:
        job = self._only_one()
        if job is not None and job.state is JobState.CLOSED:
            self.reopen_requested.emit(job.id)

    def _cancel(self) -> None:
        for job in self._selected():
            if job.state is JobState.QUEUED:
                self.cancel_requested.emit(job.id)

    def _selected(self) -> list[Job]:
        found = (self._model.job(job_id) for job_id in self.view.selected_ids())
        return [job for job in found if job is not None]

    # Menu

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def menu(self) -> QMenu:
        """A menu of what can be done with the selected tiles."""
        chosen = self._selected()
        menu = RoundedMenu(self)
        menu.setObjectName("galleryMenu")
        menu.triggered.connect(self._generate_again)
        for add in (self._add_use, self._add_file, self._add_queue, self._add_keep):
            add(menu, chosen)
            menu.addSeparator()
        return menu

    def _add_use(self, menu: QMenu, chosen: list[Job]) -> None:
        """Look at it, go on from it."""
        current = self._model.job(self._current)
        if current is not None and current.images:
            self._add(menu, self.tr("View"), self._view, "Space")
        if len(chosen) == 1:
            edit = chosen[0].state in WITHOUT_PICTURE
            text = self.tr("Edit and generate again") if edit else self.tr("Use these settings")
            self._add(menu, text, self._use, "U")
        if len(chosen) == 1 and chosen[0].state in OVER:
            again = menu.addAction(self._again_label(chosen[0]))
            again.setData(chosen[0].id)
        if any(job.images for job in chosen):
            self._add(menu, self.tr("Use as reference"), self._use_as_reference, "R")

    def _add_file(self, menu: QMenu, chosen: list[Job]) -> None:
        """Take the picture or its words elsewhere."""
        if len(chosen) != 1:
            return
        if chosen[0].images:
            self._add(menu, self.tr("Save as…"), self._save_as)
            self._add(menu, self.tr("Show in folder"), self._show_in_folder)
        self._add(menu, self.tr("Copy prompt"), self._copy_prompt)

    def _add_queue(self, menu: QMenu, chosen: list[Job]) -> None:
        """What can be said about jobs that wait, and about one that was given up."""
        if any(job.state is JobState.QUEUED for job in chosen):
            self._add(menu, self.tr("Send next"), self._send_next, "N")
            self._add(menu, self.tr("Cancel (nothing was sent)"), self._cancel)
        if len(chosen) == 1 and chosen[0].state is JobState.CLOSED:
            self._add(menu, self.tr("Decide again"), self._reopen)

    def _add_keep(self, menu: QMenu, chosen: list[Job]) -> None:
        """Pick it, put it away."""
        picked = bool(chosen) and all(job.picked for job in chosen)
        self._add(menu, self.tr("Take out of picks") if picked else self.tr("Pick"), self._pick, "P")
        if self._model.filter.view is View.BIN:
            self._add(menu, self.tr("Restore"), self._restore, "Ctrl+Z")
        else:
            goes_on = bool(chosen) and all(goes_on_when_hidden(job) for job in chosen)
            self._add(menu, self.tr("Hide") if goes_on else self.tr("Move to bin"), self._bin, "Del")

    def _again_label(self, job: Job) -> str:
        if self._is_free:
            return self.tr("Generate again (practice, free)")
        price = money(self._prices.estimate(job.request.size, job.request.tier))
        return self.tr("Generate again ({price})").format(price=price)

    @staticmethod
    def _add(menu: QMenu, text: str, wish: Callable[[], None], key: str = "") -> None:
        action = QAction(text, menu)
        if key:
            # Shown only: the key itself belongs to the view, so that it never fires twice.
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(wish)
        menu.addAction(action)
