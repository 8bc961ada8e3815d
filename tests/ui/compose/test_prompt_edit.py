"""The editor: it grows as far as there is room, scrolls by itself, counts, leaves an input method alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListView, QScrollArea

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS
from tests.ui.compose.fingers import commit, compose, key, newer, older
from tests.ui.compose.hands import click, ctrl_enter, find, generate, prompt, visible_text
from tests.ui.compose.test_history import past
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

MOST = MOST_PROMPT_CHARACTERS


def line_height(edit: QPlainTextEdit) -> int:
    return edit.fontMetrics().lineSpacing()


def roll(edit: QPlainTextEdit, steps: int) -> bool:
    """Turn the wheel over the text, up for a positive number; False where it goes on to what lies around.

    Qt takes that last step for the window system's own events alone.
    """
    at = QPointF(edit.viewport().rect().center())
    event = QWheelEvent(
        at,
        QPointF(edit.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(edit.viewport(), event)
    return event.isAccepted()


def scroll_area(panel: ComposePanel) -> QScrollArea:
    return next(area for area in panel.findChildren(QScrollArea) if area.isAncestorOf(prompt(panel)))


# Height


def test_it_grows_with_its_text_and_then_scrolls(panel: ComposePanel) -> None:
    panel.resize(360, 1600)
    edit = prompt(panel)
    first = edit.height()
    edit.setPlainText("a line\n" * 5)
    assert edit.height() > first
    assert edit.verticalScrollBar().maximum() == 0
    edit.setPlainText("a line\n" * 40)
    assert edit.verticalScrollBar().maximum() > 0
    assert edit.height() < 14 * line_height(edit)
    edit.setPlainText("")
    assert edit.height() == first


@pytest.mark.parametrize("height", [420, 520, 640, 900])
def test_a_long_prompt_leaves_room_for_the_rest(panel: ComposePanel, height: int, qtbot: QtBot) -> None:
    edit = prompt(panel)
    edit.setPlainText("a line\n" * 40)
    panel.resize(360, height)
    room = scroll_area(panel).viewport()
    least = 5 * line_height(edit)
    qtbot.waitUntil(lambda: edit.height() <= max(least, 0.6 * room.height()))
    assert edit.height() > 4 * line_height(edit)


# The wheel


@pytest.mark.parametrize("steps", [-1, 1])
def test_while_one_writes_the_wheel_moves_the_prompt_alone(panel: ComposePanel, steps: int) -> None:
    edit = prompt(panel)
    edit.setPlainText("a line\n" * 40)
    edit.setFocus()
    bar = edit.verticalScrollBar()
    bar.setValue(bar.maximum() if steps < 0 else 0)
    assert roll(edit, steps)
    bar.setValue(bar.maximum() // 2)
    assert roll(edit, steps)
    assert bar.value() != bar.maximum() // 2


def test_the_wheel_goes_on_to_the_composer_where_the_prompt_cannot_scroll(panel: ComposePanel) -> None:
    edit = prompt(panel)
    edit.setFocus()
    assert not roll(edit, -1)


def test_the_wheel_goes_on_at_the_end_of_a_prompt_that_nobody_writes(panel: ComposePanel) -> None:
    edit = prompt(panel)
    edit.setPlainText("a line\n" * 40)
    find(panel, QAbstractButton, "tier_2k").setFocus()
    bar = edit.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert not roll(edit, -1)


def test_what_is_typed_is_in_sight(panel: ComposePanel, qtbot: QtBot) -> None:
    panel.resize(360, 400)
    bar = scroll_area(panel).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > prompt(panel).height() + 30)
    prompt(panel).setFocus()
    bar.setValue(bar.maximum())
    QTest.keyClicks(prompt(panel), "o")
    assert bar.value() < 40


# Count


def count(panel: ComposePanel) -> QLabel:
    return find(panel, QLabel, "promptCount")


def number(value: int) -> str:
    return QLocale().toString(value)


@pytest.mark.parametrize(
    ("length", "tone", "is_told"),
    [
        (312, "muted", False),
        (MOST - 4000, "muted", False),
        (MOST - 500, "warning", True),
        (MOST, "warning", True),
        (MOST + 1, "danger", True),
    ],
)
def test_the_count_is_quiet_until_the_limit_is_near(
    panel: ComposePanel, length: int, tone: str, is_told: bool
) -> None:
    prompt(panel).setPlainText("木 " * (length // 2) + "x" * (length % 2))
    label = count(panel)
    assert label.text() == (f"{number(length)} of {number(MOST)}" if is_told else number(length))
    assert label.property("role") == tone
    assert label.accessibleName() == f"{number(length)} of {number(MOST)} characters"


def test_the_count_is_that_of_the_text_and_of_the_longest_that_is_sent(panel: ComposePanel) -> None:
    assert count(panel).text() == ""
    prompt(panel).setPlainText("🪑🪑")
    assert count(panel).text() == "2"  # two characters, though Qt counts four
    prompt(panel).setPlainText("{oak|walnut} chair")
    assert count(panel).text() == f"{len('{oak|walnut} chair')} · longest {len('walnut chair')}"
    said = f"18 characters; in the longest prompt 12 of {number(MOST)} characters"
    assert count(panel).accessibleName() == said
    prompt(panel).setPlainText("{oak|oaks}")
    assert count(panel).text() == "10 · longest 4"
    panel.set_draft(Draft(prompt="one\nthree\nto", one_per_line=True))
    assert count(panel).text() == f"{len('one-three-to')} · longest {len('three')}"
    panel.set_draft(Draft(prompt="one\nthree"))
    assert count(panel).text() == str(len("one\nthree"))


def test_the_limit_is_for_the_longest_that_is_sent(panel: ComposePanel) -> None:
    lines = "\n".join(["x" * 6_000] * 6)
    panel.set_draft(Draft(prompt=lines, one_per_line=True))
    assert count(panel).text() == f"{number(len(lines))} · longest {number(6_000)}"
    assert count(panel).property("role") == "muted"
    panel.set_draft(Draft(prompt=f"a\n{'x' * (MOST - 1)}", one_per_line=True))
    assert count(panel).text() == f"{number(MOST + 1)} · longest {number(MOST - 1)} of {number(MOST)}"
    assert count(panel).property("role") == "warning"


# An input method


def test_what_is_half_typed_is_not_sent_by_keys(panel: ComposePanel) -> None:
    edit, drafts = prompt(panel), heard(panel.generate_requested)
    QTest.keyClicks(edit, "a chair of ")
    compose(edit, "xiangmu")
    ctrl_enter(edit)
    key(edit, Qt.Key.Key_Return)
    key(edit, Qt.Key.Key_Enter)
    assert drafts == []
    assert edit.toPlainText() == "a chair of "
    assert "Nothing was sent" not in visible_text(panel)  # the keys were the input method's
    commit(edit, "橡木")
    ctrl_enter(edit)
    assert [draft.prompt for draft in drafts if isinstance(draft, Draft)] == ["a chair of 橡木"]


def test_a_key_that_is_held_while_the_word_ends_does_not_send_it(panel: ComposePanel) -> None:
    edit, drafts = prompt(panel), heard(panel.generate_requested)
    compose(edit, "mu")
    ctrl_enter(edit)
    commit(edit, "木")
    ctrl_enter(edit, repeated=True)
    assert drafts == []


def test_what_is_half_typed_is_not_sent_by_the_button(panel: ComposePanel) -> None:
    edit, drafts = prompt(panel), heard(panel.generate_requested)
    QTest.keyClicks(edit, "a chair of ")
    compose(edit, "mu")
    click(generate(panel))
    assert drafts == []
    assert "a word is still being written" in visible_text(panel)
    commit(edit, "木")
    assert "a word is still being written" not in visible_text(panel)
    click(generate(panel))
    assert [draft.prompt for draft in drafts if isinstance(draft, Draft)] == ["a chair of 木"]


def test_what_is_half_typed_stays_where_it_is(panel: ComposePanel) -> None:
    panel.set_past_prompts("", past("oak", "ash"))
    edit = prompt(panel)
    edit.setPlainText("mine ")
    compose(edit, "xiang")
    older(edit)
    newer(edit)
    assert edit.toPlainText() == "mine "
    commit(edit, "橡")
    older(edit)
    assert edit.toPlainText() == "oak"


def test_half_of_a_name_opens_no_list(panel: ComposePanel) -> None:
    from gptimg_desktop.core.template import Template  # noqa: PLC0415

    panel.set_templates((Template(name="木椅", text="一把木椅"),))
    names = find(panel, QListView, "templateList")
    edit = prompt(panel)
    edit.setFocus()
    compose(edit, "/")
    assert not names.isVisible()
    compose(edit, "/mu")
    assert not names.isVisible()
    commit(edit, "/", half="mu")
    assert not names.isVisible()
    commit(edit, "木")
    assert names.isVisible()
    compose(edit, "yi")
    key(edit, Qt.Key.Key_Return)  # chooses a sign, and no template
    key(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "/木"
    commit(edit, "椅")
    key(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "一把木椅"
