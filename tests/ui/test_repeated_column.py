"""What stands in a column lies under one another, also where something shows more of itself on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.ui.repeated_column import RepeatedColumn

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from pytestqt.qtbot import QtBot


class Folding(QWidget):
    """Has a button in its place where it is narrow, and a label where it is wide."""

    def __init__(self) -> None:
        self.wide: QLabel | None = None
        super().__init__()
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.narrow = QPushButton("more", self)
        self.narrow.hide()
        row.addWidget(self.narrow)
        self.wide = QLabel("a long text that needs many lines where it has little room " * 3, self)
        self.wide.setWordWrap(True)
        row.addWidget(self.wide)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self.wide is not None:
            self.wide.setVisible(event.size().width() >= 300)
            self.narrow.setVisible(event.size().width() < 300)


class Stumbling(QWidget):
    """Fails once, when it is made narrow."""

    def __init__(self) -> None:
        self.fails = False
        super().__init__()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self.fails:
            self.fails = False
            raise ValueError("once")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayout(RepeatedColumn())
    return window


def test_one_step_of_any_width_leaves_no_gap_and_nothing_over_another(window: QWidget) -> None:
    column = window.layout()
    assert column is not None
    parts = [Folding(), Folding(), QWidget()]
    for part in parts:
        column.addWidget(part)
    assert isinstance(column, QVBoxLayout)
    column.setStretch(2, 1)
    window.resize(700, 600)
    window.show()
    for width in (200, 700, 260, 500, 200):
        window.resize(width, 600)
        QApplication.sendPostedEvents()
        tops = [part.y() for part in parts]
        assert tops == [0, parts[0].height(), parts[0].height() + parts[1].height()], width
        assert parts[2].geometry().bottom() == 599


def test_a_child_that_fails_once_leaves_the_column_at_work(window: QWidget) -> None:
    column, child = window.layout(), Stumbling()
    assert column is not None
    column.addWidget(child)
    window.resize(400, 300)
    window.show()
    child.fails = True
    with pytest.raises(ValueError, match="once"):
        window.resize(300, 300)
    window.resize(500, 300)
    QApplication.sendPostedEvents()
    assert child.width() == 500
