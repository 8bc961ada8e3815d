"""Where the keys are in the references: in the order that the eye follows, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from gptimg_desktop.core.draft import Draft
from tests.ui.compose import hands

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel


@pytest.fixture
def active(panel: ComposePanel) -> ComposePanel:
    panel.activateWindow()
    QApplication.processEvents()
    return panel


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab() -> QWidget:
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    return focus()


def back() -> QWidget:
    QTest.keyClick(focus(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    return focus()


def templates(panel: ComposePanel) -> QToolButton:
    return hands.find(panel, QToolButton, "templatesButton")


def show(panel: ComposePanel, count: int) -> None:
    panel.set_draft(Draft(references=tuple(map(hands.file_reference, range(count)))))


@pytest.mark.parametrize("count", [1, 3, 16])
def test_the_chips_come_behind_the_prompt_and_before_the_address(active: ComposePanel, count: int) -> None:
    show(active, count)
    templates(active).setFocus()
    assert tab() is hands.chips(active)[0]
    assert tab().objectName() == "shrinkButton"
    assert tab().objectName() == "addReferenceButton"
    assert tab().objectName() == "referenceUrlEdit"
    for _ in range(3):
        back()
    assert focus() is hands.chips(active)[0]
    assert back() is templates(active)


def test_chips_that_come_later_stand_there_too(active: ComposePanel) -> None:
    show(active, 2)
    QTest.keyClick(hands.chips(active)[0], Qt.Key.Key_Delete)
    QTest.keyClick(hands.chips(active)[0], Qt.Key.Key_Delete)
    for number in range(3):
        active.add_reference(hands.file_reference(number), None)
    templates(active).setFocus()
    assert tab() is hands.chips(active)[0]
    QTest.keyClick(focus(), Qt.Key.Key_End)
    assert back() is templates(active)
    assert tab() is hands.chips(active)[2]
