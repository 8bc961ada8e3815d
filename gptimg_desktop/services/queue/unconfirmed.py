"""What a user can do about a job whose submit nobody confirmed. Nothing here sends a request that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind, UnknownTaskError
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.task import is_safe_task_id
from gptimg_desktop.core.verdict import Outcome, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.balances import Balances
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections
    from gptimg_desktop.services.queue.inquiry import Inquiry
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.poller import Poller


class Unconfirmed:
    """Each wish is passed over where the job is not, or no more, unconfirmed; AppError tells why one failed.

    `show_findings` gets what is known about a job.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        balances: Balances,
        inquiry: Inquiry,
        connections: Connections,
        poller: Poller,
        clock: Clock,
        show_findings: Callable[[Findings], None],
    ) -> None:
        self._ledger = ledger
        self._balances = balances
        self._inquiry = inquiry
        self._connections = connections
        self._poller = poller
        self._clock = clock
        self._show_findings = show_findings
        self._entered: set[str] = set()

    async def find_out(self, job_id: str) -> None:
        """Tell what is known; asks nobody."""
        job = self._job(job_id)
        if job is not None:
            self._show_findings(await self._inquiry.findings(job))

    async def look_again(self, job_id: str) -> None:
        """Read again what came back, and ask anew what the account has left; BadInputError where that
        tells nothing new."""
        job = self._job(job_id)
        if job is None:
            return
        evidence = await self._ledger.store.answer(job)
        verdict = None if evidence is None else judge(evidence)
        if verdict is not None and verdict.outcome is Outcome.ACCEPTED:
            await self._accept(job_id, verdict.task_ids)
            return
        await self._balances.look(job)
        await self.find_out(job_id)
        raise BadInputError(Problem.of(ProblemKind.STILL_UNCONFIRMED))

    async def enter_task_id(self, job_id: str, task_id: str) -> None:
        """Go on with a task that the user found, once the service says that it knows it; BadInputError."""
        job = self._job(job_id)
        if job is None:
            return
        if not is_safe_task_id(task_id):
            raise BadInputError(Problem.of(ProblemKind.TASK_ID_MALFORMED))
        in_use = BadInputError(Problem.of(ProblemKind.TASK_ID_IN_USE, task_id=task_id))
        if task_id in self._entered:
            raise in_use
        self._entered.add(task_id)
        try:
            if await self._ledger.store.has_task(task_id, besides=job_id):
                raise in_use
            await self._require_known(job, task_id)
            await self._accept(job_id, (task_id,))
        finally:
            self._entered.discard(task_id)

    async def _require_known(self, job: Job, task_id: str) -> None:
        connection = self._connections.for_job(job)
        if connection is None:
            raise BadInputError(Problem.of(ProblemKind.KEY_MISSING, service=job.service))
        try:
            await connection.task(task_id)
        except UnknownTaskError:
            raise BadInputError(Problem.of(ProblemKind.TASK_ID_UNKNOWN, task_id=task_id)) from None

    async def _accept(self, job_id: str, task_ids: tuple[str, ...]) -> None:
        now = self._clock.now()
        await self._ledger.step(
            job_id, lambda job: job.accept(task_ids, now) if job.state is JobState.UNCONFIRMED else job
        )
        self._poller.look_now(job_id)

    def _job(self, job_id: str) -> Job | None:
        job = self._ledger.get(job_id)
        return job if job is not None and job.state is JobState.UNCONFIRMED else None
