"""What the gallery asks of the library: lists in their order, a few jobs at a time, what came from what."""

from __future__ import annotations

import re
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.core.sort_key import sort_key
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.history import MOST_RELATED, History
from gptimg_desktop.services.library.jobs import JobStore
from tests.support.jobs import new_job, newest
from tests.support.seeded import Wishes, seed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from gptimg_desktop.core.request import GenerationRequest

pytestmark = pytest.mark.anyio

FILTERS = [
    JobFilter(view=view, sort=sort, reverse=reverse)
    for view in View
    for sort in Sort
    for reverse in (False, True)
]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    return seed(folder, Wishes(jobs=1200, in_hand=10, has_thumbnails=False))


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[History, JobStore]]:
    database = Database(path)
    try:
        await database.open()
        yield History(database), JobStore(database)
    finally:
        database.close()


def removed(path: Path) -> set[int]:
    """The numbers of what left the gallery for good."""
    with closing(sqlite3.connect(path)) as library:
        return {seq for (seq,) in library.execute("SELECT seq FROM job WHERE removed_at IS NOT NULL")}


def made_from(*sources: str) -> tuple[FileReference, ...]:
    return tuple(
        FileReference(
            sha256=f"{number:064x}",
            media_type="image/png",
            size_bytes=10,
            width=8,
            height=8,
            name=f"{source}.png",
            job_id=source,
        )
        for number, source in enumerate(sources)
    )


def with_references(request: GenerationRequest, *sources: str) -> GenerationRequest:
    return replace(request, references=made_from(*sources))


def ids(jobs: Iterable[Job]) -> list[str]:
    return [job.id for job in jobs]


# Lists


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_a_list_holds_what_its_view_shows_in_the_order_of_its_keys(
    seeded: Path, wanted: JobFilter
) -> None:
    async with opened(seeded) as (history, _):
        gone = removed(seeded)
        jobs = [job for job in await history.since(0.0) if job.seq not in gone and wanted.view.shows(job)]
        expected = sorted(jobs, key=lambda job: (sort_key(job, wanted), -job.seq))
        listing = await history.listing(wanted)
        assert listing.filter == wanted
        assert list(listing.seqs) == [job.seq for job in expected]
        assert list(listing.keys) == [sort_key(job, wanted) for job in expected]
        some = [job.seq for job in jobs[::7]] + [*gone, 999_999]
        among = await history.among(wanted, some)
        assert list(among.seqs) == [job.seq for job in expected if job.seq in some]


async def test_the_views_are_those_of_the_seed(seeded: Path) -> None:
    """Nothing above is true because there was nothing to list."""
    async with opened(seeded) as (history, _):
        counts = {view: len(await history.listing(JobFilter(view=view))) for view in View}
    assert counts[View.ALL] > 1100
    assert all(count >= 2 for count in counts.values())
    assert removed(seeded)


async def test_a_word_and_a_collection_are_looked_for_in_the_whole_library(seeded: Path) -> None:
    async with opened(seeded) as (history, _):
        listing = await history.listing(JobFilter(text="猫"))
        jobs = await history.jobs(listing.seqs)
        assert len(jobs) > 10
        assert all("猫" in job.request.prompt for job in jobs)
        with closing(sqlite3.connect(seeded)) as library:
            members = {seq for (seq,) in library.execute("SELECT seq FROM member WHERE collection = 1")}
        shown = await history.listing(JobFilter(collection=1))
        everything = await history.listing(JobFilter())
        assert set(shown.seqs) == members & set(everything.seqs)
        assert len(shown) > 0


async def test_an_empty_library_has_empty_lists(tmp_path: Path) -> None:
    async with opened(tmp_path / "library.sqlite3") as (history, _):
        for wanted in FILTERS:
            assert len(await history.listing(wanted)) == 0
        assert await history.jobs(()) == ()
        assert await newest(history, 10) == ()
        assert (await history.lineage("nobody")).run_count == 0


# Jobs


async def test_jobs_come_in_the_order_in_which_they_are_named(seeded: Path) -> None:
    async with opened(seeded) as (history, store):
        gone = min(removed(seeded))
        jobs = await history.jobs((900, 3, gone, 900, 5_000, 17))
        assert [job.seq for job in jobs] == [900, 3, 17]
        assert jobs == tuple([await store.get(job.id) for job in jobs])
        assert await history.job(jobs[0].id) == jobs[0]
        assert await history.job("nobody") is None


async def test_what_was_removed_is_in_no_list_but_still_costs_money(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    async with opened(path) as (history, store):
        gone, kept = await store.add([new_job(created_at=5.0), new_job(created_at=7.0)])
        with closing(sqlite3.connect(path)) as library, library:
            library.execute("UPDATE job SET removed_at = 9, binned_at = 8 WHERE id = ?", (gone.id,))
        assert await history.job(gone.id) is None
        assert await history.jobs((gone.seq, kept.seq)) == (kept,)
        assert ids(await newest(history, 10)) == [kept.id]
        assert ids(await history.since(5.0)) == [kept.id, gone.id]
        assert ids(await history.since(5.1)) == [kept.id]


async def test_the_newest_come_first_and_no_more_than_wanted(seeded: Path) -> None:
    async with opened(seeded) as (history, _):
        listing = await history.listing(JobFilter())
        assert [job.seq for job in await newest(history, 20)] == list(listing.seqs[:20])


# Lineage


async def test_a_lineage_tells_what_came_from_what(tmp_path: Path) -> None:
    async with opened(tmp_path / "library.sqlite3") as (history, store):
        chair, table = await store.add([new_job(id="chair", run_id="1"), new_job(id="table", run_id="1")])
        request = chair.request
        await store.add(
            [
                new_job(id="room", run_id="2", request=with_references(request, "table", "chair", "nobody")),
                new_job(id="hall", run_id="2", request=with_references(request, "chair", "chair")),
            ]
        )
        room, of_chair = await history.lineage("room"), await history.lineage("chair")
    assert ids(room.came_from) == ["table", "chair"]
    assert ids(of_chair.led_to) == ["hall", "room"]
    assert (of_chair.led_to_count, of_chair.came_from) == (2, ())
    assert ids(of_chair.run) == ["chair", "table"]
    assert ids(room.run) == ["room", "hall"]
    assert table.id in ids(of_chair.run)


async def test_of_a_long_run_and_many_children_a_few_are_named_and_all_are_counted(tmp_path: Path) -> None:
    async with opened(tmp_path / "library.sqlite3") as (history, store):
        (source,) = await store.add([new_job(id="source", run_id="alone")])
        request = with_references(source.request, "source")
        jobs = await store.add([new_job(run_id="many", request=request) for _ in range(60)])
        of_source = await history.lineage("source")
        in_the_middle, at_the_end = await history.lineage(jobs[30].id), await history.lineage(jobs[-1].id)
    assert (of_source.led_to_count, len(of_source.led_to)) == (60, MOST_RELATED)
    assert of_source.led_to[0] == jobs[-1]
    assert (in_the_middle.run_count, len(in_the_middle.run)) == (60, MOST_RELATED)
    assert jobs[30] in in_the_middle.run
    assert at_the_end.run == jobs[-MOST_RELATED:]


# How the rows are written


async def test_new_jobs_go_into_the_current_collection_and_brought_ones_do_not(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    async with opened(path) as (history, store):
        with closing(sqlite3.connect(path)) as library, library:
            library.execute("INSERT INTO collection (name, created_at, is_current) VALUES ('Chairs', 0, 1)")
            library.execute("INSERT INTO collection (name, created_at) VALUES ('Tables', 0)")
        (asked,) = await store.add([new_job()])
        await store.add([new_job(service=IMPORTED, state=JobState.SAVED)])
        assert list((await history.listing(JobFilter(collection=1))).seqs) == [asked.seq]
        assert len(await history.listing(JobFilter(collection=2))) == 0


async def test_a_picture_is_found_by_the_size_that_it_came_in(tmp_path: Path) -> None:
    async with opened(tmp_path / "library.sqlite3") as (history, store):
        (job,) = await store.add([new_job()])
        wanted = JobFilter(text="1253x1254")
        assert len(await history.listing(wanted)) == 0
        armed = await store.arm(job, 1.0)
        accepted = await store.advance(armed, armed.accept(("task_A",), 2.0))
        ready = await store.advance(accepted, accepted.deliver(("https://a/b",), expires_at=9.0, cost=None))
        image = SavedImage(
            index=0, path="/a.png", sha256="0" * 64, size_bytes=1, pixels=PixelSize(1253, 1254), format="png"
        )
        saved = await store.advance(ready, ready.save((image,), 3.0))
        listing = await history.listing(JobFilter(text="1253x1254", sort=Sort.SIZE))
        assert list(listing.seqs) == [job.seq]
        assert list(listing.keys) == [-1253.0 * 1254]
        assert await history.job(job.id) == saved


# Many


@pytest.mark.parametrize(
    "wanted", [*(each for each in FILTERS if each.sort is not Sort.COST), JobFilter(text="oak")], ids=str
)
async def test_no_list_reads_the_wide_rows(seeded: Path, wanted: JobFilter) -> None:
    """They hold prompts and requests; everything that a list is made of stands in an index. (A price is made
    of other columns, and SQLite goes to the row for it.)"""
    asked: list[str] = []
    database = Database(seeded)
    await database.open()
    try:
        await database.read(lambda connection: connection.set_trace_callback(asked.append))
        await History(database).listing(wanted)
        await database.read(lambda connection: connection.set_trace_callback(None))
    finally:
        database.close()
    with closing(sqlite3.connect(seeded)) as library:
        plans = [each for sql in asked if not sql.startswith("--") for each in plan_of(library, sql)]
    on_jobs = [plan for plan in plans if re.match(r"(SCAN|SEARCH) job\b", plan)]
    assert on_jobs
    assert all("COVERING INDEX" in plan for plan in on_jobs)


def plan_of(library: sqlite3.Connection, sql: str) -> list[str]:
    return [str(row[3]) for row in library.execute(f"EXPLAIN QUERY PLAN {sql}")]
