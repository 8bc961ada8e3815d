"""The card for a job of which nobody can tell whether the service took it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.findings import Leaning
from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.details.evidence_block import EvidenceBlock
from gptimg_desktop.ui.details.facts import moment
from gptimg_desktop.ui.details.wishes import TaskIdEntry
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.question import dress_as_warning
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.job import Job

_BUTTON_HEIGHT: Final = 5 * UNIT
"""That of the suggested button for all of them, so that none moves when another one is suggested."""


class UnconfirmedCard(QFrame):
    """Says what happened and offers the four ways on. Only one of them can cost, and it asks first.

    What was found out leads to a suggestion: one of the four stands out, and pressing it stays the user's.
    `findings_wanted` names a job that is shown anew. `entry_changed`: what was told about the typed id is
    told about another one, or none.
    """

    findings_wanted = Signal(str)

    look_again_requested = Signal(str)
    task_id_entered = Signal(object)  # TaskIdEntry
    send_again_requested = Signal(str)
    close_requested = Signal(str)
    entry_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._findings: Findings | None = None
        self._is_looking = False
        self._presses = KeyPresses()  # one for all: a key held on one must not go through to another
        self.setProperty("role", "card")
        self._story = PlainLabel(parent=self)
        self._look = self._button("unconfirmedLook", self.tr("Look for it (free)"), self._look_again)
        self._enter = self._button("unconfirmedEnterId", self.tr("Enter task id…"), self._open_entry)
        self._again = self._button("unconfirmedSendAgain", self.tr("Send again (may cost twice)"), self._ask)
        self._close = self._button("unconfirmedClose", self.tr("Close"), self._give_up)
        self._enter.setCheckable(True)
        self._entry = self._make_entry()
        self._evidence = EvidenceBlock(self)
        self._lay_out()
        self._suggest()

    def _make_entry(self) -> QWidget:
        entry = QWidget(self)
        self._id_edit = QLineEdit(entry)
        self._id_edit.setObjectName("unconfirmedIdEdit")
        self._id_edit.setAccessibleName(self.tr("Task id"))
        self._id_edit.setPlaceholderText("task_…")
        self._id_edit.returnPressed.connect(self._confirm_id)
        self._id_edit.textEdited.connect(self.entry_changed)
        self._id_confirm = QPushButton(self.tr("Use"), entry)
        self._id_confirm.setObjectName("unconfirmedIdConfirm")
        self._id_confirm.setAccessibleName(self.tr("Use this task id"))
        self._id_confirm.clicked.connect(self._confirm_id)
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._id_edit, 1)
        row.addWidget(self._id_confirm)
        entry.hide()
        return entry

    def _lay_out(self) -> None:
        heading = PlainLabel(self.tr("Was it taken?"), "heading", self)
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(IconLabel("circle-help", "warning", parent=self))
        head.addWidget(heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT - 4, 2 * UNIT - 4, 2 * UNIT - 4, 2 * UNIT - 4)
        column.setSpacing(UNIT)
        column.addLayout(head)
        column.addWidget(self._story)
        column.addLayout(self._ways())
        column.addWidget(self._evidence)

    def _ways(self) -> QGridLayout:
        ways = QGridLayout()
        ways.setSpacing(UNIT)
        for row, widget in enumerate((self._look, self._enter, self._entry, self._again, self._close)):
            ways.addWidget(widget, row, 0)
            if widget is not self._entry:
                ways.setRowMinimumHeight(row, _BUTTON_HEIGHT)
        return ways

    def _button(self, name: str, text: str, wish: Callable[[], None]) -> ActionButton:
        button = ActionButton(name, text, "", self, presses=self._presses)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        button.clicked.connect(wish)
        return button

    def set_job(self, job: Job) -> None:
        """Show the card for an unconfirmed job; what was typed stays while the job is the same."""
        before, self._job = self._job, job
        if before is None or before.id != job.id:
            self._id_edit.clear()
            self._show_entry(is_open=False)
        self._story.say(self._story_of(job))
        if before is None or (before.id, before.attempt) != (job.id, job.attempt):
            self._take(None)
            self.want_findings()

    def want_findings(self) -> None:
        """Ask for what is known by now; what the practice service makes is free, and nobody has to know."""
        if self._job is not None and self._job.service != PRACTICE:
            self.findings_wanted.emit(self._job.id)

    def set_findings(self, findings: Findings) -> None:
        """What was found out about a job; about any other than the shown one it is dropped."""
        job = self._job
        if job is not None and (job.id, job.attempt) == (findings.job_id, findings.attempt):
            self._take(findings)

    def look_ended(self) -> None:
        """The look that the user asked for is over."""
        self._show_looking(is_looking=False)

    def forget(self) -> None:
        """No unconfirmed job is shown; the next one is asked about anew."""
        self._job = None
        self._take(None)

    def _take(self, findings: Findings | None) -> None:
        self._findings = findings
        self._evidence.set_findings(findings)
        if findings is None:
            self._show_looking(is_looking=False)
        self._suggest()

    def _suggest(self) -> None:
        """One way stands out: the one that the evidence suggests, else looking, which is free."""
        leaning = Leaning.CANNOT_TELL if self._findings is None else self._findings.trail.leaning
        suggested = {Leaning.PROBABLY_CHARGED: self._enter, Leaning.PROBABLY_NOT: self._again}
        for button in (self._look, self._enter, self._again, self._close):
            button.set_role("primary" if button is suggested.get(leaning, self._look) else "")

    def _show_looking(self, *, is_looking: bool) -> None:
        self._is_looking = is_looking
        self._look.say(self.tr("Looking…") if is_looking else self.tr("Look for it (free)"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._entry.isHidden():
            self._enter.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_entry(is_open=False)
            self.entry_changed.emit()
        else:
            super().keyPressEvent(event)

    def _story_of(self, job: Job) -> str:
        told = self.tr("It cannot be told whether the service took this job.")
        if job.armed_at is not None:
            told = self.tr("Sent {when}.").format(when=moment(job.armed_at))
        if job.problem is not None:
            told += " " + sentence(job.problem)
        return told + " " + self.tr("Nothing is sent again unless you say so.")

    # The four ways

    def _look_again(self) -> None:
        if self._job is not None and not self._is_looking:
            self._show_looking(is_looking=True)
            self.look_again_requested.emit(self._job.id)

    def _open_entry(self) -> None:
        self._show_entry(is_open=self._enter.isChecked())
        self.entry_changed.emit()
        if self._enter.isChecked():
            self._id_edit.setFocus()

    def _show_entry(self, *, is_open: bool) -> None:
        self._enter.setChecked(is_open)
        self._entry.setVisible(is_open)
        if is_open and not self._id_edit.text():
            self._offer_half_known_id()

    def _offer_half_known_id(self) -> None:
        """The answer may name the task, if not well enough to follow it unasked."""
        answer = None if self._findings is None else self._findings.came_back
        if answer is not None and len(answer.task_ids) == 1:
            self._id_edit.setText(answer.task_ids[0])
            self._id_edit.selectAll()

    def _confirm_id(self) -> None:
        typed = self._id_edit.text().strip()
        if self._job is not None and typed:
            self.task_id_entered.emit(TaskIdEntry(job_id=self._job.id, task_id=typed))

    def _give_up(self) -> None:
        if self._job is not None:
            self.close_requested.emit(self._job.id)

    def _ask(self) -> None:
        """Sending again is the one choice that can cost, so it alone is asked about."""
        if self._job is None:
            return
        box = SendAgainDialog(self._job, self.window())
        box.confirmed.connect(self.send_again_requested)
        box.open()


class SendAgainDialog(QMessageBox):
    """Asks whether one job shall be sent a second time; `confirmed` names the job that was asked about."""

    confirmed = Signal(str)

    def __init__(self, job: Job, parent: QWidget) -> None:
        super().__init__(parent)
        self._job_id = job.id
        self.setObjectName("sendAgainDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dress_as_warning(self)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(self.tr("Send again"))
        self.setText(self.tr("Send this job a second time?"))
        self.setInformativeText(
            self.tr(
                "If the service took it the first time, it is charged twice: about {price} more. "
                "Looking for it is free."
            ).format(price=money(job.estimate))
        )
        self._send = self.addButton(self.tr("Send again (may cost twice)"), QMessageBox.ButtonRole.AcceptRole)
        self._send.setObjectName("sendAgainConfirm")
        cancel = self.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        cancel.setObjectName("sendAgainCancel")
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)
        self.buttonClicked.connect(self._answer)

    def _answer(self, button: object) -> None:
        if button is self._send:
            self.confirmed.emit(self._job_id)
