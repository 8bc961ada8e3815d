"""What can be done with the shown job, as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.job import OVER, WITHOUT_PICTURE, JobState
from gptimg_desktop.core.prices import PUBLISHED, money
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.details.button_rows import ButtonRows
from gptimg_desktop.ui.details.save_as import SaveAsDialog, SavePlace
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden
from gptimg_desktop.ui.gallery.model import path_of
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.prices import PriceTable


class JobActions(QWidget):
    """Every button exists from the start; only those that fit the job are shown."""

    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    use_all_requested = Signal(str)
    edit_again_requested = Signal(str)
    generate_again_requested = Signal(str)
    use_as_reference_requested = Signal(object)  # tuple[str, ...], paths
    view_requested = Signal(str)
    send_next_requested = Signal(str)
    pick_requested = Signal(str)
    bin_requested = Signal(object)  # tuple[str, ...]
    restore_requested = Signal(object)  # tuple[str, ...]
    cancel_requested = Signal(str)
    revive_requested = Signal(str)
    reopen_requested = Signal(str)

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
        self._job = job
        self._show_price()
        self._rows.show_buttons([] if job is None else self._words_for(job))
        shown = set() if job is None else set(self._signs_for(job))
        for sign in self._signs:
            sign.setVisible(sign in shown)
        is_picked = job is not None and job.picked
        goes_on = job is not None and goes_on_when_hidden(job)
        self._bin_sign.show_sign("eye-off" if goes_on else "trash-2")
        self._bin_sign.name(self.tr("Hide (Del)") if goes_on else self.tr("Move to bin (Del)"))
        self._pick_sign.setChecked(is_picked)
        self._pick_sign.name(self.tr("Take out of picks (P)") if is_picked else self.tr("Pick (P)"))

    # Parts

    def _make_words(self) -> None:
        """The buttons with a text, in the order in which they stand."""
        self._rows = ButtonRows(self)
        self._edit = self._word(
            "editAgainButton", self.tr("Edit and generate again"), "pencil", self._edit_again, role="primary"
        )
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
        self._save = self._word("saveAsButton", self.tr("Save as…"), "save", self._ask_for_target)
        self._show = self._word(
            "showInFolderButton", self.tr("Show in folder"), "folder-open", self._show_in_folder
        )
        self._again = self._word(
            "generateAgainButton", self.tr("Generate again"), "repeat", self._generate_again
        )
        self._use = self._word("useAllButton", self.tr("Use these settings"), "undo-2", self._use_all)

    def _make_signs(self) -> None:
        self._pick_sign = self._sign("pickButton", "", "star", self._pick)
        self._pick_sign.setCheckable(True)
        self._view_sign = self._sign("viewButton", self.tr("View (Space)"), "expand", self._view)
        self._reference_sign = self._sign(
            "useAsReferenceButton", self.tr("Use as reference"), "image-plus", self._use_as_reference
        )
        self._bin_sign = self._sign("binButton", self.tr("Move to bin (Del)"), "trash-2", self._bin)
        self._signs = (self._pick_sign, self._view_sign, self._reference_sign, self._bin_sign)

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
        has_file, is_waiting = bool(job.images), job.state is JobState.QUEUED
        fitting = {
            self._edit: job.state in WITHOUT_PICTURE,
            self._check: job.state is JobState.LOST,
            self._decide: job.state is JobState.CLOSED,
            self._next: is_waiting,
            self._stop: is_waiting,
            self._back: job.binned_at is not None,
            self._save: has_file,
            self._show: has_file,
            self._again: job.state in OVER,
            self._use: True,
        }
        return [button for button, fits in fitting.items() if fits]

    def _signs_for(self, job: Job) -> list[ActionButton]:
        has_file = bool(job.images)
        fitting = {
            self._pick_sign: True,
            self._view_sign: has_file,
            self._reference_sign: has_file,
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
        if self._job is not None:
            self.use_all_requested.emit(self._job.id)

    def _edit_again(self) -> None:
        if self._job is not None:
            self.edit_again_requested.emit(self._job.id)

    def _generate_again(self) -> None:
        if self._job is not None:
            self.generate_again_requested.emit(self._job.id)

    def _use_as_reference(self) -> None:
        if self._job is not None and self._job.images:
            self.use_as_reference_requested.emit(tuple(image.path for image in self._job.images))

    def _view(self) -> None:
        if self._job is not None and self._job.images:
            self.view_requested.emit(self._job.id)

    def _send_next(self) -> None:
        if self._job is not None:
            self.send_next_requested.emit(self._job.id)

    def _pick(self) -> None:
        """The mark follows the job, not the press: it is drawn again from what the job says."""
        if self._job is not None:
            self._pick_sign.setChecked(self._job.picked)
            self.pick_requested.emit(self._job.id)

    def _bin(self) -> None:
        if self._job is not None:
            self.bin_requested.emit((self._job.id,))

    def _restore(self) -> None:
        if self._job is not None:
            self.restore_requested.emit((self._job.id,))

    def _cancel(self) -> None:
        if self._job is not None:
            self.cancel_requested.emit(self._job.id)

    def _revive(self) -> None:
        if self._job is not None:
            self.revive_requested.emit(self._job.id)

    def _reopen(self) -> None:
        if self._job is not None:
            self.reopen_requested.emit(self._job.id)
