"""What is wrong with references, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem

TOO_HEAVY: Final = frozenset({ProblemKind.REFERENCE_TOO_HEAVY, ProblemKind.REFERENCES_TOO_HEAVY})
_NOTES: Final = frozenset({ProblemKind.REFERENCE_CHANGED, ProblemKind.REFERENCE_UNSEEN})


class TrayMessage(QWidget):
    """A line, and below it a button for each way out; takes no room while there is nothing to say.

    `shrinking_wanted`: what is sent shall become lighter.
    """

    shrinking_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self.line = MessageLine()
        self._shrink = ActionButton("shrinkNowButton", self.tr("Shrink what is sent"), "minimize-2")
        self._shrink.clicked.connect(self.shrinking_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.line)
        self._shrink.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(self._shrink)
        self.clear()

    def text(self) -> str:
        return self.line.text()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell several at once; what is only worth knowing is told quietly, or below a problem that is told
        already."""
        are_notes = all(problem.kind in _NOTES for problem in problems)
        if problems and are_notes and not self._problems:
            self.show_note("\n".join(map(sentence, problems)))
        elif problems:
            if are_notes:
                problems = tuple(dict.fromkeys((*self._problems, *problems)))
            self.clear()
            self._problems = problems
            self.line.show_problems(problems)
            self._shrink.setVisible(problems[0].kind in TOO_HEAVY)
            self.show()

    def show_note(self, text: str) -> None:
        """Something that is no problem; a problem that is told stays."""
        if not self.line.problem:
            self.line.show_note(text, "circle-check")
            self.show()

    def clear(self) -> None:
        self._problems = ()
        self.line.clear()
        self._shrink.hide()
        self.hide()
