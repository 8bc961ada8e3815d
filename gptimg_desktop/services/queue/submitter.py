"""Sends queued jobs, each request once.

From the commit that arms a job until its answer is recorded, nothing may interrupt: what happens then is
money. Before that commit everything is safe to repeat; after it nothing is ever repeated here.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.schedule import TRANSIENT
from gptimg_desktop.core.verdict import Outcome, Verdict, judge
from gptimg_desktop.services.api.body import RequestBody
from gptimg_desktop.services.library.jobs import StaleJobError
from gptimg_desktop.services.queue.wake import Wake
from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gptimg_desktop.services.library.files import PictureFolder
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)


class Submitter:
    """Takes QUEUED jobs in their order, at most `at_once` at a time, while no gate holds them."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        gates: Gates,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        reference_path: Callable[[str], Path],
        clock: Clock,
        at_once: int,
    ) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._folder_for = folder_for
        self._reference_path = reference_path
        self._clock = clock
        self.at_once = at_once
        self._tasks = Tasks(failed=self._failed)
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._armed: set[str] = set()
        self._wake = Wake()
        ledger.on_change(self._wake.call)
        gates.on_change(self._wake.call)

    async def run(self) -> None:
        """Send what may be sent, for ever."""
        while True:
            self._gates.pass_due()
            self._stop_withdrawn()
            job = self._next()
            if job is None:
                await self._wake.wait(self._gates.next_due_s())
                continue
            task = self._tasks.start(f"submit {job.id}", self._send(job))
            self._sending[job.id] = task

    async def aclose(self, grace_s: float) -> None:
        """Stop what is provably unsent, and give what may be paid up to `grace_s` seconds to be heard."""
        for job_id, task in tuple(self._sending.items()):
            if job_id not in self._armed:
                task.cancel()
        try:
            async with asyncio.timeout(grace_s):
                await self._tasks.finish()
        except TimeoutError:
            logger.warning("closing with %d submits unanswered", len(self._sending))
            await self._tasks.cancel()

    def _failed(self, name: str) -> None:
        """A bug of ours: nothing more is sent until the user has seen it."""
        self._gates.close(GateKind.USER_PAUSE, problem=Problem.of(ProblemKind.INTERNAL, name=name))

    def _stop_withdrawn(self) -> None:
        """Break off uploads of jobs that were cancelled before their last byte."""
        for job_id, task in self._sending.items():
            job = self._ledger.get(job_id)
            if job_id not in self._armed and job is not None and job.state is not JobState.QUEUED:
                task.cancel()

    def _next(self) -> Job | None:
        if len(self._sending) >= self.at_once:
            return None
        waiting = (job for job in self._ledger.in_state(JobState.QUEUED) if job.id not in self._sending)
        return next((job for job in waiting if self._may_go(job)), None)

    def _may_go(self, job: Job) -> bool:
        return self._connections.get(job.service) is not None and not self._gates.holds_submits(job.service)

    async def _send(self, job: Job) -> None:
        try:
            connection = self._connections.get(job.service)
            if connection is not None and await self._has_room(job):
                await self._submit(job, connection)
        finally:
            self._sending.pop(job.id, None)
            self._armed.discard(job.id)
            self._wake.call()

    async def _has_room(self, job: Job) -> bool:
        """Never pay for an image that could not be kept."""
        try:
            await asyncio.to_thread(self._folder_for(job).preflight, self._ledger.count_running())
        except StorageError as error:
            self._gates.close_for_storage(error.problem)
            return False
        self._gates.stored()
        return True

    async def _submit(self, job: Job, connection: ServiceConnection) -> None:
        armed: Job | None = None

        async def arm() -> None:
            nonlocal armed
            self._armed.add(job.id)
            armed = await self._ledger.arm(job.id)

        body = RequestBody(job.request, self._reference_path)
        try:
            evidence = await connection.client.submit(body, arm)
        except StorageError as error:
            await self._stay_queued(job, error.problem)
            return
        except StaleJobError:
            return  # taken back by the user while it was on its way; the last byte never left
        if armed is not None:
            recorded = armed
            await self._until_stored(lambda: self._ledger.record_answer(recorded, evidence))
        verdict = judge(evidence)
        if verdict.gate is GateKind.KEY and self._connections.get(job.service) is not connection:
            verdict = replace(
                verdict, gate=GateKind.RATE
            )  # the key was changed meanwhile: the new one is untried
        await self._until_stored(lambda: self.settle(job.id, verdict))

    async def _stay_queued(self, job: Job, problem: Problem) -> None:
        """Something of ours failed before the last byte left: nothing was sent."""
        if problem.kind is ProblemKind.REFERENCE_MISSING:
            now = self._clock.now()
            await self._until_stored(lambda: self._ledger.step(job.id, lambda job: job.refuse(problem, now)))
        else:
            self._gates.close_for_storage(problem)

    async def _until_stored(self, write: Callable[[], Awaitable[object]]) -> None:
        """What the service said is not let go of, however long the disk refuses to take it."""
        failures = 0
        while True:
            try:
                await write()
            except StorageError as error:
                failures += 1
                self._gates.close_for_storage(error.problem)
                await asyncio.sleep(TRANSIENT.delay(failures, self._clock.chance()))
            else:
                if failures:
                    self._gates.stored()
                return

    async def settle(self, job_id: str, verdict: Verdict) -> None:
        """Draw the consequence of a verdict on a job whose submit has ended."""
        now, problem = self._clock.now(), verdict.problem or Problem.of(ProblemKind.ANSWER_LOST, reason="")
        job = self._ledger.get(job_id)
        if job is None:
            return
        if verdict.outcome is Outcome.ACCEPTED:
            self._gates.reachable(job.service)
            await self._ledger.step(job_id, lambda job: job.accept(verdict.task_ids, now))
        elif verdict.outcome is Outcome.REFUSED:
            self._gates.reachable(job.service)
            await self._ledger.step(job_id, lambda job: job.refuse(problem, now))
        elif verdict.outcome is Outcome.UNKNOWN:
            await self._ledger.step(job_id, lambda job: job.doubt(problem))
        else:
            gate = verdict.gate or _gate_for(problem)
            self._gates.close(gate, service=job.service, problem=problem, for_s=verdict.retry_after_s)
            await self._ledger.step(job_id, lambda job: _back_in_line(job, problem))


def _gate_for(problem: Problem) -> GateKind:
    """What to wait for where the verdict names nothing: a busy service, or a line that breaks."""
    return GateKind.RATE if problem.kind is ProblemKind.SERVICE_BUSY else GateKind.OFFLINE


def _back_in_line(job: Job, problem: Problem) -> Job:
    return job.requeue(problem) if job.state is JobState.SENDING else job.annotate(problem)
