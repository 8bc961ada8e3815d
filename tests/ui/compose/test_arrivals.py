"""What comes back for the references: files in folders, files that changed or are gone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gptimg_desktop.core.connection import Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.missing_files import MissingFiles
from gptimg_desktop.core.reference import FileReference, Origin, Shrink, ShrinkWish
from gptimg_desktop.ui.compose.references.chip_grid import ChipGrid
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from gptimg_desktop.ui.messages import sentence
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
        self.accepted: list[int] = []
        self.dropped: list[int] = []
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
    told = "16 of 16 are used. Choose what “3.png” replaces; 1 more waits."
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


CHANGED = Problem.of(ProblemKind.REFERENCE_CHANGED, name="sketch 2.png")
SWAPPED = "The file had changed: this is how it was when Generate was pressed."


def test_a_chip_whose_file_was_swapped_says_so_until_the_next_change(panel: ComposePanel) -> None:
    show(panel, 1, 2)
    panel.replace_reference(from_file(2), from_file(9), hands.bitmap())
    panel.show_problems((CHANGED,))
    first, second = hands.chips(panel)
    assert SWAPPED in second.accessibleDescription()
    assert SWAPPED in second.toolTip()
    assert SWAPPED not in first.toolTip()
    hands.prompt(panel).setPlainText("another text")
    assert sentence(CHANGED) in hands.visible_text(tray(panel))
    QTest.keyClick(first, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert SWAPPED not in second.toolTip()
    assert sentence(CHANGED) not in hands.visible_text(tray(panel))


def test_a_copy_that_was_only_lost_is_no_other_picture(panel: ComposePanel) -> None:
    show(panel, 2)
    panel.replace_reference(from_file(2), from_file(2), hands.bitmap())
    assert SWAPPED not in hands.chips(panel)[0].toolTip()


def test_a_note_is_told_beside_a_problem(panel: ComposePanel) -> None:
    damaged = Problem.of(ProblemKind.REFERENCE_DAMAGED, name="broken.png")
    show(panel, 1, 2)
    panel.show_problems((damaged,))
    panel.show_problems((CHANGED,))
    panel.show_problems((CHANGED,))
    told = hands.visible_text(tray(panel))
    assert sentence(damaged) in told
    assert told.count(sentence(CHANGED)) == 1


def test_a_chip_follows_its_file_where_a_lighter_copy_was_to_be_sent(panel: ComposePanel) -> None:
    way = Shrink(longest_edge=1024, quality=70)
    show(panel, 1, 2, shrink=way)
    small = replace(from_file(2), sha256="f" * 64, size_bytes=10)
    for number in (1, 2):
        made = small if number == 2 else from_file(1)
        panel.set_shrunk(ShrinkWish(reference=from_file(number), shrink=way), made)
    panel.replace_reference(small, from_file(9), None)
    assert panel.draft().references == (from_file(1), from_file(9))


def question(panel: ComposePanel, *numbers: int, **more: Any) -> MissingFiles:
    """One press of what stands in the composer, whose files with these numbers are gone."""
    missing = tuple(map(from_file, numbers))
    facts: dict[str, Any] = {
        "number": 7,
        "names": tuple(each.name for each in missing),
        "missing": missing,
        "drafts": (panel.draft(),),
        "count": 1,
        "price": Decimal("0.0085"),
    }
    return MissingFiles(**(facts | more))


def asks(panel: ComposePanel) -> str:
    """What can be read in the question; empty while nothing is asked."""
    return hands.visible_text(hands.find(panel, QWidget, "missingQuestion"))


def let_settle(panel: ComposePanel) -> None:
    """A moment after a question has come it can be answered."""
    asking = hands.find(panel, MissingQuestion, "missingQuestion")
    assert asking.asked is not None
    while not asking.takes_answers:
        QTest.qWait(5)


def answer(panel: ComposePanel, name: str) -> None:
    """Press a button of the question, a moment after it has come."""
    let_settle(panel)
    hands.click(hands.button(panel, name))


def test_what_is_gone_is_asked_about_and_can_be_sent_all_the_same(
    panel: ComposePanel, reader: Reader
) -> None:
    show(panel, 1, 2)
    panel.ask_missing(question(panel, 2))
    assert asks(panel).splitlines() == [
        "“sketch 2.png” is not there any more, or cannot be read.",
        "1 press waits: 1 image · $0.0085",
    ]
    answer(panel, "sendCopyButton")
    assert reader.accepted == [7]
    assert panel.draft().references == (from_file(1), from_file(2).settled())
    panel.ask_missing(None)
    assert asks(panel) == ""


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"count": 41, "price": Decimal("0.8600")}, "1 press waits: 41 images · $0.86"),
        ({"price": Decimal(0), "free": 1}, "1 press waits: 1 image · free"),
        ({"count": 3, "free": 1}, "1 press waits: 3 images · $0.0085, 1 of them free"),
        ({"more": 2}, "1 press waits: 1 image · $0.0085\n2 more presses wait for other files."),
    ],
)
def test_a_question_says_what_its_answer_costs(facts: dict[str, Any], told: str, panel: ComposePanel) -> None:
    show(panel, 1)
    panel.ask_missing(question(panel, 1, **facts))
    assert told in asks(panel)


def test_a_question_calls_its_presses_by_their_prompts_where_another_draft_stands_there(
    panel: ComposePanel,
) -> None:
    show(panel, 1)
    drafts = tuple(
        replace(panel.draft(), prompt=prompt)
        for prompt in ("x", "an oak chair\nby a window " * 9, "a " * 30, "walnut", "x")
    )
    panel.ask_missing(question(panel, 1, drafts=drafts))
    assert asks(panel).splitlines()[1:] == [
        "5 presses wait: 1 image · $0.0085",
        "“x”",
        "“an oak chair by a window an oak chair by a window an oak…”",
        "“a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a”",
        "…",
    ]
    panel.ask_missing(question(panel, 1, number=8))
    assert len(asks(panel).splitlines()) == 2
    panel.set_draft(Draft(prompt="another"))
    assert asks(panel).splitlines()[2:] == ["“x”"]


@pytest.mark.parametrize("name", ["sendCopyButton", "dropPressesButton"])
def test_the_keys_go_to_the_pictures_after_an_answer(panel: ComposePanel, name: str) -> None:
    show(panel, 1, 2)
    panel.activateWindow()
    panel.ask_missing(question(panel, 1))
    hands.button(panel, name).setFocus()
    QApplication.processEvents()
    panel.ask_missing(None)
    assert hands.chips(panel)[0].hasFocus()


def test_what_is_not_to_be_sent_says_so_until_the_user_goes_on(panel: ComposePanel, reader: Reader) -> None:
    show(panel, 1)
    panel.ask_missing(question(panel, 1))
    panel.presses_dropped.connect(lambda _: panel.ask_missing(None))
    panel.presses_dropped.connect(reader.dropped.append)
    answer(panel, "dropPressesButton")
    assert (reader.dropped, reader.accepted) == ([7], [])
    assert asks(panel) == "Nothing was sent."
    assert panel.draft().references == (from_file(1),)
    hands.prompt(panel).insertPlainText("y")
    assert asks(panel) == ""


def test_nothing_but_an_answer_takes_a_question_away(panel: ComposePanel, reader: Reader) -> None:
    way = Shrink(longest_edge=100, quality=80)
    show(panel, 1, 2, shrink=way)
    panel.ask_missing(question(panel, 1))
    before = asks(panel).splitlines()
    for number in (1, 2):
        panel.set_shrunk(ShrinkWish(reference=from_file(number), shrink=way), from_file(number))
    hands.prompt(panel).insertPlainText("y")
    hands.drop(tray(panel), hands.files("/p/new.png"))
    panel.add_reference(from_file(3), None, source="/p/new.png")
    panel.show_problem(Problem.of(ProblemKind.REFERENCE_MISSING, name="other.png"))
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, CTRL)
    QTest.keyClick(tray(panel), Qt.Key.Key_Escape)
    panel.set_connection(Connection(service="https://example.com", key_hint="abcd"))
    panel.set_draft(Draft())
    assert asks(panel).splitlines()[:2] == before[:2]
    assert hands.button(panel, "sendCopyButton").isVisible()
    assert reader.accepted == []


def test_a_held_key_answers_once(panel: ComposePanel, reader: Reader) -> None:
    show(panel, 1)
    panel.ask_missing(question(panel, 1))
    panel.copies_accepted.connect(lambda _: panel.ask_missing(None))
    let_settle(panel)
    button = hands.button(panel, "sendCopyButton")
    hands.hold(lambda: button, Qt.Key.Key_Space, 3)
    hands.click(button)
    assert reader.accepted == [7]


def test_a_question_that_has_just_come_is_not_answered_by_a_click(
    panel: ComposePanel, reader: Reader
) -> None:
    show(panel, 1)
    for number in (7, 8):  # the second one stands where the first was answered
        panel.ask_missing(question(panel, 1, number=number))
        for name in ("sendCopyButton", "dropPressesButton"):
            hands.click(hands.button(panel, name))
    assert reader.accepted == []
    answer(panel, "sendCopyButton")
    assert reader.accepted == [8]


def test_questions_fit_the_narrowest_composer(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    heavy = tuple(replace(from_file(number), size_bytes=10_000_000) for number in range(16))
    panel.set_draft(Draft(references=heavy, shrink=Shrink(longest_edge=2048, quality=80)))
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png"))
    panel.ask_missing(question(panel, 1, 2))
    QApplication.processEvents()
    names = ("shrinkButton", "sendCopyButton", "dropPressesButton", "leaveOutButton", "leaveOutRestButton")
    for name in names:
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
    assert "Choose what “a.png” replaces; 1 more waits." in hands.visible_text(tray(panel))


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
