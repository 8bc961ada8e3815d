"""Watches every accepted task: one coroutine, one status request at a time, on the documented schedule.

There is no age at which a task is given up; only the service can say that it is over.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import (
    ApiError,
    AuthError,
    NetworkError,
    Problem,
    ProblemKind,
    RateError,
    StorageError,
    UnknownTaskError,
)
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.task import TaskReport, TaskState, all_links, first_expiry
from gptimg_desktop.services.queue.unknown_tasks import UnknownTasks
from gptimg_desktop.services.queue.wake import Wake

if TYPE_CHECKING:
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)


class Poller:
    """Keeps a due time for each ACCEPTED job and looks at the earliest."""

    def __init__(self, *, ledger: Ledger, gates: Gates, connections: Connections, clock: Clock) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._clock = clock
        self._due: dict[str, float] = {}
        self._unknown = UnknownTasks(clock)
        self._wake = Wake()
        ledger.on_change(self._wake.call)
        gates.on_change(self._wake.call)

    def look_now(self, job_id: str) -> None:
        """Put a job at the head of the line (after a start, or because the user asks)."""
        self._due[job_id] = self._clock.monotonic()
        self._wake.call()

    async def run(self) -> None:
        """Look at what is due, for ever."""
        while True:
            self._gates.pass_due()
            self._schedule_new()
            job, wait_s = self._next()
            if job is None or wait_s > 0:
                await self._wake.wait(wait_s if job is not None else self._gates.next_due_s())
                continue
            connection = self._connections.for_job(job)
            if connection is not None:
                await self._look(job, connection)
                await asyncio.sleep(connection.poll_times.between_reads_s)

    def _schedule_new(self) -> None:
        """Give every accepted job a due time, and forget those that moved on."""
        accepted = {job.id: job for job in self._ledger.in_state(JobState.ACCEPTED)}
        self._due = {job_id: due for job_id, due in self._due.items() if job_id in accepted}
        for job in accepted.values():
            connection = self._connections.get(job.service)
            if job.id not in self._due and connection is not None:
                delay = connection.poll_times.first_delay(self._clock.chance())
                self._due[job.id] = self._clock.monotonic() + delay

    def _next(self) -> tuple[Job | None, float]:
        """The job to look at next among those that no gate holds, and how long until then (seconds)."""
        free = [
            (due, job)
            for job_id, due in self._due.items()
            if (job := self._ledger.get(job_id)) is not None
            and self._connections.get(job.service) is not None
            and not self._gates.holds_reads(job.service)
        ]
        if not free:
            return None, 0
        due, job = min(free, key=_due_then_order)
        return job, due - self._clock.monotonic()

    async def _look(self, job: Job, connection: ServiceConnection) -> None:
        self._due[job.id] = self._clock.monotonic() + self._pause(job, connection)
        try:
            await self._ask(job, connection)
        except StorageError as error:
            self._gates.close_for_storage(error.problem)

    async def _ask(self, job: Job, connection: ServiceConnection) -> None:
        try:
            reports = await connection.ask(job)
        except UnknownTaskError as error:
            self._gates.reachable(job.service)
            await self._not_known(job, connection, error.problem)
        except (ApiError, NetworkError) as error:
            await self._not_told(job, connection, error)
        else:
            self._gates.reachable(job.service)
            self._unknown.known(job.id)
            await self._apply(job, reports)

    async def _not_told(
        self, job: Job, connection: ServiceConnection, error: ApiError | NetworkError
    ) -> None:
        if self._connections.is_current(connection):
            self._gates.close_for_refusal(error, job.service)
        elif isinstance(error, AuthError):
            self._connections.give_up(connection)
        if not isinstance(error, NetworkError | RateError | AuthError):
            logger.info("job %s: no usable answer about its task: %s", job.id, error.problem.kind)
            await self._note(job, error.problem)

    def _pause(self, job: Job, connection: ServiceConnection) -> float:
        age_s = self._clock.now() - (job.accepted_at or self._clock.now())
        return connection.poll_times.next_delay(max(0.0, age_s), self._clock.chance())

    async def _apply(self, job: Job, reports: list[TaskReport]) -> None:
        """Draw the consequence of what the service says about all tasks of a job (nearly always one)."""
        costs = [report.cost for report in reports if report.cost is not None]
        cost = sum(costs[1:], costs[0]) if costs else None
        word = reports[0].status_word
        if any(report.state is TaskState.PENDING for report in reports):
            await self._ledger.step(job.id, lambda job: job.hear(word, cost))
            return
        if links := all_links(reports):
            expires_at = first_expiry(reports)
            await self._ledger.step(
                job.id,
                lambda job: job.deliver(links, expires_at=expires_at, cost=cost, status_word=word),
                reports=reports,
            )
        elif all(report.state is TaskState.FAILED for report in reports):
            problem = Problem.of(ProblemKind.TASK_FAILED, message=reports[0].message)
            now = self._clock.now()
            await self._ledger.step(job.id, lambda job: job.fail(problem, now), reports=reports)
        else:
            await self._note(job, Problem.of(ProblemKind.NO_IMAGES))

    async def _note(self, job: Job, problem: Problem) -> None:
        await self._ledger.step(job.id, lambda job: job.annotate(problem))

    async def _not_known(self, job: Job, connection: ServiceConnection, problem: Problem) -> None:
        if not connection.sent(job):
            await self._note(job, Problem.of(ProblemKind.KEY_OF_ANOTHER_ACCOUNT, service=job.service))
        elif self._unknown.heard(job):
            at = self._clock.now()
            await self._ledger.step(job.id, lambda job: job.lose(problem, at))
        else:
            await self._note(job, problem)


def _due_then_order(entry: tuple[float, Job]) -> tuple[float, int]:
    return entry[0], entry[1].seq
