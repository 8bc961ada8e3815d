"""The search field: searched as one types, with what can follow offered below it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QToolButton, QVBoxLayout, QWidget

from gptimg_desktop.ui.search.option_words import typed_span
from gptimg_desktop.ui.search.search_field import SearchField
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NOW = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 500)
    column = QVBoxLayout(made)
    column.addWidget(SearchField(made, clock=lambda: NOW))
    other = QLineEdit(made)
    other.setObjectName("other")
    column.addWidget(other)
    column.addStretch(1)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def field(window: QWidget) -> SearchField:
    found = window.findChild(SearchField)
    assert isinstance(found, SearchField)
    found.set_collections(("Spring 26", "海报"))
    found.setFocus()
    return found


def rows(window: QWidget) -> list[str]:
    """What is offered; nothing while no list can be seen."""
    shown = window.findChild(QListView, "searchCompletionList")
    if shown is None or not shown.isVisible():
        return []
    model = shown.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def chosen(window: QWidget) -> str:
    shown = window.findChild(QListView, "searchCompletionList")
    assert isinstance(shown, QListView)
    return str(shown.currentIndex().data() or "")


def press(field: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(field, key)


def test_every_key_is_a_search(field: SearchField) -> None:
    told = heard(field.sought)
    QTest.keyClicks(field, "oa k ")
    assert told == ["o", "oa", "oa k"]  # blanks round it make no other search
    field.clear()
    assert told[-1] == ""


def test_what_an_input_method_composes_is_no_search_yet(field: SearchField) -> None:
    told = heard(field.sought)
    QApplication.sendEvent(field, QInputMethodEvent("mao", []))
    assert told == []
    done = QInputMethodEvent()
    done.setCommitString("猫")
    QApplication.sendEvent(field, done)
    assert told == ["猫"]


def test_a_click_into_the_empty_field_shows_what_can_be_asked(field: SearchField, window: QWidget) -> None:
    assert rows(window) == []
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    assert rows(window)[:3] == ["size:", "tier:", "state:"]
    assert chosen(window) == ""
    QTest.keyClicks(field, "o")
    assert rows(window) == ["on:"]
    QTest.keyClicks(field, "a")
    assert rows(window) == []


def test_plain_words_offer_nothing(field: SearchField, window: QWidget) -> None:
    for text in ("oak", " chair", " ", "in"):
        QTest.keyClicks(field, text)
        assert rows(window) == []


def test_tab_takes_the_first_that_fits(field: SearchField, window: QWidget) -> None:
    told = heard(field.sought)
    QTest.keyClicks(field, "oak siz")
    assert rows(window) == ["size:"]
    press(field, Qt.Key.Key_Tab)
    assert field.text() == "oak size:"
    QTest.keyClicks(field, "por")
    assert rows(window) == ["portrait"]
    press(field, Qt.Key.Key_Tab)
    assert field.text() == "oak size:portrait "
    assert field.hasFocus()
    assert rows(window) == []
    assert told[-1] == "oak size:portrait"


def test_tab_goes_on_where_nothing_is_meant(field: SearchField, window: QWidget) -> None:
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    press(field, Qt.Key.Key_Tab)
    assert field.text() == ""
    assert window.focusWidget().objectName() == "other"
    assert rows(window) == []


def test_arrows_choose_and_enter_takes(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "tier:")
    press(field, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert chosen(window) == "2k"
    press(field, Qt.Key.Key_Return)
    assert field.text() == "tier:2k "
    press(field, Qt.Key.Key_Down)
    assert rows(window)[0] == "size:"
    press(field, Qt.Key.Key_Up)
    assert chosen(window) == ""
    press(field, Qt.Key.Key_Up)
    assert chosen(window) == "service:"
    press(field, Qt.Key.Key_Down)
    assert chosen(window) == ""
    assert field.hasFocus()


def test_enter_takes_nothing_that_was_not_chosen(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "siz")
    press(field, Qt.Key.Key_Return)
    assert field.text() == "siz"
    assert rows(window) == []


def test_escape_sends_away_the_list_then_the_text_then_the_keys(field: SearchField, window: QWidget) -> None:
    left = heard(field.left)
    QTest.keyClicks(field, "siz")
    press(field, Qt.Key.Key_Escape)
    assert rows(window) == []
    assert field.text() == "siz"
    press(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert left == []
    press(field, Qt.Key.Key_Escape)
    assert left == [None]


def test_a_click_takes_and_leaves_the_keys_in_the_field(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "in:")
    assert rows(window) == ["Spring 26", "海报"]
    shown = window.findChild(QListView, "searchCompletionList")
    assert isinstance(shown, QListView)
    place: QPoint = shown.visualRect(shown.model().index(0, 0)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert field.text() == 'in:"Spring 26" '
    assert field.hasFocus()
    assert rows(window) == []


def test_the_list_goes_with_the_keys(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "tier:")
    other = window.findChild(QLineEdit, "other")
    assert isinstance(other, QLineEdit)
    other.setFocus()
    assert rows(window) == []


def test_dates_say_which_day_they_mean(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "since:yest")
    shown = window.findChild(QListView, "searchCompletionList")
    assert isinstance(shown, QListView)
    said = str(shown.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("yesterday, ")
    assert "22" in said


def ink(window: QWidget, row: int, part: slice) -> int:
    """How much is drawn of a part of a row, in hundredths of its width."""
    shown = window.findChild(QListView, "searchCompletionList")
    assert isinstance(shown, QListView)
    place = shown.visualRect(shown.model().index(row, 0))
    drawn = shown.viewport().grab(place).toImage()
    start, end, _ = part.indices(100)
    columns = range(start * drawn.width() // 100, end * drawn.width() // 100)
    return sum(255 - drawn.pixelColor(x, y).lightness() for x in columns for y in range(drawn.height()))


def test_what_was_typed_of_an_option_stands_out(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "tier:")
    whole = slice(0, 100)
    plain = ink(window, 1, whole)
    QTest.keyClicks(field, "2")
    first = ink(window, 0, whole)
    assert rows(window) == ["2k"]
    assert first > plain, "the digit that was typed is bold"


def test_nothing_stands_out_where_nothing_was_typed_of_it(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "in:26")
    typed_at_its_end = [ink(window, 0, part) for part in (slice(0, 12), slice(0, 100))]
    press(field, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    nothing_typed = [ink(window, 0, part) for part in (slice(0, 12), slice(0, 100))]
    assert rows(window)[0] == "Spring 26"
    assert nothing_typed[0] == typed_at_its_end[0], "the letters before it are as they were"
    assert nothing_typed[1] < typed_at_its_end[1]


@pytest.mark.parametrize(
    ("shown", "typed", "bold"),
    [
        ("size:", "SIZ", "siz"),
        ("Spring 26", "ring 2", "ring 2"),
        ("Straße", "STR", ""),  # its capitals are one letter more
        ("size:", "größe", ""),
        ("today", "", ""),
        ("👍 Oak", "oak", "Oak"),
    ],
)
def test_typed_letters_are_found_in_what_is_shown(shown: str, typed: str, bold: str) -> None:
    start, end = typed_span(shown, typed)
    assert shown[start:end] == bold


def test_a_search_from_elsewhere_offers_nothing(field: SearchField, window: QWidget) -> None:
    told = heard(field.sought)
    field.search_for("siz")
    assert told == ["siz"]
    assert rows(window) == []
    field.begin()
    assert field.selectedText() == "siz"
    assert rows(window) == []


def test_the_button_that_clears_the_search_has_a_name(field: SearchField) -> None:
    assert [button.accessibleName() for button in field.findChildren(QToolButton)] == ["Clear the search"]


def test_ctrl_z_takes_back_what_was_completed(field: SearchField, window: QWidget) -> None:
    QTest.keyClicks(field, "oak tier:2")
    press(field, Qt.Key.Key_Tab)
    assert field.text() == "oak tier:2k "
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "oak tier:2"
    assert rows(window) == ["2k"]
