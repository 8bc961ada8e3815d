"""Files from other programs that are dropped on the gallery: an offer to import them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from gptimg_desktop.ui.compose.references.offer import OfferedFile, read_offer
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ImportDrop(QObject):
    """Watches a widget and what in it takes no drops itself. Drags of our own tiles pass on untouched; while
    files are held above, a card at the foot says what a drop would do."""

    offered = Signal(object)  # tuple[str, ...]: paths of files and folders

    def __init__(self, watched: QWidget) -> None:
        self._is_wanted = False
        self._card = _DropCard(watched)
        super().__init__(watched)
        self._watched = watched
        watched.setAcceptDrops(True)
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave and self._is_wanted:
            self._is_wanted = False
            self._card.hide()
            return True
        if not isinstance(event, QDropEvent) or not self._wants(event):
            return super().eventFilter(watched, event)
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would let the source delete its file
        event.accept()
        if isinstance(event, QDragMoveEvent):
            self._card.show_in(self._watched)
        else:
            self._take(event)
        return True

    def _wants(self, event: QDropEvent) -> bool:
        """Looked up once, as the drag comes in: each look asks the program that it comes from."""
        if isinstance(event, QDragEnterEvent):
            is_foreign = event.source() is None
            self._is_wanted = is_foreign and any(url.isLocalFile() for url in event.mimeData().urls())
        return self._is_wanted

    def _take(self, event: QDropEvent) -> None:
        self._is_wanted = False
        self._card.hide()
        items = read_offer(event.mimeData()).items
        paths = tuple(item.path for item in items if isinstance(item, OfferedFile))
        if paths:
            self.offered.emit(paths)


class _DropCard(QFrame):
    """What a drop would do, where it hides no tile's picture for long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("importDropCard")
        self.setProperty("role", "card")
        self.setProperty("floats", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QLabel(self.tr("Drop to import into the library"), self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(IconLabel("image-plus", "accent", parent=self))
        row.addWidget(words)
        self.hide()

    def show_in(self, place: QWidget) -> None:
        if self.isVisible():
            return
        self.adjustSize()
        self.move((place.width() - self.width()) // 2, place.height() - self.height() - 2 * UNIT)
        self.show()
        self.raise_()
