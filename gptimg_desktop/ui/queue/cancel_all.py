"""Taking back all that waits: a button that turns into its own question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class CancelAll(QWidget):
    """`confirmed` names the jobs that were asked about and still wait; what came later is not among them."""

    confirmed = Signal(object)  # tuple[str, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        self._waiting: tuple[str, ...] = ()
        self._asked: tuple[str, ...] = ()
        super().__init__(parent)
        presses = KeyPresses()  # one for all three: a held key must not go through to the answer
        self._button = ActionButton("queueCancelAll", "…", "x", self, presses=presses)
        self._question = PlainLabel(parent=self)
        self._question.setObjectName("queueCancelQuestion")
        self._yes = ActionButton("queueCancelYes", self.tr("Yes"), "", self, presses=presses)
        self._no = ActionButton("queueCancelNo", self.tr("No"), "", self, presses=presses)
        self._button.clicked.connect(self._ask)
        self._yes.clicked.connect(self._agree)
        self._no.clicked.connect(self.withdraw)
        self._answers = self._make_answers()
        column = QVBoxLayout(self)  # no stack: that is always as high as the higher of its pages
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._button)
        column.addWidget(self._answers)
        self.set_waiting(())

    @property
    def is_asking(self) -> bool:
        return not self._answers.isHidden()

    def set_waiting(self, waiting: tuple[str, ...]) -> None:
        """The ids of all that wait now. A question that is open goes on about those that were meant."""
        self._waiting = waiting
        number = QLocale().toString(len(waiting))
        self._button.say(self.tr("Cancel all waiting ({count})").format(count=number))
        self._button.setEnabled(bool(waiting))
        if self.is_asking:
            still = set(waiting)
            self._asked = tuple(job_id for job_id in self._asked if job_id in still)
            self._show_question()

    def withdraw(self) -> None:
        """Nothing is cancelled."""
        self._asked = ()
        had_keys = self._yes.hasFocus() or self._no.hasFocus()
        self._answers.hide()
        self._button.show()
        if had_keys:
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """As high as it has to be at its present width; a text that wraps asks for more than that."""
        hint, layout = super().sizeHint(), self.layout()
        if layout is not None and layout.hasHeightForWidth():
            hint.setHeight(layout.totalHeightForWidth(max(1, self.width())))
        return hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_asking:
            self.withdraw()
        else:
            super().keyPressEvent(event)

    def _make_answers(self) -> QWidget:
        answers = QWidget(self)
        row = QHBoxLayout(answers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._question, 1)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        answers.hide()
        return answers

    def _ask(self) -> None:
        self._asked = self._waiting
        self._button.hide()  # first: there is never room for both
        self._answers.show()
        self._show_question()
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_question(self) -> None:
        count = len(self._asked)
        if not count:
            self.withdraw()
            return
        text = self.tr("Cancel 1 job? Nothing is charged.")
        if count > 1:
            text = self.tr("Cancel {count} jobs? Nothing is charged.").format(count=QLocale().toString(count))
        self._question.say(text)
        self._yes.setAccessibleDescription(text)

    def _agree(self) -> None:
        asked = self._asked
        self.withdraw()
        if asked:
            self.confirmed.emit(asked)
