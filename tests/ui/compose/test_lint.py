"""The quiet lines below the prompt: when they come and go, what their buttons do, what they colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import PixelSize, Ratio
from gptimg_desktop.ui import theme
from tests.ui.compose.hands import button, click, file_reference, find, prompt, visible_text
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel


def mends(panel: ComposePanel) -> list[str]:
    """What the buttons of the lines say, from top to bottom."""
    buttons = find(panel, QWidget, "lintLines").findChildren(QPushButton)
    return [each.text() for each in buttons if each.isVisible()]


def press(panel: ComposePanel, text: str) -> None:
    buttons = find(panel, QWidget, "lintLines").findChildren(QPushButton)
    click(next(each for each in buttons if each.isVisible() and each.text() == text))


def pause(panel: ComposePanel) -> None:
    """As if nothing were typed for a while."""
    waiting = find_timer(panel)
    assert waiting.isActive()
    waiting.stop()
    waiting.timeout.emit()


def find_timer(panel: ComposePanel) -> QTimer:
    timer = panel.findChild(QTimer, "lintPause")
    assert isinstance(timer, QTimer)
    return timer


def marked(panel: ComposePanel) -> list[str]:
    return [mark.cursor.selectedText() for mark in prompt(panel).extraSelections()]


def test_nothing_new_is_told_before_a_pause(panel: ComposePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(prompt(panel), "a cat, 16:9")
    assert mends(panel) == []
    assert 300 <= find_timer(panel).interval() <= 500
    qtbot.waitUntil(lambda: mends(panel) == ["Use 16:9"])
    assert "The text asks for 16:9" in visible_text(panel)


def test_a_ratio_is_taken_with_one_click_and_one_undo_brings_the_text_back(panel: ComposePanel) -> None:
    told = heard(panel.draft_changed)
    prompt(panel).setPlainText("a cat, aspect ratio 16:9, dark")
    pause(panel)
    press(panel, "Use 16:9")
    assert panel.draft() == Draft(prompt="a cat, dark", size=Ratio.R16X9)
    assert told[-1] == panel.draft()
    assert mends(panel) == []
    assert button(panel, "ratio_16x9").isChecked()
    assert panel.focusWidget() is prompt(panel)
    prompt(panel).undo()
    assert prompt(panel).toPlainText() == "a cat, aspect ratio 16:9, dark"
    pause(panel)
    assert mends(panel) == ["Remove"]
    prompt(panel).redo()
    assert prompt(panel).toPlainText() == "a cat, dark"
    assert mends(panel) == []


def test_pixels_are_taken_as_a_custom_size(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("🪑 a chair 1920x1080 px")
    pause(panel)
    press(panel, "Use 1920×1080")
    assert panel.draft() == Draft(prompt="🪑 a chair", size=PixelSize(1920, 1080), tier=panel.draft().tier)


def test_what_is_mended_by_hand_goes_at_once(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("[1] [2] a {material} chair")
    pause(panel)
    assert mends(panel) == ["Remove [1]", "Remove [2]", "Fill in"]
    panel.add_reference(file_reference(1), None)
    assert mends(panel) == ["Remove [2]", "Fill in"]
    find_timer(panel).start()  # typing goes on
    panel.add_reference(file_reference(2), None)
    assert mends(panel) == ["Fill in"]
    edit = prompt(panel)
    edit.setPlainText("a chair, 16:9")
    assert mends(panel) == []  # gone at once; what is new waits for a pause


def test_a_line_stays_at_its_place_while_the_text_before_it_grows(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("a cat [5] here")
    pause(panel)
    prompt(panel).insertPlainText("a small cat 🐈 and ")
    assert mends(panel) == ["Remove [5]"]
    press(panel, "Remove [5]")
    assert prompt(panel).toPlainText() == "a small cat 🐈 and a cat here"


def test_fill_in_selects_the_blank_to_be_typed_over(panel: ComposePanel) -> None:
    panel.activateWindow()
    prompt(panel).setPlainText("a 🪑 of {material}, old")
    pause(panel)
    press(panel, "Fill in")
    assert panel.focusWidget() is prompt(panel)
    QTest.keyClicks(prompt(panel), "oak")
    assert prompt(panel).toPlainText() == "a 🪑 of oak, old"
    assert mends(panel) == []


def test_a_brace_is_closed(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("a {oak|walnut chair")
    pause(panel)
    assert "A brace never closes" in visible_text(panel)
    press(panel, "Close it")
    assert prompt(panel).toPlainText() == "a {oak|walnut} chair"


def test_three_lines_and_how_many_more(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("[1] [2] [3] [4] [5]")
    pause(panel)
    assert mends(panel) == ["Remove [1]", "Remove [2]", "Remove [3]"]
    assert "and 2 more" in visible_text(panel)
    press(panel, "Remove [1]")
    assert mends(panel) == ["Remove [2]", "Remove [3]", "Remove [4]"]
    assert "and 1 more" in visible_text(panel)
    for number in (2, 3, 4, 5):
        press(panel, f"Remove [{number}]")
    assert not find(panel, QWidget, "lintLines").isVisible()
    assert prompt(panel).toPlainText() == ""


def test_the_lines_are_worked_by_keyboard_and_read_out(panel: ComposePanel) -> None:
    panel.activateWindow()
    prompt(panel).setPlainText("a {material} chair, 16:9")
    pause(panel)
    panel.focus_prompt()
    for _ in range(20):
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton) and focused.text() == "Use 16:9":
            break
        QTest.keyClick(focused or panel, Qt.Key.Key_Tab)
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "Use 16:9: The text asks for 16:9"
    assert "their own fields" in focused.accessibleDescription()
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert panel.draft() == Draft(prompt="a {material} chair", size=Ratio.R16X9)
    assert panel.focusWidget() is prompt(panel)
    assert find(panel, QWidget, "lintLines").accessibleName()


def test_a_click_on_a_line_leaves_the_focus_in_the_prompt(panel: ComposePanel) -> None:
    panel.activateWindow()
    panel.focus_prompt()
    prompt(panel).setPlainText("[7]")
    pause(panel)
    press(panel, "Remove [7]")
    assert panel.focusWidget() is prompt(panel)


def test_a_draft_that_is_shown_is_looked_through_too(panel: ComposePanel) -> None:
    panel.set_draft(Draft(prompt="a cat [4]"))
    pause(panel)
    assert mends(panel) == ["Remove [4]"]
    panel.set_draft(Draft(prompt="another"))
    assert mends(panel) == []


def test_a_shape_that_is_chosen_meanwhile_changes_what_is_offered(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("a cat, 16:9")
    pause(panel)
    assert mends(panel) == ["Use 16:9"]
    click(button(panel, "ratio_16x9"))
    assert mends(panel) == ["Remove"]
    assert "The text repeats 16:9" in visible_text(panel)


def test_variables_blanks_and_mentions_are_marked(panel: ComposePanel) -> None:
    panel.add_reference(file_reference(1), None)
    prompt(panel).setPlainText("🪑 {oak|ash} {size} [1] é 🪑{a|b}")
    assert marked(panel) == ["{oak|ash}", "{a|b}", "{size}", "[1]"]
    pause(panel)
    assert marked(panel)[4:] == ["{size}"]  # underlined as well
    prompt(panel).clear()
    assert marked(panel) == []


def test_marks_are_no_change_of_the_text(panel: ComposePanel, qapp: QApplication) -> None:
    prompt(panel).setPlainText("a {material} of {oak|ash}, 16:9")
    told, changed = heard(panel.draft_changed), heard(prompt(panel).textChanged)
    undoable = prompt(panel).document().availableUndoSteps()
    pause(panel)
    theme.apply(qapp, Theme.DARK)
    theme.apply(qapp, Theme.LIGHT)
    assert told == []
    assert changed == []
    assert prompt(panel).document().availableUndoSteps() == undoable


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK])
def test_marks_follow_the_theme(panel: ComposePanel, qapp: QApplication, chosen: Theme) -> None:
    prompt(panel).setPlainText("{oak|ash}")
    theme.apply(qapp, Theme.DARK if chosen is Theme.LIGHT else Theme.LIGHT)
    theme.apply(qapp, chosen)
    tokens = theme.DARK if chosen is Theme.DARK else theme.LIGHT
    (mark,) = prompt(panel).extraSelections()
    assert mark.format.foreground().color().name() == tokens.accent
    assert mark.format.background().color().name() == tokens.accent_soft


def test_a_long_prompt_full_of_marks_takes_a_limited_number(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("{a|b}[9]" * 4_000)
    assert len(marked(panel)) == 600
