"""The gallery over a library that is larger than what it holds in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

from gptimg_desktop import marking
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marking
from tests.support.desk import Desk, window
from tests.support.seeded import Wishes, seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio
JOBS = 600


@pytest.fixture
def library(tmp_path: Path) -> Path:
    seed(tmp_path / "data", Wishes(jobs=JOBS))
    return tmp_path / "data"


def rows_in_sight(desk: Desk) -> range:
    return desk.app.window.gallery.view.rows_in_sight()


def sight_is_full(desk: Desk) -> bool:
    """Every tile in sight is known, and every picture among them is drawn or explained."""
    model = desk.app.model
    jobs = [model.job_at(row) for row in rows_in_sight(desk)]
    return bool(jobs) and all(
        job is not None and (job.state is not JobState.SAVED or model.thumbnail(job.id) is not None)
        for job in jobs
    )


async def test_a_long_list_is_there_at_once_and_its_jobs_and_pictures_where_one_looks(library: Path) -> None:
    async with window(library) as desk:
        model, view = desk.app.model, desk.app.window.gallery.view
        await desk.until(lambda: sight_is_full(desk), "pictures on the first screen")
        far = model.rowCount() - 1
        assert far > JOBS * 0.8
        assert model.job_of(model.seq_at(far)) is None
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        await desk.until(lambda: far in rows_in_sight(desk) and sight_is_full(desk), "the last screen")
        middle = model.seq_at(far // 2)
        assert model.job_of(middle) is None  # what was passed by is not read


async def test_of_many_filters_the_last_one_counts(library: Path) -> None:
    async with window(library) as desk:
        await desk.until(lambda: sight_is_full(desk))
        for text in ("o", "oa", "oak", "oak c", "oak chair"):
            desk.app.browsing.show(JobFilter(text=text))
        desk.app.browsing.show(JobFilter(view=View.PICKS, sort=Sort.SIZE))
        await desk.until(lambda: desk.app.model.is_settled, "the last list")
        assert desk.app.model.filter == JobFilter(view=View.PICKS, sort=Sort.SIZE)
        await desk.until(lambda: all(desk.app.model.job_at(row) for row in range(5)))
        areas = [job.area for job in desk.jobs()]
        assert areas == sorted(areas, reverse=True)


async def test_a_job_that_is_far_away_is_gone_to_whatever_hides_it(library: Path) -> None:
    async with window(library) as desk:
        model = desk.app.model
        await desk.until(lambda: sight_is_full(desk))
        far = model.seq_at(model.rowCount() - 3)
        (job,) = await desk.app.engine.history.jobs((far,))
        desk.app.window.top_bar.set_filter(JobFilter(text="nothing has these words"))
        await desk.until(lambda: model.rowCount() == 0, "an empty list")
        desk.app.browsing.show_job(job.id)
        await desk.until(lambda: model.row_of(far) in rows_in_sight(desk), "the tile")
        shown = desk.app.window.details.job
        assert shown is not None
        assert shown.id == job.id


async def test_a_new_job_is_shown_by_a_search_only_where_it_belongs(library: Path) -> None:
    async with window(library, practice=True) as desk:
        await desk.until(lambda: sight_is_full(desk))
        arrived: list[int] = []
        desk.app.model.arrived.connect(arrived.append)
        desk.app.window.top_bar.set_filter(JobFilter(text="quokka"))
        await desk.until(lambda: desk.app.model.is_settled and desk.app.model.rowCount() == 0)
        desk.generate("a quokka on a wall")
        await desk.until(lambda: desk.states() == ["saved"], "the one that belongs here")
        desk.generate("a walrus on a wall")
        await desk.until(lambda: len(arrived) == 1, "the result out of sight")
        assert [job.request.prompt for job in desk.jobs()] == ["a quokka on a wall"]


async def test_marks_of_very_many_jobs_and_their_undo_leave_the_list_as_it_was(library: Path) -> None:
    async with window(library) as desk:
        model = desk.app.model
        await desk.until(lambda: sight_is_full(desk))
        before = model.seqs_in(0, model.rowCount() - 1)
        desk.app.parts.marks.mark(Marking(seqs=before[100:], mark=Mark.BINNED))
        await desk.until(lambda: model.rowCount() <= 110, "nearly all of it away")
        desk.app.parts.undoing.undo()
        await desk.until(lambda: model.rowCount() == len(before), "all of it back")
        assert model.seqs_in(0, model.rowCount() - 1) == before


@pytest.mark.parametrize(
    "wanted", [JobFilter(sort=Sort.COST), JobFilter(sort=Sort.SIZE, reverse=True), JobFilter()]
)
async def test_order_and_place_come_back_after_a_restart_and_nothing_hides_anything(
    library: Path, wanted: JobFilter
) -> None:
    async with window(library) as desk:
        await desk.until(lambda: sight_is_full(desk))
        desk.app.window.top_bar.set_filter(wanted)
        await desk.until(lambda: desk.app.model.is_settled and sight_is_full(desk))
        view = desk.app.window.gallery.view
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() * 2 // 3)
        await desk.until(lambda: sight_is_full(desk))
        left = view.view_state()
    async with window(library) as desk:
        await desk.until(lambda: sight_is_full(desk))
        assert desk.app.model.filter == desk.app.window.top_bar.filter == wanted
        assert desk.app.model.row_of(left["top"]) in rows_in_sight(desk)
        desk.app.window.top_bar.set_filter(replace(wanted, view=View.PICKS, text="oak"))
        await desk.until(lambda: desk.app.model.is_settled)
    async with window(library) as desk:
        await desk.until(lambda: sight_is_full(desk))
        assert desk.app.model.filter == wanted


async def test_after_everything_came_back_nothing_is_selected_that_nobody_chose(
    tmp_path: Path,
) -> None:
    seed(tmp_path / "data", Wishes(jobs=700, in_hand=40))
    async with window(tmp_path / "data") as desk:
        model, gallery = desk.app.model, desk.app.window.gallery
        await desk.until(lambda: sight_is_full(desk))
        count = model.rowCount()
        gallery.view.setFocus()
        QTest.keyClick(gallery.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: desk.app.window.details.job is not None)
        QTest.keyClick(gallery.view, Qt.Key.Key_Delete)
        await desk.until(lambda: model.rowCount() < count // 2, "nearly all of it away")
        await desk.until(lambda: gallery.view.selected_count() == 1)
        assert desk.app.window.details.job is not None  # what came into their place
        QTest.keyClick(gallery.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: model.rowCount() == count, "all of it back")
        assert gallery.view.selected_count() == 0
        assert desk.app.window.details.job is None


@pytest.fixture
def english() -> Iterator[None]:
    """A country where thousands are set apart."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("english")
async def test_what_takes_long_is_told_in_numbers_that_can_be_read_and_its_undo_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MANY", 1_000)
    seed(tmp_path / "data", Wishes(jobs=2_000))
    told: list[str] = []
    async with window(tmp_path / "data") as desk:
        model, marks = desk.app.model, desk.app.parts.marks
        await desk.until(lambda: sight_is_full(desk))
        monkeypatch.setattr(desk.app.window.status, "set_message", told.append)
        some = model.seqs_in(0, 1_199)
        marks.mark(Marking(seqs=some, mark=Mark.PLAIN))
        marks.mark(Marking(seqs=some, mark=Mark.PICKED))
        await desk.until(lambda: "1,200 picked." in told)
        assert told[0] == "Taking the marks off 1,200…"
        desk.app.parts.undoing.undo()
        await desk.until(lambda: told[-1] == "Undone.")
        assert told[-2:] == ["Undoing the marks of 1,200…", "Undone."]
