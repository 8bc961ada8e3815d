"""One prompt per line belongs to the text for which it was turned on: nothing else is priced as several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.past_prompt import PastPrompt
from gptimg_desktop.core.template import Template
from tests.ui.compose.fingers import compose, key, newer, older
from tests.ui.compose.hands import click, find, generate, prompt

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

LINES = "a red chair\na green chair\na blue chair"
BRIEF = "A chair.\nIt is of oak.\nIt stands by a window.\nMorning light.\nNo people."


@pytest.fixture
def lined(panel: ComposePanel) -> ComposePanel:
    """Three lines, each a prompt of its own."""
    prompt(panel).setPlainText(LINES)
    click(find(panel, QCheckBox, "onePerLine"))
    assert generate(panel).text() == "Generate 3 · $0.0255"
    return panel


def is_on(panel: ComposePanel) -> bool:
    return panel.draft().one_per_line


def paste(panel: ComposePanel, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    prompt(panel).paste()


def test_a_brief_that_is_pasted_over_all_is_one_prompt(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    paste(lined, BRIEF)
    assert not is_on(lined)
    assert generate(lined).text() == "Generate $0.0085"


def test_typing_over_all_ends_it(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    QTest.keyClicks(prompt(lined), "a")
    assert not is_on(lined)


def test_an_input_method_that_writes_over_all_ends_it(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    compose(prompt(lined), "椅")
    assert not is_on(lined)


def test_emptying_ends_it_by_whatever_key(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    key(prompt(lined), Qt.Key.Key_Delete)
    assert not is_on(lined)
    paste(lined, BRIEF)
    assert generate(lined).text() == "Generate $0.0085"


def test_emptying_letter_by_letter_ends_it(panel: ComposePanel) -> None:
    panel.set_draft(Draft(prompt="ab", one_per_line=True))
    for _ in range(2):
        key(prompt(panel), Qt.Key.Key_Backspace)
    assert not is_on(panel)


def test_an_earlier_prompt_ends_it_and_the_way_back_brings_it_back(lined: ComposePanel) -> None:
    lined.set_past_prompts("", (PastPrompt(text=BRIEF, used_at=1.0, times=1),))
    older(prompt(lined))
    assert prompt(lined).toPlainText() == BRIEF
    assert not is_on(lined)
    newer(prompt(lined))
    assert prompt(lined).toPlainText() == LINES
    assert is_on(lined)
    assert generate(lined).text() == "Generate 3 · $0.0255"


def test_a_template_over_all_ends_it(lined: ComposePanel) -> None:
    lined.set_templates((Template(name="brief", text=BRIEF),))
    edit = prompt(lined)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "/bri")
    key(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == BRIEF
    assert not is_on(lined)


def test_undo_brings_it_back_with_its_text(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    paste(lined, BRIEF)
    prompt(lined).undo()
    assert prompt(lined).toPlainText() == LINES
    assert is_on(lined)
    prompt(lined).redo()
    assert not is_on(lined)


def test_what_the_user_turned_off_does_not_come_back(lined: ComposePanel) -> None:
    prompt(lined).selectAll()
    paste(lined, BRIEF)
    switch = find(lined, QCheckBox, "onePerLine")
    click(switch)
    click(switch)
    prompt(lined).undo()
    assert not is_on(lined)


def test_changing_the_text_leaves_it_on(lined: ComposePanel) -> None:
    edit = prompt(lined)
    edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(edit, " by a window")
    paste(lined, "\na black chair")
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    edit.moveCursor(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    paste(lined, "a yellow chair")
    assert edit.toPlainText().splitlines()[0] == "a yellow chair"
    assert is_on(lined)
    assert generate(lined).text() == "Generate 4 · $0.034"


def test_another_draft_brings_its_own(lined: ComposePanel) -> None:
    lined.set_draft(Draft(prompt=BRIEF))
    assert not is_on(lined)
    lined.set_draft(Draft(prompt=LINES, one_per_line=True))
    assert is_on(lined)
