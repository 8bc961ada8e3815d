"""The whole window: names that scripts rely on, folding, state, keys, closing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QFileInfo, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QDrag, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.collection import Collection
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.unkept_dialog import UnkeptDialog
from tests.support.listed import fill, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_job, a_queued_job

if TYPE_CHECKING:
    from pathlib import Path

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
    fill(model_of(window), [a_queued_job(1), a_queued_job(2)])
    window.gallery.select("job-1")
    assert window.details.job is not None
    assert window.details.job.id == "job-1"
    put(model_of(window), a_job(JobState.SAVED, 1))
    assert window.details.job.state is JobState.SAVED


def test_what_leaves_the_list_by_itself_stays_in_the_details_with_its_own_buttons(
    window: MainWindow, qtbot: QtBot
) -> None:
    activate(window, qtbot)
    window.resize(1400, 800)
    model, view = model_of(window), window.gallery.view
    lost = [a_job(JobState.LOST, number) for number in (1, 2, 3)]
    fill(model, lost, JobFilter(view=View.NEEDS_YOU))
    window.gallery.select("job-2")
    again = window.details.findChild(QAbstractButton, "generateAgainButton")
    assert again is not None
    assert again.isVisible()

    put(model, replace(lost[1], state=JobState.READY))  # the free check found it
    QApplication.processEvents()
    assert not again.isVisible()
    view.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert not again.isVisible()
    put(model, a_job(JobState.SAVED, 2))
    assert window.details.job is not None
    assert window.details.job.id == "job-2"
    assert window.details.job.state is JobState.SAVED
    assert view.selected_seqs() == ()

    QTest.keyClick(view, Qt.Key.Key_Right)  # on from where it was
    assert view.selected_seqs() == (1,)
    assert window.details.job.id == "job-1"


def test_the_views_filter_the_gallery(window: MainWindow, qtbot: QtBot) -> None:
    wanted = heard(window.top_bar.filter_changed)
    button = window.findChild(QAbstractButton, "filter_running")
    assert isinstance(button, QAbstractButton)
    button.click()
    qtbot.waitUntil(lambda: bool(wanted))
    assert wanted == [JobFilter(view=View.RUNNING)]


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


def test_captions_are_offered_only_where_they_have_room(window: MainWindow) -> None:
    captions = window.findChild(QToolButton, "captionsButton")
    assert isinstance(captions, QToolButton)
    window.resize(1_280, 800)
    window.show()
    put(model_of(window), a_job(JobState.SAVED))
    window.gallery.view.set_tile_size(96)
    assert not captions.isEnabled()
    window.gallery.view.set_tile_size(200)
    assert captions.isEnabled()


def test_the_window_fits_its_least_size(window: MainWindow) -> None:
    window.resize(900, 600)
    window.show()
    assert window.size().width() == 900
    assert window.size().height() == 600


def on_screen_of(size: QSize, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window on a screen that has so much room for it."""
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: size)
    window = MainWindow(JobListModel())
    qtbot.addWidget(window)
    return window


@pytest.fixture
def roomy_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """On a screen on which it can have any width."""
    return on_screen_of(QSize(1600, 1000), qtbot, monkeypatch)


def test_the_first_step_to_the_least_width_goes_all_the_way(roomy_window: MainWindow, qtbot: QtBot) -> None:
    window = roomy_window
    window.resize(1360, 800)
    activate(window, qtbot)
    assert window.details.isVisible()
    window.resize(900, 700)
    assert window.width() == 900
    assert not window.details.isVisible()


def test_details_asked_for_in_a_narrow_window_keep_it_wide_enough(
    roomy_window: MainWindow, qtbot: QtBot
) -> None:
    window = roomy_window
    window.resize(900, 700)
    activate(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.details.isVisible()
    assert window.width() == 1060
    window.resize(900, 700)
    assert window.width() == 1060
    QTest.keyClick(window, Qt.Key.Key_F9)
    window.resize(900, 700)
    assert window.width() == 900


@pytest.fixture
def small_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """On a screen of 720 by 450, as one of 1440 by 900 is at twice the scale."""
    return on_screen_of(QSize(720, 450), qtbot, monkeypatch)


def test_the_window_fits_a_small_screen(small_window: MainWindow, qtbot: QtBot) -> None:
    activate(small_window, qtbot)
    assert small_window.width() <= 720
    assert small_window.height() <= 450 - 24
    for part in (small_window.compose, small_window.gallery, small_window.status, small_window.top_bar):
        place = QRect(part.mapTo(small_window, QPoint(0, 0)), part.size())
        assert small_window.rect().contains(place)
    small_window.top_bar.set_needs_you(888)
    assert small_window.top_bar.minimumSizeHint().width() <= 720
    button = small_window.findChild(QAbstractButton, "generateButton")
    assert isinstance(button, QAbstractButton)
    assert not button.visibleRegion().isEmpty()
    assert button.visibleRegion().boundingRect() == button.rect()


def test_on_a_small_screen_details_take_the_place_of_the_composer(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    activate(small_window, qtbot)
    QTest.keyClick(small_window, Qt.Key.Key_F9)
    assert small_window.details.isVisible()
    assert not small_window.compose.isVisible()
    assert small_window.width() <= 720
    assert not isinstance(small_window.focusWidget(), QLineEdit)  # what is typed on is no key
    QTest.keyClick(small_window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert small_window.compose.isVisible()
    assert not small_window.details.isVisible()
    prompt = small_window.findChild(QPlainTextEdit, "promptEdit")
    assert prompt is not None
    assert prompt.hasFocus()


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


@pytest.mark.parametrize("size", [(900, 600), (1360, 860)], ids=str)
def test_the_queue_opens_beside_the_composer_and_above_the_counts(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.show()
    window.queue.set_jobs(1, tuple(a_queued_job(number) for number in range(1, 13)))
    QTest.mouseClick(window.status.queue_button, Qt.MouseButton.LeftButton)
    qtbot.wait(1)
    assert window.queue.isVisible()
    placed = QRect(window.queue.mapTo(window, QPoint(0, 0)), window.queue.size())
    assert not placed.intersects(_place_of(window.compose, window))
    assert not placed.intersects(_place_of(window.status, window))
    assert window.rect().contains(placed)


def _place_of(widget: QWidget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_saving_goes_on_where_it_was_done_last_from_tile_and_details_alike(
    window: MainWindow, home: Path, qtbot: QtBot
) -> None:
    (home / "Pictures").mkdir()
    (home / "client").mkdir()
    window.show()
    fill(model_of(window), [a_job(JobState.SAVED)])
    window.gallery.select("job-1")
    folders, names = [], []
    for wish in (window.details.save_as_requested, window.gallery.save_as_requested):
        if wish is window.details.save_as_requested:
            QTest.mouseClick(_button(window, "saveAsButton"), Qt.MouseButton.LeftButton)
        else:
            next(each for each in window.gallery.menu().actions() if each.text() == "Save as…").trigger()
        dialog = window.findChild(QFileDialog, "saveAsDialog")
        assert isinstance(dialog, QFileDialog)
        folders.append(dialog.directory().absolutePath())
        names.append([QFileInfo(path).fileName() for path in dialog.selectedFiles()])
        with qtbot.waitSignal(wish):
            dialog.fileSelected.emit(str(home / "client" / "chair.png"))
        dialog.close()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert folders == [str(home / "Pictures"), str(home / "client")]
    assert names == [["oak-chair_0001.png"]] * 2


def _button(window: MainWindow, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_the_button_that_clears_the_search_sits_in_the_middle_of_it(
    window: MainWindow, qapp: QApplication
) -> None:
    theme.apply(qapp, Theme.LIGHT)
    window.show()
    field = window.findChild(QLineEdit, "searchEdit")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "oak")
    button = field.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert abs(button.geometry().center().y() - field.rect().center().y()) <= 1
    assert _colour_of(button) == theme.LIGHT.muted
    theme.apply(qapp, Theme.DARK)
    try:
        assert _colour_of(button) == theme.DARK.muted
    finally:
        theme.apply(qapp, Theme.SYSTEM)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.text() == ""


def _colour_of(button: QToolButton) -> str:
    """The colour of the two lines that cross in the middle."""
    drawn = button.icon().pixmap(QSize(16, 16)).toImage()
    return drawn.pixelColor(8, 8).name()


def test_the_question_about_unkept_ids_follows_what_is_kept(qtbot: QtBot) -> None:
    window = MainWindow(JobListModel())
    qtbot.addWidget(window)
    window.show()
    window.set_unkept(("task_a",))
    window.close()
    (question,) = window.findChildren(UnkeptDialog)
    window.set_unkept(("task_a", "task_b"))
    assert "task_b" in question.informativeText()
    window.set_unkept(())
    assert not question.isVisible()
    assert window.isVisible()
    window.close()
    assert not window.isVisible()


def test_ctrl_q_closes_and_asks_what_closing_asks(window: MainWindow, qtbot: QtBot) -> None:
    closed = heard(window.closed)
    activate(window, qtbot)
    window.set_unkept(("task_01",))
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    question = window.findChild(UnkeptDialog)
    assert question is not None
    assert window.isVisible()
    question.reject()
    window.set_unkept(())
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert closed == [None]
    assert not window.isVisible()


def empty_ground(window: MainWindow) -> QPoint:
    """A place in the gallery with no tile."""
    return window.gallery.view.viewport().rect().bottomRight() - QPoint(4, 4)


def shown_job(window: MainWindow) -> str:
    """The id of the job that the details are about; empty for none."""
    job = window.details.job
    return "" if job is None else job.id


def told_of_selection(window: MainWindow) -> str:
    label = window.details.findChild(PlainLabel, "detailsSelected")
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_all_tiles_selected_after_a_click_beside_them_are_told_with_the_first(
    window: MainWindow, qtbot: QtBot
) -> None:
    activate(window, qtbot)
    window.resize(1400, 800)
    fill(model_of(window), [a_job(JobState.SAVED, number) for number in range(1, 7)])
    view = window.gallery.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=empty_ground(window))
    assert shown_job(window) == ""
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_count() == 6
    qtbot.waitUntil(lambda: shown_job(window) == "job-6")
    assert told_of_selection(window) == "6 selected. This is the current one."


def test_a_band_that_ends_beside_the_tiles_makes_one_of_them_current(
    window: MainWindow, qtbot: QtBot
) -> None:
    activate(window, qtbot)
    window.resize(1400, 800)
    fill(model_of(window), [a_job(JobState.SAVED, number) for number in range(1, 3)])
    view, start = window.gallery.view, empty_ground(window)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for at in (start - QPoint(20, 20), QPoint(4, 4), QPoint(2, 2)):
        QTest.mouseMove(view.viewport(), at)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert view.selected_count() == 2
    assert shown_job(window) in {"job-1", "job-2"}
    assert told_of_selection(window) == "2 selected. This is the current one."


def test_what_is_selected_elsewhere_makes_none_current_that_is_out_of_sight(
    window: MainWindow, qtbot: QtBot
) -> None:
    activate(window, qtbot)
    fill(model_of(window), [a_job(JobState.SAVED, number) for number in range(1, 200)])
    view = window.gallery.view
    view.go_to(100)
    before = view.verticalScrollBar().value()
    view.selectAll()
    qtbot.waitUntil(lambda: view.currentIndex().isValid())
    assert view.currentIndex().row() in view.rows_in_sight()
    assert view.verticalScrollBar().value() == before


def test_what_was_told_of_collections_gives_way_when_tiles_are_dragged(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate(window, qtbot)
    seen: list[bool] = []
    undo = window.collections.findChild(QPushButton, "collectionUndo")
    assert undo is not None
    monkeypatch.setattr(QDrag, "exec", lambda *_: seen.append(undo.isVisible()))
    window.collections.set_collections((Collection(number=1, name="Chairs", count=1),))
    window.collections.offer_undo("1 put into “Chairs”.")
    assert undo.isVisible()
    fill(model_of(window), [a_job(JobState.SAVED, 1)])
    view = window.gallery.view
    view.selectAll()
    view.startDrag(Qt.DropAction.CopyAction)
    assert seen == [False]
    assert window.collections.isVisible()
