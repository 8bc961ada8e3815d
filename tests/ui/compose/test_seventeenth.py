"""What is offered to a full tray: the tray asks which reference it replaces, and reads nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.ui.compose.panel import ComposePanel

CHAIR = "16 of 16. Choose the one that “chair.png” replaces."


@pytest.fixture
def full(panel: ComposePanel) -> ComposePanel:
    """A composer with sixteen references and a prompt."""
    panel.set_draft(Draft(prompt="x", references=tuple(map(hands.url_reference, range(MOST_REFERENCES)))))
    return panel


class Reader:
    """Stands where the program reads files."""

    def __init__(self, panel: ComposePanel) -> None:
        self.paths: list[str] = []
        self.drafts: list[Draft] = []
        panel.references_offered.connect(self._on_paths)
        panel.generate_requested.connect(self.drafts.append)

    def _on_paths(self, paths: Sequence[str]) -> None:
        self.paths += paths


@pytest.fixture
def reader(full: ComposePanel) -> Reader:
    return Reader(full)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def asked(panel: ComposePanel) -> str:
    """What is asked; empty where nothing is."""
    question = hands.find(panel, QWidget, "replaceQuestion")
    labels = question.findChildren(QLabel)
    return labels[0].text().replace("\u200b", "") if question.isVisible() else ""


def bring(panel: ComposePanel, *paths: str) -> None:
    assert hands.drop(tray(panel), hands.files(*paths))


def numbers(panel: ComposePanel) -> list[Reference]:
    return list(panel.draft().references)


def first_sixteen() -> list[Reference]:
    return [hands.url_reference(number) for number in range(MOST_REFERENCES)]


@pytest.mark.row(120)
def test_it_is_asked_which_one_makes_room_and_only_then_read(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    assert asked(full) == CHAIR
    assert reader.paths == []
    assert numbers(full) == first_sixteen()
    hands.click(hands.chips(full)[4])
    assert reader.paths == ["/p/chair.png"]
    assert asked(full) == ""
    full.add_reference(hands.file_reference(1), None, source="/p/chair.png")
    expected = first_sixteen()
    expected[4] = hands.file_reference(1)
    assert numbers(full) == expected


@pytest.mark.row(120)
def test_several_are_asked_about_one_after_the_other(full: ComposePanel, reader: Reader) -> None:
    bring(full, *(f"/p/{name}.png" for name in ("chair", "table", "lamp", "sofa")))
    assert asked(full) == "16 of 16. Choose the one that “chair.png” replaces, and 3 more."
    hands.click(hands.chips(full)[0])
    assert asked(full) == "16 of 16. Choose the one that “table.png” replaces, and 2 more."
    hands.click(hands.button(full, "leaveOutButton"))
    assert asked(full) == "16 of 16. Choose the one that “lamp.png” replaces, and 1 more."
    hands.click(hands.button(full, "leaveOutRestButton"))
    assert asked(full) == ""
    assert reader.paths == ["/p/chair.png"]


def test_the_answer_can_be_given_by_keys_alone(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png", "/p/table.png", "/p/lamp.png")
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_3)
    assert reader.paths == ["/p/chair.png"]
    assert hands.chips(full)[2].title == "chair.png"
    QTest.keyClick(hands.chips(full)[5], Qt.Key.Key_Return)
    assert hands.chips(full)[5].title == "table.png"
    QTest.keyClick(hands.chips(full)[5], Qt.Key.Key_Escape)
    assert asked(full) == ""
    assert reader.paths == ["/p/chair.png", "/p/table.png"]


def test_a_number_means_nothing_while_nothing_is_asked(full: ComposePanel, reader: Reader) -> None:
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_3)
    hands.click(hands.chips(full)[0])
    assert numbers(full) == first_sixteen()
    assert reader.paths == []


@pytest.mark.row(120)
def test_a_press_during_the_question_sends_nothing_and_says_why(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    hands.click(hands.generate(full))
    hands.ctrl_enter(hands.prompt(full))
    assert reader.drafts == []
    told = sentence(Problem.of(ProblemKind.REFERENCE_UNPLACED, name="chair.png"))
    assert told in hands.visible_text(full)
    assert asked(full) == CHAIR
    hands.click(hands.button(full, "leaveOutButton"))
    assert told not in hands.visible_text(full)
    hands.click(hands.generate(full))
    assert [list(draft.references) for draft in reader.drafts] == [first_sixteen()]


def test_an_address_that_was_typed_is_asked_about_before_it_is_sent(
    full: ComposePanel, reader: Reader
) -> None:
    hands.find(full, QLineEdit, "referenceUrlEdit").setText("https://example.com/new.png")
    hands.click(hands.generate(full))
    assert reader.drafts == []
    assert asked(full) == "16 of 16. Choose the one that “example.com/new.png” replaces."


def test_what_was_replaced_comes_back_with_undo(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    hands.click(hands.chips(full)[4])
    full.add_reference(hands.file_reference(1), None, source="/p/chair.png")
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert numbers(full) == first_sixteen()


def test_what_cannot_be_read_replaces_nothing(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    hands.click(hands.chips(full)[4])
    full.drop_pending("/p/chair.png")
    assert numbers(full) == first_sixteen()


def test_taking_one_out_makes_room_for_what_is_asked_about(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_Delete)
    assert asked(full) == ""
    assert reader.paths == ["/p/chair.png"]
    assert hands.chips(full)[-1].title == "chair.png"


def test_of_too_many_files_those_that_fit_are_taken_at_once(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(14)))))
    reader = Reader(panel)
    bring(panel, "/p/a.png", "/p/b.png", "/p/chair.png")
    assert reader.paths == ["/p/a.png", "/p/b.png"]
    assert asked(panel) == CHAIR


def test_another_draft_ends_the_question(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    full.set_draft(Draft(prompt="y"))
    assert asked(full) == ""
    hands.click(hands.generate(full))
    assert len(reader.drafts) == 1


def test_a_held_key_answers_once(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png", "/p/table.png", "/p/lamp.png")
    hands.hold(lambda: hands.chips(full)[0], Qt.Key.Key_Return, 4)
    assert reader.paths == ["/p/chair.png"]
    hands.hold(lambda: hands.chips(full)[1], Qt.Key.Key_Escape, 4)
    assert asked(full) == "16 of 16. Choose the one that “lamp.png” replaces."


def test_the_buttons_say_what_they_do(full: ComposePanel) -> None:
    bring(full, "/p/chair.png")
    question = hands.find(full, QWidget, "replaceQuestion")
    shown = [button.text() for button in question.findChildren(QPushButton) if button.isVisible()]
    assert shown == ["Leave out"]
