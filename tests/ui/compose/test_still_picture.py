"""A panel that is not painted anew while the window gets wider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from gptimg_desktop.ui.compose.still_picture import StillPicture

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from pytestqt.qtbot import QtBot


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
        self.count += event.type() is QEvent.Type.Paint
        return False


class Window(QWidget):
    """A panel of a fixed size in a window that tells its picture of every step."""

    def __init__(self) -> None:
        self.still: StillPicture | None = None
        self.now = 0.0
        super().__init__()
        self.panel = QWidget(self)
        self.panel.setAutoFillBackground(True)
        self.panel.setGeometry(0, 0, 200, 200)
        self.label = QLabel("oak chair", self.panel)
        QVBoxLayout(self.panel).addWidget(self.label)
        self.still = StillPicture(self.panel, clock=self._clock)

    def _clock(self) -> float:
        return self.now

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self.still is not None:
            self.still.follow(event)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.resize(400, 240)
    with qtbot.waitExposed(window):
        window.show()
    return window


def step(window: Window, width: int, height: int = 240) -> None:
    window.resize(width, height)
    QApplication.processEvents()


def test_one_step_shows_the_panel_itself(window: Window) -> None:
    step(window, 410)
    assert window.still is not None
    assert not window.still.isVisible()


def test_from_the_third_step_on_the_panel_is_not_painted_and_looks_the_same(window: Window) -> None:
    before = window.panel.grab().toImage()
    for width in (410, 420):
        step(window, width)
    assert window.still is not None
    assert window.still.isVisible()
    assert window.panel.grab().toImage() == before
    paints = Paints(window.label)
    for width in (430, 440, 450):
        step(window, width)
    assert paints.count == 0


def test_a_moment_after_the_last_step_the_panel_shows_itself(window: Window, qtbot: QtBot) -> None:
    for width in (410, 420, 430):
        step(window, width)
    paints = Paints(window.label)
    qtbot.waitUntil(lambda: window.still is not None and not window.still.isVisible())
    qtbot.waitUntil(lambda: paints.count > 0)


def test_a_panel_of_another_size_shows_itself_at_once(window: Window) -> None:
    for width in (410, 420):
        step(window, width)
    window.panel.resize(200, 180)
    assert window.still is not None
    assert not window.still.isVisible()
    step(window, 430, 250)
    step(window, 440, 260)
    assert not window.still.isVisible()


def test_what_changes_in_a_long_drag_is_seen_after_a_second(window: Window) -> None:
    for width in (410, 420, 430):
        step(window, width)
    before = window.panel.grab().toImage()
    window.label.setText("another chair")
    step(window, 440)
    assert window.panel.grab().toImage() == before
    window.now += 1.1
    step(window, 450)
    assert window.panel.grab().toImage() != before


def test_hands_reach_the_panel_through_it(window: Window) -> None:
    for width in (410, 420):
        step(window, width)
    assert window.childAt(window.label.geometry().center()) is window.label
    assert window.panel.size() == QSize(200, 200)
