"""The foot of the window: what runs, what was said last, what today cost, where images come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gptimg_desktop.core.activity import Activity
from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.connection import Connection

MESSAGE_MS: Final = 10_000


class StatusStrip(QFrame):
    """Only words; nothing here can be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setAccessibleName(self.tr("Status"))
        self.setProperty("role", "panel")
        self._dot = IconLabel("circle-check", "muted", 14, self)
        self._counts = self._label("statusCounts")
        self._message = self._label("statusMessage", "muted")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._fading = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fading.timeout.connect(self._forget_message)
        self._spent = self._label("statusSpent")
        self._service = self._label("statusService", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT // 2, 2 * UNIT, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(self._dot)
        row.addWidget(self._counts)
        row.addWidget(self._message, 1)
        row.addWidget(self._spent)
        row.addSpacing(UNIT)
        row.addWidget(self._service)
        self.set_activity(Activity())

    def set_activity(self, activity: Activity) -> None:
        """The queue in numbers, and the money of today."""
        counts = {
            self.tr("{count} running"): activity.running,
            self.tr("{count} waiting"): activity.waiting,
            self.tr("{count} needs you"): activity.needs_user,
        }
        told = [text.format(count=count) for text, count in counts.items() if count]
        self._counts.setText(" · ".join(told) or self.tr("Nothing is running"))
        self._dot.show_icon(*_icon_of(activity))
        spent = self.tr("today {amount}").format(amount=money(activity.spent))
        if activity.spent_unknown:
            spent += " " + self.tr("+ {count} unknown").format(count=activity.spent_unknown)
        self._spent.setText(spent)

    def set_connection(self, connection: Connection) -> None:
        """Where the next image comes from, by name."""
        if connection.is_practice:
            self._service.setText(self.tr("Practice, offline and free"))
        else:
            self._service.setText(connection.service.partition("://")[2] or connection.service)

    def set_message(self, message: str) -> None:
        """The last thing worth a word, for some seconds; an empty text says nothing."""
        self._message.setText(message)
        self._message.setAccessibleName(message)
        if message:
            self._fading.start()
        else:
            self._fading.stop()

    def _forget_message(self) -> None:
        self.set_message("")

    def _label(self, name: str, role: str = "") -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            label.setProperty("role", role)
        return label


def _icon_of(activity: Activity) -> tuple[str, str]:
    if activity.needs_user:
        return "circle-alert", "warning"
    if activity.running:
        return "sparkles", "accent"
    return ("clock", "muted") if activity.waiting else ("circle-check", "muted")
