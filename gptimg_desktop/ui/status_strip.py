"""The foot of the window: what runs, what was said last, the money, where images come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gptimg_desktop.core.prices import money
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.key_test_result import held
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.activity import Activity
    from gptimg_desktop.core.connection import Connection

MESSAGE_MS: Final = 10_000


class StatusStrip(QFrame):
    """Words, and one of them a button: the counts open the queue."""

    queue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activity: Activity | None = None  # nobody knows yet
        self._is_paused = False
        self.setObjectName("statusStrip")
        self.setAccessibleName(self.tr("Status"))
        self.setProperty("role", "panel")
        self._queue = _CountsButton(self)
        self._queue.clicked.connect(self.queue_requested)
        self._queue.setAccessibleName(self.tr("Queue"))
        self._queue.hide()
        self._counted = _ElidedLabel("statusCounted", "muted", self)
        self._counted.hide()
        self._message = _ElidedLabel("statusMessage", "muted", self)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._fading = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fading.timeout.connect(self._forget_message)
        self._spent = _ElidedLabel("statusSpent", "", self)
        self._balance = _ElidedLabel("statusBalance", "", self)
        self._balance.hide()
        self._service = _ElidedLabel("statusService", "muted", self)
        self._lay_out()

    @property
    def queue_button(self) -> QPushButton:
        """What the queue's panel opens above."""
        return self._queue

    def set_activity(self, activity: Activity) -> None:
        """The queue in numbers, and the money of today."""
        self._activity = activity
        self._show_counts()
        spent = self.tr("today {amount}").format(amount=money(activity.spent))
        if activity.spent_unknown:
            spent += " " + self.tr("+ {count} unknown").format(count=activity.spent_unknown)
        self._spent.setText(spent)

    def set_counted(self, found: int, selected: int) -> None:
        """How many jobs a search found (-1 without one), and how many tiles are selected."""
        number = QLocale().toString
        told = [self.tr("{count} found").format(count=number(found))] if found >= 0 else []
        if selected > 1:
            told.append(self.tr("{count} selected").format(count=number(selected)))
        self._counted.setText(" · ".join(told))
        self._counted.setVisible(bool(told))

    def set_paused(self, is_paused: bool) -> None:
        """Whether the user holds the queue."""
        self._is_paused = is_paused
        self._show_counts()

    def set_balance(self, balance: Balance | None) -> None:
        """What the account still has; nothing is shown where nobody knows."""
        text = "" if balance is None else self._balance_text(balance)
        self._balance.setText(text)
        self._balance.set_role("warning" if balance is not None and balance.is_empty else "")
        self._balance.setVisible(bool(text))

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

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, UNIT // 2, 2 * UNIT, UNIT // 2)
        row.setSpacing(2 * UNIT)
        row.addWidget(self._queue)
        row.addWidget(self._counted)
        row.addWidget(self._message, 1)
        for label in (self._spent, self._balance, self._service):
            row.addWidget(label)

    def _show_counts(self) -> None:
        activity = self._activity
        if activity is None:
            return
        self._queue.show()
        counts = {
            self.tr("{count} running"): activity.running,
            self.tr("{count} waiting"): activity.waiting,
            self._needs(activity.needs_user): activity.needs_user,
        }
        number = QLocale().toString
        told = [text.format(count=number(count)) for text, count in counts.items() if count]
        told = told or [self.tr("Nothing is running")]
        if self._is_paused:
            told.append(self.tr("paused"))
        self._queue.show_counts(" · ".join(told), *_icon_of(activity, is_paused=self._is_paused))

    def _needs(self, count: int) -> str:
        return self.tr("{count} needs you") if count == 1 else self.tr("{count} need you")

    def _balance_text(self, balance: Balance) -> str:
        if balance.unlimited:
            return self.tr("balance unlimited")
        if balance.remaining is None:
            return ""
        return self.tr("balance {amount}").format(amount=held(balance.remaining))

    def _forget_message(self) -> None:
        self.set_message("")


class _CountsButton(QPushButton):
    """A flat button round an icon and the counts."""

    def __init__(self, parent: QWidget) -> None:
        self._row: QHBoxLayout | None = None
        super().__init__(parent)
        self.setObjectName("queueButton")
        self.setProperty("role", "quiet")
        self.setAutoDefault(False)
        self.setToolTip(self.tr("Show the queue"))
        self._dot = IconLabel("circle-check", "muted", 14, self)
        self._words = QLabel(self)
        self._words.setObjectName("statusCounts")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(UNIT, 0, UNIT, 0)
        self._row.setSpacing(UNIT)
        self._row.addWidget(self._dot)
        self._row.addWidget(self._words)

    def show_counts(self, text: str, sign: str, tone: str) -> None:
        self._words.setText(text)
        self._dot.show_icon(sign, tone)
        self.setAccessibleName(self.tr("Queue: {counts}").format(counts=text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        inner = QSize() if self._row is None else self._row.sizeHint()
        return QSize(inner.width(), max(inner.height(), 3 * UNIT + UNIT // 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _ElidedLabel(QLabel):
    """One line of plain text, ending in an ellipsis where there is no room for all of it."""

    def __init__(self, name: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)

    def set_role(self, role: str) -> None:
        """Another look of the style sheet's."""
        if role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.TextFlag.TextSingleLine, shown)
        painter.end()


def _icon_of(activity: Activity, *, is_paused: bool) -> tuple[str, str]:
    if activity.needs_user:
        return "circle-alert", "warning"
    if is_paused:
        return "pause", "warning"
    if activity.running:
        return "sparkles", "accent"
    return ("clock", "muted") if activity.waiting else ("circle-check", "muted")
