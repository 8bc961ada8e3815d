"""The bin's own line and its questions: what they say, and that nothing goes without a word of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from gptimg_desktop.core.bin import BinContents, Clearing
from gptimg_desktop.ui.bin.bar import BinBar
from gptimg_desktop.ui.bin.question import ClearQuestion, ForeverQuestion
from tests.ui.eyes import heard, press, text_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def bar(qtbot: QtBot) -> BinBar:
    bar = BinBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def said(box: QMessageBox) -> str:
    return f"{box.text()}\n{box.informativeText()}"


# The line


def test_the_bin_tells_beforehand_how_long_it_keeps_things(bar: BinBar) -> None:
    assert "Kept for 30 days" in text_of(bar)


def test_the_bin_tells_what_is_in_it_and_what_stays(bar: BinBar) -> None:
    bar.set_contents(BinContents(count=128, size_bytes=240_000_000, held=2))

    assert "128 in the bin, 240 MB." in text_of(bar)
    assert "2 stay" in text_of(bar)


def test_there_is_nothing_to_empty_in_an_empty_bin(bar: BinBar) -> None:
    asked = heard(bar.empty_requested)
    button = bar.findChild(QAbstractButton, "emptyBin")
    assert button is not None
    assert not button.isEnabled()
    bar.set_contents(BinContents(held=1))
    assert not button.isEnabled()
    bar.set_contents(BinContents(count=1, size_bytes=1))
    press(bar, "emptyBin")

    assert asked == [None]


def test_a_computer_without_a_trash_keeps_everything_and_says_so(bar: BinBar) -> None:
    bar.set_trash_refuses(refuses=True)

    assert "30 days" not in text_of(bar)
    assert "they stay here until you delete them" in text_of(bar)


# The questions


def forever_question(window: QWidget, contents: BinContents, reason: str = "") -> ForeverQuestion:
    return ForeverQuestion(Clearing(seqs=(1,), forever=True), contents, reason, window)


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (BinContents(count=1, paid=1), "bring it back. It was paid for."),
        (BinContents(count=3, paid=1), "bring them back. 1 of them was paid for."),
        (BinContents(count=3, paid=2), "bring them back. 2 of them were paid for."),
    ],
)
def test_only_what_was_paid_for_is_called_so(window: QWidget, contents: BinContents, told: str) -> None:
    assert said(forever_question(window, contents)).endswith(told)


@pytest.mark.parametrize("count", [1, 2])
def test_what_cost_nothing_is_not_called_paid(window: QWidget, count: int) -> None:
    assert "paid" not in said(forever_question(window, BinContents(count=count)))


@pytest.mark.parametrize(
    ("count", "told"), [(1, "There is no file; it only leaves"), (2, "There are no files; they only leave")]
)
def test_where_there_is_no_file_none_is_told_of(window: QWidget, count: int, told: str) -> None:
    question = ClearQuestion(Clearing(seqs=(1, 2)), BinContents(count=count), window)

    assert told in said(question)
    assert "trash" not in said(question)
    assert all("trash" not in button.text() for button in question.buttons())


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
@pytest.mark.parametrize("is_for_ever", [False, True])
def test_escape_and_enter_remove_nothing(
    window: QWidget, qtbot: QtBot, key: Qt.Key, is_for_ever: bool
) -> None:
    clearing = Clearing(seqs=(1, 2), forever=is_for_ever)
    question: QMessageBox = (
        ForeverQuestion(clearing, BinContents(count=2), "", window)
        if is_for_ever
        else ClearQuestion(clearing, BinContents(count=2), window)
    )
    agreed = heard(question.agreed)  # type: ignore[attr-defined]
    question.open()
    qtbot.waitExposed(question)
    QTest.keyClick(question, key)

    assert agreed == []
    assert not question.isVisible()


def test_the_answer_carries_what_was_asked_about(window: QWidget) -> None:
    clearing = Clearing(seqs=(1, 2))
    question = ClearQuestion(clearing, BinContents(count=2, size_bytes=5_000_000), window)
    agreed = heard(question.agreed)
    question.open()
    press(question, "clearYes")

    assert agreed == [clearing]


def test_emptying_tells_how_much_where_to_and_what_stays(window: QWidget) -> None:
    question = ClearQuestion(Clearing(), BinContents(count=128, size_bytes=240_000_000, held=2), window)

    assert "128" in question.text()
    assert "240 MB" in said(question)
    assert "trash" in said(question)
    assert "cannot be brought back" in said(question)
    assert "2 stay in the bin" in said(question)


def test_deleting_for_ever_says_what_it_is(window: QWidget) -> None:
    question = forever_question(window, BinContents(count=3, paid=3), "Permission denied")

    assert "Delete 3 for ever?" in question.text()
    assert "Nothing was deleted so far" in said(question)
    assert "Permission denied" in said(question)
    assert "bring them back. They were paid for." in said(question)


def test_what_the_system_says_is_no_markup(window: QWidget) -> None:
    question = forever_question(window, BinContents(count=1), "<b>odd</b>")

    assert question.textFormat() is Qt.TextFormat.PlainText
    assert "<b>odd</b>" in said(question)
