"""The jobs in hand, as last committed. A step is committed first, then known here, then published."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from gptimg_desktop.core.job import RUNNING, Job, JobState
from gptimg_desktop.core.line import in_line, line_order, moved
from gptimg_desktop.services.library.jobs import StaleJobError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gptimg_desktop.core.line import Move
    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.library.jobs import JobStore
    from gptimg_desktop.services.queue.clock import Clock


logger = logging.getLogger(__name__)


class Ledger:
    """Every change of a job goes through here, one at a time, so that no step overwrites another.

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
        """The jobs in a state, in the order of the line."""
        return iter(sorted(self._by_state[state].values(), key=line_order))

    def count_running(self) -> int:
        return sum(len(self._by_state[state]) for state in RUNNING)

    async def add(self, jobs: Sequence[Job]) -> None:
        """Commit and publish new jobs."""
        added = await self.store.add(jobs)
        self._committed()
        for job in added:
            self._now(job)

    async def probe(self, job_id: str) -> None:
        """Write something that changes nothing; StorageError where the library takes nothing."""
        async with self._one_at_a_time:
            job = self._known(job_id)
            await self.store.advance(job, job)

    async def step_all(self, job_ids: Iterable[str], change: Callable[[Job], Job]) -> None:
        """Commit and publish one change of many jobs, all or none; unknown ones are left out."""
        async with self._one_at_a_time:
            await self._take(job_ids, change)

    async def move(self, move: Move) -> None:
        """Commit and publish another place of a waiting job in the line as it is now."""
        async with self._one_at_a_time:
            ranks = moved(in_line(self._by_state[JobState.QUEUED].values()), move)
            await self._take(ranks, lambda job: job.line_up(ranks[job.id]))

    async def _take(self, job_ids: Iterable[str], change: Callable[[Job], Job]) -> None:
        before = [job for job_id in job_ids if (job := self._jobs.get(job_id)) is not None]
        steps = [(job, after) for job in before if (after := change(job)) != job]
        await self.store.advance_all(steps)
        self._committed()
        for _, after in steps:
            self._now(after)

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
                await self.store.advance(before, after, reports=reports)
                self._committed()
                self._now(after)
            return after

    async def arm(self, job_id: str, *, key_fingerprint: str) -> Job:
        """Commit that the last byte of a job's request may leave now; StaleJobError where it may not."""
        async with self._one_at_a_time:
            job = self._known(job_id)
            if job.state is not JobState.QUEUED:
                raise StaleJobError(f"job {job_id} is {job.state}")
            armed = await self.store.arm(job, self._clock.now(), key_fingerprint=key_fingerprint)
            self._committed()
            self._now(armed)
            return armed

    async def reload(self, job_id: str) -> Job:
        """Believe the library about a job that it knows otherwise than we do."""
        async with self._one_at_a_time:
            job = await self.store.get(job_id)
            self._now(job)
            return job

    async def record_answer(self, job: Job, evidence: Evidence) -> None:
        """Commit what came back from a submit, as it came."""
        await self.store.record_answer(job, evidence, self._clock.now())
        self._committed()

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
        former = self._jobs.get(job.id)
        if former is None or former.state is not job.state:
            why = job.problem or job.note
            logger.info("job %s: %s%s", job.id, job.state, f" ({why.kind})" if why else "")
        self._keep(job)
        self._publish(job)
        for listener in self._listeners:
            listener()


def _order(job: Job) -> int:
    return job.seq
