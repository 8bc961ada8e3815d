"""Templates: named while typing `/`, filled in blank by blank; saved, renamed, removed without surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPushButton

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS
from gptimg_desktop.core.template import Rename, Template
from tests.ui.compose.fingers import commit, key
from tests.ui.compose.hands import click, ctrl_enter, find, prompt, visible_text
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

CHAIR = Template(name="Chair", text="🪑 A {material} chair in a {room type},\nsoft light")
LAMP = Template(name="Studio lamp", text="a lamp")


@pytest.fixture
def box(panel: ComposePanel) -> ComposePanel:
    """A composer that has two templates, the keys in its editor."""
    panel.set_templates((CHAIR, LAMP))
    panel.activateWindow()
    panel.focus_prompt()
    return panel


def text(panel: ComposePanel) -> str:
    return prompt(panel).toPlainText()


def selected(panel: ComposePanel) -> str:
    return prompt(panel).textCursor().selectedText()


def rows(panel: ComposePanel) -> QListView:
    return find(panel, QListView, "templateList")


def shown(panel: ComposePanel) -> list[str]:
    """The names in the list; none where it is closed."""
    model = rows(panel).model()
    count = model.rowCount() if rows(panel).isVisible() else 0
    return [str(model.index(row, 0).data()).partition(", ")[0] for row in range(count)]


def write(panel: ComposePanel, words: str) -> None:
    QTest.keyClicks(prompt(panel), words)


def press(panel: ComposePanel, which: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    key(prompt(panel), which, modifiers or Qt.KeyboardModifier.NoModifier)


def search(panel: ComposePanel) -> QLineEdit:
    return find(panel, QLineEdit, "templateListSearch")


def name_field(panel: ComposePanel) -> QLineEdit:
    return find(panel, QLineEdit, "templateNameEdit")


def keep(panel: ComposePanel) -> QPushButton:
    return find(panel, QPushButton, "keepTemplateButton")


def open_list(panel: ComposePanel) -> None:
    click(find(panel, QAbstractButton, "templatesButton"))


# Typing a name


@pytest.mark.parametrize("before", ["", "a picture of ", "first line\n", "灯，"])
def test_a_slash_opens_the_list_and_the_name_filters_it(box: ComposePanel, before: str) -> None:
    prompt(box).insertPlainText(before)
    write(box, "/")
    assert shown(box) == ["Chair", "Studio lamp"]
    assert prompt(box).hasFocus()
    write(box, "LA")
    assert shown(box) == ["Studio lamp"]
    write(box, "x")
    assert shown(box) == []
    press(box, Qt.Key.Key_Backspace)
    assert shown(box) == ["Studio lamp"]
    press(box, Qt.Key.Key_Return)
    assert text(box) == before + LAMP.text
    assert shown(box) == []


@pytest.mark.parametrize("words", ["and/or ", "http://chair", "a /usr/ch", "1 / 2", "chair/"])
def test_no_list_inside_words_and_addresses(box: ComposePanel, words: str) -> None:
    for letter in words:
        had = shown(box)
        write(box, letter)
        assert shown(box) == [] or not had or letter != "/"
    assert shown(box) == []
    assert text(box) == words


def test_no_list_without_templates(panel: ComposePanel) -> None:
    panel.focus_prompt()
    write(panel, "/")
    assert shown(panel) == []
    press(panel, Qt.Key.Key_Return)
    assert text(panel) == "/\n"


def test_a_name_may_have_blanks(box: ComposePanel) -> None:
    write(box, "/studio l")
    assert shown(box) == ["Studio lamp"]
    write(box, "ight")
    assert shown(box) == []
    press(box, Qt.Key.Key_Return)
    assert text(box) == "/studio light\n"


@pytest.mark.parametrize("take", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_arrows_choose_and_enter_or_tab_takes(box: ComposePanel, take: Qt.Key) -> None:
    write(box, "with /")
    press(box, Qt.Key.Key_Down)
    press(box, Qt.Key.Key_Up)
    press(box, Qt.Key.Key_Down)
    press(box, take)
    assert text(box) == "with a lamp"
    prompt(box).undo()
    assert text(box) == "with /"


def test_escape_leaves_what_was_typed_until_another_slash(box: ComposePanel) -> None:
    write(box, "/ch")
    press(box, Qt.Key.Key_Escape)
    assert shown(box) == []
    write(box, "a")
    assert shown(box) == []
    assert text(box) == "/cha"
    write(box, " /")
    assert shown(box) != []
    press(box, Qt.Key.Key_Escape)
    prompt(box).selectAll()
    write(box, "/")
    assert shown(box) != []


def test_the_list_goes_when_the_cursor_leaves_the_name(box: ComposePanel) -> None:
    write(box, "chair /")
    press(box, Qt.Key.Key_Home)
    assert shown(box) == []
    press(box, Qt.Key.Key_End)
    assert shown(box) == []  # moving the cursor opens nothing


def test_the_list_goes_with_the_focus(box: ComposePanel) -> None:
    write(box, "/")
    find(box, QAbstractButton, "tier_2k").setFocus()
    assert shown(box) == []


def test_ctrl_enter_sends_what_is_typed_and_no_template(box: ComposePanel) -> None:
    drafts = heard(box.generate_requested)
    write(box, "oak /")
    ctrl_enter(prompt(box))
    assert [draft.prompt for draft in drafts if isinstance(draft, Draft)] == ["oak /"]


def test_pasting_and_undoing_open_nothing(box: ComposePanel) -> None:
    prompt(box).insertPlainText("/")
    assert shown(box) == []
    write(box, "x")
    prompt(box).undo()
    assert shown(box) == []


def test_a_click_takes_a_template(box: ComposePanel) -> None:
    write(box, "/")
    view = rows(box)
    spot = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert text(box) == "a lamp"


def test_the_template_that_was_used_is_told(box: ComposePanel) -> None:
    used = heard(box.prompts.template_used)
    write(box, "/la")
    press(box, Qt.Key.Key_Return)
    assert used == ["Studio lamp"]


def test_a_template_that_does_not_fit_changes_nothing(box: ComposePanel) -> None:
    prompt(box).setPlainText("x " * (MOST_PROMPT_CHARACTERS // 2 - 2))
    key(prompt(box), Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    write(box, "/ch")
    press(box, Qt.Key.Key_Return)
    assert text(box).endswith("x /ch")
    assert "was not taken in" in visible_text(box)


# Filling it in


def insert_chair(panel: ComposePanel) -> None:
    write(panel, "/chair")
    press(panel, Qt.Key.Key_Return)


def test_tab_goes_from_blank_to_blank_and_then_on(box: ComposePanel) -> None:
    write(box, "{not this} ")
    insert_chair(box)
    assert selected(box) == "{material}"
    commit(prompt(box), "oak 🪵")
    press(box, Qt.Key.Key_Tab)
    assert selected(box) == "{room type}"
    write(box, "kitchen")
    assert text(box) == "{not this} 🪑 A oak 🪵 chair in a kitchen,\nsoft light"
    assert prompt(box).hasFocus()
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()


def test_shift_tab_goes_back(box: ComposePanel) -> None:
    write(box, "{not this} ")
    insert_chair(box)
    press(box, Qt.Key.Key_Tab)
    press(box, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert selected(box) == "{material}"
    press(box, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert not prompt(box).hasFocus()


def test_escape_ends_the_filling(box: ComposePanel) -> None:
    insert_chair(box)
    press(box, Qt.Key.Key_Escape)
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()


def test_leaving_the_editor_ends_the_filling(box: ComposePanel) -> None:
    insert_chair(box)
    find(box, QAbstractButton, "tier_2k").setFocus()
    box.focus_prompt()
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()


def test_a_blank_in_the_way_of_tab_is_no_trap(box: ComposePanel) -> None:
    insert_chair(box)
    press(box, Qt.Key.Key_Tab)
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()
    assert text(box) == CHAIR.text


def test_another_text_ends_the_filling(box: ComposePanel) -> None:
    insert_chair(box)
    box.set_draft(Draft(prompt="{other} words"))
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()
    assert text(box) == "{other} words"


def test_what_is_typed_after_a_template_is_undone_on_its_own(box: ComposePanel) -> None:
    write(box, "/la")
    press(box, Qt.Key.Key_Return)
    write(box, " on a table")
    prompt(box).undo()
    assert text(box) == "a lamp"


def test_tab_moves_the_focus_where_nothing_is_filled_in(box: ComposePanel) -> None:
    prompt(box).setPlainText("{material}")
    press(box, Qt.Key.Key_Tab)
    assert not prompt(box).hasFocus()


# The list of the button


def test_a_template_is_inserted_where_the_cursor_is(box: ComposePanel) -> None:
    write(box, "left  right")
    for _ in range(6):
        press(box, Qt.Key.Key_Left)
    open_list(box)
    assert search(box).hasFocus()
    QTest.keyClicks(search(box), "lamp")
    assert shown(box) == ["Studio lamp"]
    key(search(box), Qt.Key.Key_Return)
    assert text(box) == "left a lamp right"
    assert prompt(box).hasFocus()


def save_as(panel: ComposePanel, name: str) -> None:
    open_list(panel)
    click(find(panel, QPushButton, "saveTemplateButton"))
    QTest.keyClicks(name_field(panel), name)


def test_the_prompt_is_saved_exactly_as_it_stands(box: ComposePanel) -> None:
    saved = heard(box.prompts.template_saved)
    written = "  A {material} chair,\n\n{red|blue}\t橡木 🪑 \n"
    prompt(box).setPlainText(written)
    save_as(box, "  Oak   table ")
    assert keep(box).text() == "Save"
    key(name_field(box), Qt.Key.Key_Return)
    assert saved == [Template(name="Oak table", text=written)]
    assert search(box).hasFocus()
    key(search(box), Qt.Key.Key_Escape)
    assert prompt(box).hasFocus()


def test_the_first_template_is_one_click_away(panel: ComposePanel) -> None:
    saved = heard(panel.prompts.template_saved)
    panel.activateWindow()
    panel.focus_prompt()
    write(panel, "oak")
    open_list(panel)
    assert name_field(panel).hasFocus()
    QTest.keyClicks(name_field(panel), "Wood")
    click(keep(panel))
    assert saved == [Template(name="Wood", text="oak")]


def test_a_name_that_is_taken_is_replaced_only_by_the_button_that_says_so(box: ComposePanel) -> None:
    saved = heard(box.prompts.template_saved)
    write(box, "new")
    save_as(box, "chair")
    assert keep(box).text() == "Replace"
    assert "There is a template “Chair” already." in visible_text(box)
    key(name_field(box), Qt.Key.Key_Return)
    assert saved == []
    assert keep(box).hasFocus()
    key(keep(box), Qt.Key.Key_Space)
    assert saved == [Template(name="Chair", text="new")]


@pytest.mark.parametrize("written", ["", "  \n "])
def test_nothing_is_no_template(box: ComposePanel, written: str) -> None:
    prompt(box).setPlainText(written)
    open_list(box)
    click(find(box, QPushButton, "saveTemplateButton"))
    assert not name_field(box).isVisible()


def test_a_template_without_a_name_is_not_saved(box: ComposePanel) -> None:
    saved = heard(box.prompts.template_saved)
    write(box, "new")
    save_as(box, "  ")
    assert not keep(box).isEnabled()
    key(name_field(box), Qt.Key.Key_Return)
    assert saved == []
    key(name_field(box), Qt.Key.Key_Escape)
    assert rows(box).isVisible()
    assert search(box).hasFocus()


def test_f2_renames(box: ComposePanel) -> None:
    renamed = heard(box.prompts.template_renamed)
    open_list(box)
    key(search(box), Qt.Key.Key_F2)
    assert name_field(box).text() == "Chair"
    QTest.keyClicks(name_field(box), "Stool")
    assert keep(box).text() == "Rename"
    key(name_field(box), Qt.Key.Key_Return)
    assert renamed == [Rename(name="Chair", template=Template(name="Stool", text=CHAIR.text))]


def test_renaming_replaces_no_other_template(box: ComposePanel) -> None:
    renamed = heard(box.prompts.template_renamed)
    open_list(box)
    key(search(box), Qt.Key.Key_F2)
    QTest.keyClicks(name_field(box), "studio LAMP")
    assert not keep(box).isEnabled()
    key(name_field(box), Qt.Key.Key_Return)
    assert renamed == []


def test_the_pencil_renames_while_a_name_is_typed(box: ComposePanel) -> None:
    write(box, "/")
    view = rows(box)
    rect = view.visualRect(view.model().index(1, 0))
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.right() - 12, rect.top() + 12)
    )
    assert name_field(box).hasFocus()
    assert name_field(box).text() == "Studio lamp"


def test_delete_removes_with_a_way_back(box: ComposePanel) -> None:
    removed = heard(box.prompts.template_removed)
    open_list(box)
    key(search(box), Qt.Key.Key_Delete)
    assert shown(box) == ["Studio lamp"]
    click(find(box, QAbstractButton, "templateListUndo"))
    assert shown(box) == ["Chair", "Studio lamp"]
    key(search(box), Qt.Key.Key_Delete)
    key(search(box), Qt.Key.Key_Escape)
    assert removed == ["Chair"]
    write(box, "/")
    assert shown(box) == ["Studio lamp"]


def test_what_is_saved_after_a_removal_does_not_go_with_it(box: ComposePanel) -> None:
    """The wish to remove comes before the wish to save the same name."""
    told: list[str] = []
    box.prompts.template_removed.connect(told.append)
    box.prompts.template_saved.connect(lambda template: told.append(f"saved {template.name}"))
    write(box, "new")
    open_list(box)
    key(search(box), Qt.Key.Key_Delete)
    click(find(box, QPushButton, "saveTemplateButton"))
    QTest.keyClicks(name_field(box), "Chair")
    click(keep(box))
    key(search(box), Qt.Key.Key_Escape)
    assert told == ["Chair", "saved Chair"]
