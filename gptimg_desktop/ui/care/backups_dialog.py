"""The backups of the library, to go back to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from gptimg_desktop.ui.details.facts import moment
from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.backup import Backup

_ROW_HEIGHT: Final = 4 * UNIT
_NAME: Final = Qt.ItemDataRole.UserRole
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class BackupsDialog(QDialog):
    """To be opened with `open()`. `restore_requested` carries the name of the chosen backup, once, and only
    for a press of the button: neither Enter nor a double click in the list goes back to one."""

    restore_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("backupsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.resize(68 * UNIT, 52 * UNIT)
        self._intro = PlainLabel(self.tr("Looking at the backups…"), parent=self)
        self._list = _Backups(self)
        self._go = QPushButton(self.tr("Restore"), self)
        self._list.setObjectName("backupsList")
        self._list.setAccessibleName(self.tr("Backups"))
        self._list.itemSelectionChanged.connect(self._settle)
        note = PlainLabel(
            self.tr(
                "The window closes and opens again, and the present library is set aside. Picks, rejects, "
                "the bin, collections, templates and imports are again as they were then; files that were "
                "imported since stay on the disk. What was generated since stays in the gallery, so that "
                "nothing that was paid is lost. Nothing is sent until you have read what was restored."
            ),
            parent=self,
        )
        note.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._intro)
        column.addWidget(self._list, 1)
        column.addWidget(note)
        column.addLayout(self._buttons())
        self._list.setFocus()
        self._settle()

    def set_backups(self, backups: tuple[Backup, ...]) -> None:
        """The backups that there are, newest first; those that are no good cannot be chosen."""
        self._list.clear()
        for backup in backups:
            item = QListWidgetItem(self._told(backup), self._list)
            item.setData(_NAME, backup.name)
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            if not backup.is_good:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._intro.say(
            self.tr("Choose the backup to go back to.") if backups else self.tr("There is no backup yet.")
        )
        good = next((row for row, backup in enumerate(backups) if backup.is_good), -1)
        self._list.setCurrentRow(good)
        self._settle()

    def _told(self, backup: Backup) -> str:
        parts = [moment(backup.made_at)]
        if backup.is_good:
            jobs = self.tr("1 job") if backup.jobs == 1 else self.tr("{count} jobs")
            parts.append(jobs.format(count=QLocale().toString(backup.jobs)))
        else:
            parts.append(self.tr("damaged"))
        return "  ·  ".join([*parts, file_size(backup.size_bytes)])

    def _buttons(self) -> QHBoxLayout:
        """In a plain row: a box of buttons leads Tab past the first one, to that which answers Enter."""
        self._go.setObjectName("backupsRestore")
        self._go.setAccessibleName(self.tr("Restore the chosen backup"))
        self._go.setAutoDefault(True)  # Enter presses it, once it has the keys
        self._go.setProperty("role", "primary")
        self._go.clicked.connect(self._restore)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setObjectName("backupsCancel")
        cancel.setAccessibleName(self.tr("Keep the library as it is"))
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addStretch(1)
        row.addWidget(self._go)
        row.addWidget(cancel)
        return row

    def _settle(self) -> None:
        self._go.setEnabled(bool(self._list.selectedItems()))

    def _restore(self) -> None:
        chosen = self._list.selectedItems()
        if chosen:
            self.accept()
            self.restore_requested.emit(str(chosen[0].data(_NAME)))


class _Backups(QListWidget):
    """A list in which Enter chooses nothing and closes nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.accept()
        else:
            super().keyPressEvent(event)
