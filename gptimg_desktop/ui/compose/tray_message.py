"""What is wrong with references, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference

TOO_HEAVY: Final = frozenset({ProblemKind.REFERENCE_TOO_HEAVY, ProblemKind.REFERENCES_TOO_HEAVY})
_NOTES: Final = frozenset({ProblemKind.REFERENCE_CHANGED, ProblemKind.REFERENCE_UNSEEN})


class TrayMessage(QWidget):
    """A line, and below it a button for each way out; takes no room while there is nothing to say.

    `shrinking_wanted`: what is sent shall become lighter. About files that are gone: `copies_wanted` carries
    the `Draft` that was pressed, to be sent with the copies, `removal_wanted` the references that
    are to be taken out.
    """

    shrinking_wanted = Signal()
    copies_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft: Draft | None = None
        self._missing: tuple[FileReference, ...] = ()
        self.line = MessageLine()
        self._shrink = ActionButton("shrinkNowButton", self.tr("Shrink what is sent"), "minimize-2")
        self._send = ActionButton("sendCopyButton", self.tr("Send the copy taken when it was added"), "send")
        self._take_out = ActionButton("takeOutButton", self.tr("Take it out"), "x")
        self._shrink.clicked.connect(self.shrinking_wanted)
        self._send.clicked.connect(self._on_send)
        self._take_out.clicked.connect(self._on_take_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT // 2, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.line)
        for button in (self._shrink, self._send, self._take_out):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        self.clear()

    @property
    def missing(self) -> tuple[FileReference, ...]:
        """The references whose files are gone, while it is asked what to do about them."""
        return self._missing

    def text(self) -> str:
        return self.line.text()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell several at once; what is only worth knowing is told quietly."""
        if problems and all(problem.kind in _NOTES for problem in problems):
            self.show_note("\n".join(map(sentence, problems)))
        elif problems:
            self.clear()
            self.line.show_problems(problems)
            self._shrink.setVisible(problems[0].kind in TOO_HEAVY)
            self.show()

    def show_note(self, text: str) -> None:
        """Something that is no problem; a problem that is told stays."""
        if not self.line.problem:
            self.line.show_note(text, "circle-check")
            self.show()

    def ask_missing(self, draft: Draft, missing: tuple[FileReference, ...]) -> None:
        """Nothing was sent, since these files are gone: ask what shall be done."""
        self.clear()
        self._draft, self._missing = draft, missing
        self.line.show_problems((_gone(missing),))
        if len(missing) > 1:
            self._send.say(self.tr("Send the copies taken when they were added"))
            self._take_out.say(self.tr("Take them out"))
        else:
            self._send.say(self.tr("Send the copy taken when it was added"))
            self._take_out.say(self.tr("Take it out"))
        for button in (self._send, self._take_out):
            button.show()
        self.show()

    def clear(self) -> None:
        self._draft, self._missing = None, ()
        self.line.clear()
        for button in (self._shrink, self._send, self._take_out):
            button.hide()
        self.hide()

    def _on_send(self) -> None:
        draft = self._draft
        if draft is not None:
            self.copies_wanted.emit(draft)

    def _on_take_out(self) -> None:
        if self._missing:
            self.removal_wanted.emit(self._missing)


def _gone(missing: tuple[FileReference, ...]) -> Problem:
    if len(missing) == 1:
        return Problem.of(ProblemKind.REFERENCE_GONE, name=missing[0].name)
    names = ", ".join(reference.name for reference in missing)
    return Problem.of(ProblemKind.REFERENCES_GONE, count=len(missing), name=names)
