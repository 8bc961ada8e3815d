"""What shall become of presses whose files are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.missing_files import MissingFiles

MOST_PROMPTS_SHOWN: Final = 3
MOST_WORDS: Final = 60
"""Characters of a prompt by which it is known again."""


class MissingQuestion(QFrame):
    """Says which file is gone, what waits and what it costs; nothing but an answer ends it.

    `copies_accepted` and `presses_dropped` carry the number of the question. Whatever is shown here came
    without being called, so a click within the double-click interval after it was meant for something else.
    """

    copies_accepted = Signal(int)
    presses_dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: MissingFiles | None = None
        self.setObjectName("missingQuestion")
        self.setAccessibleName(self.tr("Shall it be sent without its file?"))
        self._fresh = QTimer(self, singleShot=True)
        self._fresh.setObjectName("missingQuestionFresh")
        self._gone = MessageLine()
        self._waits = PlainLabel()
        self._waits.setObjectName("missingWaits")
        self._prompts = PlainLabel("", "muted")
        self._send = ActionButton("sendCopyButton", self.tr("Send the copy"), "send")
        self._drop = ActionButton("dropPressesButton", self.tr("Don't send"), "x")
        self._send.setToolTip(self.tr("Sends the copy that was taken when it was added."))
        self._pressed_for = 0
        for button in (self._send, self._drop):
            button.pressed.connect(self._on_pressed)
        self._send.clicked.connect(self._on_send)
        self._drop.clicked.connect(self._on_drop)
        self._answer = QWidget()
        self._lay_out()
        self._show()

    @property
    def asked(self) -> MissingFiles | None:
        """What is asked now; None where nothing is."""
        return self._asked

    @property
    def takes_answers(self) -> bool:
        """False for a moment after a question has come."""
        return self._asked is not None and not self._fresh.isActive()

    def ask(self, question: MissingFiles | None) -> None:
        """Ask this instead of what was asked before; None where nothing is to be asked any more."""
        if question is not None and (self._asked is None or question.number != self._asked.number):
            self._fresh.start(QApplication.doubleClickInterval())
        self._asked = question
        self._show()

    def compare(self, draft: Draft) -> None:
        """Name the prompts that wait where the composer holds something else, as it would be sent."""
        waiting = () if self._asked is None else self._asked.drafts
        is_other = any(each != draft for each in waiting)
        words = tuple(dict.fromkeys(_first_words(each.prompt) for each in waiting)) if is_other else ()
        quoted = [self.tr("“{words}”").format(words=each) for each in words[:MOST_PROMPTS_SHOWN]]
        self._prompts.say("\n".join((*quoted, "…") if len(words) > MOST_PROMPTS_SHOWN else quoted))
        self._prompts.setVisible(bool(words))

    def clear_outcome(self) -> None:
        """The user goes on: what became of an answer needs to be told no more."""
        if self._asked is None:
            self._gone.clear()
            self.hide()

    def _show(self) -> None:
        asked = self._asked
        self._answer.setVisible(asked is not None)
        if asked is None:
            self.clear_outcome()
            return
        several = len(asked.names) > 1
        self._gone.show_problem(_gone(asked.names))
        self._waits.say(self._waiting(asked))
        self._send.say(self.tr("Send the copies") if several else self.tr("Send the copy"))
        self.show()

    def _waiting(self, asked: MissingFiles) -> str:
        images, presses = self._cost(asked), len(asked.drafts)
        text = (
            self.tr("1 press waits: {images}")
            if presses == 1
            else self.tr("{presses} presses wait: {images}")
        )
        told = text.format(presses=presses, images=images)
        if asked.more == 1:
            told += "\n" + self.tr("1 more press waits for other files.")
        elif asked.more:
            told += "\n" + self.tr("{more} more presses wait for other files.").format(more=asked.more)
        return told

    def _cost(self, asked: MissingFiles) -> str:
        """How many images, and what they cost."""
        price = self.tr("free")
        if asked.free < asked.count:
            price = money(asked.price)
            if asked.free:
                price = self.tr("{price}, {free} of them free").format(price=price, free=asked.free)
        text = self.tr("1 image · {price}") if asked.count == 1 else self.tr("{count} images · {price}")
        return text.format(count=QLocale().toString(asked.count), price=price)

    def _on_pressed(self) -> None:
        """A click answers what stood there when it began."""
        self._pressed_for = self._asked.number if self._asked is not None and self.takes_answers else 0

    def _on_send(self) -> None:
        if self._asked is not None and self._asked.number == self._pressed_for:
            self.copies_accepted.emit(self._asked.number)

    def _on_drop(self) -> None:
        if self._asked is not None and self._asked.number == self._pressed_for:
            number = self._asked.number
            self.presses_dropped.emit(number)
            if self.asked is None:
                self._gone.show_note(self.tr("Nothing was sent."), "x")
                self.show()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        for button in (self._send, self._drop):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        row.addStretch(1)
        below = QVBoxLayout(self._answer)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(UNIT // 2)
        below.addWidget(self._waits)
        below.addWidget(self._prompts)
        below.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._gone)
        column.addWidget(self._answer)


def _gone(names: tuple[str, ...]) -> Problem:
    if len(names) == 1:
        return Problem.of(ProblemKind.REFERENCE_GONE, name=names[0])
    return Problem.of(ProblemKind.REFERENCES_GONE, count=len(names), name=", ".join(names))


def _first_words(prompt: str) -> str:
    """The beginning of a prompt on one line; whole words where that is possible."""
    line = " ".join(prompt[: 4 * MOST_WORDS].split())
    if len(line) <= MOST_WORDS:
        return line
    cut = line[:MOST_WORDS]
    return (cut.rpartition(" ")[0] or cut) + "…"
