"""The button that begins a new collection, alone or with the tiles that are dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from gptimg_desktop.ui.collections.dragged_jobs import carries_jobs, jobs_in
from gptimg_desktop.ui.compose.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget


class NewButton(IconButton):
    """`naming_wanted` carries the jobs that the collection is to begin with."""

    naming_wanted = Signal(object)  # tuple[int, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plus", "", parent)
        name = self.tr("New collection")
        self.setObjectName("newCollection")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAcceptDrops(True)
        self.clicked.connect(self._begin)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_jobs(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if carries_jobs(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.naming_wanted.emit(jobs_in(event.mimeData()))

    def _begin(self) -> None:
        self.naming_wanted.emit(())
