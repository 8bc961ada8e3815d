"""What was done to the references can be taken back, also while others still arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QToolButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.ui.compose.references.undo_line import UndoLine
from tests.ui.compose import hands

if TYPE_CHECKING:
    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.ui.compose.panel import ComposePanel

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def five(panel: ComposePanel) -> ComposePanel:
    panel.set_draft(Draft(prompt="x", references=tuple(map(hands.url_reference, range(5)))))
    return panel


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def order(panel: ComposePanel) -> list[int]:
    """The references by the numbers that they were made with."""
    known: dict[Reference, int] = {hands.url_reference(number): number for number in range(20)}
    known |= {hands.file_reference(number): 100 + number for number in range(20)}
    return [known[reference] for reference in panel.draft().references]


def undo(panel: ComposePanel) -> None:
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL)


def redo(panel: ComposePanel) -> None:
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL | SHIFT)


def told(panel: ComposePanel) -> str:
    """The quiet line about the last step; empty where there is none."""
    line = hands.find(panel, UndoLine, "undoLine")
    return line.text() if line.isVisible() else ""


def test_every_kind_of_step_goes_back_and_forth(five: ComposePanel) -> None:
    QTest.keyClick(hands.chips(five)[1], Qt.Key.Key_Delete)
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Right, ALT)
    hands.drop(tray(five), hands.links(hands.url_reference(9).url))
    steps = [[0, 1, 2, 3, 4], [0, 2, 3, 4], [2, 0, 3, 4], [2, 0, 3, 4, 9]]
    assert order(five) == steps[-1]
    for before in reversed(steps[:-1]):
        undo(five)
        assert order(five) == before
    undo(five)
    assert order(five) == steps[0]
    for after in steps[1:]:
        redo(five)
        assert order(five) == after


def test_a_line_tells_what_was_removed_and_offers_it_back(five: ComposePanel) -> None:
    five.set_draft(Draft(references=(hands.file_reference(1), hands.file_reference(2))))
    assert told(five) == ""
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    assert told(five) == "Removed sketch 1.png"
    hands.click(hands.find(five, QToolButton, "undoReference"))
    assert order(five) == [101, 102]
    assert told(five) == ""


def test_what_is_taken_back_is_kept_as_the_draft(five: ComposePanel) -> None:
    drafts: list[Draft] = []
    five.draft_changed.connect(drafts.append)
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    undo(five)
    assert [len(draft.references) for draft in drafts[-2:]] == [4, 5]


def test_undo_in_the_prompt_leaves_the_references_alone(five: ComposePanel) -> None:
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    for field in (hands.prompt(five), hands.find(five, QLineEdit, "referenceUrlEdit")):
        QTest.keyClicks(field, "abc")
        QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert order(five) == [1, 2, 3, 4]


def test_the_last_one_comes_back_too(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=(hands.url_reference(0),)))
    QTest.keyClick(hands.chips(panel)[0], Qt.Key.Key_Delete)
    assert order(panel) == []
    undo(panel)
    assert order(panel) == [0]


def test_others_arrive_meanwhile_and_stay(five: ComposePanel) -> None:
    hands.drop(tray(five), hands.files("/p/1.png", "/p/2.png"))
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    five.add_reference(hands.file_reference(1), None, source="/p/1.png")
    undo(five)
    assert order(five) == [0, 1, 2, 3, 4, 101]
    five.add_reference(hands.file_reference(2), None, source="/p/2.png")
    assert order(five) == [0, 1, 2, 3, 4, 101, 102]


def test_what_was_read_after_it_was_removed_is_there_when_it_comes_back(five: ComposePanel) -> None:
    hands.drop(tray(five), hands.files("/p/1.png"))
    QTest.keyClick(hands.chips(five)[5], Qt.Key.Key_Delete)
    five.add_reference(hands.file_reference(1), None, source="/p/1.png")
    assert order(five) == [0, 1, 2, 3, 4]
    undo(five)
    assert order(five) == [0, 1, 2, 3, 4, 101]


def test_what_could_not_be_read_does_not_come_back(five: ComposePanel) -> None:
    hands.drop(tray(five), hands.files("/p/1.png", "/p/2.png"))
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    five.drop_pending("/p/1.png")
    five.add_reference(hands.file_reference(2), None, source="/p/2.png")
    undo(five)
    assert order(five) == [0, 1, 2, 3, 4, 102]
    redo(five)
    assert order(five) == [1, 2, 3, 4, 102]


def test_another_draft_forgets_the_steps(five: ComposePanel) -> None:
    QTest.keyClick(hands.chips(five)[0], Qt.Key.Key_Delete)
    five.set_draft(Draft(references=(hands.url_reference(7),)))
    assert told(five) == ""
    undo(five)
    assert order(five) == [7]


def test_one_is_replaced_by_a_file_that_is_chosen(five: ComposePanel) -> None:
    offered: list[object] = []
    five.references_offered.connect(offered.append)
    QTest.keyClick(hands.chips(five)[2], Qt.Key.Key_F2)
    dialog = hands.find(five, QFileDialog, "referenceFileDialog")
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
    dialog.filesSelected.emit(["/p/1.png"])
    dialog.close()
    assert offered == [("/p/1.png",)]
    five.add_reference(hands.file_reference(1), None, source="/p/1.png")
    assert order(five) == [0, 1, 101, 3, 4]
    assert told(five) == "Replaced pictures.example.com"
    undo(five)
    assert order(five) == [0, 1, 2, 3, 4]


def test_a_held_delete_takes_one_out(five: ComposePanel) -> None:
    hands.hold(lambda: hands.chips(five)[0], Qt.Key.Key_Delete, 5)
    assert order(five) == [1, 2, 3, 4]


def test_a_long_name_leaves_the_way_back_in_sight(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    panel.set_draft(Draft(references=(hands.url_reference(0),)))
    hands.drop(tray(panel), hands.files("/p/" + "long name " * 30 + ".png"))
    QTest.keyClick(hands.chips(panel)[1], Qt.Key.Key_Delete)
    button = hands.find(panel, QToolButton, "undoReference")
    assert button.visibleRegion().boundingRect().size() == button.size()
    assert tray(panel).width() <= panel.width()
    line = hands.find(panel, UndoLine, "undoLine")
    assert any("…" in label.text() for label in line.findChildren(QLabel))


@pytest.mark.parametrize("kind", ["files", "addresses"])
@pytest.mark.parametrize("width", [320, 420])
def test_nothing_moves_when_the_way_back_comes(panel: ComposePanel, kind: str, width: int) -> None:
    made = hands.file_reference if kind == "files" else hands.url_reference
    panel.resize(width, 712)
    panel.set_draft(Draft(references=tuple(map(made, range(4)))))
    QApplication.processEvents()
    names = ("shrinkButton", "referenceWeight", "addReferenceButton", "referenceUrlEdit", "ratio_1x1")
    watched = [hands.find(panel, QWidget, name) for name in names]
    before = [widget.mapTo(panel, QPoint(0, 0)) for widget in watched]
    sizes = [widget.height() for widget in watched]
    QTest.keyClick(hands.chips(panel)[3], Qt.Key.Key_Delete)
    QApplication.processEvents()
    assert hands.find(panel, QToolButton, "undoReference").isVisible()
    assert [widget.mapTo(panel, QPoint(0, 0)) for widget in watched] == before
    assert [widget.height() for widget in watched] == sizes


def test_what_was_done_is_told_in_words_where_they_fit(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    panel.set_draft(Draft(references=tuple(map(hands.file_reference, range(4)))))
    QTest.keyClick(hands.chips(panel)[3], Qt.Key.Key_Delete)
    QApplication.processEvents()
    button = hands.find(panel, QToolButton, "undoReference")
    assert button.accessibleName() == "Undo: Removed sketch 3.png"
    assert "Removed sketch 3.png" in button.toolTip()
    for _ in range(3):
        QTest.keyClick(hands.chips(panel)[0], Qt.Key.Key_Delete)
    QApplication.processEvents()
    assert "Removed sketch 2.png" in hands.visible_text(panel)


@pytest.mark.parametrize(
    ("key", "start", "expected"),
    [
        (Qt.Key.Key_Down, 1, [0, 2, 3, 4, 5, 1, 6]),
        (Qt.Key.Key_Up, 5, [0, 5, 1, 2, 3, 4, 6]),
        (Qt.Key.Key_Down, 3, [0, 1, 2, 4, 5, 6, 3]),
        (Qt.Key.Key_Down, 5, [0, 1, 2, 3, 4, 5, 6]),
        (Qt.Key.Key_Up, 2, [0, 1, 2, 3, 4, 5, 6]),
        (Qt.Key.Key_Right, 6, [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_chip_is_moved_by_a_row(panel: ComposePanel, key: Qt.Key, start: int, expected: list[int]) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(7)))))
    QTest.keyClick(hands.chips(panel)[start], key, ALT)
    assert order(panel) == expected


def test_the_weight_stays_whole_beside_the_way_back(panel: ComposePanel) -> None:
    """The narrowest composer, everything in that line."""
    panel.resize(320, 1100)
    heavy = tuple(replace(hands.file_reference(number), size_bytes=7_000_000) for number in range(16))
    panel.set_draft(Draft(references=heavy, shrink=Shrink(longest_edge=2048, quality=80)))
    QApplication.processEvents()
    QTest.keyClick(hands.chips(panel)[0], Qt.Key.Key_Delete)
    QApplication.processEvents()
    weight = hands.find(panel, QLabel, "referenceWeight")
    assert weight.text() == "15 of 16 · 140 MB"
    assert weight.width() >= weight.sizeHint().width()
    button = hands.find(panel, QToolButton, "undoReference")
    assert button.visibleRegion().boundingRect().size() == button.size()
    panel.resize(420, 1100)
    QApplication.processEvents()
    assert button.width() > button.fontMetrics().horizontalAdvance("Undo")
