"""Watches every accepted task: one coroutine, one status query at a time, on the documented schedule.

There is no age at which a task is given up; only the service can say that it is over. What failed is looked
at a few times more, and nobody hears of it unless it succeeded after all.
"""

from __future__ import annotations

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
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.task import TaskReport, TaskState, all_links, first_expiry
from gptimg_desktop.core.verdict import is_about_content
from gptimg_desktop.services.queue.agenda import Agenda
from gptimg_desktop.services.queue.head_start import HeadStart
from gptimg_desktop.services.queue.unknown_tasks import UnknownTasks
from gptimg_desktop.services.queue.wake import Wake

if TYPE_CHECKING:
    from decimal import Decimal

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
        self._partly_unknown = UnknownTasks(clock)
        self._batch_failures: Counter[str] = Counter()
        self._head_start = HeadStart(gates.call)
        self._wake = Wake()
        self._awake_at = 0.0
        ledger.on_step(self._follow)
        gates.on_change(self._wake.call)
        gates.on_trial(self._let_paid_first)
        gates.let_first(self.goes_first)

    def goes_first(self, service: str) -> bool:
        """True while new submits of a service wait because what is paid there has its turn before."""
        return self._head_start.holds(service)

    def look_now(self, job_id: str) -> None:
        """Put a job at the head of the line (after a start, or because the user asks)."""
        self._agenda.look_now(job_id)
        self._wake.call()

    def look_at_all_now(self) -> None:
        """Look at every job at once, and send nothing new before: nobody knows what happened meanwhile."""
        self._agenda.look_at_all_now()
        self._let_all_paid_first()
        self._wake.call()

    async def run(self) -> None:
        """Look at what is due, for ever."""
        self._let_all_paid_first()
        try:
            await self._look_for_ever()
        finally:
            self._head_start.take_back_all()

    async def _look_for_ever(self) -> None:
        while True:
            self._gates.pass_due()
            jobs, wait_s = self._agenda.next()
            connection = self._connections.for_job(jobs[0]) if jobs else None
            if connection is not None:
                wait_s = connection.pace.free_in_s()
            if connection is None or wait_s:
                await self._rest(wait_s)
            else:
                await self._look(jobs, connection)

    async def _rest(self, wait_s: float | None) -> None:
        """Until the next look or gate, or until something changes."""
        times = (wait_s, self._gates.next_due_s())
        at_most_s = min((time_s for time_s in times if time_s is not None), default=None)
        self._awake_at = self._clock.monotonic() + (float("inf") if at_most_s is None else at_most_s)
        await self._wake.wait(at_most_s)
        self._awake_at = 0.0

    def _follow(self, former: Job | None, job: Job) -> None:
        """Be called sooner where a step brings the next look forward; whatever moved on had its turn."""
        at = self._agenda.first_at()
        if at is not None and at < self._awake_at:
            self._wake.call()
        if former is not None:
            self._head_start.had_its_turn(job)

    def _let_all_paid_first(self) -> None:
        for service in self._connections.services:
            self._let_paid_first(service)

    def _let_paid_first(self, service: str) -> None:
        connection = self._connections.get(service)
        if connection is not None:
            ready = {job.id for job in self._ledger.in_state(JobState.READY) if job.service == service}
            due = {job_id for job_id in self._agenda.due(service) if self._is_paid(job_id)}
            self._head_start.give(service, ready | due, connection.poll_times.head_start_s)

    def _is_paid(self, job_id: str) -> bool:
        job = self._ledger.get(job_id)
        return job is not None and job.state is JobState.ACCEPTED

    async def _look(self, jobs: list[Job], connection: ServiceConnection) -> None:
        for job in jobs:
            self._agenda.put_off(job)
        try:
            if len(jobs) == 1:
                await self._ask(jobs[0], connection)
            else:
                await self._ask_together(jobs, connection)
        except StorageError as error:
            self._gates.close_for_storage(error.problem)
        finally:
            for job in jobs:
                self._head_start.had_its_turn(job)

    async def _ask_together(self, jobs: list[Job], connection: ServiceConnection) -> None:
        try:
            reports = await connection.tasks([task_id for job in jobs for task_id in job.task_ids])
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
            if len(told) == len(job.task_ids) and all(_is_enough(job, report) for report in told):
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
        is_partly_gone = self._partly_unknown.is_believed(job.id)  # then the other tasks count alone
        try:
            reports = await connection.ask(job, known_only=is_partly_gone)
        except UnknownTaskError as error:
            self._gates.reachable(job.service)
            is_whole = is_partly_gone or len(job.task_ids) == 1
            await self._not_known(job, connection, error.problem, is_whole=is_whole)
        except (ApiError, NetworkError) as error:
            await self._not_told([job], connection, error)
        else:
            self._gates.reachable(job.service)
            await self._heard(job, reports)

    async def _heard(self, job: Job, reports: list[TaskReport]) -> None:
        self._unknown.known(job.id)
        if len(reports) == len(job.task_ids):
            self._partly_unknown.known(job.id)
        if job.state is JobState.FAILED:
            await self._apply_late(job, reports)
        else:
            await self._apply(job, reports)

    async def _not_told(
        self, jobs: list[Job], connection: ServiceConnection, error: ApiError | NetworkError
    ) -> None:
        paid = [job for job in jobs if job.state is JobState.ACCEPTED]
        for job in jobs:
            if job.state is JobState.FAILED:
                self._agenda.had_late_look(job)
        if self._hold(connection, error, is_paid=bool(paid)):
            return
        for job in paid:
            logger.info("job %s: no usable answer about its task: %s", job.id, error.problem.kind)
            await self._note(job, error.problem)

    def _hold(self, connection: ServiceConnection, error: ApiError | NetworkError, *, is_paid: bool) -> bool:
        """Make wait what has to wait; True where the jobs need not say why. What a former key meets closes no
        gate, since it says nothing about the present one."""
        if self._connections.is_current(connection):
            if is_paid or isinstance(error, RateError):
                self._gates.close_for_refusal(error, connection.service)
            return isinstance(error, NetworkError | RateError | AuthError)
        if isinstance(error, AuthError):
            self._connections.give_up(connection)
        elif isinstance(error, RateError) and error.retry_after_s is not None:
            self._agenda.wait_as_asked(connection, error.retry_after_s)
        return isinstance(error, AuthError)

    async def _apply(self, job: Job, reports: list[TaskReport]) -> None:
        """Draw the consequence of what the service says about all tasks of a job (nearly always one)."""
        cost, word = _cost(reports), reports[0].status_word
        if any(report.state is TaskState.PENDING for report in reports):
            await self._ledger.step(job.id, lambda job: job.hear(word, cost))
            return
        lacks_images = any(report.state is TaskState.COMPLETED and not report.links for report in reports)
        if all_links(reports) and (not lacks_images or self._agenda.put_off_without_images(job)):
            await self._deliver(job, reports, cost)
        elif all_links(reports):
            await self._ledger.step(job.id, lambda job: job.hear(word, cost))
        elif all(report.state is TaskState.FAILED for report in reports):
            message = reports[0].message
            kind = ProblemKind.MODERATED if is_about_content(message) else ProblemKind.TASK_FAILED
            problem = Problem.of(kind, message=message)
            now = self._clock.now()
            await self._ledger.step(job.id, lambda job: job.fail(problem, now), reports=reports)
        elif self._agenda.put_off_without_images(job):
            await self._note(job, Problem.of(ProblemKind.NO_IMAGES, task_id=job.task_ids[0]))
        else:
            await self._ledger.step(job.id, lambda job: job.hear(word, cost))

    async def _apply_late(self, job: Job, reports: list[TaskReport]) -> None:
        """A job that failed: only a success is worth a word."""
        is_over = all(report.state is not TaskState.PENDING for report in reports)
        if is_over and all_links(reports):
            logger.info("job %s: failed before, and is done after all", job.id)
            await self._deliver(job, reports, _cost(reports))
        else:
            self._agenda.had_late_look(job)

    async def _deliver(self, job: Job, reports: list[TaskReport], cost: Decimal | None) -> None:
        links, expires_at, word = all_links(reports), first_expiry(reports), reports[0].status_word
        await self._ledger.step(
            job.id,
            lambda job: job.deliver(links, expires_at=expires_at, cost=cost, status_word=word),
            reports=reports,
        )

    async def _note(self, job: Job, problem: Problem) -> None:
        await self._ledger.step(job.id, lambda job: job.annotate(problem))

    async def _not_known(
        self, job: Job, connection: ServiceConnection, problem: Problem, *, is_whole: bool
    ) -> None:
        """The service knows no task of a job, or not `is_whole` and not all of several."""
        if job.state is JobState.FAILED:
            self._agenda.had_late_look(job)
        elif not connection.sent(job):
            await self._note(job, Problem.of(ProblemKind.KEY_OF_ANOTHER_ACCOUNT, service=job.service))
        elif not is_whole and self._partly_unknown.heard(job):
            self._agenda.look_now(job.id)
        elif is_whole and self._unknown.heard(job):
            at = self._clock.now()
            why = Problem.of(ProblemKind.TASK_FORGOTTEN, **problem.facts) if job.links else problem
            await self._ledger.step(job.id, lambda job: job.lose(why, at))
            self._unknown.known(job.id)
            self._partly_unknown.known(job.id)
        else:
            await self._note(job, problem)


def _is_of_the_batch(error: ApiError | NetworkError) -> bool:
    """True where a single query might fare better; not for a refused key, a request to wait or no network."""
    if isinstance(error, NetworkError):
        return error.problem.kind in _BROKEN_OFF
    return not isinstance(error, RateError | AuthError)


def _is_enough(job: Job, report: TaskReport) -> bool:
    """True where a batch's report says all: a summary may leave links out, and a failure is heard twice."""
    if report.state is TaskState.FAILED:
        return job.state is JobState.FAILED
    return report.state is TaskState.PENDING or bool(report.links)


def _cost(reports: list[TaskReport]) -> Decimal | None:
    costs = [report.cost for report in reports if report.cost is not None]
    return sum(costs[1:], costs[0]) if costs else None
