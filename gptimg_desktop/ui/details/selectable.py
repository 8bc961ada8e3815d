"""A text that can be marked with the mouse and copied as it really is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence

from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_BREAK: Final = "\u200b"
_NARROW: Final = re.compile(r"\S{6}(?=\S{6})")


class SelectableLabel(PlainLabel):
    """Copies without the invisible breaks that a plain label puts into long words.

    `is_narrow`: for a column in which a word of a dozen letters may be too long.
    """

    def __init__(
        self, text: str = "", role: str = "", parent: QWidget | None = None, *, is_narrow: bool = False
    ) -> None:
        self._is_narrow = is_narrow
        super().__init__(text, role, parent)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, text: str) -> None:
        super().say(_NARROW.sub(rf"\g<0>{_BREAK}", text) if self._is_narrow else text)

    def say_if_new(self, text: str) -> None:
        """Show a text; the same one again leaves what is marked in it."""
        if text != self.text().replace(_BREAK, ""):
            self.say(text)

    def copy_selection(self) -> None:
        """Put what is marked, or all where nothing is, on the clipboard."""
        marked = self.selectedText() or self.text()
        QGuiApplication.clipboard().setText(marked.replace(_BREAK, "").replace("\u2029", "\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = RoundedMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy")).triggered.connect(self.copy_selection)
        menu.popup(event.globalPos())
