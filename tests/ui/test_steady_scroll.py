"""A scrolled column, as the eye and as a screen reader see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar, QVBoxLayout, QWidget

from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SHORT, LONG = 50, 2_000


class Column:
    """A page of a window that scrolls, and what stands in it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        content = QWidget()
        column = QVBoxLayout(content)
        self.block = QWidget()
        column.addWidget(self.block)
        column.addStretch(1)
        self.area = SteadyScroll(content, column)
        QVBoxLayout(self.window).addWidget(self.area)
        self.window.resize(320, 400)
        self.set_height(SHORT)
        self.window.show()
        qtbot.waitExposed(self.window)

    def set_height(self, height: int) -> None:
        self.block.setFixedHeight(height)

    @property
    def bars(self) -> list[QScrollBar]:
        return [bar for bar in self.area.findChildren(QScrollBar) if bar.isVisible()]

    def heard_children(self) -> int:
        return QAccessible.queryAccessibleInterface(self.area).childCount()


@pytest.fixture
def column(qtbot: QtBot) -> Column:
    return Column(qtbot)


def test_what_a_screen_reader_has_counted_never_goes(column: Column, qtbot: QtBot) -> None:
    counted = [column.heard_children()]
    column.set_height(LONG)
    qtbot.waitUntil(lambda: len(column.bars) == 1)
    counted.append(column.heard_children())
    column.area.hide()
    counted.append(column.heard_children())
    assert counted == [1, 1, 1]


def test_the_bar_comes_and_the_content_keeps_its_place_and_width(column: Column, qtbot: QtBot) -> None:
    assert not column.bars
    before = column.block.geometry().left(), column.block.width()
    column.set_height(LONG)
    qtbot.waitUntil(lambda: len(column.bars) == 1)
    assert (column.block.geometry().left(), column.block.width()) == before
    bar = column.bars[0]
    left = bar.mapTo(column.area, QPoint(0, 0)).x()
    assert column.block.mapTo(column.area, QPoint(column.block.width(), 0)).x() <= left
    assert left + bar.width() == column.area.width()
    assert bar.width() <= 2 * UNIT


def test_bar_and_content_move_together(column: Column, qtbot: QtBot) -> None:
    column.set_height(LONG)
    qtbot.waitUntil(lambda: len(column.bars) == 1)
    bar = column.bars[0]
    bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QTest.keyClick(bar, Qt.Key.Key_PageDown)
    at = column.area.viewport().height()
    assert bar.value() == at
    assert column.block.mapTo(column.area.viewport(), QPoint(0, 0)).y() < 0
    column.area.verticalScrollBar().setValue(LONG)
    assert bar.value() == bar.maximum() == column.area.verticalScrollBar().maximum()
    column.set_height(SHORT)
    qtbot.waitUntil(lambda: not column.bars)
