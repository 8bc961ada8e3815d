"""What is offered to a full tray: the tray asks which reference it replaces, and reads nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.compose.references.replace_question import ReplaceQuestion
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.ui.compose.panel import ComposePanel

CHAIR = "16 of 16 are used. Choose what “chair.png” replaces."


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
    """Drop files, and look at what is asked then."""
    assert hands.drop(tray(panel), hands.files(*paths))
    look(panel)


def look(panel: ComposePanel) -> None:
    """Let the window show what is asked."""
    shown = hands.find(panel, ReplaceQuestion, "replaceQuestion")
    for _ in range(10):  # it is laid out, scrolled to, painted
        QApplication.processEvents()
        if shown.was_seen:
            break
    assert shown.was_seen == shown.isVisible()


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
    assert asked(full) == "16 of 16 are used. Choose what “chair.png” replaces; 3 more wait."
    hands.click(hands.chips(full)[0])
    assert asked(full) == "16 of 16 are used. Choose what “table.png” replaces; 2 more wait."
    hands.click(hands.button(full, "leaveOutButton"))
    assert asked(full) == "16 of 16 are used. Choose what “lamp.png” replaces; 1 more waits."
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
    assert asked(full) == "16 of 16 are used. Choose what “example.com/new.png” replaces."


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


def test_what_could_not_be_read_makes_room_for_what_is_asked_about(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(15)))))
    reader = Reader(panel)
    bring(panel, "/p/broken.png", "/p/chair.png")
    assert asked(panel) == CHAIR
    panel.drop_pending("/p/broken.png")
    assert asked(panel) == ""
    assert reader.paths == ["/p/broken.png", "/p/chair.png"]
    panel.add_reference(hands.file_reference(1), None, source="/p/chair.png")
    assert numbers(panel) == [*first_sixteen()[:15], hands.file_reference(1)]


def test_a_folder_with_nothing_in_it_makes_room_too(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(15)))))
    reader = Reader(panel)
    bring(panel, "/p/empty", "/p/chair.png")
    panel.expand_pending("/p/empty", ())
    assert asked(panel) == ""
    assert reader.paths == ["/p/empty", "/p/chair.png"]


def test_what_was_taken_out_for_it_comes_back_in_one_step(full: ComposePanel, reader: Reader) -> None:
    bring(full, "/p/chair.png")
    QTest.keyClick(hands.chips(full)[3], Qt.Key.Key_Delete)
    full.add_reference(hands.file_reference(1), None, source="/p/chair.png")
    assert numbers(full)[-1] == hands.file_reference(1)
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert numbers(full) == first_sixteen()


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
    assert asked(full) == "16 of 16 are used. Choose what “lamp.png” replaces."


def test_the_buttons_say_what_they_do(full: ComposePanel) -> None:
    bring(full, "/p/chair.png")
    question = hands.find(full, QWidget, "replaceQuestion")
    shown = [button.text() for button in question.findChildren(QPushButton) if button.isVisible()]
    assert shown == ["Leave out"]


# Where the keys are


@pytest.fixture
def writing(full: ComposePanel, reader: Reader) -> ComposePanel:
    """A full composer whose window is in front; the keys are in the prompt."""
    full.activateWindow()
    full.focus_prompt()
    QApplication.processEvents()
    assert hands.prompt(full).hasFocus()
    return full


def press(which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key for whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, which, modifiers)


def question(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "replaceQuestion")


def paste(panel: ComposePanel, field: QWidget, *paths: str) -> None:
    QApplication.clipboard().setMimeData(hands.files(*paths))
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    look(panel)


def test_after_a_drop_the_question_has_the_keys_and_gives_them_back(
    writing: ComposePanel, reader: Reader
) -> None:
    bring(writing, "/p/chair.png")
    assert question(writing).hasFocus()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_3)
    assert (asked(writing), reader.paths) == (CHAIR, [])
    press(Qt.Key.Key_Down)
    assert hands.chips(writing)[0].hasFocus()
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Return)
    assert reader.paths == ["/p/chair.png"]
    assert hands.chips(writing)[1].title == "chair.png"
    assert hands.prompt(writing).hasFocus()


@pytest.mark.parametrize("arrow", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down])
def test_every_arrow_leads_to_the_pictures(writing: ComposePanel, arrow: Qt.Key) -> None:
    bring(writing, "/p/chair.png")
    press(arrow)
    assert hands.chips(writing)[0].hasFocus()


def test_files_that_were_chosen_are_asked_about_in_the_question(writing: ComposePanel) -> None:
    hands.click(hands.find(writing, QToolButton, "addReferenceButton"))
    dialog = hands.find(writing, QFileDialog, "referenceFileDialog")
    dialog.filesSelected.emit(["/p/chair.png"])
    dialog.close()
    writing.activateWindow()
    QApplication.processEvents()
    assert question(writing).hasFocus()


@pytest.mark.parametrize("name", ["promptEdit", "referenceUrlEdit"])
def test_a_paste_leaves_the_keys_where_one_types(writing: ComposePanel, reader: Reader, name: str) -> None:
    field = hands.find(writing, QWidget, name)
    field.setFocus()
    paste(writing, field, "/p/chair.png", "/p/table.png")
    assert field.hasFocus()
    assert "by keyboard: Alt+R, arrows, Enter" in hands.visible_text(question(writing))
    press(Qt.Key.Key_3)
    assert reader.paths == []
    press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert hands.chips(writing)[0].hasFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert hands.chips(writing)[4].title == "chair.png"
    assert "table.png" in asked(writing)


@pytest.mark.parametrize(
    "name", ["promptEdit", "referenceUrlEdit", "ratio_1x1", "copiesSpin", "generateButton", "shrinkButton"]
)
def test_esc_leaves_it_from_anywhere_in_the_composer(
    writing: ComposePanel, reader: Reader, name: str
) -> None:
    paste(writing, hands.prompt(writing), "/p/chair.png", "/p/table.png")
    widget = hands.find(writing, QWidget, name)
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert "table.png" in asked(writing)
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert asked(writing) == ""
    assert (reader.paths, numbers(writing)) == ([], first_sixteen())


def test_a_held_esc_in_the_prompt_leaves_one_out(writing: ComposePanel) -> None:
    paste(writing, hands.prompt(writing), "/p/chair.png", "/p/table.png", "/p/lamp.png")
    hands.hold(lambda: hands.prompt(writing), Qt.Key.Key_Escape, 5)
    assert "table.png" in asked(writing)


def test_the_keys_are_in_sight(writing: ComposePanel) -> None:
    writing.resize(320, 480)
    QApplication.processEvents()
    bring(writing, "/p/chair.png")
    QApplication.processEvents()
    assert not question(writing).visibleRegion().isEmpty()
    press(Qt.Key.Key_Up)
    for _ in range(3):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.visibleRegion().boundingRect().height() == focus.height()
        press(Qt.Key.Key_Down)


# Before it was seen


@pytest.fixture
def small(writing: ComposePanel) -> ComposePanel:
    """So low that the first pictures fill it."""
    writing.resize(320, 480)
    QApplication.processEvents()
    return writing


def start_with(panel: ComposePanel, *paths: str) -> None:
    """The files of the command line; nothing was looked at yet."""
    panel.start_with(paths)


def test_what_is_asked_at_the_start_comes_into_sight_and_leaves_the_keys(small: ComposePanel) -> None:
    start_with(small, "/p/chair.png")
    look(small)
    seen = question(small).visibleRegion().boundingRect()
    assert seen.height() == question(small).height()
    assert hands.prompt(small).hasFocus()


def test_a_click_that_nobody_asked_for_yet_is_no_answer(small: ComposePanel, reader: Reader) -> None:
    start_with(small, "/p/chair.png")
    hands.click(hands.chips(small)[1])
    QTest.keyClick(hands.chips(small)[1], Qt.Key.Key_Return)
    assert (asked(small), reader.paths) == (CHAIR, [])
    look(small)
    hands.click(hands.chips(small)[1])
    assert (asked(small), reader.paths) == ("", ["/p/chair.png"])


def test_esc_leaves_nothing_out_that_nobody_saw(small: ComposePanel) -> None:
    start_with(small, "/p/chair.png")
    QTest.keyClick(hands.prompt(small), Qt.Key.Key_Escape)
    assert asked(small) == CHAIR
    look(small)
    QTest.keyClick(hands.prompt(small), Qt.Key.Key_Escape)
    assert asked(small) == ""


def test_a_click_that_began_before_the_question_is_no_answer(full: ComposePanel, reader: Reader) -> None:
    chip = hands.chips(full)[1]
    QTest.mousePress(chip, Qt.MouseButton.LeftButton)
    start_with(full, "/p/chair.png")
    look(full)
    QTest.mouseRelease(chip, Qt.MouseButton.LeftButton)
    assert (asked(full), reader.paths) == (CHAIR, [])
    hands.click(chip)
    assert reader.paths == ["/p/chair.png"]


def test_the_next_question_has_to_be_seen_again(small: ComposePanel, reader: Reader) -> None:
    bring(small, "/p/chair.png")
    hands.click(hands.chips(small)[1])
    start_with(small, "/p/table.png")
    hands.click(hands.chips(small)[2])
    assert "table.png" in asked(small)
    assert reader.paths == ["/p/chair.png"]


def test_every_picture_says_what_a_click_does(full: ComposePanel) -> None:
    def deeds() -> set[bool]:
        return {chip.accessibleDescription().startswith("Replace") for chip in hands.chips(full)}

    before = hands.chips(full)[2].grab().toImage()
    assert deeds() == {False}
    bring(full, "/p/chair.png")
    assert deeds() == {True}
    foot = hands.chips(full)[2].grab().toImage().pixelColor(before.width() // 2, 52).name()
    assert foot != before.pixelColor(before.width() // 2, 52).name()
    QTest.keyClick(tray(full), Qt.Key.Key_Escape)
    assert deeds() == {False}
    assert hands.chips(full)[2].grab().toImage() == before


# Undo meanwhile


def test_undo_throws_nothing_away_that_waits(full: ComposePanel, reader: Reader) -> None:
    QTest.keyClick(hands.chips(full)[0], Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    bring(full, "/p/chair.png", "/p/table.png")
    assert numbers(full) != first_sixteen()
    QTest.keyClick(tray(full), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert numbers(full) == first_sixteen()
    assert "chair.png" in asked(full)
    hands.click(hands.chips(full)[0])
    assert "table.png" in asked(full)


def test_where_undo_makes_room_what_waits_comes_in(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(15)))))
    reader = Reader(panel)
    bring(panel, "/p/a.png")
    bring(panel, "/p/chair.png")
    QTest.keyClick(tray(panel), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert asked(panel) == ""
    assert reader.paths == ["/p/a.png", "/p/chair.png"]
    assert hands.chips(panel)[-1].title == "chair.png"


def test_what_is_asked_about_is_named_without_tricks(full: ComposePanel) -> None:
    bring(full, "/p/photo\u202egnp.exe")
    assert asked(full) == "16 of 16 are used. Choose what “photognp.exe” replaces."
    hands.click(hands.chips(full)[2])
    assert hands.chips(full)[2].title == "photognp.exe"
