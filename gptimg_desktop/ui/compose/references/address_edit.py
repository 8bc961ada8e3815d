"""A field for addresses of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu

from gptimg_desktop.ui.compose.references.addresses import words_of
from gptimg_desktop.ui.compose.references.data_uri import is_data_uri
from gptimg_desktop.ui.compose.references.offer import brings_picture, read_offer

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget


class AddressEdit(QLineEdit):
    """One address can be typed or pasted here. `offered` carries the `Offer` of anything that does not fit
    on a line: files, a picture, several addresses, and a data URI, which a line edit would cut off."""

    offered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("referenceUrlEdit")
        self.setAccessibleName(self.tr("Address of a reference picture"))
        self.setPlaceholderText(self.tr("or an address: https://…"))
        self.setAcceptDrops(False)  # a dropped file belongs to the tray, not into the text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theirs = menu.findChild(QAction, "edit-paste")
        if isinstance(theirs, QAction):
            menu.insertAction(theirs, self._paste_action(theirs, menu))
            theirs.setVisible(False)
        menu.popup(event.globalPos())

    def _paste_action(self, theirs: QAction, menu: QMenu) -> QAction:
        """Like Qt's own, for all that can be taken here."""
        action = QAction(theirs.icon(), theirs.text(), menu)
        mime = QGuiApplication.clipboard().mimeData()
        action.setEnabled(mime.hasText() or brings_picture(mime))
        action.triggered.connect(self._paste)
        return action

    def _paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        offer = read_offer(mime)
        if offer and not _is_one_address(mime):
            self.offered.emit(offer)
        else:
            self.paste()


def _is_one_address(mime: QMimeData) -> bool:
    """True for what belongs on the line, even where a picture of it comes along."""
    text = mime.text() if mime.hasFormat("text/plain") else ""
    return not is_data_uri(text) and len(words_of(text)) == 1
