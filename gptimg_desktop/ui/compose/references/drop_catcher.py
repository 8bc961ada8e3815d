"""Takes drops of pictures wherever it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from gptimg_desktop.ui.compose.references.offer import brings_only_text, brings_picture, read_offer

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget


class DropCatcher(QObject):
    """An event filter: drags that bring no picture pass on untouched, so that text can be dropped as text.

    `offered` carries the `Offer` of a drop; `hovering` tells whether a picture is being held above.
    """

    offered = Signal(object)
    hovering = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        self._is_wanted = False
        self._wants_text: set[QObject] = set()
        super().__init__(parent)

    def watch(self, widget: QWidget, *, wants_text: bool = False) -> None:
        """Take the drops on a widget (of a scrolling one, its viewport). One that wants text keeps what
        comes as text alone, an address too."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)
        if wants_text:
            self._wants_text.add(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self.hovering.emit(False)
            return False
        if not isinstance(event, QDropEvent) or not self._wants(watched, event):
            return super().eventFilter(watched, event)
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would let the source delete its file
        event.accept()
        is_drop = not isinstance(event, QDragMoveEvent)
        self.hovering.emit(not is_drop)
        if is_drop:
            self.offered.emit(read_offer(event.mimeData()))
        return True

    def _wants(self, watched: QObject, event: QDropEvent) -> bool:
        """Looked up once, as the drag comes in: each look asks the program that it comes from."""
        if isinstance(event, QDragEnterEvent):
            self._is_wanted = self._is_for_tray(watched, event.mimeData())
        return self._is_wanted

    def _is_for_tray(self, watched: QObject, mime: QMimeData) -> bool:
        if watched in self._wants_text and brings_only_text(mime):
            return False
        return brings_picture(mime)
