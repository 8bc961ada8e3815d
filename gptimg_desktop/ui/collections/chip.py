"""One collection, as a chip: a filter to click on, and a place to drop tiles on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.core.collection import Gathering
from gptimg_desktop.ui.collections.dragged_jobs import carries_jobs, jobs_in
from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import (
        QContextMenuEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QKeyEvent,
    )
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.collection import Collection

_WIDEST_NAME: Final = 20 * UNIT


class CollectionChip(QPushButton):
    """`gather_requested` carries what was dropped on it; the others carry its collection's number."""

    gather_requested = Signal(object)  # Gathering
    pressed_on = Signal(int)
    menu_wanted = Signal(int, object)  # and where on the screen, a QPoint
    rename_wanted = Signal(int)
    remove_wanted = Signal(int)

    def __init__(self, collection: Collection, parent: QWidget | None = None) -> None:
        self.collection = collection
        self._presses = KeyPresses()
        self._colour = ""
        super().__init__(parent)
        self.setObjectName(f"collection_{collection.number}")
        self.setProperty("role", "chip")
        self.setProperty("slim", True)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAcceptDrops(True)
        self.toggled.connect(self._dress)
        self.clicked.connect(self._tell_press)
        self.show_collection(collection)

    def show_collection(self, collection: Collection) -> None:
        """Its name, how many are in it, and whether what is generated goes there."""
        self.collection = collection
        count = QLocale().toString(collection.count)
        name = self.fontMetrics().elidedText(collection.name, Qt.TextElideMode.ElideRight, _WIDEST_NAME)
        self.setText(f"{name}  {count}".replace("&", "&&"))
        told = self.tr("{name}, {count} pictures").format(name=collection.name, count=count)
        if collection.is_current:
            told += "\n" + self.tr("New generations go here")
        self.setToolTip(told)
        self.setAccessibleName(self.tr("Collection {told}").format(told=told.replace("\n", ". ")))
        self._colour = ""
        self._dress()

    # Qt's side

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == event.Reason.Keyboard
        below: QPoint = self.mapToGlobal(self.rect().bottomLeft())
        self.menu_wanted.emit(self.collection.number, below if is_by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            event.ignore()  # the bar goes along the chips, and stops at the last one
        elif event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit(self.collection.number)
        elif event.matches(QKeySequence.StandardKey.Delete):
            if self._presses.is_new(event):
                self.remove_wanted.emit(self.collection.number)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_jobs(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._aim(is_aimed=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._aim(is_aimed=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(is_aimed=False)
        if not carries_jobs(event):
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if seqs := jobs_in(event.mimeData()):
            self.gather_requested.emit(Gathering(seqs=seqs, number=self.collection.number))

    def _tell_press(self) -> None:
        self.pressed_on.emit(self.collection.number)

    # Looks

    def _aim(self, *, is_aimed: bool) -> None:
        if is_aimed != bool(self.property("aimed")):
            self.setProperty("aimed", is_aimed)
            self.style().unpolish(self)
            self.style().polish(self)

    def _dress(self) -> None:
        if not self.collection.is_current:
            self.setIcon(QIcon())
            return
        tokens = tokens_for(self.palette())
        colour = tokens.accent if self.isChecked() else tokens.muted
        if colour != self._colour:
            self._colour = colour
            self.setIconSize(BESIDE_TEXT)
            self.setIcon(icon("pin", colour, beside_text=True))
