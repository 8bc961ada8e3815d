"""Takes drops of pictures wherever it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from gptimg_desktop.ui.compose.offer import brings_picture, read_offer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DropCatcher(QObject):
    """An event filter: drags that bring no picture pass on untouched, so that text can be dropped as text.

    `offered` carries the `Offer` of a drop; `hovering` tells whether a picture is being held above.
    """

    offered = Signal(object)
    hovering = Signal(bool)

    def watch(self, widget: QWidget) -> None:
        """Take the drops on a widget (of a scrolling one, its viewport)."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.hovering.emit(False)
            return False
        if not isinstance(event, QDropEvent) or not brings_picture(event.mimeData()):
            return super().eventFilter(watched, event)
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would let the source delete its file
        event.accept()
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            self.hovering.emit(True)
            return True
        self.hovering.emit(False)
        self.offered.emit(read_offer(event.mimeData()))
        return True
