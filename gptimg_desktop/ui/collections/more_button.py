"""Opens the menu of the collections for which there is no room; tiles held over it bring these into sight
until the drag is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.ui.collections.dragged_jobs import carries_jobs, drags_of

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

HOLD_MS: Final = 400
"""How long tiles are held over it until the next collections are shown, again and again."""


class MoreButton(QPushButton):
    """`hovered` comes while tiles are held over it, `drag_ended` once they were let go of, wherever that was;
    it takes none itself."""

    hovered = Signal()
    drag_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_followed = False
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._holding = QTimer(self, interval=HOLD_MS)
        self._holding.timeout.connect(self.hovered)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_jobs(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._follow(event)
            self._holding.start()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._holding.stop()

    def dropEvent(self, event: QDropEvent) -> None:
        """Nobody can tell which collection was meant."""
        self._holding.stop()
        event.ignore()

    def _follow(self, event: QDragEnterEvent) -> None:
        """Qt lets go of a drag when it is over, also where nothing in this window was told of its end."""
        if self._is_followed:
            return
        for drag in drags_of(event):
            self._is_followed = True
            drag.destroyed.connect(self._end)

    def _end(self) -> None:
        if self._is_followed:
            self._is_followed = False
            self._holding.stop()
            self.drag_ended.emit()
