"""The way from practice to the real service: a slim strip with a field for the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection, KeySource
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem


class ConnectPanel(QFrame):
    """Tells which key is in use and takes another one. What was typed stays until it has been accepted."""

    key_entered = Signal(str)  # as typed
    disconnect_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = Connection(service=PRACTICE)
        self.setObjectName("connectPanel")
        self.setAccessibleName(self.tr("Connection"))
        self.setProperty("role", "card")
        self._icon = IconLabel("flask-conical", "accent", parent=self)
        self._story = PlainLabel(parent=self)
        self._story.setObjectName("connectStory")
        self._problem = PlainLabel(role="danger", parent=self)
        self._problem.setObjectName("connectProblem")
        self._problem.setContentsMargins(3 * UNIT, 0, 0, 0)
        self._problem.hide()
        self._make_controls()
        self._lay_out()
        self.set_connection(self._connection)

    def _make_controls(self) -> None:
        self._edit = QLineEdit(self)
        self._edit.setObjectName("apiKeyEdit")
        self._edit.setAccessibleName(self.tr("Key"))
        self._edit.setPlaceholderText(self.tr("Paste your key"))
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.setMaximumWidth(40 * UNIT)
        self._edit.returnPressed.connect(self._enter)
        self._connect = self._button("connectButton", self.tr("Connect"), "")
        self._connect.clicked.connect(self._enter)
        self._change = self._button("changeKeyButton", self.tr("Change"), "quiet")
        self._change.clicked.connect(self.open_field)
        self._disconnect = self._button("disconnectButton", self.tr("Disconnect"), "quiet")
        self._disconnect.clicked.connect(self._ask_to_disconnect)
        self._keep = self._button("keepKeyButton", self.tr("Keep this key"), "quiet")
        self._keep.clicked.connect(self._close_field)

    def _button(self, name: str, text: str, role: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", role)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(self._icon)
        head.addWidget(self._story, 1)
        head.addWidget(self._change)
        head.addWidget(self._disconnect)
        entry = QHBoxLayout()
        entry.setSpacing(UNIT)
        entry.addSpacing(3 * UNIT)
        entry.addWidget(self._edit, 1)
        entry.addWidget(self._connect)
        entry.addWidget(self._keep)
        entry.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT - 4, UNIT, 2 * UNIT - 4, UNIT)
        column.setSpacing(UNIT)
        column.addLayout(head)
        column.addLayout(entry)
        column.addWidget(self._problem)

    def set_connection(self, connection: Connection) -> None:
        """Show what is in use. A new key was accepted: the typed one is wiped and the field goes away."""
        is_new = connection != self._connection
        self._connection = connection
        if is_new and connection.key_source is KeySource.SESSION:
            self._edit.clear()
        if is_new:
            self._problem.hide()
        self._story.say(self._story_of(connection))
        if connection.is_practice:
            self._icon.show_icon("flask-conical", "accent")
        else:
            self._icon.show_icon("key-round", "success")
        self._show_field(is_open=connection.key_source is KeySource.NONE)

    def show_problem(self, problem: Problem) -> None:
        """Say below the field why the key cannot be used; the typed text stays to be mended."""
        self._problem.say(sentence(problem))
        self._problem.show()
        self._show_field(is_open=True)

    def open_field(self) -> None:
        """Show the field for a new key, ready to paste."""
        self._show_field(is_open=True)
        self._edit.setFocus()
        self._edit.selectAll()

    def _close_field(self) -> None:
        self._edit.clear()
        self._problem.hide()
        self._show_field(is_open=False)

    def _show_field(self, *, is_open: bool) -> None:
        has_key = self._connection.key_source is not KeySource.NONE
        has_session_key = self._connection.key_source is KeySource.SESSION
        self._edit.setVisible(is_open)
        self._connect.setVisible(is_open)
        self._keep.setVisible(is_open and has_key)
        self._change.setVisible(not is_open and has_session_key)
        self._disconnect.setVisible(not is_open and has_session_key)

    def _story_of(self, connection: Connection) -> str:
        if connection.key_source is KeySource.ENVIRONMENT:
            return self.tr("Key …{hint}, from the environment variable GPTIMG_API_KEY.").format(
                hint=connection.key_hint
            )
        if connection.key_source is KeySource.SESSION:
            return self.tr("Key …{hint}, kept for this session only.").format(hint=connection.key_hint)
        if connection.is_practice:
            return self.tr(
                "Practising offline: pictures are free and marked PRACTICE. Connect to make real images."
            )
        return self.tr("Connect with your key to make real images.")

    def _enter(self) -> None:
        if self._edit.text().strip():
            self.key_entered.emit(self._edit.text())
        else:
            self._edit.setFocus()

    def _ask_to_disconnect(self) -> None:
        self.disconnect_requested.emit()
