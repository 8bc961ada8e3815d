"""The foot of the window: counts that open the queue, money, balance, the service."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gptimg_desktop.core.account import Balance, KeyStanding, KeyTest
from gptimg_desktop.core.activity import Activity
from gptimg_desktop.core.connection import PRACTICE, Connection, KeySource
from gptimg_desktop.core.settings import DEFAULT_BASE_URL
from gptimg_desktop.ui.key_test_result import key_test_result
from gptimg_desktop.ui.status_strip import StatusStrip

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BUSY = Activity(running=3, waiting=2, needs_user=1, spent=Decimal("0.42"), spent_unknown=1)


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    made = StatusStrip()
    qtbot.addWidget(made)
    made.resize(900, 40)
    made.show()
    return made


def told(strip: StatusStrip, name: str) -> str:
    """What a label says; nothing where it is hidden."""
    label = strip.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text() if label.isVisible() else ""


def queue_button(strip: StatusStrip) -> QPushButton:
    button = strip.findChild(QPushButton, "queueButton")
    assert isinstance(button, QPushButton)
    assert button is strip.queue_button
    return button


def test_counts_and_money_of_today(strip: StatusStrip) -> None:
    assert told(strip, "statusCounts") == told(strip, "statusSpent") == ""  # nobody knows yet
    strip.set_activity(Activity())
    assert told(strip, "statusCounts") == "Nothing is running"
    strip.set_activity(BUSY)
    assert told(strip, "statusCounts") == "3 running · 2 waiting · 1 needs you"
    assert told(strip, "statusSpent") == "today $0.42 + 1 unknown"


def test_several_need_and_one_needs(strip: StatusStrip) -> None:
    strip.set_activity(Activity(needs_user=2))
    assert told(strip, "statusCounts") == "2 need you"
    strip.set_activity(Activity(needs_user=1))
    assert told(strip, "statusCounts") == "1 needs you"


def test_practice_is_told_by_a_word_and_a_service_by_its_name(strip: StatusStrip) -> None:
    strip.set_connection(Connection(service=PRACTICE))
    assert "Practice" in told(strip, "statusService")
    strip.set_connection(Connection(service=DEFAULT_BASE_URL, key_source=KeySource.SESSION))
    assert told(strip, "statusService") == "api.apimart.ai"
    strip.set_message("1 job was waiting.")
    assert told(strip, "statusMessage") == "1 job was waiting."


def test_the_counts_open_the_queue_by_mouse_and_by_key(strip: StatusStrip, qtbot: QtBot) -> None:
    strip.set_activity(BUSY)
    button = queue_button(strip)
    assert "3 running · 2 waiting" in button.accessibleName()
    with qtbot.waitSignal(strip.queue_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.queue_requested):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_press_on_the_words_is_a_press_on_the_button(strip: StatusStrip, qtbot: QtBot) -> None:
    strip.set_activity(BUSY)
    label = strip.findChild(QLabel, "statusCounts")
    assert isinstance(label, QLabel)
    middle = label.mapTo(strip, label.rect().center())
    target = strip.childAt(middle)
    assert target is queue_button(strip)


def test_the_counts_always_fit_into_their_button(strip: StatusStrip) -> None:
    for activity in (BUSY, Activity(), Activity(running=100, waiting=1000, needs_user=100)):
        strip.set_activity(activity)
        strip.set_paused(True)
        QTest.qWait(1)
        label = strip.findChild(QLabel, "statusCounts")
        assert isinstance(label, QLabel)
        assert label.width() >= label.sizeHint().width()


def test_a_pause_is_told_with_and_without_jobs(strip: StatusStrip) -> None:
    strip.set_activity(Activity())
    strip.set_paused(True)
    assert told(strip, "statusCounts") == "Nothing is running · paused"
    strip.set_activity(BUSY)
    assert told(strip, "statusCounts").endswith(" · paused")
    strip.set_paused(False)
    assert "paused" not in told(strip, "statusCounts")


@pytest.mark.parametrize(
    ("balance", "shown"),
    [
        (None, ""),
        (Balance(), ""),
        (Balance(remaining=Decimal("8.1")), "balance $8.10"),
        (Balance(remaining=Decimal("8.1099")), "balance $8.10"),
        (Balance(remaining=Decimal("10.449")), "balance $10.44"),
        (Balance(remaining=Decimal("0.00849")), "balance $0.0084"),
        (Balance(remaining=Decimal("0.0085")), "balance $0.0085"),
        (Balance(remaining=Decimal(0)), "balance $0.00"),
        (Balance(remaining=Decimal("-0.12")), "balance −$0.12"),
        (Balance(remaining=Decimal(3), unlimited=True), "balance unlimited"),
    ],
)
def test_the_balance_is_told_where_it_is_known(
    strip: StatusStrip, balance: Balance | None, shown: str
) -> None:
    strip.set_balance(Balance(remaining=Decimal(1)))
    strip.set_balance(balance)
    assert told(strip, "statusBalance") == shown


def test_an_empty_account_stands_out(strip: StatusStrip) -> None:
    label = strip.findChild(QLabel, "statusBalance")
    assert isinstance(label, QLabel)
    strip.set_balance(Balance(remaining=Decimal(0)))
    assert label.property("role") == "warning"
    strip.set_balance(Balance(remaining=Decimal(5)))
    assert label.property("role") == ""


def test_long_words_never_widen_the_window(strip: StatusStrip) -> None:
    strip.set_activity(BUSY)
    before = strip.minimumSizeHint().width()
    strip.set_message("Wiederaufnahme " * 40)
    strip.set_connection(Connection(service="https://" + "long-name." * 20 + "example.com"))
    assert strip.minimumSizeHint().width() == before


def test_what_a_search_found_and_how_much_is_selected_is_told(strip: StatusStrip) -> None:
    strip.set_counted(-1, 1)
    assert told(strip, "statusCounted") == ""
    strip.set_counted(-1, 96_948)
    assert told(strip, "statusCounted") == f"{QLocale().toString(96_948)} selected"
    strip.set_counted(1_204, 2)
    assert told(strip, "statusCounted") == f"{QLocale().toString(1_204)} found · 2 selected"
    strip.set_counted(0, 0)
    assert told(strip, "statusCounted") == "0 found"


@pytest.mark.parametrize("amount", ["9.966", "0.00999", "-0.12", "1500"])
def test_the_foot_and_the_test_of_a_key_tell_the_same_balance(strip: StatusStrip, amount: str) -> None:
    balance = Balance(remaining=Decimal(amount))
    strip.set_balance(balance)
    shown = told(strip, "statusBalance").removeprefix("balance ")
    assert shown in key_test_result(KeyTest(standing=KeyStanding.WORKS, balance=balance)).text
