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
    buttons = find(panel, QWidget, "lintLines").findChildren(QPushButton, "lintMend")
    return [each.text() for each in buttons if each.isVisible()]


def more(panel: ComposePanel) -> QPushButton:
    """What brings the rest to light."""
    return button(panel, "lintMore")


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
    assert more(panel).text() == "and 2 more"
    press(panel, "Remove [1]")
    assert mends(panel) == ["Remove [2]", "Remove [3]", "Remove [4]"]
    assert more(panel).text() == "and 1 more"
    for number in (2, 3, 4, 5):
        press(panel, f"Remove [{number}]")
    assert not find(panel, QWidget, "lintLines").isVisible()
    assert prompt(panel).toPlainText() == ""


def test_the_rest_comes_to_light_by_click_a_few_at_a_time(panel: ComposePanel) -> None:
    prompt(panel).setPlainText(" ".join(f"[{number}]" for number in range(1, 21)))
    pause(panel)
    assert more(panel).text() == "and 17 more"
    click(more(panel))
    assert len(mends(panel)) == 13
    assert more(panel).text() == "and 7 more"
    click(more(panel))
    assert mends(panel) == [f"Remove [{number}]" for number in range(1, 21)]
    assert not more(panel).isVisible()
    prompt(panel).setPlainText("[1]")
    pause(panel)
    prompt(panel).setPlainText("[1] [2] [3] [4]")
    pause(panel)
    assert len(mends(panel)) == 3
    assert more(panel).text() == "and 1 more"


def test_the_rest_comes_to_light_by_key_after_the_last_line(panel: ComposePanel) -> None:
    panel.activateWindow()
    prompt(panel).setPlainText("[1] [2] [3] [4] [5]")
    pause(panel)
    buttons = find(panel, QWidget, "lintLines").findChildren(QPushButton, "lintMend")
    last = next(each for each in buttons if each.text() == "Remove [3]")
    last.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(last, Qt.Key.Key_Tab)
    assert panel.focusWidget() is more(panel)
    QTest.keyClick(more(panel), Qt.Key.Key_Space)
    focused = panel.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Remove [4]"
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    following = panel.focusWidget()
    assert isinstance(following, QPushButton)
    assert following.text() == "Remove [5]"


def test_what_is_paid_for_by_a_slip_stands_first(panel: ComposePanel) -> None:
    click(button(panel, "ratio_16x9"))
    prompt(panel).setPlainText("16:9, 3:2, a {material} chair [4] format 16:9")
    pause(panel)
    assert mends(panel) == ["Fill in", "Remove [4]", "Use 3:2"]
    assert more(panel).text() == "and 2 more"


def test_what_the_chosen_size_gives_anyway_is_only_repeated(panel: ComposePanel) -> None:
    click(button(panel, "ratio_16x9"))
    click(button(panel, "tier_2k"))
    prompt(panel).setPlainText("a cat, 2048x1152 px")
    pause(panel)
    assert mends(panel) == ["Remove"]
    assert "The text repeats 2048×1152" in visible_text(panel)
    click(button(panel, "tier_4k"))
    assert mends(panel) == ["Use 2048×1152"]
    panel.set_draft(Draft(prompt="a cat, 16:9", size=PixelSize(2048, 1152)))
    pause(panel)
    assert mends(panel) == ["Remove"]


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
    prompt(panel).setPlainText("{a|b}[9]" * 400)
    assert len(marked(panel)) == 600


def test_the_second_half_of_a_double_click_mends_nothing_else(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("[3] [4] a cat")
    pause(panel)
    mend = find(panel, QWidget, "lintLines").findChildren(QPushButton, "lintMend")[0]
    click(mend)
    QTest.mouseDClick(mend, Qt.MouseButton.LeftButton)  # the press alone, as Qt sends it
    QTest.mouseRelease(mend, Qt.MouseButton.LeftButton)
    assert prompt(panel).toPlainText() == "[4] a cat"
    assert mends(panel) == ["Remove [4]"]
