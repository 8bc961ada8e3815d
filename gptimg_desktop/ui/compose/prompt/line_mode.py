"""Whether each line is a prompt of its own: true of one text, and not of what is put in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.ui.compose.prompt.text_places import qt_length

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit


class LineMode(QObject):
    """Watches an editor. `moved` carries False where its text was emptied, or another one has taken its place
    as a whole; True where the very text has come back for which the mode was on, as undo and walking back
    through earlier prompts bring it.

    It comes while the editor is in the middle of its change, before anybody else is told of that: it is for
    taking note, not for asking the editor.
    """

    moved = Signal(bool)

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._text = edit.toPlainText()
        self._is_on = False
        self._left: str | None = None  # the text for which it was on
        edit.document().contentsChange.connect(self._on_change)

    def set_on(self, is_on: bool) -> None:
        """The mode is on or off from now on, by somebody's will: nothing is to come back."""
        self._is_on, self._left = is_on, None

    def _on_change(self, start: int, removed: int, _added: int) -> None:
        """Qt counts in its own places, and where all is replaced one more for the document's end."""
        before, self._text = self._text, self._edit.toPlainText()
        if self._text == before:
            return
        was_replaced = start == 0 and bool(before.strip()) and removed >= qt_length(before)
        if self._is_on and (was_replaced or not self._text.strip()):
            self._is_on, self._left = False, before
            self.moved.emit(False)
        elif self._text == self._left:
            self._is_on, self._left = True, None
            self.moved.emit(True)
