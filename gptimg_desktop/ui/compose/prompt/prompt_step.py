"""One text that took the place of another in the prompt, as a step of the editor's own undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.prompt.prompt_edit import PromptEdit


class PromptStep:
    """Made by taking the step. `look` is to be called after each change of the text: the editor undoes by
    itself, by keys and by its menu, and this finds out whether the step is among what it took back."""

    def __init__(self, editor: PromptEdit, text: str) -> None:
        self._editor = editor
        self._text = text
        self._before = editor.document().availableUndoSteps()
        editor.take_over(text)
        self._after = editor.document().availableUndoSteps()
        self.is_done = True
        self.is_lost = False

    def look(self) -> None:
        """Find out whether the step was undone, done again, or cannot be reached any more."""
        document = self._editor.document()
        done, undone = document.availableUndoSteps(), document.availableRedoSteps()
        if self.is_done and done <= self._before:
            self.is_done = False
            self.is_lost = not undone
        elif not self.is_done and not self.is_lost:
            self.is_done = done == self._after and self._editor.toPlainText() == self._text
            self.is_lost = not self.is_done and not undone

    def undo(self) -> None:
        """Take it back, with what was written after it."""
        document = self._editor.document()
        while document.availableUndoSteps() > self._before:
            document.undo()
        self.look()

    def redo(self) -> None:
        """Do it again."""
        document = self._editor.document()
        while document.availableUndoSteps() < self._after and document.availableRedoSteps():
            document.redo()
        self.look()
