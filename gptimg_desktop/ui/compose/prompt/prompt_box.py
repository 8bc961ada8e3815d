"""The prompt with all that belongs to it: its editor, what was written before, templates, and what is told
about the text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.prompt.prompt_count import PromptCount
from gptimg_desktop.ui.compose.prompt.prompt_edit import PromptEdit
from gptimg_desktop.ui.compose.prompt.prompt_history import PromptHistory
from gptimg_desktop.ui.compose.prompt.prompt_notes import PromptNotes
from gptimg_desktop.ui.compose.prompt.prompt_step import PromptStep
from gptimg_desktop.ui.compose.prompt.prompt_templates import PromptTemplates
from gptimg_desktop.ui.compose.prompt.refused_paste import RefusedPaste
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.past_prompt import PastPrompt
    from gptimg_desktop.core.template import Template
    from gptimg_desktop.ui.compose.scrolled_column import ScrolledColumn

_SHARE: Final = 0.35
"""How much of the room in which the composer scrolls the editor may take where not all fits into it."""


def history_keys(platform: str = sys.platform) -> str:
    """What opens the earlier prompts, as Qt writes it. On macOS the usual keys hide the program; what opens
    the history in browsers there does nothing else."""
    return "Ctrl+Y" if platform == "darwin" else "Ctrl+H"


class PromptBox(QWidget):
    """`changed`: the user changed the text, or how it is read. `size_wanted` carries the `Size` that the text
    asked for and the user took. `offered` carries the `Offer` of a picture that was pasted.
    `reveal_wanted` carries a widget that is to be in sight now. What `prompts_wanted` carries is to be sought
    among earlier prompts; the other wishes are those of `PromptHistory` and `PromptTemplates`."""

    changed = Signal()
    offered = Signal(object)
    reveal_wanted = Signal(object)
    size_wanted = Signal(object)
    prompts_wanted = Signal(str)
    prompt_forgotten = Signal(str)
    template_saved = Signal(object)
    template_renamed = Signal(object)
    template_removed = Signal(str)
    template_used = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = PromptEdit(self)
        self._refused_paste = RefusedPaste()
        self._notes = PromptNotes(self._edit)
        self._count = PromptCount()
        self._history = PromptHistory(self._edit)
        self._templates = PromptTemplates(self._edit)
        self._room: QWidget | None = None
        self._content: ScrolledColumn | None = None
        self._lay_out()
        self._connect_parts()
        self._edit.textChanged.connect(self._show_count)
        self._edit.textChanged.connect(self._refused_paste.clear)
        self._edit.textChanged.connect(self.changed)
        self._notes.mode_changed.connect(self._show_count)
        self._notes.caught_up.connect(self._show_count)
        self._notes.mode_changed.connect(self.changed)
        self._notes.size_wanted.connect(self.size_wanted)
        self._edit.offered.connect(self.offered)
        self._edit.refused.connect(self._tell_refused_paste)

    @property
    def editor(self) -> PromptEdit:
        return self._edit

    def text(self) -> str:
        """The text as it was written."""
        return self._edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text, telling nobody; what it replaces comes back with undo."""
        with QSignalBlocker(self._edit):
            self._replace(text)
        self._refused_paste.clear()
        self._show_count()

    def take_over(self, text: str) -> PromptStep:
        """Show a text from elsewhere, telling nobody, as one step of undo; the same text makes a step too."""
        with QSignalBlocker(self._edit):
            step = PromptStep(self._edit, text)
        self._refused_paste.clear()
        self._show_count()
        return step

    def is_one_per_line(self) -> bool:
        """Whether each line is a prompt of its own."""
        return self._notes.is_one_per_line()

    def set_one_per_line(self, is_one_per_line: bool) -> None:
        """Show the mode, telling nobody."""
        self._notes.set_one_per_line(is_one_per_line)
        self._show_count()

    @property
    def notes(self) -> PromptNotes:
        """What is told about the text."""
        return self._notes

    def is_composing(self) -> bool:
        """True while an input method is in the middle of a word, which is no part of the text yet."""
        return self._edit.is_composing

    def set_past_prompts(self, words: str, past: tuple[PastPrompt, ...]) -> None:
        """Answer `prompts_wanted`: those that hold the words, newest first."""
        self._history.set_past_prompts(words, past)

    def note_past_prompt(self, past: PastPrompt) -> None:
        """A prompt was sent and is the newest one now."""
        self._history.note(past)

    def set_templates(self, templates: tuple[Template, ...]) -> None:
        self._templates.set_templates(templates)

    def fit_into(self, room: QWidget, content: ScrolledColumn) -> None:
        """Grow only as far as leaves the rest of `content` in sight, which is scrolled in `room`."""
        self._room, self._content = room, content
        room.installEventFilter(self)
        content.installEventFilter(self)
        for popup in (self._history.popup, self._templates.popup):
            popup.keep_above(room)

    def take_focus(self) -> None:
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal_wanted.emit(self._edit)

    def holds_back(self) -> bool:
        """True where a text was refused that the user may believe to stand here; asked at each press."""
        holds = self._refused_paste.holds_back()
        if holds:
            self.reveal_wanted.emit(self._refused_paste)
        return holds

    def note_sent(self) -> None:
        """What stands here was sent."""
        self._refused_paste.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The room has another height, or what stands in it; the editor has lost the keys."""
        if (event.type(), watched) in {
            (QEvent.Type.Resize, self._room),
            (QEvent.Type.LayoutRequest, self._content),
        }:
            self._share_room()
        elif event.type() == QEvent.Type.FocusOut and watched is self._edit:
            self._templates.leave()
        return False

    def _share_room(self) -> None:
        """Let the editor have what all else leaves; where that is too little, and one scrolls anyway, some
        share of the room."""
        if self._room is None or self._content is None:
            return
        height = self._room.height()
        left = height - self._content.needed_height() + self._edit.minimumHeight()
        self._edit.set_room(left if left >= self._edit.least_height() else round(height * _SHARE))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addLayout(self._head())
        column.addWidget(self._edit)
        column.addWidget(self._refused_paste)
        column.addWidget(self._notes)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        row.addWidget(heading(self.tr("Prompt"), self._edit))
        row.addStretch(1)
        row.addWidget(self._count)
        row.addSpacing(UNIT // 2)
        past = self._button("promptHistoryButton", "history", self.tr("Earlier prompts"))
        keys = QKeySequence(history_keys()).toString(QKeySequence.SequenceFormat.NativeText)
        tip = self.tr("Earlier prompts ({keys}). In the prompt, Alt+↑ and Alt+↓ go through them.")
        past.setToolTip(tip.format(keys=keys))
        past.clicked.connect(self._toggle_history)
        named = self._button("templatesButton", "bookmark", self.tr("Templates"))
        named.setToolTip(self.tr("Templates. In the prompt, / and a name put one in its place."))
        named.clicked.connect(self._toggle_templates)
        row.addWidget(past)
        row.addWidget(named)
        self._history_button, self._templates_button = past, named
        return row

    def _button(self, name: str, sign: str, tip: str) -> IconButton:
        button = IconButton(sign, tip)
        button.setObjectName(name)
        button.setProperty("role", "small")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        return button

    def _connect_parts(self) -> None:
        self._edit.installEventFilter(self)
        self._edit.add_key_taker(self._templates.take_key)
        self._edit.add_key_taker(self._take_walking_key)
        self._edit.typed.connect(self._reveal_cursor)
        self._history.prompts_wanted.connect(self.prompts_wanted)
        self._history.prompt_forgotten.connect(self.prompt_forgotten)
        self._templates.template_saved.connect(self.template_saved)
        self._templates.template_renamed.connect(self.template_renamed)
        self._templates.template_removed.connect(self.template_removed)
        self._templates.template_used.connect(self.template_used)
        keys = QShortcut(QKeySequence(history_keys()), self)
        keys.setObjectName("historyKeys")
        keys.setAutoRepeat(False)
        keys.activated.connect(self._toggle_history)

    def _take_walking_key(self, event: QKeyEvent) -> bool:
        """Alt with an arrow: an older prompt, or a newer one."""
        if event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return False
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if steps:
            self._history.step(steps)
        return bool(steps)

    def _toggle_history(self) -> None:
        self.reveal_wanted.emit(self._edit)  # nobody types into a list that he does not see
        self._history.toggle_list(self._edit, self._history_button)

    def _toggle_templates(self) -> None:
        self.reveal_wanted.emit(self._edit)  # nobody types into a list that he does not see
        self._templates.toggle_list(self._edit, self._templates_button)

    def _show_count(self) -> None:
        """The length of the text; of the longest prompt too, where it stands for others than itself."""
        text, prompts = self._edit.toPlainText(), self._notes.reading().prompts
        self._count.set_count(len(text), max(map(len, prompts), default=len(text)))

    def _reveal_cursor(self) -> None:
        """Nobody writes where he does not see it."""
        spot = self._edit.cursor_spot(self._edit.textCursor().position())
        if not self._edit.visibleRegion().contains(spot.center()):
            self.reveal_wanted.emit(self._edit)

    def _replace(self, text: str) -> None:
        if text == self._edit.toPlainText():
            return
        if self._edit.document().isEmpty():
            self._edit.setPlainText(text)
        else:
            cursor = self._edit.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
        self._edit.moveCursor(QTextCursor.MoveOperation.End)  # where one goes on writing

    def _tell_refused_paste(self, problem: Problem) -> None:
        """Tell it where the text would stand, whatever was told about the last one."""
        self._refused_paste.clear()
        self._refused_paste.show_problem(problem)
        QTimer.singleShot(0, self, self._reveal_refused_paste)

    def _reveal_refused_paste(self) -> None:
        if self._refused_paste.isVisible():
            self.reveal_wanted.emit(self._refused_paste)
