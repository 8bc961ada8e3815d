"""What was asked for once is taken over into the composer, and goes as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.core.take import Part, taken
from gptimg_desktop.ui.compose.taken_line import TakenLine
from tests.ui.compose import hands
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

MINE = Draft(
    prompt="my own words",
    size=Ratio.R16X9,
    tier=Tier.K2,
    references=(hands.url_reference(1), hands.file_reference(1)),
    official_fallback=True,
    copies=7,
    one_per_line=True,
    shrink=Shrink(longest_edge=1024, quality=80),
)
EARLIER = GenerationRequest(
    prompt="a chair\nof oak", size=Ratio.R9X16, tier=Tier.K4, references=(hands.url_reference(5),)
)


@pytest.fixture
def mine(panel: ComposePanel) -> ComposePanel:
    panel.set_draft(MINE)
    return panel


def take(panel: ComposePanel, part: Part = Part.ALL, request: GenerationRequest = EARLIER) -> bool:
    return panel.take(request, part, "Settings taken") is not None


def told(panel: ComposePanel) -> str:
    line = hands.find(panel, TakenLine, "takenLine")
    return line.text if line.isVisible() else ""


def undo(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Z, CTRL)


def redo(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Z, CTRL | SHIFT)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


@pytest.mark.parametrize("part", Part)
def test_each_part_is_taken_alone_and_undone_by_its_button(mine: ComposePanel, part: Part) -> None:
    before, drafts = mine.draft(), heard(mine.draft_changed)
    assert take(mine, part)
    assert mine.draft() == taken(before, EARLIER, part)
    assert told(mine) == "Settings taken"
    assert drafts == [mine.draft()]
    hands.find(mine, QToolButton, "undoTaken").click()
    assert mine.draft() == before
    assert told(mine) == ""
    assert drafts[-1] == before


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("where", ["promptEdit", "referenceTray"])
def test_undo_in_prompt_and_references_takes_all_of_it_back(
    mine: ComposePanel, part: Part, where: str
) -> None:
    before = mine.draft()
    take(mine, part)
    after = mine.draft()
    widget = hands.find(mine, QWidget, where)
    if where == "referenceTray" and part in {Part.PROMPT, Part.SIZE}:
        return  # nothing there to undo: what bubbles on is looked at below
    undo(widget)
    assert mine.draft() == before
    assert told(mine) == ""
    redo(widget)
    assert mine.draft() == after
    undo(widget)
    assert mine.draft() == before


def test_undo_anywhere_in_the_composer_takes_it_back_while_it_is_offered(mine: ComposePanel) -> None:
    before = mine.draft()
    take(mine, Part.SIZE)
    undo(hands.button(mine, "ratio_1x1"))
    assert mine.draft() == before
    undo(hands.button(mine, "ratio_1x1"))
    assert mine.draft() == before


def test_the_editors_menu_undoes_it_whole_too(mine: ComposePanel) -> None:
    before = mine.draft()
    take(mine)
    hands.prompt(mine).undo()
    assert mine.draft() == before
    hands.prompt(mine).redo()
    assert mine.draft() == taken(before, EARLIER, Part.ALL)


def test_what_was_written_since_goes_first(mine: ComposePanel) -> None:
    before = mine.draft()
    take(mine)
    after = mine.draft()
    QTest.keyClicks(hands.prompt(mine), "!!")
    assert told(mine) == ""
    undo(hands.prompt(mine))
    assert mine.draft() == after
    undo(hands.prompt(mine))
    assert mine.draft() == before


def test_what_the_user_changed_since_stays_as_he_left_it(mine: ComposePanel) -> None:
    take(mine)
    hands.click(hands.button(mine, "ratio_1x1"))
    hands.spin(mine, "copiesSpin").setValue(3)
    mine.add_reference(hands.url_reference(9), None)
    undo(hands.prompt(mine))
    assert mine.draft().prompt == MINE.prompt
    assert mine.draft().size == Ratio.R1X1
    assert mine.draft().references == (hands.url_reference(5), hands.url_reference(9))
    assert mine.draft().copies == 3
    assert mine.draft().official_fallback
    undo(hands.prompt(mine))
    assert mine.draft().size == Ratio.R1X1


def test_several_takes_go_one_by_one_and_come_back(mine: ComposePanel) -> None:
    other = GenerationRequest(prompt="a lamp", size=PixelSize(2048, 1152), tier=Tier.K2)
    drafts = [mine.draft()]
    for part, request in ((Part.ALL, EARLIER), (Part.SIZE, other), (Part.ALL, other)):
        take(mine, part, request)
        drafts.append(mine.draft())
    for draft in reversed(drafts[:-1]):
        undo(hands.prompt(mine))
        assert mine.draft() == draft
    for draft in drafts[1:]:
        redo(hands.prompt(mine))
        assert mine.draft() == draft


def test_what_is_written_after_an_undo_ends_the_way_back_to_it(mine: ComposePanel) -> None:
    take(mine)
    undo(hands.prompt(mine))
    QTest.keyClicks(hands.prompt(mine), "more")
    written = mine.draft()
    redo(hands.prompt(mine))
    assert mine.draft() == written
    undo(hands.prompt(mine))
    assert mine.draft() == MINE


def test_what_takes_as_many_steps_is_not_taken_for_it(mine: ComposePanel) -> None:
    size = GenerationRequest(prompt=MINE.prompt, size=Ratio.R1X1, tier=Tier.K1)
    take(mine, Part.SIZE, size)
    undo(hands.prompt(mine))
    cursor = hands.prompt(mine).textCursor()
    cursor.beginEditBlock()
    cursor.select(cursor.SelectionType.Document)
    cursor.insertText("pasted over all of it")
    cursor.endEditBlock()
    assert mine.draft().size == MINE.size
    undo(hands.prompt(mine))
    assert mine.draft() == MINE


def test_an_empty_composer_is_empty_again(panel: ComposePanel) -> None:
    take(panel)
    undo(hands.prompt(panel))
    assert panel.draft() == Draft()


def test_what_stands_there_already_is_no_step(mine: ComposePanel) -> None:
    take(mine)
    hands.find(mine, QToolButton, "undoTaken").click()
    take(mine)
    assert not take(mine)
    undo(hands.prompt(mine))
    assert mine.draft() == MINE


def test_pictures_that_are_still_read_come_back_too(mine: ComposePanel) -> None:
    mine.set_draft(Draft(prompt="x"))
    mine.offer_paths(("/pictures/a.png",))
    take(mine, Part.PROMPT)
    mine.add_reference(hands.file_reference(3), None, source="/pictures/a.png")
    assert mine.draft().references == (hands.file_reference(3),)
    mine.offer_paths(("/pictures/b.png",))
    take(mine, Part.REFERENCES)
    assert mine.draft().references == EARLIER.references
    mine.add_reference(hands.file_reference(4), None, source="/pictures/b.png")
    assert mine.draft().references == EARLIER.references
    undo(tray(mine))
    assert mine.draft().references == (hands.file_reference(3), hands.file_reference(4))


def test_taking_sends_nothing_and_takes_a_question_back(mine: ComposePanel) -> None:
    sent = heard(mine.generate_requested)
    mine.set_draft(Draft(prompt="{a blank}"))
    hands.click(hands.generate(mine))
    assert "Press again" in hands.generate(mine).text()
    take(mine)
    assert "Press again" not in hands.generate(mine).text()
    assert sent == []


def test_a_press_ends_the_offer_and_not_the_way_back(mine: ComposePanel) -> None:
    mine.set_draft(Draft(prompt="x"))
    take(mine)
    sent = heard(mine.generate_requested)
    hands.click(hands.generate(mine))
    assert len(sent) == 1
    assert told(mine) == ""
    undo(hands.prompt(mine))
    assert mine.draft() == Draft(prompt="x")
    assert len(sent) == 1


def test_an_offer_that_comes_and_goes_moves_nothing(mine: ComposePanel) -> None:
    def places() -> list[QPoint]:
        for _ in range(6):
            QTest.qWait(2)
        names = ("ratio_1x1", "generateButton", "copiesSpin", "tier_1k")
        return [hands.find(mine, QWidget, name).mapTo(mine, QPoint(0, 0)) for name in names]

    before = places()
    take(mine, Part.SIZE, GenerationRequest(prompt="x", size=Ratio.R16X9, tier=Tier.K1))
    assert told(mine)
    assert places() == before


def test_a_held_key_undoes_once(mine: ComposePanel) -> None:
    take(mine, Part.SIZE)
    take(mine, Part.PROMPT)
    after_one = taken(MINE, EARLIER, Part.SIZE)
    button = hands.button(mine, "ratio_1x1")
    for repeated in (False, True, True):
        QApplication.sendEvent(button, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, CTRL, "", repeated))
    assert mine.draft() == after_one
