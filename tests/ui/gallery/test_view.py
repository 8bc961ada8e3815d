"""The grid stays where it is, whatever comes and goes, and selects a hundred thousand as quickly as one."""

from __future__ import annotations

import json
import random
import time
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.listing import Listing
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from gptimg_desktop.ui.gallery.tile_drag import JOBS_MIME
from gptimg_desktop.ui.gallery.tile_size import LEAST_TILE, MOST_TILE, larger, smaller
from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import tokens_for
from tests.support.listed import fill, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_bitmap, a_job, a_queued_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRect
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.view import GalleryView

MANY = 100_000
BY_COST = JobFilter(sort=Sort.COST)


@pytest.fixture
def panel(qtbot: QtBot) -> GalleryPanel:
    model = JobListModel()
    made = GalleryPanel(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.fixture
def view(panel: GalleryPanel) -> GalleryView:
    return panel.view


@pytest.fixture
def model(view: GalleryView) -> JobListModel:
    found = view.model()
    assert isinstance(found, JobListModel)
    return found


def saved(numbers: range) -> list[Job]:
    return [a_job(JobState.SAVED, number) for number in numbers]


def list_many(model: JobListModel, count: int = MANY) -> None:
    """So many rows that nobody has read."""
    seqs = array("q", range(count, 0, -1))
    model.set_listing(Listing(filter=JobFilter(), seqs=seqs, keys=array("d", (-float(seq) for seq in seqs))))


def place_of(view: GalleryView, model: JobListModel, seq: int) -> QRect:
    row = model.row_of(seq)
    assert row is not None
    return view.visualRect(model.index(row))


def scroll_to(view: GalleryView, model: JobListModel, seq: int, *, further: int = 17) -> None:
    row = model.row_of(seq)
    assert row is not None
    view.scrollTo(model.index(row), view.ScrollHint.PositionAtTop)
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + further)


def seq_in_sight(view: GalleryView, model: JobListModel) -> int:
    """A tile in the middle of what is seen."""
    rows = view.rows_whole_in_sight()
    return model.seq_at(rows[len(rows) // 2])


def pill_of(view: GalleryView) -> QPushButton:
    found = view.findChild(QPushButton, "newPill")
    assert isinstance(found, QPushButton)
    return found


# Stillness


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_what_is_new_above_moves_nothing_to_any_side(
    view: GalleryView, model: JobListModel, count: int
) -> None:
    fill(model, saved(range(1, 200)))
    scroll_to(view, model, 100)
    watched = seq_in_sight(view, model)
    before = place_of(view, model, watched)
    for number in range(count):
        put(model, a_queued_job(1_000 + number))
        assert place_of(view, model, watched) == before


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_what_goes_above_moves_nothing(view: GalleryView, model: JobListModel, count: int) -> None:
    jobs = saved(range(1, 200))
    fill(model, jobs)
    scroll_to(view, model, 100)
    watched = seq_in_sight(view, model)
    before = place_of(view, model, watched)
    for job in jobs[-count:]:
        put(model, job.marked(Mark.BINNED, 1.0))
        assert place_of(view, model, watched) == before


def test_at_the_top_the_new_one_is_seen_at_once(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 60)))
    put(model, a_queued_job(100))
    assert place_of(view, model, 100).topLeft() == QPoint(view.grid.tile(0).left(), view.grid.tile(0).top())
    assert view.verticalScrollBar().value() == 0
    assert pill_of(view).isHidden()


def test_the_same_list_read_again_stays_where_it_was(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 200)))
    scroll_to(view, model, 100)
    watched = seq_in_sight(view, model)
    before = place_of(view, model, watched)
    fill(model, saved(range(1, 203)))
    assert place_of(view, model, watched) == before


@pytest.mark.parametrize("seed", range(12))
def test_after_any_change_of_columns_nothing_above_moves_what_is_looked_at(
    view: GalleryView, model: JobListModel, panel: GalleryPanel, seed: int
) -> None:
    chance = random.Random(seed)
    fill(model, saved(range(1, 400)))
    scroll_to(view, model, 200, further=chance.randrange(100))
    newest, seen = 1_000, set()
    for _ in range(60):
        seen.add(view.grid.columns)
        deed = chance.randrange(6)
        if deed == 0:
            view.set_tile_size(chance.randrange(LEAST_TILE, MOST_TILE))
        elif deed == 1:
            panel.resize(chance.choice((900, 640, 411, 1_100)), 700)
        elif deed == 2:
            wheel(view, QPoint(chance.randrange(40, 300), 350), chance.choice((120, -120)))
        else:
            watched = seq_in_sight(view, model)
            before = place_of(view, model, watched)
            above = model.seqs_in(0, view.rows_in_sight().start - 1)
            newest += 1
            if deed == 3:
                put(model, a_job(JobState.SAVED, newest))
            elif deed == 4 and len(above) > 40:
                put(model, a_job(JobState.SAVED, chance.choice(above)).marked(Mark.BINNED, 1.0))
            elif deed == 5:
                fill(model, [a_job(JobState.SAVED, seq) for seq in (newest, *model.seqs_in(0, 999))])
            assert place_of(view, model, watched) == before
    assert len(seen) > 2


def test_a_list_read_again_near_its_top_stays_where_rows_had_come(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, saved(range(1, 60)))
    view.verticalScrollBar().setValue(view.grid.cell_height + 20)
    put(model, a_job(JobState.SAVED, 60))
    assert view.grid.lead
    view.verticalScrollBar().setValue(20)
    watched = model.seq_at(view.grid.ends_of(1)[0])
    before = place_of(view, model, watched)
    fill(model, saved(range(1, 62)))
    assert place_of(view, model, watched) == before


def test_tiles_that_grew_at_the_top_leave_what_is_new_in_sight(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, saved(range(1, 60)))
    wheel(view, QPoint(60, 60), 120)
    wheel(view, QPoint(60, 60), -120)
    assert view.verticalScrollBar().value() == 0
    put(model, a_queued_job(100))
    assert view.verticalScrollBar().value() == 0
    assert place_of(view, model, 100).top() == view.grid.tile(0).top()


def test_a_search_begins_at_its_top_and_its_end_at_the_tile_that_was_found(
    view: GalleryView, model: JobListModel, panel: GalleryPanel
) -> None:
    jobs = saved(range(1, 200))
    fill(model, jobs)
    scroll_to(view, model, 50)
    fill(model, jobs[:150], JobFilter(text="oak"))
    assert view.verticalScrollBar().value() == 0
    panel.select("job-40")
    fill(model, jobs)
    assert view.viewport().rect().contains(place_of(view, model, 40))


def test_resizing_to_and_fro_does_not_drift(
    view: GalleryView, model: JobListModel, panel: GalleryPanel
) -> None:
    fill(model, saved(range(1, 400)))
    scroll_to(view, model, 200)
    value, watched = view.verticalScrollBar().value(), seq_in_sight(view, model)
    for width in (620, 411, 1_200, 777, 1_003, 500) * 3:
        panel.resize(width, 700)
        assert abs(place_of(view, model, watched).center().y() - 350) < 700
    panel.resize(900, 700)
    assert view.verticalScrollBar().value() == value


def test_the_wheel_with_ctrl_keeps_the_tile_under_the_mouse(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 400)))
    scroll_to(view, model, 200)
    at = QPoint(430, 350)
    under = model.seq_at(view.grid.row_near(at + QPoint(0, view.verticalScrollBar().value())) or 0)
    top = place_of(view, model, under).top()
    sizes = heard(view.tile_size_changed)
    for turned in (120, 120, -240, -120):
        wheel(view, at, turned)
        assert abs(place_of(view, model, under).top() - top) <= view.grid.cell_height
    assert sizes[-1] == view.tile_size < 200


def wheel(view: GalleryView, at: QPoint, turned: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_tile_sizes_have_ends() -> None:
    sizes = [LEAST_TILE]
    while sizes[-1] < MOST_TILE:
        sizes.append(larger(sizes[-1]))
    assert larger(MOST_TILE) == MOST_TILE
    assert smaller(LEAST_TILE) == LEAST_TILE
    assert 8 <= len(sizes) <= 16


def test_a_click_on_a_tile_that_is_half_seen_leaves_the_view_alone(
    view: GalleryView, model: JobListModel, qtbot: QtBot
) -> None:
    fill(model, saved(range(1, 60)))
    value = view.verticalScrollBar().value() + 130
    view.verticalScrollBar().setValue(value)
    first = view.visualRect(model.index(view.rows_in_sight().start))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(first.center().x(), 20))
    qtbot.wait(QApplication.doubleClickInterval() + 200)  # Qt would go there after a double click's time
    assert view.currentIndex().isValid()
    assert view.verticalScrollBar().value() == value


# What is new


def test_a_pill_tells_what_is_new_above_and_leads_there(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 200)))
    scroll_to(view, model, 100)
    assert pill_of(view).isHidden()
    for number in range(1_000, 1_003):
        put(model, a_queued_job(number))
    put(model, a_job(JobState.SAVED, 1_000))
    assert pill_of(view).isVisible()
    assert pill_of(view).text() == "3 new"
    QTest.mouseClick(pill_of(view), Qt.MouseButton.LeftButton)
    assert view.verticalScrollBar().value() == 0
    assert pill_of(view).isHidden()
    assert place_of(view, model, 1_002).left() == view.grid.tile(0).left()


def test_a_result_that_comes_out_of_sight_is_new_until_it_is_seen(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, [*saved(range(1, 200)), a_job(JobState.ACCEPTED, 300)])
    put(model, a_job(JobState.READY, 300))
    scroll_to(view, model, 100)
    put(model, a_job(JobState.SAVED, 300))
    assert pill_of(view).text() == "1 new"
    put(model, a_job(JobState.SAVED, 300).marked(Mark.PICKED, 1.0))
    assert pill_of(view).text() == "1 new"
    view.verticalScrollBar().setValue(0)
    assert pill_of(view).isHidden()
    scroll_to(view, model, 100)
    put(model, a_job(JobState.SAVED, 300))
    assert pill_of(view).isHidden()


def test_a_result_in_sight_is_no_news(view: GalleryView, model: JobListModel) -> None:
    fill(model, [*saved(range(1, 50)), a_job(JobState.ACCEPTED, 300)])
    put(model, a_job(JobState.READY, 300))
    put(model, a_job(JobState.SAVED, 300))
    assert pill_of(view).isHidden()


def test_what_the_filter_hides_is_new_too_and_another_list_is_asked_for(
    view: GalleryView, model: JobListModel
) -> None:
    wanted = heard(view.new_wanted)
    picks = [job.marked(Mark.PICKED, 1.0) for job in saved(range(1, 9))]
    fill(model, picks, JobFilter(view=View.PICKS))
    put(model, a_job(JobState.ACCEPTED, 300))
    put(model, a_job(JobState.SAVED, 300))
    assert pill_of(view).text() == "1 new"
    QTest.mouseClick(pill_of(view), Qt.MouseButton.LeftButton)
    assert len(wanted) == 1
    assert pill_of(view).isHidden()


def arrow_of(view: GalleryView) -> str:
    """The sign that the pill has, by what it looks like."""
    colour = tokens_for(view.palette()).accent
    shown = pill_of(view).icon().pixmap(16, 16).toImage()
    for name in ("arrow-up", "arrow-down"):
        if shown == icon(name, colour, beside_text=True).pixmap(16, 16).toImage():
            return name
    return "" if shown.isNull() else "?"


def test_the_pill_points_to_where_the_first_of_them_is(view: GalleryView, model: JobListModel) -> None:
    fill(model, [*saved(range(1, 200)), a_job(JobState.READY, 300)], JobFilter(reverse=True))
    put(model, a_job(JobState.READY, 300))
    scroll_to(view, model, 100)
    put(model, a_job(JobState.SAVED, 300))
    assert (pill_of(view).text(), arrow_of(view)) == ("1 new", "arrow-down")
    QTest.mouseClick(pill_of(view), Qt.MouseButton.LeftButton)
    assert model.row_of(300) in view.rows_in_sight()
    scroll_to(view, model, 100)
    put(model, a_job(JobState.READY, 0))
    put(model, a_job(JobState.SAVED, 0))
    assert (pill_of(view).text(), arrow_of(view)) == ("1 new", "arrow-up")


def test_at_the_very_top_nothing_new_is_above(view: GalleryView, model: JobListModel) -> None:
    fill(model, [*saved(range(1, 200)), a_job(JobState.READY, 300)], JobFilter(reverse=True))
    put(model, a_job(JobState.READY, 300))
    put(model, a_job(JobState.SAVED, 300))
    assert view.verticalScrollBar().value() == 0
    assert arrow_of(view) == "arrow-down"


def test_the_pill_turns_where_the_user_jumps_over_what_is_new(view: GalleryView, model: JobListModel) -> None:
    fill(model, [*saved(range(1, 200)), a_job(JobState.READY, 100)])
    put(model, a_job(JobState.READY, 100))
    put(model, a_job(JobState.SAVED, 100))
    assert arrow_of(view) == "arrow-down"
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert arrow_of(view) == "arrow-up"


def test_what_only_another_list_shows_is_above_where_the_newest_come_first(
    view: GalleryView, model: JobListModel
) -> None:
    picks = [job.marked(Mark.PICKED, 1.0) for job in saved(range(1, 9))]
    signs = []
    for order in (JobFilter(view=View.PICKS), JobFilter(view=View.PICKS, sort=Sort.COST)):
        fill(model, picks, order)
        put(model, a_job(JobState.ACCEPTED, 300))
        put(model, a_job(JobState.SAVED, 300))
        assert pill_of(view).text() == "1 new"
        signs.append(arrow_of(view))
    assert signs == ["arrow-up", ""]


def test_while_the_user_scrolls_the_date_is_told(
    view: GalleryView, model: JobListModel, qtbot: QtBot
) -> None:
    label = view.findChild(QLabel, "scrollLabel")
    assert isinstance(label, QLabel)
    day = time.mktime((2025, 3, 9, 12, 0, 0, 0, 0, -1))
    fill(model, [replace(job, created_at=day) for job in saved(range(1, 200))])
    assert label.isHidden()
    view.verticalScrollBar().setValue(900)
    assert label.isVisible()
    assert "2025" in label.text()
    assert "March" in label.text()
    qtbot.waitUntil(label.isHidden)
    by_size = JobFilter(sort=Sort.SIZE)
    fill(model, saved(range(1, 200)), by_size)
    view.verticalScrollBar().setValue(900)
    assert label.text() == "2048×1152"


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (a_job(JobState.SAVED, 1), "$0.014"),
        (a_job(JobState.SAVED, 1, practice=True), "$0.00"),
        (a_job(JobState.FAILED, 1), "$0.00"),
    ],
)
def test_a_list_by_cost_tells_what_was_paid(
    view: GalleryView, model: JobListModel, job: Job, told: str
) -> None:
    label = view.findChild(QLabel, "scrollLabel")
    assert isinstance(label, QLabel)
    fill(model, [replace(job, id=f"job-{number}", seq=number) for number in range(1, 200)], BY_COST)
    view.verticalScrollBar().setValue(900)
    assert label.text() == told


def test_the_date_of_another_list_is_not_told_any_more(view: GalleryView, model: JobListModel) -> None:
    label = view.findChild(QLabel, "scrollLabel")
    assert isinstance(label, QLabel)
    fill(model, saved(range(1, 200)))
    view.verticalScrollBar().setValue(900)
    assert label.isVisible()
    fill(model, saved(range(1, 4)), JobFilter(view=View.PICKS))
    assert label.isHidden()


def test_while_the_handle_is_held_the_label_stays_and_learns_what_it_has_come_to(
    view: GalleryView, model: JobListModel, qtbot: QtBot
) -> None:
    label, bar = view.findChild(QLabel, "scrollLabel"), view.verticalScrollBar()
    assert isinstance(label, QLabel)
    list_many(model)
    asked = heard(model.page_wanted)
    bar.setSliderDown(True)
    bar.setSliderPosition(bar.maximum() // 2)
    assert label.isVisible()
    assert label.text() == "…"
    qtbot.waitUntil(lambda: bool(asked))
    seqs = asked[-1]
    assert isinstance(seqs, tuple)
    assert set(view.rows_in_sight()) <= {model.row_of(seq) for seq in seqs}
    day = time.mktime((2025, 3, 9, 12, 0, 0, 0, 0, -1))
    model.take_page([replace(a_job(JobState.SAVED, seq), created_at=day) for seq in seqs])
    assert "March" in label.text()
    bar.setSliderPosition(bar.maximum() // 4)
    assert label.text() == "…"  # not the day that it has left
    qtbot.wait(1_100)
    assert label.isVisible()
    bar.setSliderDown(False)
    qtbot.waitUntil(label.isHidden)


# Selection


def test_everything_is_selected_as_one_range(view: GalleryView, model: JobListModel) -> None:
    list_many(model)
    began = time.thread_time()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    took = time.thread_time() - began
    assert view.selected_runs() == [(0, MANY - 1)]
    assert view.selected_count() == MANY
    assert view.selected_seqs() == tuple(range(MANY, 0, -1))
    assert took < 0.25  # one by one it takes seconds; the bench measures it


def test_escape_leaves_the_current_tile_alone_selected(view: GalleryView, model: JobListModel) -> None:
    list_many(model)
    view.setFocus()
    scroll_to(view, model, 50_000)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    current, place = view.currentIndex().row(), view.verticalScrollBar().value()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected_runs() == [(current, current)]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected_runs() == [(current, current)]
    assert (view.currentIndex().row(), view.verticalScrollBar().value()) == (current, place)


def test_an_escape_that_ends_no_selection_goes_on_to_who_may_want_it(
    view: GalleryView, model: JobListModel, panel: GalleryPanel
) -> None:
    heard_keys: list[int] = []

    class Ear(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                heard_keys.append(event.key())
            return False

    ear = Ear(panel)
    panel.installEventFilter(ear)
    fill(model, saved(range(1, 20)))
    view.selectAll()
    for count in (0, 1):
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert heard_keys == [Qt.Key.Key_Escape] * count


def test_escape_right_after_everything_was_selected_selects_nothing_again(
    view: GalleryView, model: JobListModel
) -> None:
    """Before any tile has become current by it."""
    list_many(model)
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert view.selected_count() <= 1


def test_shift_selects_from_one_tile_to_the_other_in_their_order(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, saved(range(1, 60)))
    columns = view.grid.columns
    click(view, model, 1)
    click(view, model, columns * 2, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_runs() == [(1, columns * 2)]
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_runs() == [(1, columns)]
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_runs() == [(0, 1)]
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_runs() == [(1, 58)]
    click(view, model, view.rows_whole_in_sight()[0], Qt.KeyboardModifier.ControlModifier)
    assert view.selected_count() == 57


def click(
    view: GalleryView,
    model: JobListModel,
    row: int,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    at = view.visualRect(model.index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_a_rubber_band_selects_the_block_that_it_touches(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 60)))
    columns, ground = view.grid.columns, view.viewport()
    start = view.grid.tile(1).topLeft() - QPoint(4, 4)
    end = view.grid.tile(columns + 2).center()
    QTest.mousePress(ground, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.1, 0.5, 1.0):
        QTest.mouseMove(ground, start + (end - start) * share)
    assert view.selected_runs() == [(1, 2), (columns + 1, columns + 2)]
    QTest.mouseRelease(ground, Qt.MouseButton.LeftButton, pos=end)
    assert view.selected_count() == 4
    QTest.mouseClick(ground, Qt.MouseButton.LeftButton, pos=start)
    assert view.selected_count() == 0


def test_a_selection_goes_with_its_tiles(view: GalleryView, model: JobListModel) -> None:
    fill(model, saved(range(1, 60)))
    click(view, model, 3)
    seq = model.seq_at(3)
    for number in range(1_000, 1_004):
        put(model, a_queued_job(number))
    assert view.selected_seqs() == (seq,)
    model.take_marked(Marked(marking=Marking(seqs=(1_000, 1_001), mark=Mark.BINNED), undo=()))
    assert view.selected_seqs() == (seq,)


def test_keys_move_by_line_and_page_and_show_where_they_are(view: GalleryView, model: JobListModel) -> None:
    list_many(model)
    view.setFocus()
    view.select_only(model.index(0))
    columns = view.grid.columns
    lines = max(1, view.viewport().height() // view.grid.cell_height)
    steps = (
        (Qt.Key.Key_Down, columns),
        (Qt.Key.Key_Right, columns + 1),
        (Qt.Key.Key_PageDown, columns * (1 + lines) + 1),
        (Qt.Key.Key_End, MANY - 1),
        (Qt.Key.Key_Up, MANY - 1 - columns),
        (Qt.Key.Key_Home, 0),
    )
    for key, row in steps:
        QTest.keyClick(view, key)
        assert view.currentIndex().row() == row
        assert view.selected_runs() == [(row, row)]
        assert view.viewport().rect().contains(view.visualRect(model.index(row)))


def test_a_tile_that_the_focus_made_current_is_selected_by_the_first_key(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, saved(range(1, 9)))
    view.setCurrentIndex(model.index(0))
    view.selectionModel().clearSelection()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.selected_runs() == [(0, 0)]


# What the library is asked for


def test_only_what_is_in_sight_is_looked_at(view: GalleryView, model: JobListModel, qtbot: QtBot) -> None:
    asked = heard(model.page_wanted)
    list_many(model)
    qtbot.waitUntil(lambda: bool(asked))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    qtbot.waitUntil(lambda: model.seq_at(view.rows_in_sight()[0]) in numbers(asked[-1]))
    assert numbers(asked[-1])[0] == model.seq_at(view.rows_in_sight()[0])
    assert all(len(numbers(each)) < 1_000 for each in asked)


def numbers(told: object) -> tuple[int, ...]:
    assert isinstance(told, tuple)
    return told


def test_pictures_are_wanted_in_the_size_in_which_they_are_drawn(
    view: GalleryView, model: JobListModel, qtbot: QtBot
) -> None:
    fill(model, saved(range(1, 60)))
    assert model.thumbnail_box == view.grid.tile(0).width() - 24
    view.set_tile_size(MOST_TILE)
    qtbot.waitUntil(lambda: model.thumbnail_box == view.grid.tile(0).width() - 24)


def test_a_screen_of_another_scale_wants_pictures_of_other_pixels(
    view: GalleryView, model: JobListModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(model, saved(range(1, 60)))
    before = model.thumbnail_box
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert model.thumbnail_box == 2 * before


# Answers, drags, restarts


def test_an_unconfirmed_tile_asks_and_its_question_can_be_clicked(
    view: GalleryView, model: JobListModel, panel: GalleryPanel
) -> None:
    asked, opened = heard(view.decision_wanted), heard(panel.view_requested)
    fill(model, [a_job(JobState.UNCONFIRMED, 2), a_job(JobState.SAVED, 1)])
    tile = view.visualRect(model.index(0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=tile.center())
    assert asked == []
    foot = QPoint(tile.center().x(), tile.top() + tile.width() - 24)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=foot)
    assert len(asked) == 1
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert len(asked) == 2
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (len(asked), opened) == (2, ["job-1"])


def test_a_drag_carries_the_numbers_of_all_that_is_selected(
    view: GalleryView, model: JobListModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[QMimeData] = []

    def take(drag: QDrag, *_: object) -> Qt.DropAction:
        copy = QMimeData()
        copy.setData(JOBS_MIME, drag.mimeData().data(JOBS_MIME))
        carried.append(copy)
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", take)
    fill(model, [a_queued_job(3), *saved(range(1, 3))])
    view.selectAll()
    view.startDrag(Qt.DropAction.CopyAction)
    assert json.loads(bytes(carried[0].data(JOBS_MIME).data())) == [3, 2, 1]


def test_the_view_is_found_as_it_was_left(
    view: GalleryView, model: JobListModel, qtbot: QtBot, panel: GalleryPanel
) -> None:
    fill(model, saved(range(1, 400)))
    view.set_tile_size(150)
    view.set_captions(False)
    scroll_to(view, model, 200)
    watched = seq_in_sight(view, model)
    before, state = place_of(view, model, watched), json.loads(json.dumps(view.view_state()))
    other_model = JobListModel()
    other = GalleryPanel(other_model)
    other_model.setParent(other)
    qtbot.addWidget(other)
    other.resize(panel.size())
    other.view.restore_view_state(state)
    other.show()
    assert other.view.view_state()["top"] == state["top"]
    fill(other_model, saved(range(1, 400)))
    assert (other.view.tile_size, other.view.shows_captions) == (150, False)
    assert abs(place_of(other.view, other_model, watched).top() - before.top()) <= 1


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {"tile": "x", "captions": 3, "top": "1", "share": None},
        {"top": 1, "share": 9e9},
        {"tile": -5},
    ],
)
def test_a_state_that_is_none_is_taken_for_none(
    view: GalleryView, model: JobListModel, state: object
) -> None:
    view.restore_view_state(state)
    fill(model, saved(range(1, 60)))
    assert view.verticalScrollBar().value() == 0
    assert LEAST_TILE <= view.tile_size <= MOST_TILE


def test_a_picture_of_another_size_takes_the_place_of_the_former(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, [a_job(JobState.SAVED, 1)])
    model.set_thumbnail("job-1", a_bitmap(64, 36, (255, 0, 0)))
    at = view.grid.tile(0).center() - QPoint(0, 20)
    colours = []
    for colour in ((255, 0, 0), (0, 0, 255)):
        model.set_thumbnail("job-1", a_bitmap(64, 36, colour))
        colours.append([view.viewport().grab().toImage().pixelColor(at).name() for _ in range(3)])
    assert colours == [["#ff0000"] * 3, ["#0000ff"] * 3]


def test_tiles_too_small_for_captions_are_told(view: GalleryView, model: JobListModel) -> None:
    told = heard(view.caption_room_changed)
    fill(model, saved(range(1, 60)))
    view.set_tile_size(LEAST_TILE)
    view.set_tile_size(200)
    assert told == [False, True]


def test_what_was_painted_before_is_painted_anew_when_it_has_changed(
    view: GalleryView, model: JobListModel
) -> None:
    fill(model, [a_job(JobState.FAILED, 1), a_queued_job(2)])
    line = [a_queued_job(9), a_queued_job(2)]
    pictures = [view.viewport().grab().toImage() for _ in range(3)]
    assert pictures[1] == pictures[2]

    def looks_new() -> bool:
        pictures.append(view.viewport().grab().toImage())
        return pictures[-1] != pictures[-2]

    view.set_line(line)
    assert looks_new()
    view.set_gates((Gate(kind=GateKind.USER_PAUSE),))
    assert looks_new()
    put(model, a_job(JobState.FAILED, 1).marked(Mark.PICKED, 1.0))
    assert looks_new()
    view.set_gates(())
    assert looks_new()
    put(model, a_queued_job(2).annotate(Problem.of(ProblemKind.UPLOAD_CUT_OFF, times=4)))
    assert looks_new()
    view.selectionModel().select(model.index(0), QItemSelectionModel.SelectionFlag.Select)
    assert looks_new()
    view.set_captions(False)
    assert looks_new()
    assert not looks_new()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dates in words that the tests know."""
    from PySide6.QtCore import QLocale  # noqa: PLC0415

    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(QLocale.system())
