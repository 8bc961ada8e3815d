"""Marks on many jobs that nobody has in hand."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.marks import MarkStore
from tests.support.jobs import every_job, new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[JobStore, MarkStore]]:
    database = Database(path)
    try:
        await database.open()
        yield JobStore(database), MarkStore(database)
    finally:
        database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


def over(**more: object) -> Job:
    return new_job(state=JobState.CANCELLED, **more)


async def oldest_first(store: JobStore) -> list[Job]:
    return list(await every_job(store))[::-1]


@pytest.mark.parametrize("mark", list(Mark))
async def test_a_mark_is_put_as_the_job_itself_would_put_it_and_can_be_taken_back(
    path: Path, mark: Mark
) -> None:
    async with opened(path) as (store, marks):
        before = await store.add(
            [
                over(),
                over(picked=True),
                over(rejected=True),
                over(binned_at=5.0),
                over(picked=True, binned_at=5.0),
            ]
        )
        back = await marks.put([job.seq for job in before], mark, 9.0)
        after = await oldest_first(store)
        assert after == [job.marked(mark, 9.0) for job in before]
        changed = [new.seq for old, new in zip(before, after, strict=True) if old != new]
        assert sorted(seq for seqs in back.values() for seq in seqs) == changed
        for each, seqs in back.items():
            await marks.put(seqs, each, 5.0)
        assert await oldest_first(store) == list(before)


async def test_only_what_is_named_is_marked(path: Path) -> None:
    async with opened(path) as (store, marks):
        jobs = await store.add([over() for _ in range(4)])
        await marks.put([jobs[1].seq, jobs[3].seq, 999], Mark.PICKED, 9.0)
        assert [job.picked for job in await oldest_first(store)] == [False, True, False, True]


@pytest.mark.parametrize("state", list(JobState))
async def test_what_waits_or_is_unconfirmed_is_not_put_away_by_row(path: Path, state: JobState) -> None:
    """Who has such a job in hand takes it back with it, or leaves it in sight."""
    in_hand = {JobState.QUEUED, JobState.SENDING, JobState.ACCEPTED, JobState.READY, JobState.UNCONFIRMED}
    async with opened(path) as (store, marks):
        (job,) = await store.add([new_job(state=state)])
        back = await marks.put([job.seq], Mark.BINNED, 9.0)
        (kept,) = await every_job(store)
    assert kept == (job if state in in_hand else replace(job, binned_at=9.0))
    assert bool(back) is (state not in in_hand)


async def test_what_left_the_gallery_for_good_is_not_touched(path: Path) -> None:
    async with opened(path) as (store, marks):
        (job,) = await store.add([over(binned_at=1.0)])
        with closing(sqlite3.connect(path)) as library, library:
            library.execute("UPDATE job SET removed_at = 2")
        assert await marks.put([job.seq], Mark.RESTORED, 9.0) == {}
        assert await every_job(store) == (job,)


@pytest.mark.parametrize("mark", list(Mark))
async def test_a_step_goes_to_its_jobs_alone_however_many_there_are(tmp_path: Path, mark: Mark) -> None:
    """What is paid waits behind it: through an index of all jobs it took ten times as long."""
    database = Database(tmp_path / "library.sqlite3")
    try:
        await database.open()
        asked: list[str] = []
        await database.write(lambda connection: connection.set_trace_callback(asked.append))
        await MarkStore(database).put((1, 2), mark, 7.0)
        await database.write(lambda connection: connection.set_trace_callback(None))
        (question,) = [each for each in asked if each.startswith("SELECT seq")]
        plan = await database.read(
            lambda connection: [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}")]
        )
        assert plan[0] == "SEARCH job USING INTEGER PRIMARY KEY (rowid=?)"
    finally:
        database.close()
