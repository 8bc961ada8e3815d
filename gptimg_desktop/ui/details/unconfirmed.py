"""The card for a job of which nobody can tell whether the service took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.details.facts import moment
from gptimg_desktop.ui.details.wishes import TaskIdEntry
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.core.job import Job


class UnconfirmedCard(QFrame):
    """Says what happened and offers the four ways on. Only one of them can cost, and it asks first.

    `entry_changed`: what was told about the typed id is told about another one, or none.
    """

    look_again_requested = Signal(str)
    task_id_entered = Signal(object)  # TaskIdEntry
    send_again_requested = Signal(str)
    close_requested = Signal(str)
    entry_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self.setProperty("role", "card")
        self._story = PlainLabel(parent=self)
        self._look = self._button("unconfirmedLook", self.tr("Look again (free)"), self._look_again)
        self._enter = self._button("unconfirmedEnterId", self.tr("Enter task id…"), self._open_entry)
        self._again = self._button("unconfirmedSendAgain", self.tr("Send again (may cost twice)"), self._ask)
        self._close = self._button("unconfirmedClose", self.tr("Close"), self._give_up)
        self._enter.setCheckable(True)
        self._entry = self._make_entry()
        self._lay_out()

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
        heading = QLabel(self.tr("Was it taken?"), self)
        heading.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(IconLabel("circle-help", "warning", parent=self))
        head.addWidget(heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT - 4, 2 * UNIT - 4, 2 * UNIT - 4, 2 * UNIT - 4)
        column.setSpacing(UNIT)
        column.addLayout(head)
        column.addWidget(self._story)
        for widget in (self._look, self._enter, self._entry, self._again, self._close):
            column.addWidget(widget)

    def _button(self, name: str, text: str, wish: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(wish)
        return button

    def set_job(self, job: Job) -> None:
        """Show the card for an unconfirmed job; what was typed stays while the job is the same."""
        if self._job is None or self._job.id != job.id:
            self._id_edit.clear()
            self._show_entry(is_open=False)
        self._job = job
        self._story.say(self._story_of(job))

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
        if self._job is not None:
            self.look_again_requested.emit(self._job.id)

    def _open_entry(self) -> None:
        self._show_entry(is_open=self._enter.isChecked())
        self.entry_changed.emit()
        if self._enter.isChecked():
            self._id_edit.setFocus()

    def _show_entry(self, *, is_open: bool) -> None:
        self._enter.setChecked(is_open)
        self._entry.setVisible(is_open)

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
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(self.tr("Send again"))
        self.setText(self.tr("Send this job a second time?"))
        self.setInformativeText(
            self.tr(
                "If the service took it the first time, it is charged twice: about {price} more. "
                "Looking again is free."
            ).format(price=money(job.estimate))
        )
        self._send = self.addButton(self.tr("Send again (may cost twice)"), QMessageBox.ButtonRole.AcceptRole)
        self._send.setObjectName("sendAgainConfirm")
        cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)
        self.buttonClicked.connect(self._answer)

    def _answer(self, button: object) -> None:
        if button is self._send:
            self.confirmed.emit(self._job_id)
