"""The jobs in hand, as last committed. A step is committed first, then known here, then published."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import OVER, RUNNING, Job, JobState
from gptimg_desktop.core.line import moved
from gptimg_desktop.core.schedule import PollTimes
from gptimg_desktop.services.library.jobs import StaleJobError
from gptimg_desktop.services.queue.line import Line
from gptimg_desktop.services.queue.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from gptimg_desktop.core.line import Move
    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.library.jobs import JobStore
    from gptimg_desktop.services.queue.clock import Clock


logger = logging.getLogger(__name__)

AT_A_STRETCH: Final = 20
"""How many of many changes are published before others have their turn in the event loop."""


class Ledger:
    """Every change of a job goes through here, one at a time for each job, so that none overwrites another.

    In hand is what goes on by itself, waits for the user's word or failed so lately that it is still looked
    at, and what has changed since the start; anything else comes in hand with its first change.

    Steps of different jobs may share a commit; each is known here only once it is on the disk.

    `publish` is called with each committed job, then everybody who listens for work; `committed` after each
    commit, since it shows that the library takes things.
    """

    def __init__(
        self,
        store: JobStore,
        clock: Clock,
        publish: Callable[[Job], None],
        committed: Callable[[], None],
    ) -> None:
        self.store = store
        self._clock = clock
        self._publish = publish
        self._committed = committed
        self._jobs: dict[str, Job] = {}
        self._ids: dict[int, str] = {}
        self._by_state = {state: Line() for state in JobState}
        self._turns = Turns()
        self._listeners: dict[JobState, list[Callable[[], None]]] = {state: [] for state in JobState}
        self._followers: list[Callable[[Job | None, Job], None]] = []

    def on_change(self, listener: Callable[[], None], *states: JobState) -> None:
        """Call `listener` after every change; with `states` only where the job is or was in one of them."""
        for state in states or JobState:
            self._listeners[state].append(listener)

    def on_step(self, follower: Callable[[Job | None, Job], None]) -> None:
        """Call `follower` with every job that comes in hand or changes: as it was, None where it was not in
        hand, and as it is."""
        self._followers.append(follower)

    async def load(self) -> None:
        """Take in hand what an earlier run left to do."""
        jobs = await self.store.in_hand(failed_since=self._clock.now() - PollTimes().late[-1])
        for state, line in self._by_state.items():
            line.fill(job for job in jobs if job.state is state)
        for job in jobs:
            self._jobs[job.id] = job
            self._ids[job.seq] = job.id
            self._tell_followers(None, job)

    def all(self) -> tuple[Job, ...]:
        """Every job in hand, newest first."""
        return tuple(sorted(self._jobs.values(), key=_order, reverse=True))

    def get(self, job_id: str) -> Job | None:
        """A job in hand, None for any other."""
        return self._jobs.get(job_id)

    def among(self, seqs: Iterable[int]) -> tuple[Job, ...]:
        """Those of the jobs with these numbers that are in hand."""
        found = self._ids.keys() & seqs  # of a hundred thousand few are in hand
        return tuple(self._jobs[self._ids[seq]] for seq in sorted(found))

    async def find(self, job_id: str) -> Job | None:
        """A job, in hand or not; None where the library has none by that name."""
        try:
            return self._jobs.get(job_id) or await self.store.get(job_id)
        except StaleJobError:
            return None

    def in_state(self, state: JobState) -> Iterator[Job]:
        """The jobs in a state, in the order of the line; to be gone through before anything changes."""
        return iter(self._by_state[state])

    def count_running(self) -> int:
        return sum(len(self._by_state[state]) for state in RUNNING)

    async def add(self, jobs: Sequence[Job]) -> None:
        """Commit and publish new jobs."""
        added = await self.store.add(jobs)
        self._committed()
        await self._now_all(added)

    async def probe(self, job_id: str) -> None:
        """Write something that changes nothing; StorageError where the library takes nothing."""
        async with self._turns.of_one(job_id):
            await self.store.probe(await self._taken_in_hand(job_id))

    async def step_all(self, job_ids: Iterable[str], change: Callable[[Job], Job]) -> None:
        """Commit and publish one change of many jobs, all or none; what is not in hand is left out."""
        async with self._turns.of_all():
            await self._take(job_ids, change)

    async def mark(
        self,
        seqs: Sequence[int],
        change: Callable[[Job], Job],
        mark_others: Callable[[Sequence[int]], Awaitable[None]],
    ) -> tuple[tuple[Job, Job], ...]:
        """Change those of the jobs that are in hand, and let `mark_others` change the rest in the library:
        none of these comes in hand meanwhile. Returns what changed in hand, as it was and as it is."""
        async with self._turns.of_all():
            others = [seq for seq in seqs if seq not in self._ids]
            if others:
                await mark_others(others)
            return await self._take([job.id for job in self.among(seqs)], change)

    async def let_go(self, seqs: Iterable[int]) -> None:
        """Have those of the jobs that are over in hand no more, since the library alone knows what has become
        of them: they left the gallery, or their files are elsewhere. The next change of one takes it in hand
        as it is by then."""
        async with self._turns.of_all():
            for job in self.among(seqs):
                if job.state in OVER:
                    self._by_state[job.state].remove(job)
                    del self._jobs[job.id], self._ids[job.seq]

    async def move(self, move: Move) -> None:
        """Commit and publish another place of a waiting job in the line as it is now."""
        async with self._turns.of_all():
            ranks = moved(tuple(self._by_state[JobState.QUEUED]), move)
            await self._take(ranks, lambda job: job.line_up(ranks[job.id]))

    async def _take(
        self, job_ids: Iterable[str], change: Callable[[Job], Job]
    ) -> tuple[tuple[Job, Job], ...]:
        before = [job for job_id in job_ids if (job := self._jobs.get(job_id)) is not None]
        steps = tuple((job, after) for job in before if (after := change(job)) != job)
        await self.store.advance_all(steps)
        self._committed()
        await self._now_all([after for _, after in steps])
        return steps

    async def step(
        self, job_id: str, change: Callable[[Job], Job], *, reports: Iterable[TaskReport] = ()
    ) -> Job:
        """Commit and publish one change of a job, in hand or not; StaleJobError where there is no such job.

        `change` gets the job as last committed; where it changes nothing, nothing is written.
        """
        async with self._turns.of_one(job_id):
            before = await self._taken_in_hand(job_id)
            after = change(before)
            if after != before:
                await self.store.advance(before, after, reports=reports)
                self._committed()
                self._now(after)
            return after

    async def arm(self, job_id: str, *, key_fingerprint: str) -> Job:
        """Commit that the last byte of a job's request may leave now; StaleJobError where it may not."""
        async with self._turns.of_one(job_id):
            job = self._jobs.get(job_id)
            if job is None:
                raise StaleJobError(f"job {job_id} is not in hand")
            if job.state is not JobState.QUEUED:
                raise StaleJobError(f"job {job_id} is {job.state}")
            armed = await self.store.arm(job, self._clock.now(), key_fingerprint=key_fingerprint)
            self._committed()
            self._now(armed)
            return armed

    async def reload(self, job_id: str) -> Job:
        """Believe the library about a job that it knows otherwise than we do."""
        async with self._turns.of_one(job_id):
            job = await self.store.get(job_id)
            self._now(job)
            return job

    async def record_answer(self, job: Job, evidence: Evidence) -> None:
        """Commit what came back from a submit, as it came."""
        await self.store.record_answer(job, evidence, self._clock.now())
        self._committed()

    async def _taken_in_hand(self, job_id: str) -> Job:
        """A job as last committed, in its own turn."""
        job = self._jobs.get(job_id)
        if job is None:
            job = await self.store.get(job_id)
            self._keep(job)
        return job

    def _now(self, job: Job) -> None:
        self._tell(job.id, self._keep(job))

    async def _now_all(self, jobs: Iterable[Job]) -> None:
        """All are known at once, and published bit by bit: hundreds at a stretch would hold up a window."""
        untold = deque((job.id, self._keep(job)) for job in jobs)
        try:
            while untold:
                self._tell(*untold.popleft())
                if untold and len(untold) % AT_A_STRETCH == 0:
                    await asyncio.sleep(0)
        finally:
            for each in untold:
                self._tell(*each)

    def _keep(self, job: Job) -> set[JobState]:
        """Have a job in hand as it is now; the states it is and was in."""
        former = self._jobs.get(job.id)
        if former is None or former.state is not job.state:
            why = job.problem or job.note
            logger.info("job %s: %s%s", job.id, job.state, f" ({why.kind})" if why else "")
        if former is not None:
            self._by_state[former.state].remove(former)
        self._jobs[job.id] = job
        self._ids[job.seq] = job.id
        self._by_state[job.state].add(job)
        self._tell_followers(former, job)
        return {job.state} if former is None else {former.state, job.state}

    def _tell_followers(self, former: Job | None, job: Job) -> None:
        for follower in self._followers:
            follower(former, job)

    def _tell(self, job_id: str, states: set[JobState]) -> None:
        """Publish a job as it is by now, and wake whom its change concerns."""
        self._publish(self._jobs[job_id])
        for listener in {listener: None for state in states for listener in self._listeners[state]}:
            listener()


def _order(job: Job) -> int:
    return job.seq
