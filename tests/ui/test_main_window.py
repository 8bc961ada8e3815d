"""The whole window: names that scripts rely on, folding, state, keys, closing."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QWidget,
)

from gptimg_desktop.core.filter import View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from tests.ui.jobs import a_job, a_queued_job

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NAMES = (
    *(
        "mainWindow",
        "promptEdit",
        "generateButton",
        "copiesSpin",
        "ratio_auto",
        "ratio_custom",
        "customWidth",
    ),
    *(f"ratio_{ratio.replace(':', 'x')}" for ratio in Ratio),
    *(
        "customWidth",
        "customHeight",
        "tier_1k",
        "tier_2k",
        "tier_4k",
        "officialFallback",
        "sizePlate",
        "referenceTray",
    ),
    *("addReferenceButton", "referenceUrlEdit", "galleryView", "searchEdit"),
    *(f"filter_{view}" for view in View),
    *("detailsPanel", "saveAsButton", "showInFolderButton", "useAllButton", "statusStrip", "settingsButton"),
    *("connectPanel", "apiKeyEdit", "connectButton"),
    *("unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose"),
)
INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    model = JobListModel()
    made = MainWindow(model)
    model.setParent(made)
    qtbot.addWidget(made)
    return made


def activate(window: MainWindow, qtbot: QtBot) -> None:
    """Shortcuts work in the active window only."""
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()


def model_of(window: MainWindow) -> JobListModel:
    model = window.gallery.view.model()
    assert isinstance(model, JobListModel)
    return model


@pytest.mark.parametrize("name", NAMES)
def test_every_promised_name_exists_before_the_window_is_shown(window: MainWindow, name: str) -> None:
    found = [widget for widget in (window, *window.findChildren(QWidget)) if widget.objectName() == name]
    assert len(found) == 1


def test_the_gallery_is_a_list_view(window: MainWindow) -> None:
    assert isinstance(window.findChild(QWidget, "galleryView"), QListView)


def test_everything_that_can_be_used_has_a_name_for_screen_readers(window: MainWindow) -> None:
    nameless = [
        (type(widget).__name__, widget.objectName())
        for kind in INTERACTIVE
        for widget in window.findChildren(kind)
        if not widget.accessibleName()
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QLineEdit)
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_selecting_a_tile_fills_the_details_and_a_step_refreshes_them(window: MainWindow) -> None:
    model_of(window).reset([a_queued_job(1), a_queued_job(2)])
    window.gallery.select("job-1")
    assert window.details.job is not None
    assert window.details.job.id == "job-1"
    model_of(window).upsert(a_job(JobState.SAVED, 1))
    assert window.details.job.state is JobState.SAVED


def test_the_views_filter_the_gallery(window: MainWindow, qtbot: QtBot) -> None:
    model_of(window).reset([a_queued_job(1), a_job(JobState.SAVED, 2)])
    button = window.findChild(QAbstractButton, "filter_running")
    assert isinstance(button, QAbstractButton)
    button.click()
    assert model_of(window).rowCount() == 1


def test_details_fold_away_in_a_narrow_window_and_come_back(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1360, 800)
    activate(window, qtbot)
    assert window.details.isVisible()
    window.resize(1000, 800)
    assert not window.details.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.details.isVisible()
    window.resize(1360, 800)
    assert window.details.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F9)
    window.resize(1000, 800)
    window.resize(1360, 800)
    assert not window.details.isVisible()


def test_the_window_fits_its_least_size(window: MainWindow) -> None:
    window.resize(900, 600)
    window.show()
    assert window.size().width() == 900
    assert window.size().height() == 600


def test_keys_lead_to_prompt_search_and_settings(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_F, control)
    assert window.focusWidget().objectName() == "searchEdit"
    QTest.keyClick(window, Qt.Key.Key_L, control)
    assert window.focusWidget().objectName() == "promptEdit"
    with qtbot.waitSignal(window.settings_requested):
        QTest.keyClick(window, Qt.Key.Key_Comma, control)


def test_the_state_of_the_window_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    window.resize(1250, 700)
    QTest.keyClick(window, Qt.Key.Key_F9)
    state = window.window_state()
    model = JobListModel()
    other = MainWindow(model)
    model.setParent(other)
    qtbot.addWidget(other)
    other.restore_window_state(state)
    other.show()
    assert other.height() == 700  # the offscreen screen is narrower than the window's least width
    assert not other.details.isVisible()
    assert other.compose.width() == window.compose.width()


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "not base64 ✂",
        base64.b64encode(b"not json").decode(),
        base64.b64encode(b"[1, 2]").decode(),
        base64.b64encode(b"[" * 100_000).decode(),
        base64.b64encode(
            json.dumps({"geometry": "%%%", "split": [1, "x", -4], "details": "yes"}).encode()
        ).decode(),
        base64.b64encode(json.dumps({"geometry": 7, "split": {"a": 1}, "details": None}).encode()).decode(),
        base64.b64encode(json.dumps({"split": [10**30, 1, 1]}).encode()).decode(),
    ],
)
def test_a_state_that_is_none_is_ignored(window: MainWindow, garbage: str) -> None:
    before = window.size()
    window.restore_window_state(garbage)
    window.show()
    assert window.size() == before
    assert window.details.isVisible() == (window.width() >= 1200)


def test_closing_is_told_once_and_never_asks(window: MainWindow) -> None:
    told: list[None] = []
    window.closed.connect(lambda: told.append(None))
    window.show()
    assert window.close()
    window.show()
    assert window.close()
    assert told == [None]
