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


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
@pytest.mark.parametrize("is_for_ever", [False, True])
def test_escape_and_enter_remove_nothing(
    window: QWidget, qtbot: QtBot, key: Qt.Key, is_for_ever: bool
) -> None:
    clearing = Clearing(seqs=(1, 2), forever=is_for_ever)
    question: QMessageBox = (
        ForeverQuestion(clearing, "", window)
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
    question = ForeverQuestion(Clearing(seqs=(1, 2, 3), forever=True), "Permission denied", window)

    assert "Delete 3 for ever?" in question.text()
    assert "Nothing was deleted so far" in said(question)
    assert "Permission denied" in said(question)
    assert "paid for" in said(question)


def test_what_the_system_says_is_no_markup(window: QWidget) -> None:
    question = ForeverQuestion(Clearing(seqs=(1,), forever=True), "<b>odd</b>", window)

    assert question.textFormat() is Qt.TextFormat.PlainText
    assert "<b>odd</b>" in said(question)
