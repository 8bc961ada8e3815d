"""Earlier prompts: a walk with Alt and the arrows that loses nothing, and a list that is searched."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QWidget,
)

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.past_prompt import PastPrompt
from gptimg_desktop.ui.compose.panel import ComposePanel
from gptimg_desktop.ui.compose.picks.overlay import Overlay
from gptimg_desktop.ui.compose.prompt.prompt_box import history_keys
from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from tests.ui.compose.fingers import CTRL, commit, compose, key, newer, older
from tests.ui.compose.hands import click, ctrl_enter, find, generate, prompt, visible_text
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def past(*texts: str, times: int = 1) -> tuple[PastPrompt, ...]:
    return tuple(PastPrompt(text=text, used_at=1_700_000_000.0, times=times) for text in texts)


@pytest.fixture
def box(panel: ComposePanel) -> ComposePanel:
    """A composer that knows three prompts, the keys in its editor."""
    panel.set_past_prompts("", past("third", "second", "first"))
    panel.activateWindow()
    panel.focus_prompt()
    return panel


def text(panel: ComposePanel) -> str:
    return prompt(panel).toPlainText()


def rows(panel: ComposePanel) -> QListView:
    return find(panel, QListView, "promptHistoryList")


def field(panel: ComposePanel) -> QLineEdit:
    return find(panel, QLineEdit, "promptHistoryListSearch")


def shown(panel: ComposePanel) -> list[str]:
    model = rows(panel).model()
    return [str(model.index(row, 0).data()).partition(", ")[0] for row in range(model.rowCount())]


def chosen(panel: ComposePanel) -> str:
    return shown(panel)[rows(panel).currentIndex().row()]


def second_click(widget: QWidget, spot: QPoint | None = None) -> None:
    """What comes to a widget of a double click whose first half went to another one."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(widget.rect().center() if spot is None else spot)
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), left, left, none))


# Alt and the arrows


def test_older_prompts_and_back_to_what_was_being_written(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    told = heard(box.draft_changed)
    for expected in ("third", "second", "first", "first"):
        older(prompt(box))
        assert text(box) == expected
    assert [draft.prompt for draft in told if isinstance(draft, Draft)][-1] == "first"  # it is kept, too
    for expected in ("second", "third", "mine", "mine"):
        newer(prompt(box))
        assert text(box) == expected


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("written", ["", "mine", "two\nlines"])
def test_one_undo_brings_back_what_was_being_written(box: ComposePanel, written: str, steps: int) -> None:
    prompt(box).insertPlainText(written)
    for _ in range(steps):
        older(prompt(box))
    prompt(box).undo()
    assert text(box) == written
    prompt(box).redo()
    assert text(box) == ("third", "second", "first")[steps - 1]


def test_what_is_typed_afterwards_is_undone_on_its_own(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    older(prompt(box))
    older(prompt(box))
    QTest.keyClicks(prompt(box), "!")
    prompt(box).undo()
    assert text(box) == "second"
    prompt(box).undo()
    assert text(box) == "mine"


def test_what_stands_there_already_is_no_step(box: ComposePanel) -> None:
    prompt(box).setPlainText("third")
    older(prompt(box))
    assert text(box) == "second"
    newer(prompt(box))
    assert text(box) == "third"


def test_what_was_being_written_survives_an_edit_of_an_older_prompt(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    older(prompt(box))
    older(prompt(box))
    QTest.keyClicks(prompt(box), " chair")
    assert text(box) == "second chair"
    older(prompt(box))
    assert text(box) == "mine"
    older(prompt(box))
    assert text(box) == "third"
    newer(prompt(box))
    newer(prompt(box))
    assert text(box) == "second chair"


def test_a_walk_goes_on_where_it_was_after_sending(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    older(prompt(box))
    older(prompt(box))
    ctrl_enter(prompt(box))
    box.note_past_prompt(*past("second", times=2))
    older(prompt(box))
    assert text(box) == "first"
    for _ in range(3):
        newer(prompt(box))
    assert text(box) == "mine"
    older(prompt(box))
    assert text(box) == "second"  # the newest by now


def test_plain_arrows_move_the_cursor(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    key(prompt(box), Qt.Key.Key_Up)
    key(prompt(box), Qt.Key.Key_Down)
    assert text(box) == "mine"


# The list


def by_button(panel: ComposePanel) -> None:
    click(find(panel, QAbstractButton, "promptHistoryButton"))


def by_keys(panel: ComposePanel) -> None:
    key(prompt(panel), Qt.Key.Key_H, CTRL)


@pytest.mark.parametrize("open_list", [by_button, by_keys])
def test_the_list_opens_with_the_keys_in_its_search(box: ComposePanel, open_list: object) -> None:
    assert callable(open_list)
    QTest.keyClicks(prompt(box), "mine")
    open_list(box)
    assert rows(box).isVisible()
    assert field(box).hasFocus()
    assert shown(box) == ["third", "second", "first"]
    assert chosen(box) == "third"
    key(field(box), Qt.Key.Key_Down)
    key(field(box), Qt.Key.Key_Down)
    key(field(box), Qt.Key.Key_Up)
    key(field(box), Qt.Key.Key_Return)
    assert not rows(box).isVisible()
    assert text(box) == "second"
    assert prompt(box).hasFocus()
    prompt(box).undo()
    assert text(box) == "mine"


def test_held_keys_open_it_once(box: ComposePanel) -> None:
    keys = box.findChild(QShortcut, "historyKeys")
    assert isinstance(keys, QShortcut)
    assert not keys.autoRepeat()
    assert keys.key().toString() == history_keys()
    tip = find(box, QAbstractButton, "promptHistoryButton").toolTip()
    assert keys.key().toString(QKeySequence.SequenceFormat.NativeText) in tip


@pytest.mark.parametrize(
    ("platform", "keys"), [("linux", "Ctrl+H"), ("win32", "Ctrl+H"), ("darwin", "Ctrl+Y")]
)
def test_the_keys_hide_the_program_nowhere(platform: str, keys: str) -> None:
    assert history_keys(platform) == keys


def test_the_button_and_the_key_close_it_too(box: ComposePanel) -> None:
    by_button(box)
    by_button(box)
    assert not rows(box).isVisible()
    by_keys(box)
    key(field(box), Qt.Key.Key_H, CTRL)
    assert not rows(box).isVisible()
    assert prompt(box).hasFocus()


def test_escape_closes_it_and_gives_the_keys_back(box: ComposePanel) -> None:
    QTest.keyClicks(prompt(box), "mine")
    by_button(box)
    key(field(box), Qt.Key.Key_Escape)
    assert not rows(box).isVisible()
    assert prompt(box).hasFocus()
    assert text(box) == "mine"


def test_a_press_elsewhere_closes_it(box: ComposePanel) -> None:
    by_button(box)
    click(find(box, QAbstractButton, "tier_2k"))
    assert not rows(box).isVisible()


def test_a_click_takes_a_prompt(box: ComposePanel) -> None:
    by_button(box)
    view = rows(box)
    spot = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert text(box) == "second"


def test_the_second_half_of_a_double_click_reaches_nothing_below(box: ComposePanel) -> None:
    drafts = heard(box.generate_requested)
    box.resize(360, 1200)
    by_button(box)
    view = rows(box)
    spot = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert text(box) == "second"
    second_click(generate(box))  # as if that had been below
    assert drafts == []
    click(generate(box))
    assert len(drafts) == 1


def test_the_list_leaves_generate_uncovered(box: ComposePanel) -> None:
    box.set_past_prompts("", past(*(f"chair {number}" for number in range(50))))
    box.resize(420, 640)
    by_button(box)
    popup = find(box, QFrame, "promptHistoryListPopup")
    block = find(box, QAbstractButton, "tier_1k")
    assert popup.geometry().bottom() < block.mapTo(box, QPoint(0, 0)).y()
    assert popup.height() > 150


def test_nothing_of_the_list_sends(box: ComposePanel) -> None:
    drafts = heard(box.generate_requested)
    QTest.keyClicks(prompt(box), "mine")
    by_button(box)
    ctrl_enter(field(box))
    assert drafts == []


def test_a_search_is_asked_for_and_only_its_own_answer_shown(box: ComposePanel) -> None:
    wishes = heard(box.prompts.prompts_wanted)
    by_button(box)
    QTest.keyClicks(field(box), "se")
    assert wishes == ["s", "se"]
    box.set_past_prompts("s", past("second", "first"))  # late: nobody seeks that any more
    assert shown(box) == ["third", "second", "first"]
    box.set_past_prompts("se", past("second"))
    assert shown(box) == ["second"]
    QTest.keyClicks(field(box), "x")
    box.set_past_prompts("sex", ())
    assert "No earlier prompt holds these words" in visible_text(box)
    assert not rows(box).isVisible()
    older(prompt(box))  # the walk still knows all of them
    assert text(box) == "third"


def test_enter_before_the_answer_takes_what_was_sought(box: ComposePanel) -> None:
    by_button(box)
    QTest.keyClicks(field(box), "fi")
    key(field(box), Qt.Key.Key_Return)
    assert text(box) == ""
    box.set_past_prompts("f", past("third", "first"))
    assert text(box) == ""
    box.set_past_prompts("fi", past("first"))
    assert text(box) == "first"
    assert not find(box, QFrame, "promptHistoryListPopup").isVisible()


def test_an_answer_after_closing_takes_nothing(box: ComposePanel) -> None:
    by_button(box)
    QTest.keyClicks(field(box), "fi")
    key(field(box), Qt.Key.Key_Return)
    key(field(box), Qt.Key.Key_Escape)
    box.set_past_prompts("fi", past("first"))
    by_button(box)
    box.set_past_prompts("", past("first"))
    assert text(box) == ""


def test_what_is_half_typed_in_the_search_takes_nothing(box: ComposePanel) -> None:
    by_button(box)
    compose(field(box), "yi")
    key(field(box), Qt.Key.Key_Return)
    key(field(box), Qt.Key.Key_Down)
    assert text(box) == ""
    assert chosen(box) == "third"
    commit(field(box), "椅")
    box.set_past_prompts("椅", past("椅子"))
    key(field(box), Qt.Key.Key_Return)
    assert text(box) == "椅子"


def test_delete_forgets_once_for_each_press_and_can_be_undone(box: ComposePanel) -> None:
    forgotten = heard(box.prompts.prompt_forgotten)
    by_button(box)
    key(field(box), Qt.Key.Key_Down)
    key(field(box), Qt.Key.Key_Delete)
    assert shown(box) == ["third", "first"]
    assert "Removed: second" in visible_text(box)
    assert forgotten == []
    click(find(box, QAbstractButton, "promptHistoryListUndo"))
    assert shown(box) == ["third", "second", "first"]
    assert chosen(box) == "second"
    key(field(box), Qt.Key.Key_Delete)
    key(field(box), Qt.Key.Key_Delete)
    assert forgotten == ["second"]
    key(field(box), Qt.Key.Key_Escape)
    assert forgotten == ["second", "first"]
    by_button(box)
    assert shown(box) == ["third"]
    older(prompt(box))
    older(prompt(box))
    assert text(box) == "third"


def test_delete_in_the_middle_of_a_search_deletes_there(box: ComposePanel) -> None:
    by_button(box)
    QTest.keyClicks(field(box), "x")
    box.set_past_prompts("x", past("third"))
    key(field(box), Qt.Key.Key_Home)
    key(field(box), Qt.Key.Key_Delete)
    assert field(box).text() == ""
    assert shown(box) == ["third"]


def test_the_small_button_forgets_and_a_double_click_only_one(box: ComposePanel) -> None:
    by_button(box)
    view = rows(box)
    rect = view.visualRect(view.model().index(0, 0))
    spot = QPoint(rect.right() - 12, rect.top() + 12)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    second_click(view.viewport(), spot)
    assert shown(box) == ["second", "first"]
    assert text(box) == ""


def test_tab_stays_in_the_list(box: ComposePanel) -> None:
    by_button(box)
    key(field(box), Qt.Key.Key_Delete)
    key(field(box), Qt.Key.Key_Tab)
    undo = find(box, QAbstractButton, "promptHistoryListUndo")
    assert undo.hasFocus()
    key(undo, Qt.Key.Key_Space)
    assert field(box).hasFocus()
    assert shown(box) == ["third", "second", "first"]
    key(field(box), Qt.Key.Key_Tab)
    assert field(box).hasFocus()


def test_without_prompts_the_list_says_what_it_is_for(panel: ComposePanel) -> None:
    by_button(panel)
    assert "once you have generated" in visible_text(panel)
    key(field(panel), Qt.Key.Key_Return)
    key(field(panel), Qt.Key.Key_Delete)


def test_a_row_tells_when_and_how_often(box: ComposePanel) -> None:
    now = time.time()
    box.set_past_prompts("", (PastPrompt(text="oak\nchair", used_at=now, times=3),))
    by_button(box)
    read = str(rows(box).model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert read.startswith("oak chair, today ")
    assert read.endswith(" · 3 times")


def test_two_thousand_long_prompts_open_at_once(panel: ComposePanel, qtbot: QtBot) -> None:
    many = tuple(
        PastPrompt(text=f"{number} " + "木 oak " * 330, used_at=float(number), times=1)
        for number in range(2000)
    )
    panel.set_past_prompts("", many)
    start = time.perf_counter()
    by_button(panel)
    find(panel, QFrame, "promptHistoryListPopup").grab()
    taken = time.perf_counter() - start
    assert rows(panel).model().rowCount() == 2000
    assert taken < 0.5  # laying out each row would take many seconds
    assert rows(panel).uniformItemSizes()


def test_the_list_comes_into_sight_with_its_editor(box: ComposePanel) -> None:
    box.resize(320, 420)
    QApplication.processEvents()
    bar = box.findChildren(SteadyScroll)[0].verticalScrollBar()
    bar.setValue(bar.maximum())
    assert prompt(box).visibleRegion().isEmpty()
    key(prompt(box), Qt.Key.Key_H, CTRL)
    assert field(box).hasFocus()
    assert not prompt(box).visibleRegion().isEmpty()
    assert not field(box).visibleRegion().isEmpty()


@pytest.mark.parametrize("opener", ["promptHistoryButton", "templatesButton"])
def test_a_composer_may_go_while_a_list_is_open(qapp: QApplication, qtbot: QtBot, opener: str) -> None:
    frame = QWidget()
    composer = ComposePanel(frame)
    frame.resize(400, 700)
    frame.show()
    click(find(composer, QAbstractButton, opener))
    assert any(overlay.isVisible() for overlay in frame.findChildren(Overlay))
    shiboken6.delete(frame)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    click(other)  # whatever listened to the whole program has gone
    QApplication.processEvents()
