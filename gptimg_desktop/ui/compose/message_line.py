"""One sentence about what is wrong, at the place where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem


class MessageLine(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self._is_note = False
        self._words = ""
        self._sign = IconLabel("circle-alert", "danger")
        self._text = PlainLabel(role="danger")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        self.hide()

    @property
    def problem(self) -> Problem | None:
        return self._problem

    def text(self) -> str:
        """What it says now; empty where it says nothing."""
        return self._words if self._problem is not None or self._is_note else ""

    @property
    def is_note(self) -> bool:
        """True while it says something that is no problem."""
        return self._is_note

    def show_problem(self, problem: Problem) -> None:
        """Say the problem's sentence, to screen readers too."""
        self.show_problems((problem,))

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Say several at once, a line each; none leaves what stands here."""
        if not problems:
            return
        self._problem, self._is_note = problems[0], False
        self._say("\n".join(sentence(problem) for problem in problems), "circle-alert", "danger")

    def show_note(self, text: str, sign: str = "hourglass", tone: str = "muted") -> None:
        """Say something that is no problem: it passes by itself, or asks in the tone "warning"."""
        self._problem, self._is_note = None, True
        self._say(text, sign, tone)

    def clear(self) -> None:
        self._problem, self._is_note = None, False
        self.hide()

    def _say(self, text: str, sign: str, tone: str) -> None:
        self._words = text
        self._text.say(text)
        self._text.setProperty("role", tone)
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._sign.show_icon(sign, tone)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
