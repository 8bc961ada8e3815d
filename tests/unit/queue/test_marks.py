"""The user's marks on jobs in hand and on those that only the library holds."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.marks import MarkStore
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.ledger import Ledger
from gptimg_desktop.services.queue.marks import AT_ONCE, Marks
from tests.support.bench import bench
from tests.support.jobs import every_job, new_job
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from pathlib import Path

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    """A library with its ledger, and everything that was told."""

    ledger: Ledger
    marks: Marks
    published: list[Job]
    told: list[Marked] = field(default_factory=list)

    async def mark(self, mark: Mark, jobs: Iterable[Job]) -> None:
        await self.marks.put(Marking(seqs=tuple(job.seq for job in jobs), mark=mark), self.told.append)

    async def jobs(self) -> list[Job]:
        """As they are in the library, oldest first."""
        return list(await every_job(self.ledger.store))[::-1]


@asynccontextmanager
async def opened(folder: Path, *jobs: Job) -> AsyncIterator[tuple[Desk, tuple[Job, ...]]]:
    """A ledger that was loaded after these jobs came into the library."""
    database = Database(folder / "library.sqlite3")
    try:
        await database.open()
        store, published = JobStore(database), list[Job]()
        added = await store.add(jobs)
        ledger = Ledger(store, Clock(), published.append, lambda: None)
        await ledger.load()
        marks = Marks(store=MarkStore(database), ledger=ledger, clock=Clock())
        yield Desk(ledger, marks, published), added
    finally:
        database.close()


async def test_a_mark_reaches_what_is_in_hand_and_what_is_not(tmp_path: Path) -> None:
    over, waiting = new_job(state=JobState.CANCELLED), new_job()
    async with opened(tmp_path, over, waiting, new_job(state=JobState.SAVED)) as (desk, jobs):
        await desk.mark(Mark.PICKED, jobs)
        assert all(job.picked for job in await desk.jobs())
        assert [job.seq for job in desk.published] == [jobs[1].seq]
        (marked,) = desk.told
        assert sorted(marked.marking.seqs) == [job.seq for job in jobs]


async def test_what_was_put_away_can_be_brought_back_but_for_what_was_taken_back(tmp_path: Path) -> None:
    waiting, unconfirmed = new_job(), new_job(state=JobState.UNCONFIRMED)
    over = new_job(state=JobState.SAVED)
    async with opened(tmp_path, waiting, unconfirmed, over) as (desk, jobs):
        await desk.mark(Mark.BINNED, jobs)
        first, second, third = await desk.jobs()
        assert (first.state, first.binned_at is None) == (JobState.CANCELLED, False)
        assert second == jobs[1]
        assert third.binned_at is not None
        (marked,) = desk.told
        assert sorted(marked.marking.seqs) == [first.seq, third.seq]
        for undo in marked.undo:
            await desk.marks.put(undo, desk.told.append)
        assert [job.binned_at for job in await desk.jobs()] == [None, None, None]
        assert [job.state for job in await desk.jobs()] == ["cancelled", "unconfirmed", "saved"]


async def test_the_way_back_is_known_for_each_mark_that_jobs_had(tmp_path: Path) -> None:
    jobs = [
        new_job(state=state, picked=picked, rejected=rejected)
        for state in (JobState.QUEUED, JobState.SAVED)
        for picked, rejected in ((True, False), (False, True), (False, False))
    ]
    async with opened(tmp_path, *jobs) as (desk, before):
        await desk.mark(Mark.REJECTED, before)
        (marked,) = desk.told
        assert {undo.mark for undo in marked.undo} == {Mark.PICKED, Mark.PLAIN}
        for undo in marked.undo:
            await desk.marks.put(undo, desk.told.append)
        assert await desk.jobs() == list(before)


async def test_a_mark_that_changes_nothing_is_not_told(tmp_path: Path) -> None:
    async with opened(tmp_path, new_job(picked=True), new_job(state=JobState.SAVED, picked=True)) as (
        desk,
        jobs,
    ):
        await desk.mark(Mark.PICKED, jobs)
        assert desk.told == []
        assert desk.published == []


async def test_between_the_steps_of_a_large_marking_others_have_their_turn(tmp_path: Path) -> None:
    """An answer that is paid does not wait until a hundred thousand tiles are marked."""
    jobs = [new_job(state=JobState.SAVED) for _ in range(3 * AT_ONCE)]
    async with opened(tmp_path, new_job(id="waiting"), *jobs) as (desk, added):
        marking = asyncio.create_task(desk.mark(Mark.PICKED, added[1:]))
        await asyncio.sleep(0)
        await desk.ledger.arm("waiting", key_fingerprint="")
        assert not marking.done()
        await marking
        assert len(desk.told[0].marking.seqs) == 3 * AT_ONCE


async def test_a_job_that_comes_in_hand_meanwhile_loses_neither_its_mark_nor_its_step(tmp_path: Path) -> None:
    jobs = [new_job(state=JobState.CLOSED) for _ in range(2 * AT_ONCE)]
    async with opened(tmp_path, *jobs) as (desk, added):
        await asyncio.gather(
            desk.mark(Mark.PICKED, added),
            *(desk.ledger.step(job.id, Job.reopen) for job in (added[0], added[-1])),
        )
        kept = await desk.jobs()
        assert all(job.picked for job in kept)
        assert [kept[0].state, kept[1].state, kept[-1].state] == ["unconfirmed", "closed", "unconfirmed"]
        held = [desk.ledger.get(added[0].id), desk.ledger.get(added[-1].id)]
        assert held == [kept[0], kept[-1]]


async def test_what_is_in_hand_is_marked_before_the_rest(tmp_path: Path) -> None:
    """It may be sent while a hundred thousand others are marked."""
    jobs = [new_job(state=JobState.SAVED) for _ in range(3 * AT_ONCE)]
    async with opened(tmp_path, *jobs, new_job(id="waiting")) as (desk, added):
        marking = asyncio.create_task(desk.mark(Mark.BINNED, added))
        await asyncio.sleep(0)  # its first step has its turn
        await desk.ledger.step("waiting", lambda job: job)
        assert not marking.done()
        assert desk.ledger.get("waiting") == desk.published[0]
        await marking
        assert [(job.id, job.state) for job in desk.published] == [("waiting", "cancelled")]
        assert sorted(desk.told[0].marking.seqs) == [job.seq for job in added]


async def test_markings_are_done_one_after_the_other(tmp_path: Path) -> None:
    jobs = [new_job(state=JobState.SAVED) for _ in range(2 * AT_ONCE)]
    async with opened(tmp_path, *jobs) as (desk, added):
        await asyncio.gather(desk.mark(Mark.PICKED, added), desk.mark(Mark.REJECTED, added[::-1]))
        assert all(job.rejected and not job.picked for job in await desk.jobs())
        assert [marked.marking.mark for marked in desk.told] == [Mark.PICKED, Mark.REJECTED]
        assert {undo.mark for undo in desk.told[1].undo} == {Mark.PICKED}


class Refusing(MarkStore):
    """A library that takes the first step and no other."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._steps = itertools.count()

    async def put(self, seqs: Sequence[int], mark: Mark, at: float) -> Mapping[Mark, tuple[int, ...]]:
        if next(self._steps):
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="full"))
        return await super().put(seqs, mark, at)


async def test_what_was_marked_before_the_library_refused_is_told_and_can_be_undone(tmp_path: Path) -> None:
    jobs = [new_job(state=JobState.SAVED) for _ in range(2 * AT_ONCE)]
    async with opened(tmp_path, *jobs) as (desk, added):
        desk.marks = Marks(store=Refusing(desk.ledger.store._database), ledger=desk.ledger, clock=Clock())
        with pytest.raises(StorageError):
            await desk.mark(Mark.PICKED, added)
        (marked,) = desk.told
        assert marked.marking.seqs == tuple(job.seq for job in added[:AT_ONCE])


async def test_a_task_of_a_job_that_is_long_over_cannot_be_entered_for_another(home: Path) -> None:
    """Only the library knows by now whose task it is: it is paid once, and belongs to one job."""
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
            (task_id,) = desk.job.task_ids
        async with bench(home / "data", server) as desk:
            assert desk.engine.queue.in_hand((desk.job.seq,)) == ()
            doubtful = new_job(id="doubtful", service=server.url, state=JobState.UNCONFIRMED)
            await desk.engine.queue._ledger.add([doubtful])
            desk.engine.queue.enter_task_id("doubtful", task_id)
            await desk.until(lambda: desk.complaints)
            assert desk.complaints[0][1].kind is ProblemKind.TASK_ID_IN_USE
            assert desk.jobs["doubtful"].state is JobState.UNCONFIRMED
