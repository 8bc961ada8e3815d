"""The jobs in hand, as last committed. A step is committed first, then known here, then published."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gptimg_desktop.core.job import RUNNING, Job, JobState
from gptimg_desktop.services.library.jobs import StaleJobError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.library.jobs import JobStore
    from gptimg_desktop.services.queue.clock import Clock


class Ledger:
    """Every change of a job goes through here, one at a time, so that no step overwrites another.

    `publish` is called with each committed job, then everybody who listens for work.
    """

    def __init__(self, store: JobStore, clock: Clock, publish: Callable[[Job], None]) -> None:
        self.store = store
        self._clock = clock
        self._publish = publish
        self._jobs: dict[str, Job] = {}
        self._by_state: dict[JobState, dict[str, Job]] = {state: {} for state in JobState}
        self._one_at_a_time = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change."""
        self._listeners.append(listener)

    async def load(self) -> None:
        """Read every job from the library."""
        for job in await self.store.all():
            self._keep(job)

    def all(self) -> tuple[Job, ...]:
        """Every job, newest first."""
        return tuple(sorted(self._jobs.values(), key=_order, reverse=True))

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def in_state(self, state: JobState) -> Iterator[Job]:
        """The jobs in a state, oldest first."""
        return iter(sorted(self._by_state[state].values(), key=_order))

    def count_running(self) -> int:
        return sum(len(self._by_state[state]) for state in RUNNING)

    async def add(self, jobs: Sequence[Job]) -> None:
        """Commit and publish new jobs."""
        for job in await self.store.add(jobs):
            self._now(job)

    async def step(
        self, job_id: str, change: Callable[[Job], Job], *, reports: Iterable[TaskReport] = ()
    ) -> Job:
        """Commit and publish one change of a job; StaleJobError where the job is unknown.

        `change` gets the job as last committed; where it changes nothing, nothing is written.
        """
        async with self._one_at_a_time:
            before = self._known(job_id)
            after = change(before)
            if after != before:
                self._now(await self.store.advance(before, after, reports=reports))
            return after

    async def arm(self, job_id: str) -> Job:
        """Commit that the last byte of a job's request may leave now; StaleJobError where it may not."""
        async with self._one_at_a_time:
            job = self._known(job_id)
            if job.state is not JobState.QUEUED:
                raise StaleJobError(f"job {job_id} is {job.state}")
            armed = await self.store.arm(job, self._clock.now())
            self._now(armed)
            return armed

    async def record_answer(self, job: Job, evidence: Evidence) -> None:
        """Commit what came back from a submit, as it came."""
        await self.store.record_answer(job, evidence, self._clock.now())

    def _known(self, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None:
            raise StaleJobError(f"no job {job_id}")
        return job

    def _keep(self, job: Job) -> None:
        former = self._jobs.get(job.id)
        if former is not None:
            del self._by_state[former.state][job.id]
        self._jobs[job.id] = self._by_state[job.state][job.id] = job

    def _now(self, job: Job) -> None:
        self._keep(job)
        self._publish(job)
        for listener in self._listeners:
            listener()


def _order(job: Job) -> int:
    return job.seq
