"""The connect panel: which key is in use, where it is kept, and how another one comes in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QToolButton, QWidget

from gptimg_desktop.core.account import Balance, KeyStanding, KeyTest
from gptimg_desktop.core.connection import PRACTICE, Connection, KeySource
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.settings import DEFAULT_BASE_URL
from gptimg_desktop.ui.connect_panel import ConnectPanel
from tests.ui.eyes import heard, press, text_of, visible_buttons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

KEY = "sk-1234-a1b2"
REFUSED = KeyTest(
    standing=KeyStanding.REFUSED, problem=Problem.of(ProblemKind.KEY_REFUSED, message="invalid API key")
)
WORKS = KeyTest(standing=KeyStanding.WORKS, balance=Balance(remaining=Decimal("8.1")))


def connected(source: KeySource, place: str = "", hint: str = "a1b2") -> Connection:
    return Connection(service=DEFAULT_BASE_URL, key_source=source, key_hint=hint, key_place=place)


SESSION = connected(KeySource.SESSION)
ENVIRONMENT = connected(KeySource.ENVIRONMENT)
STORE = connected(KeySource.STORE, "Secret Service keyring")


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[ConnectPanel]:
    """In a window that gives it any width."""
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(1000, 400)
    made = ConnectPanel(holder)
    made.resize(700, 160)
    holder.show()
    yield made
    holder.close()


def button(panel: ConnectPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    assert found.isVisible(), name
    return found


def field(panel: ConnectPanel) -> QLineEdit:
    found = panel.findChild(QLineEdit, "apiKeyEdit")
    assert isinstance(found, QLineEdit)
    return found


def paste(panel: ConnectPanel, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    field(panel).paste()


def tried(panel: ConnectPanel, test: KeyTest) -> None:
    paste(panel, KEY)
    panel.show_testing()
    panel.show_test(test)


def laid_out(panel: ConnectPanel, width: int) -> None:
    """Takes a width, as it would in the window."""
    panel.resize(width, 400)
    layout = panel.layout()
    assert layout is not None
    layout.activate()


class TestTheField:
    """What is sent is what is shown."""

    def test_in_practice_a_key_can_be_entered(self, panel: ConnectPanel) -> None:
        keys = heard(panel.key_entered)
        assert "PRACTICE" in text_of(panel)
        press(panel, "connectButton")
        assert keys == []
        QTest.keyClicks(field(panel), KEY)
        press(panel, "connectButton")
        assert keys == [KEY]

    def test_return_is_the_button(self, panel: ConnectPanel) -> None:
        keys = heard(panel.key_entered)
        QTest.keyClicks(field(panel), KEY)
        QTest.keyClick(field(panel), Qt.Key.Key_Return)
        assert keys == [KEY]

    @pytest.mark.parametrize("text", [f" {KEY}\n", f"Bearer {KEY}", f'"{KEY}"', f"bearer  {KEY} "])
    def test_what_is_pasted_is_cleaned_in_sight(self, panel: ConnectPanel, text: str) -> None:
        keys = heard(panel.key_entered)
        paste(panel, text)
        assert field(panel).text() == KEY
        press(panel, "connectButton")
        assert keys == [KEY]

    def test_what_is_typed_is_cleaned_on_leaving(self, panel: ConnectPanel) -> None:
        QTest.keyClicks(field(panel), f" Bearer {KEY} ")
        assert field(panel).text() == f" Bearer {KEY} "
        QTest.keyClick(field(panel), Qt.Key.Key_Tab)
        assert field(panel).text() == KEY

    def test_what_cannot_be_a_key_stays_as_it_is(self, panel: ConnectPanel) -> None:
        keys = heard(panel.key_entered)
        paste(panel, " two words ")
        press(panel, "connectButton")
        assert (field(panel).text(), keys) == ("two words", ["two words"])

    def test_blanks_alone_are_nothing(self, panel: ConnectPanel) -> None:
        keys = heard(panel.key_entered)
        QTest.keyClicks(field(panel), "   ")
        press(panel, "connectButton")
        assert keys == []

    def test_the_key_is_hidden_until_it_is_asked_for(self, panel: ConnectPanel) -> None:
        QTest.keyClicks(field(panel), KEY)
        eye = button(panel, "showKeyButton")
        assert (eye.accessibleName(), "sk-" in field(panel).displayText()) == ("Show the key", False)
        press(panel, "showKeyButton")
        assert (eye.accessibleName(), field(panel).displayText()) == ("Hide the key", KEY)
        press(panel, "showKeyButton")
        assert "sk-" not in field(panel).displayText()

    def test_an_accepted_key_cannot_be_brought_back(self, panel: ConnectPanel) -> None:
        QTest.keyClicks(field(panel), KEY)
        panel.set_connection(SESSION)
        panel.open_field()
        press(panel, "showKeyButton")
        field(panel).undo()
        assert field(panel).text() == ""

    def test_the_next_key_is_hidden_again(self, panel: ConnectPanel) -> None:
        press(panel, "showKeyButton")
        QTest.keyClicks(field(panel), KEY)
        panel.set_connection(SESSION)
        panel.open_field()
        QTest.keyClicks(field(panel), KEY)
        assert "sk-" not in field(panel).displayText()


class TestTheKeyInUse:
    """Where it is kept, and what can be done with it."""

    def test_an_accepted_key_is_wiped_and_named_by_its_end(self, panel: ConnectPanel) -> None:
        QTest.keyClicks(field(panel), KEY)
        panel.set_connection(SESSION)
        assert field(panel).text() == ""
        assert not field(panel).isVisible()
        assert "Key …a1b2, for this session only." in text_of(panel)

    @pytest.mark.parametrize(
        ("connection", "words", "buttons"),
        [
            (SESSION, "for this session only", {"Change", "Remove"}),
            (STORE, "kept in the Secret Service keyring", {"Change", "Remove"}),
            (connected(KeySource.STORE), "kept in the system's key store", {"Change", "Remove"}),
            (ENVIRONMENT, "from the environment variable GPTIMG_API_KEY", {"Change"}),
            (Connection(service=PRACTICE), "Practising offline", {"Connect"}),
        ],
    )
    def test_the_place_is_named_and_what_is_possible_is_offered(
        self, panel: ConnectPanel, connection: Connection, words: str, buttons: set[str]
    ) -> None:
        panel.set_connection(connection)
        assert words in text_of(panel)
        assert visible_buttons(panel) == buttons

    @pytest.mark.parametrize(
        ("connection", "words"),
        [(STORE, "out of the Secret Service keyring"), (SESSION, "It is kept nowhere")],
    )
    def test_removing_says_what_it_does(
        self, panel: ConnectPanel, connection: Connection, words: str
    ) -> None:
        panel.set_connection(connection)
        remove = button(panel, "disconnectButton")
        assert words in remove.toolTip()
        assert words in remove.accessibleDescription()

    def test_removing_is_one_wish(self, panel: ConnectPanel) -> None:
        panel.set_connection(STORE)
        wishes = heard(panel.disconnect_requested)
        press(panel, "disconnectButton")
        assert len(wishes) == 1

    @pytest.mark.parametrize("connection", [SESSION, STORE, ENVIRONMENT])
    @pytest.mark.parametrize("by_key", [True, False])
    def test_changing_can_be_thought_better_of(
        self, panel: ConnectPanel, connection: Connection, by_key: bool
    ) -> None:
        panel.set_connection(connection)
        press(panel, "changeKeyButton")
        assert visible_buttons(panel) == {"Connect", "Keep the old key"}
        QTest.keyClicks(field(panel), "sk-half")
        if by_key:
            QTest.keyClick(field(panel), Qt.Key.Key_Escape)
        else:
            press(panel, "keepKeyButton")
        assert not field(panel).isVisible()
        assert field(panel).text() == ""

    def test_what_is_being_typed_outlives_news_of_another_key(self, panel: ConnectPanel) -> None:
        QTest.keyClicks(field(panel), "sk-half")
        panel.set_connection(STORE)
        assert field(panel).isVisible()
        assert field(panel).text() == "sk-half"
        assert visible_buttons(panel) == {"Connect", "Keep the old key"}

    def test_an_open_field_stays_open_when_the_same_is_told_again(self, panel: ConnectPanel) -> None:
        panel.set_connection(STORE)
        press(panel, "changeKeyButton")
        panel.set_connection(STORE)
        assert field(panel).isVisible()

    def test_a_removed_key_makes_room_for_another(self, panel: ConnectPanel) -> None:
        panel.set_connection(STORE)
        panel.set_connection(Connection(service=PRACTICE))
        assert visible_buttons(panel) == {"Connect"}
        assert field(panel).isVisible()


class TestTrying:
    """While a key is tried, and what comes of it."""

    def test_meanwhile_nothing_can_be_typed_or_sent_again(self, panel: ConnectPanel) -> None:
        paste(panel, KEY)
        keys = heard(panel.key_entered)
        panel.show_testing()
        assert "costs nothing" in text_of(panel)
        assert visible_buttons(panel) == {"Cancel"}
        QTest.keyClicks(field(panel), "x")
        QTest.keyClick(field(panel), Qt.Key.Key_Return)
        assert (field(panel).text(), keys) == (KEY, [])

    def test_the_keyboard_stays_at_the_field(self, panel: ConnectPanel) -> None:
        paste(panel, KEY)
        button(panel, "connectButton").setFocus()
        panel.show_testing()
        assert field(panel).hasFocus()
        panel.show_test(REFUSED)
        QTest.keyClicks(field(panel), "x")
        assert field(panel).text() == KEY + "x"

    @pytest.mark.parametrize("by_key", [True, False])
    def test_cancelling_leaves_the_text(self, panel: ConnectPanel, by_key: bool) -> None:
        paste(panel, KEY)
        wishes = heard(panel.test_cancelled)
        panel.show_testing()
        if by_key:
            QTest.keyClick(field(panel), Qt.Key.Key_Escape)
        else:
            press(panel, "cancelKeyTestButton")
        assert len(wishes) == 1
        assert "costs nothing" not in text_of(panel)
        assert field(panel).text() == KEY
        QTest.keyClicks(field(panel), "x")
        assert field(panel).text() == KEY + "x"

    @pytest.mark.parametrize(
        ("balance", "words"),
        [
            (Balance(remaining=Decimal("8.1")), "Works. Balance $8.10."),
            (Balance(remaining=Decimal("8.1099")), "Works. Balance $8.10."),
            (Balance(remaining=Decimal("0.0085")), "Works. Balance $0.0085."),
            (Balance(remaining=Decimal("1e40")), "Works. Balance $1"),
            (Balance(unlimited=True), "Works. The account has no limit."),
            (Balance(), "Works."),
            (None, "Works."),
        ],
    )
    def test_a_key_that_works_tells_the_balance(
        self, panel: ConnectPanel, balance: Balance | None, words: str
    ) -> None:
        tried(panel, KeyTest(standing=KeyStanding.WORKS, balance=balance))
        panel.set_connection(STORE)
        assert words in text_of(panel)
        assert "None" not in text_of(panel)
        assert visible_buttons(panel) == {"Change", "Remove"}

    def test_the_told_balance_stays_true(self, panel: ConnectPanel) -> None:
        tried(panel, KeyTest(standing=KeyStanding.WORKS, balance=Balance(remaining=Decimal("9.99"))))
        panel.set_connection(STORE)
        panel.set_balance(Balance(remaining=Decimal("9.94")))
        assert "Balance $9.94." in text_of(panel)
        assert "9.99" not in text_of(panel)

    def test_a_balance_alone_says_nothing_here(self, panel: ConnectPanel) -> None:
        panel.set_connection(STORE)
        panel.set_balance(Balance(remaining=Decimal("9.94")))
        assert "9.94" not in text_of(panel)

    @pytest.mark.parametrize("result_first", [True, False])
    def test_the_result_stands_beside_the_key_in_use_whichever_is_told_first(
        self, panel: ConnectPanel, result_first: bool
    ) -> None:
        paste(panel, KEY)
        panel.show_testing()
        steps: list[Callable[[], None]] = [
            lambda: panel.show_test(WORKS),
            lambda: panel.set_connection(SESSION),
        ]
        for step in steps if result_first else reversed(steps):
            step()
        panel.set_connection(STORE)
        assert "Works. Balance $8.10." in text_of(panel)
        assert "kept in the Secret Service keyring" in text_of(panel)
        assert not field(panel).isVisible()

    def test_a_refused_key_stays_to_be_mended(self, panel: ConnectPanel) -> None:
        tried(panel, REFUSED)
        panel.set_connection(Connection(service=PRACTICE))
        assert field(panel).text() == KEY
        assert field(panel).property("invalid")
        assert "did not take the key" in text_of(panel)
        assert "invalid API key" in text_of(panel)
        assert visible_buttons(panel) == {"Connect"}

    def test_a_refused_key_leaves_the_old_one_in_use(self, panel: ConnectPanel) -> None:
        old = connected(KeySource.STORE, "KWallet", hint="0000")
        panel.set_connection(old)
        panel.open_field()
        tried(panel, REFUSED)
        panel.set_connection(old)
        assert field(panel).text() == KEY
        assert "Key …0000, kept in the KWallet." in text_of(panel)
        assert visible_buttons(panel) == {"Connect", "Keep the old key"}

    def test_the_same_key_again_closes_the_field(self, panel: ConnectPanel) -> None:
        panel.set_connection(STORE)
        panel.open_field()
        tried(panel, WORKS)
        panel.set_connection(STORE)
        assert not field(panel).isVisible()
        assert "Works." in text_of(panel)

    @pytest.mark.parametrize(
        ("test", "words"),
        [
            (
                KeyTest(
                    standing=KeyStanding.NO_BALANCE, problem=Problem.of(ProblemKind.BALANCE_EMPTY, message="")
                ),
                "The key is right, but the account is empty.",
            ),
            (
                KeyTest(
                    standing=KeyStanding.NO_NETWORK,
                    problem=Problem.of(ProblemKind.UNREACHABLE, host="api.example", reason="no route"),
                ),
                "The key was not tested. api.example cannot be reached",
            ),
            (KeyTest(standing=KeyStanding.NO_NETWORK), "The key was not tested."),
            (
                KeyTest(
                    standing=KeyStanding.UNPROVED, problem=Problem.of(ProblemKind.KEY_UNPROVED, status=404)
                ),
                "did not say whether the key is right (status 404)",
            ),
            (
                KeyTest(
                    standing=KeyStanding.UNPROVED, problem=Problem.of(ProblemKind.RATE_LIMITED, message="")
                ),
                "The key was not tested. The service asked for a pause.",
            ),
        ],
    )
    def test_what_is_neither_yes_nor_no_is_told_as_that(
        self, panel: ConnectPanel, test: KeyTest, words: str
    ) -> None:
        tried(panel, test)
        assert words in text_of(panel)
        assert "Works" not in text_of(panel)
        assert not field(panel).property("invalid")
        assert field(panel).text() == KEY

    @pytest.mark.parametrize("test", [REFUSED, WORKS])
    def test_a_result_goes_with_the_next_change_of_the_text(self, panel: ConnectPanel, test: KeyTest) -> None:
        tried(panel, test)
        before = text_of(panel)
        QTest.keyClicks(field(panel), "x")
        assert text_of(panel) != before
        assert text_of(panel).count("\n") == 0
        assert not field(panel).property("invalid")

    def test_a_result_goes_with_its_key(self, panel: ConnectPanel) -> None:
        tried(panel, WORKS)
        panel.set_connection(STORE)
        panel.set_connection(Connection(service=PRACTICE))
        assert "Works" not in text_of(panel)

    def test_news_of_the_old_key_do_not_end_a_trial(self, panel: ConnectPanel) -> None:
        paste(panel, KEY)
        panel.show_testing()
        panel.set_connection(connected(KeySource.STORE, "KWallet", hint="0000"))
        assert visible_buttons(panel) == {"Cancel"}
        assert "costs nothing" in text_of(panel)
        assert field(panel).text() == KEY


class TestProblems:
    """What is wrong, said where it is wrong."""

    def test_half_a_key_is_told_at_the_field(self, panel: ConnectPanel) -> None:
        paste(panel, "hello")
        panel.show_problem(Problem.of(ProblemKind.KEY_MALFORMED))
        assert "does not look like a key" in text_of(panel)
        assert (field(panel).text(), field(panel).property("invalid")) == ("hello", True)
        QTest.keyClicks(field(panel), "x")
        assert "does not look like a key" not in text_of(panel)
        assert not field(panel).property("invalid")

    def test_a_problem_ends_a_trial(self, panel: ConnectPanel) -> None:
        paste(panel, KEY)
        panel.show_testing()
        panel.show_problem(Problem.of(ProblemKind.PROXY_UNUSABLE))
        assert "costs nothing" not in text_of(panel)
        assert visible_buttons(panel) == {"Connect"}

    def test_a_store_that_takes_no_key_is_told_beside_the_result(self, panel: ConnectPanel) -> None:
        paste(panel, KEY)
        panel.show_testing()
        panel.show_test(WORKS)
        panel.set_connection(SESSION)
        panel.show_problem(
            Problem.of(ProblemKind.KEY_STORE_FAILED, place="Secret Service keyring", reason="dismissed")
        )
        told = text_of(panel)
        assert "Works. Balance $8.10." in told
        assert "Secret Service keyring" in told
        assert "dismissed" in told
        assert visible_buttons(panel) == {"Change", "Remove"}


class TestRoom:
    """Nothing is cut off, however narrow the panel and long the words."""

    @pytest.mark.parametrize("width", [240, 360, 700, 1000])
    def test_every_control_is_whole(self, panel: ConnectPanel, width: int) -> None:
        panel.set_connection(STORE)
        states: list[Callable[[], None]] = [panel.open_field, panel.show_testing]
        for show in (lambda: None, *states):
            show()
            laid_out(panel, width)
            for control in (*panel.findChildren(QPushButton), field(panel), *panel.findChildren(QToolButton)):
                if control.isVisible():
                    assert panel.contentsRect().contains(control.geometry()), control.objectName()
                    assert control.width() >= control.minimumSizeHint().width(), control.objectName()

    def test_buttons_stand_beside_the_field_where_there_is_room(self, panel: ConnectPanel) -> None:
        laid_out(panel, 700)
        beside = button(panel, "connectButton").geometry()
        laid_out(panel, 240)
        below = button(panel, "connectButton").geometry()
        assert beside.left() > field(panel).geometry().left() + 100
        assert below.top() >= field(panel).geometry().bottom()
        laid_out(panel, 700)
        assert button(panel, "connectButton").geometry().left() == beside.left()

    def test_every_control_has_a_name(self, panel: ConnectPanel) -> None:
        controls = [*panel.findChildren(QAbstractButton), field(panel)]
        assert [control.objectName() for control in controls if not control.accessibleName()] == []
        assert all(control.objectName() for control in controls)
