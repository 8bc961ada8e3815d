"""The menu of the selected tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAction

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import OVER, WITHOUT_PICTURE, JobState
from gptimg_desktop.core.take import takeable
from gptimg_desktop.ui.deeds import PARTS, Deed, keys_of
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden
from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.choice import Choice


class TileMenu(RoundedMenu):
    """What can be done with a choice, keys included. `deed_chosen` carries a Deed, the others their wish;
    what costs names the job whose price stood there (`again_chosen`), whatever is selected by then.

    `price` is that of generating the only chosen job once more.
    """

    deed_chosen = Signal(object)  # Deed
    view_chosen = Signal()
    again_chosen = Signal(str)
    save_chosen = Signal()
    folder_chosen = Signal()
    copy_chosen = Signal()
    cancel_chosen = Signal()
    reopen_chosen = Signal()
    clear_marks_chosen = Signal()
    take_out_chosen = Signal()

    def __init__(
        self,
        choice: Choice,
        shown: JobFilter,
        parent: QWidget,
        *,
        can_view: bool,
        price: Callable[[Job], str],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("galleryMenu")
        self._few = choice.few
        self._only = choice.only
        self._count = len(choice)
        self._choice = choice
        self._shown = shown
        if can_view:
            self._add(self.tr("View"), self.view_chosen.emit, "Space")
        self._add_use(price)
        self.addSeparator()
        self._add_elsewhere()
        self.addSeparator()
        self._add_queue()
        self.addSeparator()
        self._add_marks()
        self.addSeparator()
        self._add_place()

    # What it offers

    def _add_use(self, price: Callable[[Job], str]) -> None:
        """Go on from it."""
        job = self._only
        if job is not None:
            parts = takeable(job)
            for deed, text in self._uses(job).items():
                if PARTS[deed] in parts:
                    self._deed(text, deed)
        if job is not None and job.state in OVER and not job.is_imported:
            again = self._add(price(job), self._choose_again)
            again.setData(job.id)
        if any(job.has_file for job in self._few):
            self._deed(self.tr("Use as reference"), Deed.AS_REFERENCE)

    def _uses(self, job: Job) -> dict[Deed, str]:
        edit = job.state in WITHOUT_PICTURE
        return {
            Deed.USE_ALL: self.tr("Edit and generate again") if edit else self.tr("Use these settings"),
            Deed.USE_PROMPT: self.tr("Use its prompt"),
            Deed.USE_SIZE: self.tr("Use its size"),
            Deed.USE_REFERENCES: self.tr("Use its references"),
        }

    def _add_elsewhere(self) -> None:
        """Take the picture or its words elsewhere."""
        if self._only is None:
            return
        if self._only.images and not self._only.images[0].is_missing:
            self._add(self.tr("Save as…"), self.save_chosen.emit)
            self._add(self.tr("Show in folder"), self.folder_chosen.emit)
        self._add(self.tr("Copy prompt"), self.copy_chosen.emit)

    def _add_queue(self) -> None:
        """What can be said about jobs that wait, and about one that was given up."""
        if any(job.state is JobState.QUEUED for job in self._few):
            self._deed(self.tr("Send next"), Deed.SEND_NEXT)
            self._add(self.tr("Cancel (nothing was sent)"), self.cancel_chosen.emit)
        if self._only is not None and self._only.state is JobState.CLOSED:
            self._add(self.tr("Decide again"), self.reopen_chosen.emit)

    def _add_marks(self) -> None:
        """Say what is thought of it."""
        picked, rejected = self._choice.all_are("picked"), self._choice.all_are("rejected")
        pick = self.tr("Pick {count}") if self._count > 1 else self.tr("Pick")
        reject = self.tr("Reject {count}") if self._count > 1 else self.tr("Reject")
        self._deed(self.tr("Take out of picks") if picked else self._counted(pick), Deed.PICK)
        self._deed(self.tr("No longer reject") if rejected else self._counted(reject), Deed.REJECT)
        if len(self._few) < self._count:  # of some it is not known whether they have a mark
            self._add(
                self._counted(self.tr("Take picks and rejects off {count}")), self.clear_marks_chosen.emit
            )

    def _add_place(self) -> None:
        """Keep it together with others, put it away."""
        if self._shown.view is View.BIN:
            restore = self.tr("Restore {count}") if self._count > 1 else self.tr("Restore")
            delete = self.tr("Delete {count} now…") if self._count > 1 else self.tr("Delete now…")
            self._deed(self._counted(restore), Deed.RESTORE)
            self._deed(self._counted(delete), Deed.REMOVE)
            return
        many = self._count > 1
        gather = self.tr("Add {count} to a collection…") if many else self.tr("Add to a collection…")
        self._deed(self._counted(gather), Deed.GATHER)
        if self._shown.collection:
            out = self.tr("Take {count} out of this collection") if many else self.tr("Take out of this one")
            self._add(self._counted(out), self.take_out_chosen.emit)
        self._deed(self._counted(self._bin_text()), Deed.REMOVE)

    def _bin_text(self) -> str:
        many, knows_all = self._count > 1, bool(self._few) and len(self._few) == self._count
        if knows_all and all(map(goes_on_when_hidden, self._few)):
            return self.tr("Hide {count}") if many else self.tr("Hide")
        if knows_all and all(job.state is JobState.QUEUED for job in self._few):
            cancel = self.tr("Cancel {count} and move them to the bin")
            return cancel if many else self.tr("Cancel and move to bin")
        return self.tr("Move {count} to the bin") if many else self.tr("Move to bin")

    # How

    def _counted(self, text: str) -> str:
        return text.format(count=QLocale().toString(self._count))

    def _choose_again(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.again_chosen.emit(str(action.data()))

    def _deed(self, text: str, deed: Deed) -> None:
        action = self._add(text, self._choose_deed, keys_of(deed).toString())
        action.setData(deed.value)

    def _choose_deed(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.deed_chosen.emit(Deed(str(action.data())))

    def _add(self, text: str, chosen: Callable[[], None], key: str = "") -> QAction:
        action = QAction(text, self)
        if key:
            # Shown only: the key itself belongs to the tiles, so that it never fires twice.
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(chosen)
        self.addAction(action)
        return action
