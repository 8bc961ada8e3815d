"""Watches every accepted task: one coroutine, one status query at a time, on the documented schedule.

There is no age at which a task is given up; only the service can say that it is over.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import (
    ApiError,
    AppError,
    AuthError,
    NetworkError,
    NotOfferedError,
    Problem,
    ProblemKind,
    RateError,
    StorageError,
    UnknownTaskError,
)
from gptimg_desktop.core.task import TaskReport, TaskState, all_links, first_expiry
from gptimg_desktop.core.verdict import is_about_content
from gptimg_desktop.services.queue.agenda import Agenda
from gptimg_desktop.services.queue.unknown_tasks import UnknownTasks
from gptimg_desktop.services.queue.wake import Wake

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)


BATCH_TRIES: Final = 3
"""After so many failures in a row a service is taken as one without batch queries: single ones may work."""
_BROKEN_OFF: Final = frozenset({ProblemKind.CUT_OFF, ProblemKind.TIMED_OUT})


class Poller:
    """Looks at ACCEPTED jobs as the agenda says, and draws the consequence of what the service tells."""

    def __init__(self, *, ledger: Ledger, gates: Gates, connections: Connections, clock: Clock) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._clock = clock
        self._agenda = Agenda(ledger=ledger, gates=gates, connections=connections, clock=clock)
        self._unknown = UnknownTasks(clock)
        self._batch_failures: Counter[str] = Counter()
        self._wake = Wake()
        ledger.on_change(self._wake.call)
        gates.on_change(self._wake.call)

    def look_now(self, job_id: str) -> None:
        """Put a job at the head of the line (after a start, or because the user asks)."""
        self._agenda.look_now(job_id)
        self._wake.call()

    async def run(self) -> None:
        """Look at what is due, for ever."""
        while True:
            self._gates.pass_due()
            self._agenda.take_up()
            jobs, wait_s = self._agenda.next()
            if not jobs or wait_s > 0:
                await self._wake.wait(wait_s if jobs else self._gates.next_due_s())
                continue
            connection = self._connections.for_job(jobs[0])
            if connection is not None:
                await self._look(jobs, connection)
                await asyncio.sleep(connection.poll_times.between_reads_s)

    async def _look(self, jobs: list[Job], connection: ServiceConnection) -> None:
        for job in jobs:
            self._agenda.put_off(job, connection)
        try:
            if len(jobs) == 1:
                await self._ask(jobs[0], connection)
            else:
                await self._ask_together(jobs, connection)
        except StorageError as error:
            self._gates.close_for_storage(error.problem)

    async def _ask_together(self, jobs: list[Job], connection: ServiceConnection) -> None:
        try:
            reports = await connection.client.tasks([task_id for job in jobs for task_id in job.task_ids])
        except NotOfferedError as error:
            self._give_up_batches(jobs, connection, error)
            return
        except (ApiError, NetworkError) as error:
            if _is_of_the_batch(error):
                self._batch_failures[connection.service] += 1
            if self._batch_failures[connection.service] >= BATCH_TRIES:
                self._give_up_batches(jobs, connection, error)
            else:
                await self._not_told(jobs, connection, error)
            return
        self._batch_failures.pop(connection.service, None)
        self._gates.reachable(connection.service)
        for job in jobs:
            told = [reports[task_id] for task_id in job.task_ids if task_id in reports]
            if len(told) == len(job.task_ids) and all(map(_is_enough, told)):
                await self._heard(job, told)
            else:
                self._agenda.ask_alone(job.id)

    def _give_up_batches(self, jobs: list[Job], connection: ServiceConnection, error: AppError) -> None:
        """For good where the service said so; a line that breaks says it of these jobs alone."""
        logger.info("%s takes no batch query (%s); tasks are looked at singly", connection.service, error)
        if isinstance(error, NetworkError):
            self._batch_failures.pop(connection.service, None)
        else:
            self._agenda.ask_singly(connection.service)
        for job in jobs:
            self._agenda.ask_alone(job.id)

    async def _ask(self, job: Job, connection: ServiceConnection) -> None:
        try:
            reports = await connection.ask(job)
        except UnknownTaskError as error:
            self._gates.reachable(job.service)
            await self._not_known(job, connection, error.problem)
        except (ApiError, NetworkError) as error:
            await self._not_told([job], connection, error)
        else:
            self._gates.reachable(job.service)
            await self._heard(job, reports)

    async def _heard(self, job: Job, reports: list[TaskReport]) -> None:
        self._unknown.known(job.id)
        await self._apply(job, reports)

    async def _not_told(
        self, jobs: list[Job], connection: ServiceConnection, error: ApiError | NetworkError
    ) -> None:
        if self._connections.is_current(connection):
            self._gates.close_for_refusal(error, connection.service)
        elif isinstance(error, AuthError):
            self._connections.give_up(connection)
        if not isinstance(error, NetworkError | RateError | AuthError):
            for job in jobs:
                logger.info("job %s: no usable answer about its task: %s", job.id, error.problem.kind)
                await self._note(job, error.problem)

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
            message = reports[0].message
            kind = ProblemKind.MODERATED if is_about_content(message) else ProblemKind.TASK_FAILED
            problem = Problem.of(kind, message=message)
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


def _is_of_the_batch(error: ApiError | NetworkError) -> bool:
    """True where a single query might fare better; not for a refused key, a request to wait or no network."""
    if isinstance(error, NetworkError):
        return error.problem.kind in _BROKEN_OFF
    return not isinstance(error, RateError | AuthError)


def _is_enough(report: TaskReport) -> bool:
    """True where a batch's report says all: a summary may leave links out, and a failure is heard twice."""
    return report.state is TaskState.PENDING or (report.state is TaskState.COMPLETED and bool(report.links))
