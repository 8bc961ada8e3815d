"""Texts that come into the prompt: what could not be sent is not laid out either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS
from tests.ui.compose.hands import click, drop, generate, prompt, spin, visible_text
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPlainTextEdit
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

    Bring = Callable[[ComposePanel, str], None]

MOST = MOST_PROMPT_CHARACTERS


def words(text: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(text)
    return mime


def paste(panel: ComposePanel, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    prompt(panel).paste()


def carry(panel: ComposePanel, text: str) -> None:
    assert drop(prompt(panel).viewport(), words(text))


def lines(edit: QPlainTextEdit) -> int:
    """How many lines were laid out."""
    block, count = edit.document().begin(), 0
    while block.isValid():
        count += block.layout().lineCount()
        block = block.next()
    return count


@pytest.mark.parametrize("bring", [paste, carry])
@pytest.mark.parametrize("text", ["x" * 1_000_000, "word " * 200_000, "木" * (MOST + 1)])
def test_what_could_not_be_sent_is_not_laid_out(panel: ComposePanel, bring: Bring, text: str) -> None:
    edit = prompt(panel)
    edit.setPlainText("an oak chair")
    told = heard(edit.document().documentLayout().documentSizeChanged)
    bring(panel, text)
    assert edit.toPlainText() == "an oak chair"
    assert lines(edit) == 1
    assert told == []
    assert not edit.document().isUndoAvailable()
    length, room = QLocale().toString(len(text)), QLocale().toString(MOST - len("an oak chair"))
    seen = visible_text(panel)
    assert f"was not taken in: it has {length} characters, and {room} fit. Your prompt is as it was." in seen
    assert "too long" not in seen  # what stands there can be sent


def test_many_small_pastes_do_not_make_a_large_one(panel: ComposePanel) -> None:
    for _ in range(8):
        paste(panel, "word " * 1_600)
    assert len(prompt(panel).toPlainText()) == MOST
    assert f"it has {QLocale().toString(8_000)} characters, and 0 fit" in visible_text(panel)


@pytest.mark.parametrize("bring", [paste, carry])
def test_what_can_be_sent_is_taken_whole(panel: ComposePanel, bring: Bring) -> None:
    bring(panel, "é🪑" * (MOST // 2))
    assert len(prompt(panel).toPlainText()) == MOST
    assert "not taken in" not in visible_text(panel)
    drafts = heard(panel.generate_requested)
    click(generate(panel))
    assert len(drafts) == 1


def test_what_a_paste_replaces_makes_room_for_it(panel: ComposePanel) -> None:
    edit = prompt(panel)
    edit.setPlainText("x " * (MOST // 2))
    edit.selectAll()
    paste(panel, "y " * (MOST // 2))
    assert edit.toPlainText() == "y " * (MOST // 2)


def test_the_message_goes_with_the_next_change(panel: ComposePanel) -> None:
    paste(panel, "x" * (MOST + 1))
    assert "not taken in" in visible_text(panel)
    QTest.keyClicks(prompt(panel), "a")
    assert "not taken in" not in visible_text(panel)


def by_button(panel: ComposePanel) -> None:
    click(generate(panel))


def by_keys(panel: ComposePanel) -> None:
    QTest.keyClick(prompt(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("press", [by_button, by_keys])
def test_after_a_refused_paste_no_burst_of_presses_pays_for_the_old_prompt(
    panel: ComposePanel, press: Callable[[ComposePanel], None], qtbot: QtBot
) -> None:
    prompt(panel).setPlainText("an oak chair")
    drafts = heard(panel.generate_requested)
    paste(panel, "x" * (MOST + 1))
    for _ in range(20):
        press(panel)
        assert drafts == []
    assert "Nothing was sent. To generate your prompt as it is" in visible_text(panel)
    assert "not taken in" in visible_text(panel)
    reading = panel.findChild(QTimer, "refusedPasteReading")
    assert isinstance(reading, QTimer)
    qtbot.waitUntil(lambda: not reading.isActive())
    assert drafts == []
    press(panel)
    assert [draft.prompt for draft in drafts if isinstance(draft, Draft)] == ["an oak chair"]
    assert "not taken in" not in visible_text(panel)
    paste(panel, "x" * (MOST + 1))  # another one has to be seen anew
    press(panel)
    assert len(drafts) == 1


def test_after_a_refused_paste_an_edit_makes_the_next_press_count(panel: ComposePanel) -> None:
    drafts = heard(panel.generate_requested)
    paste(panel, "x" * (MOST + 1))
    by_button(panel)
    QTest.keyClicks(prompt(panel), "an oak chair")
    assert "Nothing was sent" not in visible_text(panel)
    by_keys(panel)
    assert len(drafts) == 1


def test_settings_changed_after_a_refused_paste_do_not_vouch_for_the_prompt(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("an oak chair")
    drafts = heard(panel.generate_requested)
    paste(panel, "x" * (MOST + 1))
    spin(panel, "copiesSpin").setValue(2)
    by_keys(panel)
    assert drafts == []
    assert "not taken in" in visible_text(panel)


def test_typing_goes_on_beyond_the_limit_and_generate_refuses(panel: ComposePanel) -> None:
    edit = prompt(panel)
    edit.setPlainText("word " * (MOST // 5))
    edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(edit, "beyond")
    assert edit.toPlainText().endswith("word beyond")
    drafts = heard(panel.generate_requested)
    click(generate(panel))
    assert drafts == []
    assert f"It has {QLocale().toString(MOST + 6)} characters" in visible_text(panel)


def test_a_text_that_is_moved_within_an_overlong_prompt_is_not_lost(
    panel: ComposePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is taken out of its place before it is put into the other."""
    edit = prompt(panel)
    edit.setPlainText("first " + "word " * (MOST // 5) + "last")
    cursor = edit.textCursor()
    cursor.setPosition(len(edit.toPlainText()) - 4)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    monkeypatch.setattr(QDropEvent, "source", lambda _event: edit.viewport())
    at = edit.cursorRect(QTextCursor(edit.document())).center()
    move, left, none = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    mime = words("last")
    QApplication.sendEvent(edit.viewport(), QDragEnterEvent(QPoint(at), move, mime, left, none))
    QApplication.sendEvent(edit.viewport(), QDropEvent(QPointF(at), move, mime, left, none))
    assert edit.toPlainText().startswith("last")
    assert "not taken in" not in visible_text(panel)
