"""The ledger: what is committed, known and published, and in which order."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.job import NEEDS_USER, RUNNING, Job, JobState
from gptimg_desktop.core.line import Move, line_order
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.jobs import JobStore, StaleJobError
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.ledger import AT_A_STRETCH, Ledger
from tests.support.jobs import every_job, new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


class Told:
    """Everything that a ledger publishes."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.commits = 0
        self.begun = asyncio.Event()

    def publish(self, job: Job) -> None:
        self.jobs.append(job)
        self.begun.set()

    def commit(self) -> None:
        self.commits += 1


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Ledger, Told]]:
    database, told = Database(folder / "library.sqlite3"), Told()
    try:
        await database.open()
        ledger = Ledger(JobStore(database), Clock(), told.publish, told.commit)
        await ledger.load()
        yield ledger, told
    finally:
        database.close()


async def test_steps_of_one_job_at_the_same_time_are_taken_one_after_the_other(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        await ledger.add([new_job(id="a")])
        await asyncio.gather(*(ledger.step("a", lambda job: job.line_up(job.rank - 1)) for _ in range(20)))
        assert [job.rank for job in told.jobs] == [-number for number in range(21)]
        (kept,) = await every_job(ledger.store)
    assert kept.rank == -20


async def test_a_change_of_many_and_a_change_of_one_do_not_overwrite_each_other(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        jobs = [new_job() for _ in range(5)]
        await ledger.add(jobs)
        ids = [job.id for job in jobs]
        await asyncio.gather(
            *(ledger.step(job_id, lambda job: job.marked(Mark.PICKED, 7.0)) for job_id in ids),
            ledger.step_all(ids, lambda job: job.marked(Mark.BINNED, 7.0)),
            *(ledger.step(job_id, lambda job: job.line_up(-3)) for job_id in ids),
        )
        kept = await every_job(ledger.store)
    assert {(job.picked, job.binned_at, job.rank) for job in kept} == {(True, 7.0, -3)}


async def test_a_move_counts_from_the_line_as_it_is_when_its_turn_comes(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        await ledger.add([new_job(id=name) for name in "abcd"])
        await asyncio.gather(
            ledger.move(Move(job_id="c", first=True)),
            ledger.arm("a", key_fingerprint=""),
            ledger.move(Move(job_id="d", before="b")),
        )
        assert [job.id for job in ledger.in_state(JobState.QUEUED)] == ["c", "d", "b"]
        assert [job.id for job in ledger.in_state(JobState.SENDING)] == ["a"]


async def test_what_was_let_go_of_is_taken_in_hand_anew_as_the_library_has_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        await ledger.add([new_job(id="over", state=JobState.CLOSED), new_job(id="waiting")])
        over, waiting = told.jobs
        other = Ledger(ledger.store, Clock(), lambda _: None, lambda: None)
        await other.step("over", lambda job: job.marked(Mark.PICKED, 7.0))

        await ledger.let_go((over.seq, waiting.seq, 999))

        assert ledger.all() == (waiting,), "what goes on stays in hand"
        assert list(ledger.in_state(JobState.CLOSED)) == []
        reopened = await ledger.step("over", Job.reopen)
        assert reopened.picked, "as the library has it"
        assert ledger.get("over") == reopened


async def test_jobs_of_a_state_stand_in_the_order_of_the_line_whatever_happens(tmp_path: Path) -> None:
    chance = random.Random(7)
    async with opened(tmp_path) as (ledger, _):
        await ledger.add([new_job() for _ in range(12)])
        ids = [job.id for job in ledger.all()]
        for _ in range(40):
            job_id = chance.choice(ids)
            if chance.random() < 0.3:
                await ledger.step(job_id, lambda job: job.cancel(1.0) if job.state == "queued" else job)
            else:
                await ledger.step(job_id, partial(Job.line_up, rank=chance.randint(-5, 0)))
            for state in JobState:
                of_state = [job for job in ledger.all() if job.state is state]
                assert list(ledger.in_state(state)) == sorted(of_state, key=line_order)
        again = Ledger(ledger.store, Clock(), lambda _: None, lambda: None)
        await again.load()
        in_hand = RUNNING | NEEDS_USER
        assert {state: list(again.in_state(state)) for state in in_hand} == {
            state: list(ledger.in_state(state)) for state in in_hand
        }


async def test_many_new_jobs_are_known_at_once_and_published_bit_by_bit(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with opened(tmp_path) as (ledger, told):
        looks: list[tuple[int, int]] = []

        def look() -> None:
            looks.append((len(told.jobs), len(tuple(ledger.in_state(JobState.QUEUED)))))
            if len(told.jobs) < 5 * AT_A_STRETCH:
                loop.call_soon(look)

        look()
        await ledger.add([new_job() for _ in range(5 * AT_A_STRETCH)])
        assert {known for published, known in looks if published} == {5 * AT_A_STRETCH}
        published = [each for each, _ in looks]
        assert max(after - before for before, after in pairwise(published)) <= AT_A_STRETCH
        assert [job.seq for job in told.jobs] == list(range(1, 5 * AT_A_STRETCH + 1))


async def test_what_is_published_late_is_what_is_true_by_then(tmp_path: Path) -> None:
    """A job that moves on while its companions are still being published does not fall back."""
    async with opened(tmp_path) as (ledger, told):
        last = 3 * AT_A_STRETCH
        moved: list[asyncio.Task[Job]] = []

        def cancel_last(job: Job) -> None:
            if not moved:
                moved.append(asyncio.ensure_future(ledger.step(f"job-{last}", lambda job: job.cancel(1.0))))

        ledger.on_step(lambda _, job: cancel_last(job))
        await ledger.add([new_job(id=f"job-{number}") for number in range(1, last + 1)])
        await asyncio.gather(*moved)
        assert next(job.state for job in reversed(told.jobs) if job.id == f"job-{last}") is JobState.CANCELLED


async def test_everything_is_published_even_where_the_caller_is_cancelled(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        jobs = [new_job() for _ in range(3 * AT_A_STRETCH)]
        adding: asyncio.Task[None] = asyncio.create_task(ledger.add(jobs))
        await told.begun.wait()
        adding.cancel()
        await asyncio.wait([adding])
        assert adding.cancelled()
        assert len(told.jobs) == 3 * AT_A_STRETCH


async def test_a_listener_of_states_hears_of_those_who_come_and_who_leave(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        heard: list[str] = []
        ledger.on_change(lambda: heard.append("queued"), JobState.QUEUED)
        ledger.on_change(lambda: heard.append("sending"), JobState.SENDING)
        ledger.on_change(lambda: heard.append("any"))
        await ledger.add([new_job(id="a")])
        assert heard == ["queued", "any"]
        heard.clear()
        await ledger.arm("a", key_fingerprint="")
        assert sorted(heard) == ["any", "queued", "sending"]


async def test_in_hand_is_what_goes_on_what_asks_and_what_failed_lately(tmp_path: Path) -> None:
    now = Clock().now()
    jobs = [new_job(id=state.value, state=state) for state in JobState if state is not JobState.FAILED]
    failed = [
        new_job(id="just failed", state=JobState.FAILED, task_ids=("t1",), finished_at=now - 3000),
        new_job(id="no idea when", state=JobState.FAILED, task_ids=("t2",)),
        new_job(id="long ago", state=JobState.FAILED, task_ids=("t3",), finished_at=now - 4000),
    ]
    async with opened(tmp_path) as (ledger, _):
        await ledger.store.add([*jobs, *failed])
        known: list[tuple[Job | None, str]] = []
        ledger.on_step(lambda former, job: known.append((former, job.id)))
        await ledger.load()
        in_hand = {state.value for state in RUNNING | NEEDS_USER} | {"just failed", "no idea when"}
        assert {job.id for job in ledger.all()} == in_hand
        assert {job_id for former, job_id in known if former is None} == in_hand
        assert ledger.get("saved") is None
        assert await ledger.find("saved") == next(
            job for job in await every_job(ledger.store) if job.id == "saved"
        )
        assert await ledger.find("nobody") is None


async def test_a_job_comes_in_hand_with_its_first_change(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        (job,) = await ledger.store.add([new_job(state=JobState.CLOSED)])
        assert ledger.among((job.seq,)) == ()
        reopened = await ledger.step(job.id, Job.reopen)
        assert ledger.get(job.id) == reopened
        assert ledger.among((999, job.seq)) == (reopened,)
        assert list(ledger.in_state(JobState.UNCONFIRMED)) == [reopened]
        assert told.jobs == [reopened]


async def test_a_change_of_what_is_nowhere_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        with pytest.raises(StaleJobError):
            await ledger.step("nobody", Job.reopen)
        with pytest.raises(StaleJobError):
            await ledger.arm("nobody", key_fingerprint="")
        assert told.jobs == []
