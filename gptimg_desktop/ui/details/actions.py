"""What can be done with the shown job, as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QFileInfo, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.details.wishes import SaveAs
from gptimg_desktop.ui.gallery.model import path_of
from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.job import Job

_ICONS: Final = {
    "saveAsButton": "save",
    "showInFolderButton": "folder-open",
    "useAllButton": "undo-2",
    "pickButton": "star",
    "binButton": "trash-2",
    "restoreButton": "archive-restore",
    "cancelJobButton": "x",
    "checkAgainButton": "refresh-cw",
}


class JobActions(QWidget):
    """Every button exists from the start; only those that fit the job are shown."""

    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    use_all_requested = Signal(str)
    pick_requested = Signal(str)
    bin_requested = Signal(object)  # tuple[str, ...]
    restore_requested = Signal(object)  # tuple[str, ...]
    cancel_requested = Signal(str)
    revive_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._job: Job | None = None
        self._buttons: dict[str, QPushButton] = {}
        super().__init__(parent)
        self._add("checkAgainButton", self.tr("Check again (free)"), self._revive)
        self._add("cancelJobButton", self.tr("Cancel (nothing was sent)"), self._cancel)
        self._add("restoreButton", self.tr("Restore from the bin"), self._restore)
        self._add("saveAsButton", self.tr("Save as…"), self._ask_for_target)
        self._add("showInFolderButton", self.tr("Show in folder"), self._show_in_folder)
        self._add("useAllButton", self.tr("Use these settings"), self._use_all)
        self._add("pickButton", "", self._pick)
        self._add("binButton", "", self._bin)
        self._buttons["pickButton"].setCheckable(True)
        self._name("binButton", self.tr("Move to bin (Del)"))
        self._lay_out()
        self.set_job(None)
        self._dress()

    def set_job(self, job: Job | None) -> None:
        self._job = job
        is_here = job is not None
        has_file = job is not None and bool(job.images)
        is_binned = job is not None and job.binned_at is not None
        is_picked = job is not None and job.picked
        shown = {
            "saveAsButton": has_file,
            "showInFolderButton": has_file,
            "useAllButton": is_here,
            "pickButton": is_here,
            "binButton": is_here and not is_binned,
            "restoreButton": is_binned,
            "cancelJobButton": job is not None and job.state is JobState.QUEUED,
            "checkAgainButton": job is not None and job.state is JobState.LOST,
        }
        for name, is_shown in shown.items():
            self._buttons[name].setVisible(is_shown)
        self._buttons["pickButton"].setChecked(is_picked)
        self._name("pickButton", self.tr("Take out of picks (P)") if is_picked else self.tr("Pick (P)"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _add(self, name: str, text: str, wish: Callable[[], None]) -> None:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(wish)
        self._buttons[name] = button

    def _name(self, button: str, text: str) -> None:
        """Name a button that shows an icon alone."""
        self._buttons[button].setAccessibleName(text)
        self._buttons[button].setToolTip(text)

    def _lay_out(self) -> None:
        """One button a row, so that long languages fit; picking and binning are icons in the last row."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        icons_only = ("pickButton", "binButton")
        for name, button in self._buttons.items():
            if name not in icons_only:
                column.addWidget(button)
        last = QHBoxLayout()
        last.setSpacing(UNIT)
        for name in icons_only:
            self._buttons[name].setProperty("role", "chip")
            last.addWidget(self._buttons[name], 1)
        column.addLayout(last)

    def _dress(self) -> None:
        colour = tokens_for(self.palette()).text
        for name, button in self._buttons.items():
            has_text = bool(button.text())
            button.setIcon(icon(_ICONS[name], colour, beside_text=has_text))
            if has_text:
                button.setIconSize(BESIDE_TEXT)

    # Wishes

    def _ask_for_target(self) -> None:
        """Ask where to; the answer comes by signal, so that nothing waits in here."""
        if self._job is not None and self._job.images:
            dialog = SaveAsDialog(path_of(self._job), self.window())
            dialog.chosen.connect(self.save_as_requested)
            dialog.open()

    def _show_in_folder(self) -> None:
        if self._job is not None and self._job.images:
            self.show_in_folder_requested.emit(path_of(self._job))

    def _use_all(self) -> None:
        if self._job is not None:
            self.use_all_requested.emit(self._job.id)

    def _pick(self) -> None:
        """The mark follows the job, not the press: it is drawn again from what the job says."""
        if self._job is not None:
            self._buttons["pickButton"].setChecked(self._job.picked)
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


class SaveAsDialog(QFileDialog):
    """Asks for a new place for a file; `chosen` carries a SaveAs, agreed to by the user."""

    chosen = Signal(object)

    def __init__(self, source: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self.setObjectName("saveAsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save as"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        ending = QFileInfo(source).suffix()
        self.setNameFilters([self.tr("Pictures (*.{ending})").format(ending=ending)])
        self.setDefaultSuffix(ending)
        self.selectFile(QFileInfo(source).fileName())
        self.fileSelected.connect(self._tell)

    def _tell(self, target: str) -> None:
        self.chosen.emit(SaveAs(source=self._source, target=target))
