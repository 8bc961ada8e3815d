"""What comes back for the references: files in folders, files that changed or are gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import FileReference, Origin, Shrink, ShrinkWish
from gptimg_desktop.ui.compose.chip_grid import ChipGrid
from tests.ui.compose import hands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

    from gptimg_desktop.ui.compose.panel import ComposePanel

CTRL = Qt.KeyboardModifier.ControlModifier


class Reader:
    """Stands where the program reads files."""

    def __init__(self, panel: ComposePanel) -> None:
        self.paths: list[str] = []
        self.accepted: list[Draft] = []
        self.drafts: list[Draft] = []
        panel.references_offered.connect(self._on_paths)
        panel.copies_accepted.connect(self.accepted.append)
        panel.generate_requested.connect(self.drafts.append)

    def _on_paths(self, paths: Sequence[str]) -> None:
        self.paths += paths


@pytest.fixture
def reader(panel: ComposePanel) -> Reader:
    return Reader(panel)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def titles(panel: ComposePanel) -> list[str]:
    return [chip.title for chip in hands.chips(panel)]


def from_file(number: int) -> FileReference:
    origin = Origin(path=f"/p/{number}.png", size_bytes=number, modified_ns=number)
    return replace(hands.file_reference(number), origin=origin)


def show(panel: ComposePanel, *numbers: int, shrink: Shrink | None = None) -> None:
    panel.set_draft(Draft(prompt="x", references=tuple(map(from_file, numbers)), shrink=shrink))


# Folders


def test_a_folder_becomes_its_pictures_where_it_was_put(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/first.png", "/p/set", "/p/last.png"))
    panel.expand_pending("/p/set", ("/p/set/a.png", "/p/set/b.png"))
    assert titles(panel) == ["first.png", "a.png", "b.png", "last.png"]
    assert reader.paths == ["/p/first.png", "/p/set", "/p/last.png", "/p/set/a.png", "/p/set/b.png"]
    for number, path in enumerate(reader.paths):
        panel.add_reference(hands.file_reference(number), None, source=path)
    assert panel.draft().references == tuple(hands.file_reference(number) for number in (0, 3, 4, 2))


def test_a_folder_without_pictures_gives_its_place_up(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/first.png", "/p/set"))
    panel.expand_pending("/p/set", ())
    assert titles(panel) == ["first.png"]


def test_what_of_a_folder_does_not_fit_is_asked_about(panel: ComposePanel, reader: Reader) -> None:
    show(panel, *range(13))
    hands.drop(tray(panel), hands.files("/p/set"))
    panel.expand_pending("/p/set", tuple(f"/p/set/{number}.png" for number in range(5)))
    assert reader.paths == ["/p/set", "/p/set/0.png", "/p/set/1.png", "/p/set/2.png"]
    told = "16 of 16. Choose the one that “3.png” replaces, and 1 more."
    assert told in hands.visible_text(tray(panel))


def test_a_folder_that_was_taken_out_is_looked_into_when_it_comes_back(
    panel: ComposePanel, reader: Reader
) -> None:
    hands.drop(tray(panel), hands.files("/p/set"))
    QTest.keyClick(hands.chips(panel)[0], Qt.Key.Key_Delete)
    panel.expand_pending("/p/set", ("/p/set/a.png", "/p/set/b.png"))
    assert (titles(panel), reader.paths) == ([], ["/p/set"])
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL)
    QApplication.processEvents()
    assert titles(panel) == ["a.png", "b.png"]
    assert reader.paths == ["/p/set", "/p/set/a.png", "/p/set/b.png"]


def test_a_folder_is_undone_as_a_whole(panel: ComposePanel, reader: Reader) -> None:
    show(panel, 1)
    hands.drop(tray(panel), hands.files("/p/set"))
    panel.expand_pending("/p/set", ("/p/set/a.png", "/p/set/b.png"))
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL)
    assert titles(panel) == ["sketch 1.png"]


# Files that changed or are gone


def test_a_chip_follows_its_file(panel: ComposePanel) -> None:
    drafts: list[Draft] = []
    show(panel, 1, 2, 3)
    panel.draft_changed.connect(drafts.append)
    panel.replace_reference(from_file(2), from_file(9), hands.bitmap())
    assert panel.draft().references == (from_file(1), from_file(9), from_file(3))
    assert drafts[-1] == panel.draft()
    assert hands.chips(panel)[1].image is not None


def test_a_chip_follows_its_file_where_a_lighter_copy_was_to_be_sent(panel: ComposePanel) -> None:
    way = Shrink(longest_edge=1024, quality=70)
    show(panel, 1, 2, shrink=way)
    small = replace(from_file(2), sha256="f" * 64, size_bytes=10)
    for number in (1, 2):
        made = small if number == 2 else from_file(1)
        panel.set_shrunk(ShrinkWish(reference=from_file(number), shrink=way), made)
    panel.replace_reference(small, from_file(9), None)
    assert panel.draft().references == (from_file(1), from_file(9))


def test_what_is_gone_is_asked_about_and_can_be_sent_all_the_same(
    panel: ComposePanel, reader: Reader
) -> None:
    show(panel, 1, 2)
    asked = panel.draft()
    panel.ask_missing(asked, (from_file(2),))
    told = "The file “sketch 2.png” is not where it was any more, or cannot be read. Nothing was sent."
    assert told in hands.visible_text(tray(panel))
    hands.click(hands.button(panel, "sendCopyButton"))
    settled = (from_file(1), from_file(2).settled())
    assert reader.accepted == [asked.with_references(settled)]
    assert panel.draft().references == settled
    assert told not in hands.visible_text(tray(panel))
    assert not hands.button(panel, "sendCopyButton").isVisible()


def test_what_is_gone_can_be_taken_out_and_brought_back(panel: ComposePanel, reader: Reader) -> None:
    show(panel, 1, 2, 3)
    panel.ask_missing(panel.draft(), (from_file(1), from_file(3)))
    told = "2 files are not where they were any more, or cannot be read: sketch 1.png, sketch 3.png."
    assert told in hands.visible_text(tray(panel))
    hands.click(hands.button(panel, "takeOutButton"))
    assert panel.draft().references == (from_file(2),)
    assert reader.accepted == []
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL)
    assert len(panel.draft().references) == 3


def test_a_press_that_was_asked_about_is_void_once_the_draft_is_another(
    panel: ComposePanel, reader: Reader
) -> None:
    show(panel, 1)
    panel.ask_missing(panel.draft(), (from_file(1),))
    hands.prompt(panel).insertPlainText("y")
    assert not hands.button(panel, "sendCopyButton").isVisible()
    assert reader.accepted == []


def test_two_presses_that_are_asked_about_are_sent_once(panel: ComposePanel, reader: Reader) -> None:
    show(panel, 1)
    for _ in range(2):
        panel.ask_missing(panel.draft(), (from_file(1),))
    button = hands.button(panel, "sendCopyButton")
    hands.hold(lambda: button, Qt.Key.Key_Space, 3)
    hands.click(button)
    assert len(reader.accepted) == 1


def test_questions_fit_the_narrowest_composer(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    heavy = tuple(replace(from_file(number), size_bytes=10_000_000) for number in range(16))
    panel.set_draft(Draft(references=heavy, shrink=Shrink(longest_edge=2048, quality=80)))
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png"))
    panel.ask_missing(panel.draft(), (from_file(1), from_file(2)))
    QApplication.processEvents()
    for name in ("shrinkButton", "sendCopyButton", "takeOutButton", "leaveOutButton", "leaveOutRestButton"):
        button = hands.button(panel, name)
        assert button.isVisible()
        assert button.mapTo(panel, button.rect().topRight()).x() < panel.width() - 16


# Drops among the chips


def carry(panel: ComposePanel, mime: QMimeData, column: float, row: int = 0) -> None:
    """Let something go over the chips: at 2.0 between the second and the third, at 2.5 on the third."""
    grid = hands.find(panel, ChipGrid, "referenceChips")
    width = grid.width() / 4
    point = QPoint(min(grid.width() - 1, int(width * column)), row * 78 + 30)
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(point, action, mime, left, none),
        QDragMoveEvent(point, action, mime, left, none),
        QDropEvent(QPointF(point), action, mime, left, none),
    ):
        QApplication.sendEvent(grid, event)
        assert event.isAccepted()
        assert event.dropAction() is action


@pytest.mark.parametrize(
    ("column", "row", "at"),
    [(0.0, 0, 0), (1.0, 0, 1), (2.05, 0, 2), (1.95, 0, 2), (4.0, 0, 4), (0.0, 1, 4), (3.5, 1, 6)],
)
def test_what_is_dropped_between_two_is_put_there(
    panel: ComposePanel, qtbot: object, column: float, row: int, at: int
) -> None:
    show(panel, *range(6))
    QApplication.processEvents()
    carry(panel, hands.links(hands.url_reference(1).url), column, row)
    references = list(panel.draft().references)
    assert references.index(hands.url_reference(1)) == at
    assert len(references) == 7


def test_what_is_dropped_on_one_replaces_it(panel: ComposePanel, reader: Reader) -> None:
    show(panel, *range(3))
    QApplication.processEvents()
    carry(panel, hands.files("/p/new.png"), 1.5)
    assert titles(panel) == ["sketch 0.png", "new.png", "sketch 2.png"]
    assert reader.paths == ["/p/new.png"]


def test_several_replace_none(panel: ComposePanel, reader: Reader) -> None:
    show(panel, *range(3))
    QApplication.processEvents()
    carry(panel, hands.files("/p/a.png", "/p/b.png"), 1.4)
    assert titles(panel) == ["sketch 0.png", "a.png", "b.png", "sketch 1.png", "sketch 2.png"]


def test_a_full_row_of_chips_says_replace_wherever_it_is_dropped(panel: ComposePanel, reader: Reader) -> None:
    show(panel, *range(16))
    QApplication.processEvents()
    carry(panel, hands.files("/p/new.png"), 1.02)
    assert titles(panel)[1] == "new.png"
    assert len(titles(panel)) == 16
    carry(panel, hands.files("/p/a.png", "/p/b.png"), 1.5)
    assert "Choose the one that “a.png” replaces, and 1 more." in hands.visible_text(tray(panel))


def test_text_is_nothing_for_the_chips(panel: ComposePanel) -> None:
    show(panel, 1)
    grid = hands.find(panel, ChipGrid, "referenceChips")
    mime = hands.links()
    mime.setText("misty harbour")
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, mime, left, none)
    QApplication.sendEvent(grid, enter)
    assert not enter.isAccepted()


def test_a_dropped_address_is_never_fetched_but_named(panel: ComposePanel) -> None:
    show(panel, 1)
    QApplication.processEvents()
    carry(panel, hands.links("https://example.com/a.png"), 1.0)
    assert hands.chips(panel)[1].title == "example.com"
