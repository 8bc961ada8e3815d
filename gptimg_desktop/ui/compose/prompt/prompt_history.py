"""Earlier prompts: walked through with Alt and the arrows, or picked from a list that can be searched."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, Signal

from gptimg_desktop.ui.compose.picks.pick import Pick, RowShape
from gptimg_desktop.ui.compose.picks.pick_list import PickList
from gptimg_desktop.ui.compose.prompt.moment import moment
from gptimg_desktop.ui.compose.prompt.prompt_walk import PromptWalk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.past_prompt import PastPrompt
    from gptimg_desktop.ui.compose.prompt.prompt_edit import PromptEdit

_MOST_ASIDE: Final = 20


class PromptHistory(QObject):
    """`prompts_wanted` carries what is sought; `set_past_prompts` answers. `prompt_forgotten` carries the
    text of a prompt that leaves the list.

    What was being written when a walk began, or when a prompt was picked, is never lost: it is where the walk
    began, one step of undo away, and once the text was changed after that, the first stop of the next walk.
    """

    prompts_wanted = Signal(str)
    prompt_forgotten = Signal(str)

    def __init__(self, editor: PromptEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._past: tuple[PastPrompt, ...] = ()
        self._aside: tuple[str, ...] = ()
        self._walk = PromptWalk("", ())
        shape = RowShape(text_lines=2, has_note=True, signs=("x",), tips=(self.tr("Take out of the list"),))
        self._list = PickList(
            "promptHistoryList", self.tr("Search earlier prompts"), shape=shape, describe=self._describe
        )
        self._list.setParent(editor.parentWidget() or editor)
        self._list.sought.connect(self._seek)
        self._list.taken.connect(self._take)
        self._list.removed.connect(self._forget)

    @property
    def popup(self) -> PickList:
        return self._list

    def set_past_prompts(self, words: str, past: tuple[PastPrompt, ...]) -> None:
        """The prompts that hold these words, newest first; an answer to what nobody seeks any more is
        ignored."""
        if not words:
            self._past = past
        if self._list.isVisible() and words == self._list.words:
            self._show(past)

    def note(self, past: PastPrompt) -> None:
        """A prompt was sent: it is the newest one now."""
        self._past = (past, *(each for each in self._past if each.text != past.text))

    def open_list(self, anchor: QWidget, opener: QWidget | None = None) -> None:
        """Show the list over a widget, from its top edge on: all prompts, the keys in the search field."""
        self._show(self._past)
        self._list.open_with_keys(anchor, QRect(0, -1, anchor.width(), 1), opener)

    def toggle_list(self, anchor: QWidget, opener: QWidget | None = None) -> None:
        """Open the list, or close it."""
        if self._list.isVisible():
            self._list.shut()
        else:
            self.open_list(anchor, opener)

    def step(self, steps: int) -> None:
        """Show an older prompt, or with a negative number a newer one, in the place of the text."""
        text = self._editor.toPlainText()
        if text != self._walk.shown or not self._walk.has_left:
            self._begin(text)
        if self._walk.step(steps):
            self._editor.replace_text(self._walk.shown)

    def _begin(self, text: str) -> None:
        """Start a walk at a text. What the last one led away from stays in reach."""
        past = tuple(each.text for each in self._past)
        left = self._walk.written
        if self._walk.has_left and left.strip() and left != text and left not in past:
            self._set_aside(left)
        self._walk = PromptWalk(text, (*self._aside, *past))

    def _set_aside(self, text: str) -> None:
        others = (each for each in self._aside if each != text)
        self._aside = (text, *others)[:_MOST_ASIDE]

    def _take(self, past: PastPrompt) -> None:
        self._begin(self._editor.toPlainText())
        while self._walk.shown != past.text and self._walk.step(1):
            pass
        self._editor.replace_text(past.text)

    def _forget(self, past: PastPrompt) -> None:
        self._past = tuple(each for each in self._past if each.text != past.text)
        self._aside = tuple(text for text in self._aside if text != past.text)
        self.prompt_forgotten.emit(past.text)

    def _seek(self, words: str) -> None:
        if self._list.isVisible():
            self._list.await_answer()
            self.prompts_wanted.emit(words)

    def _show(self, past: tuple[PastPrompt, ...]) -> None:
        nothing = self.tr("No earlier prompt holds these words.")
        none_yet = self.tr("Prompts stand here once you have generated with them.")
        self._list.set_items(past, nothing if self._list.words.strip() and self._past else none_yet)

    def _describe(self, past: PastPrompt) -> Pick:
        when = moment(past.used_at, time.time())
        if past.times > 1:
            often = self.tr("{count} times").format(count=past.times)
            return Pick(text=past.text, note=f"{when} · {often}")
        return Pick(text=past.text, note=when)
