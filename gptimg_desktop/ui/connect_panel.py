"""The way from practice to the real service: a slim strip with a field for the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.account import KeyStanding, KeyTest
from gptimg_desktop.core.connection import PRACTICE, Connection, KeySource, clean_key
from gptimg_desktop.core.errors import BadInputError, ProblemKind
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.key_test_result import key_test_result
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.result_line import Result, ResultLine
from gptimg_desktop.ui.show_key_button import ShowKeyButton
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.errors import Problem

_LEAST_STORY: Final = 30 * UNIT
_LEAST_FIELD: Final = 28 * UNIT
_MOST_FIELD: Final = 40 * UNIT
_SIDE: Final = 2 * UNIT - 4
_INDENT: Final = 3 * UNIT
"""Where texts begin: after the sign."""
_QUIET_INDENT: Final = _INDENT - 12
"""The same for a button without a frame, whose text stands in from its edge."""


class ConnectPanel(QFrame):
    """Tells which key is in use and where it is kept, and takes another one.

    What was typed stays until a connection with that key is shown. The field shows what will be sent.
    """

    key_entered = Signal(str)  # as shown in the field
    disconnect_requested = Signal()
    test_cancelled = Signal()
    key_asked_changed = Signal(bool)  # whether it asks for a first key

    def __init__(self, parent: QWidget | None = None) -> None:
        self._connection = Connection(service=PRACTICE)
        self._keyless: tuple[Problem, ...] = ()
        self._test: KeyTest | None = None
        self._is_open = True
        self._is_testing = False
        self._length_before = 0
        self._folding: list[tuple[QBoxLayout, QBoxLayout, int, int]] = []
        super().__init__(parent)
        self.setObjectName("connectPanel")
        self.setAccessibleName(self.tr("Connection"))
        self.setProperty("role", "card")
        self._make_story()
        self._make_field()
        self._make_buttons()
        self._lay_out()
        self.set_connection(self._connection)

    # Its parts

    def _make_story(self) -> None:
        self._icon = IconLabel("flask-conical", "accent", parent=self)
        self._story = PlainLabel(parent=self)
        self._story.setObjectName("connectStory")
        self._result = ResultLine("connectResult", self)
        self._problem = ResultLine("connectProblem", self)

    def _make_field(self) -> None:
        self._edit = QLineEdit(self)
        self._edit.setObjectName("apiKeyEdit")
        self._edit.setAccessibleName(self.tr("Key"))
        self._edit.setPlaceholderText(self.tr("Paste your key"))
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.setMinimumWidth(16 * UNIT)
        self._edit.setMaximumWidth(_MOST_FIELD)
        self._edit.textEdited.connect(self._forgive)
        self._edit.editingFinished.connect(self._tidy)
        self._edit.returnPressed.connect(self._enter)
        self._eye = ShowKeyButton(self)
        self._eye.toggled.connect(self._show_key)

    def _make_buttons(self) -> None:
        self._connect = self._button("connectButton", self.tr("Connect"))
        self._connect.clicked.connect(self._enter)
        self._keep = self._button("keepKeyButton", self.tr("Keep the old key"), "quiet")
        self._keep.clicked.connect(self._close_field)
        self._cancel = self._button("cancelKeyTestButton", self.tr("Cancel"))
        self._cancel.clicked.connect(self._cancel_test)
        self._change = self._button("changeKeyButton", self.tr("Change"), "quiet")
        self._change.clicked.connect(self.open_field)
        self._disconnect = self._button("disconnectButton", self.tr("Remove"), "quiet")
        self._disconnect.clicked.connect(self._ask_to_disconnect)

    def _button(self, name: str, text: str, role: str = "") -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", role)
        return button

    def _lay_out(self) -> None:
        story = self._row(self._icon, self._story)
        story.setStretch(1, 1)
        field = self._row(self._edit, self._eye)
        field.setContentsMargins(_INDENT, 0, 0, 0)
        field.setSpacing(UNIT // 2)
        field.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, UNIT, _SIDE, UNIT)
        column.setSpacing(UNIT)
        actions = (self._change, self._disconnect)
        column.addLayout(self._folding_row(story, _LEAST_STORY, _QUIET_INDENT, *actions))
        ends = (self._connect, self._keep, self._cancel)
        column.addLayout(self._folding_row(field, _LEAST_FIELD, _INDENT, *ends))
        column.addWidget(self._result)
        column.addWidget(self._problem)

    def _folding_row(self, text: QBoxLayout, least: int, indent: int, *buttons: QPushButton) -> QBoxLayout:
        """A row whose buttons go below its text or field where that would get less than `least` pixels."""
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(UNIT)
        row.addLayout(text, 1)
        side = self._row(*buttons)
        for button in buttons:
            side.setAlignment(button, Qt.AlignmentFlag.AlignLeft)
        side.addStretch(0)
        row.addLayout(side)
        self._folding.append((row, side, least, indent))
        return row

    @staticmethod
    def _row(*widgets: QWidget) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        for widget in widgets:
            row.addWidget(widget)
        return row

    # What it is told

    def set_connection(self, connection: Connection) -> None:
        """Show what is in use. Where it is the typed key, that was accepted: it is wiped, the field goes."""
        before, self._connection = self._connection, connection
        is_other = (connection.service, connection.key_hint) != (before.service, before.key_hint)
        is_accepted = bool(connection.key_hint) and self._edit.text().endswith(connection.key_hint)
        if is_accepted:
            self._stop_testing()
            self._wipe()
        elif is_other and not self._is_testing:
            self._hush()
        self._tell_story()
        is_wanted = bool(self._edit.text()) or (self._is_open and not is_accepted and not is_other)
        self._show_field(is_open=is_wanted or not self._has_key)
        self.key_asked_changed.emit(self.asks_for_key)

    def set_keyless(self, problems: tuple[Problem, ...]) -> None:
        """What waits because a key is missing: told here, where it is asked for."""
        if problems != self._keyless:
            self._keyless = problems
            self._tell_story()

    def show_testing(self) -> None:
        """Say that the key is being tried, until a result or a problem is shown or the user cancels."""
        self._hush()
        self._is_testing = True
        text = self.tr("Trying the key, which costs nothing…")
        self._result.tell(Result(text=text, tone="muted", sign="hourglass"))
        self._show_field(is_open=True)

    def show_refused(self, test: KeyTest) -> None:
        """The key in use turns out to be refused. Another one that is being typed or tried is left alone."""
        if not self._is_testing and not self._edit.text():
            self.show_test(test)

    def hide_testing(self) -> None:
        """The key is not being tried any more, and there is no result; what was typed stays."""
        if self._is_testing:
            self._stop_testing()
            self._show_field(is_open=True)

    def show_test(self, test: KeyTest) -> None:
        """Say what trying the key brought; a refused one stays in the field to be mended."""
        self._stop_testing()
        self._test = test
        result = key_test_result(test)
        self._result.tell(result)
        is_wrong = result.tone == "danger"
        self._mark(invalid=is_wrong)
        self._show_field(is_open=self._is_open or is_wrong)

    def set_balance(self, balance: Balance | None) -> None:
        """Keep a result that stands there true: the service has taken the key since, and told this."""
        if balance is not None and self._test is not None and not self._is_testing:
            standing = KeyStanding.NO_BALANCE if balance.is_empty else KeyStanding.WORKS
            self.show_test(KeyTest(standing=standing, balance=balance))

    def show_problem(self, problem: Problem) -> None:
        """Say what is wrong: with the typed key, which stays to be mended, or with keeping it."""
        if problem.kind is ProblemKind.KEY_STORE_FAILED:  # of the key in use, maybe while another is tried
            self._problem.tell(Result(text=sentence(problem), tone="warning", sign="triangle-alert"))
            self._show_field(is_open=self._is_open)
            return
        self._stop_testing()
        self._hush()
        self._problem.tell(Result(text=sentence(problem), tone="danger", sign="circle-alert"))
        self._mark(invalid=True)
        self._show_field(is_open=True)

    def open_field(self) -> None:
        """Show the field for a new key, ready to paste."""
        self._show_field(is_open=True)
        self._edit.setFocus()
        self._edit.selectAll()

    # What it shows

    @property
    def asks_for_key(self) -> bool:
        """True while there is none: then the field is always there."""
        return not self._has_key

    @property
    def _has_key(self) -> bool:
        return self._connection.key_source is not KeySource.NONE

    def _tell_story(self) -> None:
        if self._keyless and not self._has_key:
            self._icon.show_icon("key-round", "warning")
        elif self._connection.is_practice:
            self._icon.show_icon("flask-conical", "accent")
        else:
            self._icon.show_icon("key-round", "success" if self._has_key else "muted")
        self._story.say(self._story_of(self._connection))
        self._explain(self._change, self._about_changing())
        self._explain(self._disconnect, self._about_removing())

    @staticmethod
    def _explain(button: QPushButton, text: str) -> None:
        button.setToolTip(text)
        button.setAccessibleDescription(text)

    def _story_of(self, connection: Connection) -> str:
        told = {
            KeySource.ENVIRONMENT: self.tr("Key …{hint}, from the environment variable GPTIMG_API_KEY."),
            KeySource.SESSION: self.tr("Key …{hint}, for this session only."),
            KeySource.STORE: self.tr("Key …{hint}, kept in the {place}."),
        }
        if connection.key_source in told:
            return told[connection.key_source].format(hint=connection.key_hint, place=self._place)
        invitation = " ".join(sentence(problem) for problem in self._keyless)
        if connection.is_practice:
            practice = self.tr("Practising offline: pictures are free and marked PRACTICE.")
            return f"{practice} {invitation or self.tr('Connect to make real images.')}"
        return invitation or self.tr("Connect with your key to make real images.")

    @property
    def _place(self) -> str:
        return self._connection.key_place or self.tr("system's key store")

    def _about_changing(self) -> str:
        if self._connection.key_source is KeySource.ENVIRONMENT:
            return self.tr("Use another key for this session. The environment variable stays as it is.")
        return self.tr("Use another key instead of this one.")

    def _about_removing(self) -> str:
        if self._connection.key_source is KeySource.STORE:
            return self.tr("Take the key out of the {place} and use it no more.").format(place=self._place)
        return self.tr("Use the key no more. It is kept nowhere.")

    def _show_field(self, *, is_open: bool) -> None:
        self._is_open = is_open
        is_typing = is_open and not self._is_testing
        is_ours = self._connection.key_source in {KeySource.SESSION, KeySource.STORE}
        self._edit.setVisible(is_open)
        self._edit.setReadOnly(self._is_testing)
        if is_open and any(button.hasFocus() for button in self.findChildren(QPushButton)):
            self._edit.setFocus()  # else hiding the button sends the focus somewhere
        self._eye.setVisible(is_open)
        self._change.setVisible(not is_open and self._has_key)
        self._disconnect.setVisible(not is_open and is_ours)
        self._connect.setVisible(is_typing)
        self._keep.setVisible(is_typing and self._has_key)
        self._cancel.setVisible(self._is_testing)
        self._fold()

    def _fold(self) -> None:
        """Put the buttons where there is room for them: beside, below, or below one another."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        room = self.contentsRect().width() - 2 * _SIDE
        for row, side, least, indent in self._folding:
            side.setContentsMargins(0, 0, 0, 0)
            side.setDirection(across)
            wanted = side.sizeHint().width()
            is_narrow = wanted > 0 and least + UNIT + wanted > room
            row.setDirection(down if is_narrow else across)
            side.setContentsMargins(indent if is_narrow else 0, 0, 0, 0)
            side.setDirection(down if is_narrow and indent + wanted > room else across)

    # What the user does

    def _forgive(self, text: str) -> None:
        """The text changed: what was said about it is over, and what was pasted is cleaned at once."""
        self._hush()
        if len(text) > self._length_before + 1:
            self._tidy()
        self._length_before = len(self._edit.text())

    def _tidy(self) -> None:
        """Leave in the field what will be sent."""
        text = self._edit.text()
        try:
            key = clean_key(text)
        except BadInputError:
            key = text.strip()
        if key != text:
            self._edit.setText(key)

    def _enter(self) -> None:
        if self._is_testing:
            return
        self._tidy()
        if self._edit.text():
            self.key_entered.emit(self._edit.text())
        else:
            self._edit.setFocus()

    def _cancel_test(self) -> None:
        self.hide_testing()
        self.test_cancelled.emit()

    def _close_field(self) -> None:
        """Also a key that is being tried is not wanted then."""
        self._stop_testing()
        self.test_cancelled.emit()
        self._wipe()
        self._hush()
        self._show_field(is_open=False)

    def _ask_to_disconnect(self) -> None:
        self.disconnect_requested.emit()

    def _show_key(self, checked: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if checked else QLineEdit.EchoMode.Password
        self._edit.setEchoMode(mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field as the button there does."""
        if event.key() == Qt.Key.Key_Escape and self._is_testing:
            self._cancel_test()
        elif event.key() == Qt.Key.Key_Escape and self._is_open and self._has_key:
            self._close_field()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _stop_testing(self) -> None:
        if self._is_testing:
            self._is_testing = False
            self._result.hide()

    def _wipe(self) -> None:
        """Forget what was typed, its history as well; the next key is hidden again."""
        self._edit.setText("")
        self._length_before = 0
        self._mark(invalid=False)
        self._eye.setChecked(False)

    def _hush(self) -> None:
        self._test = None
        self._result.hide()
        self._problem.hide()
        self._mark(invalid=False)

    def _mark(self, *, invalid: bool) -> None:
        self._edit.setProperty("invalid", invalid)
        self._edit.style().unpolish(self._edit)
        self._edit.style().polish(self._edit)
