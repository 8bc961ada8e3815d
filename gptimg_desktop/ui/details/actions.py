"""What can be done with the shown job, as buttons."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.job import OVER, WITHOUT_PICTURE, JobState
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.prices import PUBLISHED, money
from gptimg_desktop.core.take import Part, Take
from gptimg_desktop.ui.deeds import PARTS, Deed, with_key
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.details.button_rows import ButtonRows
from gptimg_desktop.ui.details.save_as import SaveAsDialog, SavePlace
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden
from gptimg_desktop.ui.gallery.model import path_of
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.prices import PriceTable


class JobActions(QWidget):
    """Every button exists from the start; only those that fit the job are shown."""

    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    take_requested = Signal(object)  # Take
    generate_again_requested = Signal(str)
    references_requested = Signal(object)  # tuple[int, ...]
    view_requested = Signal(str)
    send_next_requested = Signal(str)
    mark_requested = Signal(object)  # Marking
    gather_requested = Signal(object)  # tuple[int, ...]
    undo_requested = Signal()
    cancel_requested = Signal(str)
    revive_requested = Signal(str)
    reopen_requested = Signal(str)
    fetch_again_requested = Signal(str)
    folder_moved_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, save_place: SavePlace | None = None) -> None:
        self._job: Job | None = None
        self._save_place = save_place or SavePlace()
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._presses = KeyPresses()  # one for all: a key held on one must not go through to another
        super().__init__(parent)
        self._make_words()
        self._make_signs()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(self._rows)
        column.addLayout(self._sign_row())
        self.set_job(None)

    def set_prices(self, prices: PriceTable, is_free: bool) -> None:
        """What one more image costs; nothing where it comes from the practice service."""
        self._prices, self._is_free = prices, is_free
        self._show_price()

    def set_job(self, job: Job | None) -> None:
        """Show what can be done with a job now; nothing for None."""
        self._job = job
        self.fetching_ended()
        self._show_price()
        self._rows.show_buttons([] if job is None else self._words_for(job))
        shown = set() if job is None else set(self._signs_for(job))
        for sign in self._signs:
            sign.setVisible(sign in shown)
        is_picked = job is not None and job.picked
        is_rejected = job is not None and job.rejected
        goes_on = job is not None and goes_on_when_hidden(job)
        self._bin_sign.show_sign("eye-off" if goes_on else "trash-2")
        bin_text = self.tr("Hide") if goes_on else self.tr("Move to bin")
        if job is not None and job.state is JobState.QUEUED:
            bin_text = self.tr("Cancel and move to bin")
        self._bin_sign.name(with_key(bin_text, Deed.REMOVE))
        self._pick_sign.setChecked(is_picked)
        pick = self.tr("Take out of picks") if is_picked else self.tr("Pick")
        self._pick_sign.name(with_key(pick, Deed.PICK))
        self._reject_sign.setChecked(is_rejected)
        reject = self.tr("No longer reject") if is_rejected else self.tr("Reject")
        self._reject_sign.name(with_key(reject, Deed.REJECT))

    def fetching_ended(self) -> None:
        """Nobody waits for a file any more."""
        self._fetch.say(self.tr("Fetch the file again (free)"))

    def do(self, deed: Deed) -> None:
        """What a key wishes for the shown job, as far as it fits."""
        if deed is Deed.UNDO:
            self.undo_requested.emit()
        elif self._job is not None:
            self._do(deed, self._job)

    def _do(self, deed: Deed, job: Job) -> None:
        if deed in PARTS:
            self.take(PARTS[deed], by_key=True)
        elif deed is Deed.GATHER:
            if job.binned_at is None:
                self.gather_requested.emit((job.seq,))
        else:
            self._wishes[deed]()

    def take(self, part: Part, *, by_key: bool = False) -> None:
        """Take a part of the shown settings; where there is no such part, somebody will say so."""
        if self._job is not None:
            self.take_requested.emit(Take(job_id=self._job.id, part=part, by_key=by_key))

    # Parts

    def _make_words(self) -> None:
        """The buttons with a text, in the order in which they stand."""
        self._rows = ButtonRows(self)
        self._edit = self._word(
            "editAgainButton", self.tr("Edit and generate again"), "pencil", self._use_all, role="primary"
        )
        self._edit.setToolTip(with_key(self.tr("Puts all of it into the composer"), Deed.USE_ALL))
        self._check = self._word(
            "checkAgainButton", self.tr("Check again (free)"), "refresh-cw", self._revive, role="primary"
        )
        self._decide = self._word("unconfirmedReopen", self.tr("Decide again"), "circle-help", self._reopen)
        self._decide.setToolTip(
            self.tr("Shows again what is known about it and the ways on. Nothing is sent by it.")
        )
        self._next = self._word("sendNextButton", self.tr("Send next"), "arrow-up-to-line", self._send_next)
        self._stop = self._word("cancelJobButton", self.tr("Cancel (nothing was sent)"), "x", self._cancel)
        self._back = self._word(
            "restoreButton", self.tr("Restore from the bin"), "archive-restore", self._restore
        )
        self._back.setToolTip(with_key(self.tr("Restore from the bin"), Deed.RESTORE))
        self._save = self._word("saveAsButton", self.tr("Save as…"), "save", self._ask_for_target)
        self._show = self._word(
            "showInFolderButton", self.tr("Show in folder"), "folder-open", self._show_in_folder
        )
        self._fetch = self._word(
            "fetchAgainButton", self.tr("Fetch the file again (free)"), "download", self._fetch_again
        )
        self._fetch.setToolTip(
            self.tr("Brings back the same picture by its link, as long as that lives. Nothing is generated.")
        )
        self._moved = self._word(
            "folderMovedButton", self.tr("A folder was moved…"), "folder-open", self._ask_for_folder
        )
        self._moved.setToolTip(self.tr("Say where the files are now. They are found by their content."))
        self._again = self._word(
            "generateAgainButton", self.tr("Generate again"), "repeat", self._generate_again
        )
        self._use = self._word(
            "useAllButton", self.tr("Use these settings"), "arrow-left-to-line", self._use_all
        )
        told = self.tr("Prompt, size and references into the composer. Nothing is sent by it.")
        self._use.setToolTip(with_key(told, Deed.USE_ALL))

    def _make_signs(self) -> None:
        self._pick_sign = self._sign("pickButton", "", "star", self._pick)
        self._pick_sign.setCheckable(True)
        self._reject_sign = self._sign("rejectButton", "", "thumbs-down", self._reject)
        self._reject_sign.setCheckable(True)
        self._view_sign = self._sign("viewButton", self.tr("View (Space)"), "expand", self._view)
        self._reference_sign = self._sign(
            "useAsReferenceButton",
            with_key(self.tr("Use as reference"), Deed.AS_REFERENCE),
            "image-plus",
            self._use_as_reference,
        )
        self._bin_sign = self._sign("binButton", "", "trash-2", self._bin)
        self._signs = (
            self._pick_sign,
            self._reject_sign,
            self._view_sign,
            self._reference_sign,
            self._bin_sign,
        )
        self._wishes: Mapping[Deed, Callable[[], None]] = {
            Deed.AS_REFERENCE: self._use_as_reference,
            Deed.SEND_NEXT: self._send_next,
            Deed.PICK: self._pick,
            Deed.REJECT: self._reject,
            Deed.REMOVE: self._bin,
            Deed.RESTORE: self._restore,
        }

    def _word(
        self, name: str, text: str, sign: str, wish: Callable[[], None], *, role: str = ""
    ) -> ActionButton:
        button = ActionButton(name, text, sign, self._rows, role=role, presses=self._presses)
        button.clicked.connect(wish)
        button.hide()
        return button

    def _sign(self, name: str, tip: str, sign: str, wish: Callable[[], None]) -> ActionButton:
        button = ActionButton(name, "", sign, self, role="chip", presses=self._presses)
        button.name(tip)
        button.clicked.connect(wish)
        return button

    def _sign_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        for sign in self._signs:
            row.addWidget(sign, 1)
        return row

    # What fits

    def _words_for(self, job: Job) -> list[ActionButton]:
        has_file = job.has_file
        is_waiting = job.state is JobState.QUEUED
        fitting = {
            self._edit: job.state in WITHOUT_PICTURE and not job.is_imported,
            self._check: job.state is JobState.LOST,
            self._decide: job.state is JobState.CLOSED,
            self._next: is_waiting,
            self._stop: is_waiting,
            self._back: job.binned_at is not None,
            self._fetch: job.can_be_fetched_again(time.time()),
            self._moved: any(image.is_missing for image in job.images),
            self._save: has_file,
            self._show: has_file,
            self._again: job.state in OVER and not job.is_imported,
            self._use: not job.is_imported,
        }
        return [button for button, fits in fitting.items() if fits]

    def _signs_for(self, job: Job) -> list[ActionButton]:
        fitting = {
            self._pick_sign: True,
            self._reject_sign: True,
            self._view_sign: bool(job.images),
            self._reference_sign: job.has_file,
            self._bin_sign: job.binned_at is None,
        }
        return [button for button, fits in fitting.items() if fits]

    def _show_price(self) -> None:
        """A press costs money, so the price stands on the button."""
        if self._is_free:
            self._again.say(self.tr("Generate again (practice, free)"))
        elif self._job is not None:
            request = self._job.request
            price = money(self._prices.estimate(request.size, request.tier))
            self._again.say(self.tr("Generate again ({price})").format(price=price))

    # Wishes

    def _fetch_again(self) -> None:
        if self._job is not None and self._job.gone_with_links:
            self._fetch.say(self.tr("Fetching…"))
            self.fetch_again_requested.emit(self._job.id)

    def _ask_for_folder(self) -> None:
        self.folder_moved_requested.emit()

    def _ask_for_target(self) -> None:
        """Ask where to; the answer comes by signal, so that nothing waits in here."""
        if self._job is not None and self._job.images:
            dialog = SaveAsDialog(path_of(self._job), self._save_place, self.window())
            dialog.chosen.connect(self.save_as_requested)
            dialog.open()

    def _show_in_folder(self) -> None:
        if self._job is not None and self._job.images:
            self.show_in_folder_requested.emit(path_of(self._job))

    def _use_all(self) -> None:
        self.take(Part.ALL)

    def _generate_again(self) -> None:
        if self._job is not None and self._job.state in OVER and not self._job.is_imported:
            self.generate_again_requested.emit(self._job.id)

    def _use_as_reference(self) -> None:
        if self._job is not None and self._job.images:
            self.references_requested.emit((self._job.seq,))

    def _view(self) -> None:
        if self._job is not None and self._job.images:
            self.view_requested.emit(self._job.id)

    def _send_next(self) -> None:
        if self._job is not None and self._job.state is JobState.QUEUED:
            self.send_next_requested.emit(self._job.id)

    def _pick(self) -> None:
        """The mark follows the job, not the press: it is drawn again from what the job says."""
        if self._job is not None:
            self._pick_sign.setChecked(self._job.picked)
            self._mark(Mark.PLAIN if self._job.picked else Mark.PICKED)

    def _reject(self) -> None:
        if self._job is not None:
            self._reject_sign.setChecked(self._job.rejected)
            self._mark(Mark.PLAIN if self._job.rejected else Mark.REJECTED)

    def _bin(self) -> None:
        if self._job is not None and self._job.binned_at is None:
            self._mark(Mark.BINNED)

    def _restore(self) -> None:
        if self._job is not None and self._job.binned_at is not None:
            self._mark(Mark.RESTORED)

    def _mark(self, mark: Mark) -> None:
        if self._job is not None:
            self.mark_requested.emit(Marking(seqs=(self._job.seq,), mark=mark))

    def _cancel(self) -> None:
        if self._job is not None:
            self.cancel_requested.emit(self._job.id)

    def _revive(self) -> None:
        if self._job is not None:
            self.revive_requested.emit(self._job.id)

    def _reopen(self) -> None:
        if self._job is not None:
            self.reopen_requested.emit(self._job.id)
