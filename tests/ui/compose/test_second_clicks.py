"""The second half of a double click answers nothing that only the first half brought under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import MOST_REFERENCES
from tests.ui.compose import hands

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def full(panel: ComposePanel) -> ComposePanel:
    """A composer with sixteen references, three more of which are asked about."""
    references = tuple(map(hands.url_reference, range(MOST_REFERENCES)))
    panel.set_draft(Draft(prompt="x", references=references))
    tray = hands.find(panel, QWidget, "referenceTray")
    assert hands.drop(tray, hands.files("/p/chair.png", "/p/table.png", "/p/lamp.png"))
    QApplication.processEvents()
    return panel


def double_click(panel: ComposePanel, widget: QWidget) -> None:
    """Two clicks at one spot of the screen, the second one on whatever is shown there by then."""
    handle = panel.windowHandle()
    assert handle is not None
    spot = widget.mapTo(panel, widget.rect().center())
    QTest.mouseClick(handle, LEFT, NONE, spot)
    QApplication.processEvents()
    there = panel.childAt(spot) or panel
    at = QPointF(there.mapFrom(panel, spot))
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(there, QMouseEvent(kind, at, there.mapToGlobal(at), LEFT, LEFT, NONE))
    QApplication.processEvents()


def asked(panel: ComposePanel) -> str:
    question = hands.find(panel, QWidget, "replaceQuestion")
    return hands.visible_text(question).partition("\n")[0]


def titles(panel: ComposePanel) -> list[str]:
    return [chip.title for chip in hands.chips(panel)]


def test_on_a_picture_it_answers_one_question(full: ComposePanel) -> None:
    double_click(full, hands.chips(full)[4])
    assert titles(full).count("chair.png") == 1
    assert titles(full)[4] == "chair.png"
    assert "table.png" in asked(full)


def test_on_a_button_of_the_question_it_leaves_one_out(full: ComposePanel) -> None:
    double_click(full, hands.button(full, "leaveOutButton"))
    assert "table.png" in asked(full)


def test_on_the_last_question_it_presses_nothing_below(full: ComposePanel) -> None:
    hands.click(hands.button(full, "leaveOutButton"))
    hands.click(hands.button(full, "leaveOutButton"))
    double_click(full, hands.button(full, "leaveOutButton"))
    assert asked(full) == ""
    assert not any(each.isVisible() for each in full.findChildren(QFileDialog))
    assert not hands.find(full, QWidget, "shrinkPopup").isVisible()


def test_on_the_cross_it_takes_one_out(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(5)))))
    QApplication.processEvents()
    cross = hands.chips(panel)[1].findChild(QToolButton)
    assert cross is not None
    double_click(panel, cross)
    kept = [hands.url_reference(number) for number in (0, 2, 3, 4)]
    assert list(panel.draft().references) == kept


def test_two_clicks_that_take_their_time_are_two(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.url_reference, range(5)))))
    for _ in range(2):
        cross = hands.chips(panel)[1].findChild(QToolButton)
        assert cross is not None
        hands.click(cross)
    kept = [hands.url_reference(number) for number in (0, 3, 4)]
    assert list(panel.draft().references) == kept
