"""The prompt with all that belongs to it: its editor and what is told about the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.prompt_edit import PromptEdit
from gptimg_desktop.ui.compose.refused_paste import RefusedPaste
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem


class PromptBox(QWidget):
    """`changed`: the user changed the text. `offered` carries the `Offer` of a picture that was pasted.
    `reveal_wanted` carries a widget that is to be in sight now."""

    changed = Signal()
    offered = Signal(object)
    reveal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = PromptEdit()
        self._refused_paste = RefusedPaste()
        self._is_one_per_line = False
        self._lay_out()
        self._edit.textChanged.connect(self._refused_paste.clear)
        self._edit.textChanged.connect(self.changed)
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

    def is_one_per_line(self) -> bool:
        """Whether each line is a prompt of its own."""
        return self._is_one_per_line

    def set_one_per_line(self, is_one_per_line: bool) -> None:
        """Show the mode, telling nobody."""
        self._is_one_per_line = is_one_per_line

    def take_focus(self) -> None:
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def holds_back(self) -> bool:
        """True where a text was refused that the user may believe to stand here; asked at each press."""
        holds = self._refused_paste.holds_back()
        if holds:
            self.reveal_wanted.emit(self._refused_paste)
        return holds

    def note_sent(self) -> None:
        """What stands here was sent."""
        self._refused_paste.clear()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(heading(self.tr("Prompt"), self._edit))
        column.addWidget(self._edit)
        column.addWidget(self._refused_paste)

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
