"""The grid: tiles of every state, keys, menu, and what the empty gallery says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStyle, QStyleOptionViewItem

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.ui.gallery.caption import elapsed, size_line
from gptimg_desktop.ui.gallery.delegate import TileDelegate, wrapped
from gptimg_desktop.ui.gallery.model import JobListModel, Role
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from gptimg_desktop.ui.theme import DARK, LIGHT, Tokens, palette_of
from tests.ui.jobs import CREATED, a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job


def painted(job: Job, tokens: Tokens = LIGHT, *, now: float = CREATED + 24, selected: bool = False) -> QImage:
    """One tile as it is drawn, with a red picture where there is one."""
    model = JobListModel()
    model.reset([job])
    if job.images:
        model.set_thumbnail(job.id, a_bitmap(64, 36, (255, 0, 0)))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 220, 268)
    option.palette = palette_of(tokens)
    option.font = QApplication.font()
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    image = QImage(220, 268, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    TileDelegate(clock=lambda: now).paint(painter, option, model.index(0))
    painter.end()
    return image


@pytest.fixture
def panel(qtbot: QtBot) -> GalleryPanel:
    model = JobListModel()
    made = GalleryPanel(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def model_of(panel: GalleryPanel) -> JobListModel:
    model = panel.view.model()
    assert isinstance(model, JobListModel)
    return model


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", JobState)
def test_every_state_has_a_tile_of_its_own(qapp: object, state: JobState, tokens: Tokens) -> None:
    image = painted(a_job(state), tokens)
    others = [painted(a_job(other), tokens) for other in JobState if other is not state]
    assert all(image != other for other in others)


@pytest.mark.parametrize("size", [AUTO, Ratio.R21X9, Ratio.R1X3, PixelSize(10_000, 16)], ids=str)
@pytest.mark.parametrize("state", [JobState.ACCEPTED, JobState.SAVED, JobState.QUEUED])
def test_any_shape_can_be_painted(qapp: object, size: Ratio | PixelSize, state: JobState) -> None:
    assert not painted(a_job(state, request=a_request(size=size))).isNull()


def test_a_picture_keeps_its_ratio_on_neutral_ground(qapp: object) -> None:
    image = painted(a_job(JobState.SAVED))
    reds = [
        (x, y)
        for x in range(0, 220, 2)
        for y in range(0, 220, 2)
        if image.pixelColor(x, y).name() == "#ff0000"
    ]
    width = max(x for x, _ in reds) - min(x for x, _ in reds)
    height = max(y for _, y in reds) - min(y for _, y in reds)
    assert width / height == pytest.approx(16 / 9, rel=0.06)
    assert image.pixelColor(110, 30).name() == LIGHT.canvas


def test_a_running_tile_moves_with_the_clock_and_a_waiting_one_does_not(qapp: object) -> None:
    running, waiting = a_job(JobState.ACCEPTED), a_queued_job()
    assert painted(running, now=CREATED + 10) != painted(running, now=CREATED + 10.6)
    assert painted(waiting, now=CREATED + 10) == painted(waiting, now=CREATED + 10.6)


def test_picks_and_selection_show(qapp: object) -> None:
    job = a_job(JobState.SAVED)
    assert painted(job) != painted(job.pick(picked=True))
    assert painted(job) != painted(job, selected=True)


def test_sizes_tell_what_was_asked_where_something_else_came() -> None:
    square = a_request(size=Ratio.R1X1, tier=Tier.K1)
    other = a_job(JobState.SAVED, request=square, pixels=PixelSize(1254, 1254))
    assert size_line(other) == "asked 1024×1024, got 1254×1254"
    assert size_line(a_job(JobState.SAVED, request=square)) == "1024×1024"


def test_time_is_told_as_a_clock_does() -> None:
    assert [elapsed(seconds) for seconds in (-3, 23.9, 83, 3850)] == ["0:00", "0:23", "1:23", "1:04:10"]


def test_long_reasons_wrap_and_end_in_an_ellipsis(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = wrapped(metrics, "keine Verbindung zum Dienst " * 9, 180, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(metrics.horizontalAdvance(line) <= 180 for line in lines)
    chinese = wrapped(metrics, "服务没有回答" * 9, 180, 3)
    assert len(chinese) == 3


def test_the_empty_gallery_says_why(panel: GalleryPanel) -> None:
    def told() -> str:
        return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())

    assert "Your pictures appear here" in told()
    model_of(panel).upsert(a_queued_job())
    assert panel.view.isVisible()
    model_of(panel).set_filter(JobFilter(text="zebra"))
    assert "Nothing matches" in told()
    model_of(panel).set_filter(JobFilter(view=View.PICKS))
    assert "No picks yet" in told()


def test_current_is_told_once_and_kept_by_a_filter_that_lets_it_through(panel: GalleryPanel) -> None:
    told: list[str] = []
    panel.current_changed.connect(told.append)
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(4)])
    panel.select("job-2")
    model_of(panel).set_filter(JobFilter(text="oak"))
    assert told == ["job-2"]
    assert panel.view.selected_ids() == ("job-2",)
    model_of(panel).set_filter(JobFilter(view=View.RUNNING))
    assert told == ["job-2", ""]


def test_p_picks_and_delete_bins_what_is_selected(panel: GalleryPanel) -> None:
    picks: list[str] = []
    bins: list[tuple[str, ...]] = []
    panel.pick_requested.connect(picks.append)
    panel.bin_requested.connect(bins.append)
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(3)])
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_P)
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert picks == ["job-2", "job-1", "job-0"]
    assert bins == [("job-2", "job-1", "job-0")]


def test_in_the_bin_delete_does_nothing_and_undo_restores(panel: GalleryPanel) -> None:
    bins: list[tuple[str, ...]] = []
    restores: list[tuple[str, ...]] = []
    panel.bin_requested.connect(bins.append)
    panel.restore_requested.connect(restores.append)
    model_of(panel).reset([a_job(JobState.SAVED).bin(1.0)])
    model_of(panel).set_filter(JobFilter(view=View.BIN))
    panel.select("job-1")
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    QTest.keyClick(panel.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bins == []
    assert restores == [("job-1",)]


def test_the_menu_offers_what_fits(panel: GalleryPanel) -> None:
    cancels: list[str] = []
    panel.cancel_requested.connect(cancels.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    panel.select("job-1")
    assert [action.text() for action in panel.menu().actions() if action.text()] == ["Pick", "Move to bin"]
    panel.select("job-2")
    cancel = next(action for action in panel.menu().actions() if action.text().startswith("Cancel"))
    cancel.trigger()
    assert cancels == ["job-2"]


def test_a_new_tile_does_not_move_what_is_looked_at(panel: GalleryPanel, qtbot: QtBot) -> None:
    model = model_of(panel)
    model.reset([a_job(JobState.SAVED, number) for number in range(60)])
    index = model.index_of("job-20")
    panel.view.scrollTo(index, panel.view.ScrollHint.PositionAtTop)
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().value() + 11)
    watched = model.job_at(panel.view.indexAt(QPoint(50, 50)).row())
    assert watched is not None
    top = panel.view.visualRect(model.index_of(watched.id)).top()
    for number in range(100, 107):
        model.upsert(a_queued_job(number))
    qtbot.waitUntil(lambda: panel.view.visualRect(model.index_of(watched.id)).top() == top)


def test_the_light_moves_only_while_something_runs_and_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    frames = next(timer for timer in panel.view.findChildren(QTimer) if timer.interval() == 50)
    model_of(panel).reset([a_job(JobState.ACCEPTED, at=time.time())])
    assert frames.isActive()
    model_of(panel).upsert(a_job(JobState.SAVED))
    qtbot.waitUntil(lambda: not frames.isActive())
    model_of(panel).upsert(a_job(JobState.ACCEPTED, 2))
    assert frames.isActive()
    panel.hide()
    assert not frames.isActive()


def test_a_saved_tile_asks_for_its_picture_when_it_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model_of(panel).thumbnail_wanted) as asked:
        model_of(panel).reset([a_job(JobState.SAVED)])
    assert asked.args == ["job-1"]


def test_the_columns_fill_the_width(panel: GalleryPanel) -> None:
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(9)])
    for width in (420, 700, 1100):
        panel.resize(width, 600)
        room = panel.view.viewport().width() - 1
        cell = panel.view.gridSize().width()
        assert 0 <= room - (room // cell) * cell < room // cell + 1
        rects = [panel.view.visualRect(model_of(panel).index(row)) for row in range(room // cell)]
        assert len({rect.top() for rect in rects}) == 1


@pytest.mark.expects_log("tile not painted")
def test_a_broken_tile_is_logged_and_not_raised(qapp: object, caplog: pytest.LogCaptureFixture) -> None:
    def stopped() -> float:
        raise ValueError("no clock")

    model = JobListModel()
    model.reset([a_job(JobState.ACCEPTED)])
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 220, 268)
    image = QImage(220, 268, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    TileDelegate(clock=stopped).paint(painter, option, model.index(0))
    painter.end()
    assert "tile not painted" in caplog.text
    assert model.index(0).data(Role.STATE) == "accepted"
