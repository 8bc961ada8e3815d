"""Going from blank to blank while an inserted template is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QTextCursor

from gptimg_desktop.core.prompt import read
from gptimg_desktop.ui.compose.prompt.text_places import cursors_at

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.ui.compose.prompt.prompt_edit import PromptEdit


class BlankFilling(QObject):
    """Tab selects the next blank, Shift+Tab the one before. It is over once there is none in that direction,
    with Escape, and when the focus leaves; Tab then moves the focus again."""

    def __init__(self, editor: PromptEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._first: QTextCursor | None = None
        self._last: QTextCursor | None = None

    @property
    def is_on(self) -> bool:
        return self._first is not None

    def begin(self, start: int, end: int) -> None:
        """Select the first blank between two positions of the document; nothing where there is none."""
        self._first, self._last = self._mark(start, is_end=False), self._mark(end, is_end=True)
        if not self._select(self._blanks(start, end)[:1]):
            self.stop()

    def stop(self) -> None:
        self._first = self._last = None

    def take_key(self, event: QKeyEvent) -> bool:
        """Tab, Shift+Tab and Escape while it is on; True where the key was meant for it."""
        if self._first is None or self._last is None:
            return False
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape and modifiers == Qt.KeyboardModifier.NoModifier:
            self.stop()
            return True
        cursor = self._editor.textCursor()
        start, end = self._first.position(), self._last.position()
        if key == Qt.Key.Key_Tab and modifiers == Qt.KeyboardModifier.NoModifier:
            found = self._blanks(max(start, cursor.selectionEnd()), end)[:1]
        elif key == Qt.Key.Key_Backtab:
            found = self._blanks(start, min(end, cursor.selectionStart()))[-1:]
        else:
            return False
        if self._select(found):
            return True
        self.stop()
        return False

    def _mark(self, position: int, *, is_end: bool) -> QTextCursor:
        """A place that goes with the text around it; what is written at either end is still inside."""
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(position)
        cursor.setKeepPositionOnInsert(not is_end)
        return cursor

    def _blanks(self, start: int, end: int) -> list[QTextCursor]:
        """The blanks between two positions of the document, each selected."""
        text = self._editor.toPlainText()
        found = cursors_at(self._editor.document(), text, read(text).blanks)
        return [each for each in found if start <= each.selectionStart() and each.selectionEnd() <= end]

    def _select(self, found: list[QTextCursor]) -> bool:
        if found:
            self._editor.setTextCursor(found[0])
        return bool(found)
