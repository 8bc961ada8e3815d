"""Sends queued jobs, each request once.

From the commit that arms a job until its answer is recorded, nothing may interrupt: what happens then is
money. Before that commit everything is safe to repeat; after it nothing is ever repeated here.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import ApiError, NetworkError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.schedule import Backoff
from gptimg_desktop.core.verdict import Evidence, Outcome, Verdict, judge
from gptimg_desktop.services.api.body import RequestBody
from gptimg_desktop.services.library.jobs import StaleJobError
from gptimg_desktop.services.queue.answers import LeftToNextStartError
from gptimg_desktop.services.queue.connections import ReplacedError
from gptimg_desktop.services.queue.uploads import held_up_by
from gptimg_desktop.services.queue.wake import Wake
from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.queue.answers import Answers
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.uploads import Uploads

logger = logging.getLogger(__name__)

UPLOADS: Final = Backoff(base_s=2, cap_s=300)
"""Pauses of one job whose upload breaks off; other jobs go on meanwhile."""
UPLOADS_TOLD: Final = 3
_CUT_UPLOADS: Final = frozenset({ProblemKind.CUT_OFF, ProblemKind.TIMED_OUT})
_OF_ONE_KEY: Final = frozenset({GateKind.KEY, GateKind.BALANCE, GateKind.RATE})


class Submitter:
    """Takes QUEUED jobs in their order, at most `at_once` at a time, while no gate holds them.

    `pace` scales our own pauses. `abandoned` gets a job whose submit was ended by a bug of ours when it was
    SENDING already.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        gates: Gates,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        reference_path: Callable[[str], Path],
        uploads: Uploads,
        clock: Clock,
        at_once: int,
        answers: Answers,
        abandoned: Callable[[Job], None],
        pace: float = 1.0,
    ) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._folder_for = folder_for
        self._reference_path = reference_path
        self._sent_apart = uploads
        self._clock = clock
        self._answers = answers
        self._abandoned = abandoned
        self._uploads = UPLOADS.scaled(pace)
        self.at_once = at_once
        self._is_stopped = False
        self._end_by = float("inf")
        self._patience: asyncio.Timeout | None = None
        self._tasks = Tasks(failed=gates.close_for_bug)
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._armed: set[str] = set()
        self._withdrawn: set[str] = set()
        self._cut_offs: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._wake = Wake()
        ledger.on_change(self._wake.call, JobState.QUEUED)
        gates.on_change(self._wake.call)

    async def run(self) -> None:
        """Send what may be sent, for ever."""
        while True:
            self._gates.pass_due()
            self._end_pauses()
            self._stop_withdrawn()
            job = self._next()
            if job is None:
                await self._wake.wait(self._next_due_s())
                continue
            self._sending[job.id] = self._tasks.start(f"submit {job.id}", self._send(job))

    def wake(self) -> None:
        """Something outside the ledger and the gates has changed."""
        self._wake.call()

    def stop(self) -> None:
        """Send nothing more; what is provably unsent is broken off at once."""
        self._is_stopped = True
        self._answers.end()
        for job_id, task in self._sending.items():
            if job_id not in self._armed:
                task.cancel()

    async def aclose(self, grace_s: float) -> None:
        """Stop, and give what may be paid up to `grace_s` seconds to be heard."""
        self.stop()
        try:
            end_by = min(asyncio.get_running_loop().time() + grace_s, self._end_by)
            async with asyncio.timeout_at(end_by) as self._patience:
                await self._tasks.finish()
        except TimeoutError:
            logger.warning("closing with %d submits unanswered", len(self._sending))
            await self._tasks.cancel()
        finally:
            self._patience = None

    def hurry(self, grace_s: float) -> None:
        """The system ends the program: an end that is under way, or comes, waits that much longer at most."""
        self._end_by = min(self._end_by, asyncio.get_running_loop().time() + grace_s)
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(min(self._end_by, self._patience.when() or self._end_by))

    # What may go

    def _stop_withdrawn(self) -> None:
        """Break off uploads of jobs that were cancelled before their last byte."""
        for job_id, task in self._sending.items():
            job = self._ledger.get(job_id)
            is_out = job is not None and job.state is not JobState.QUEUED and job_id not in self._armed
            if is_out and job_id not in self._withdrawn:
                self._withdrawn.add(job_id)
                task.cancel()

    def _next(self) -> Job | None:
        if self._is_stopped or len(self._sending) >= self.at_once:
            return None
        waiting = (job for job in self._ledger.in_state(JobState.QUEUED) if job.id not in self._sending)
        return next((job for job in waiting if self._may_go(job)), None)

    def _may_go(self, job: Job) -> bool:
        if self._connections.get(job.service) is None or self._gates.holds_submits(job.service):
            return False
        if job.id in self._not_before:
            return False
        return not (self._gates.is_on_trial(job.service) and self._sends_to(job.service))

    def _sends_to(self, service: str) -> bool:
        """True while a job of the service is on its way: after a wait, one goes first."""
        jobs = (self._ledger.get(job_id) for job_id in self._sending)
        return any(job is not None and job.service == service for job in jobs)

    def _end_pauses(self) -> None:
        """The one place where a job's own pause ends: one that ended unseen would be waited for by nobody."""
        now = self._clock.monotonic()
        self._not_before = {job_id: at for job_id, at in self._not_before.items() if at > now}

    def _next_due_s(self) -> float | None:
        """Seconds until a gate opens or a job's own pause ends."""
        now = self._clock.monotonic()
        due = [max(0.0, at - now) for at in self._not_before.values()]
        gate_s = self._gates.next_due_s()
        return min(due if gate_s is None else [*due, gate_s], default=None)

    # One submit

    async def _send(self, job: Job) -> None:
        try:
            connection = self._connections.get(job.service)
            if connection is not None and await self._could_be_kept(job):
                await self._submit(job, connection)
        except LeftToNextStartError:
            logger.info("job %s: what was heard is kept; the next start goes on with it", job.id)
        except Exception:
            now = self._ledger.get(job.id)
            if now is not None and now.state is JobState.SENDING:
                self._abandoned(now)  # a bug of ours: else nobody would care for it until the next start
            raise
        finally:
            self._answers.forget(job.id)
            self._sending.pop(job.id, None)
            self._armed.discard(job.id)
            self._withdrawn.discard(job.id)
            self._wake.call()

    async def _could_be_kept(self, job: Job) -> bool:
        """Never pay for an image whose record or file could not be kept."""
        try:
            await self._answers.prepare()
            await self._ledger.probe(job.id)
            await asyncio.to_thread(self._folder_for(job).preflight, self._ledger.count_running())
        except StorageError as error:
            self._gates.close_for_storage(error.problem)
            return False
        except StaleJobError:
            await self._was_moved(job)
            return False
        self._gates.folder_works()
        return True

    async def _submit(self, job: Job, connection: ServiceConnection) -> None:
        armed: Job | None = None

        async def arm() -> None:
            nonlocal armed
            if not self._connections.is_current(connection):
                raise ReplacedError(connection.service)
            self._armed.add(job.id)
            armed = await self._ledger.arm(job.id, key_fingerprint=connection.key_fingerprint)
            if not self._connections.is_current(connection):  # while the disk took it down
                raise ReplacedError(connection.service)

        body = await self._body(job, connection)
        if body is None:
            return
        try:
            evidence = await connection.client.submit(body, arm)
        except StorageError as error:
            await self._stay_queued(job, error.problem)
            return
        except StaleJobError:
            await self._was_moved(job)
            return
        except ReplacedError:
            await self._wait_for_present_key(armed)
            return
        except Exception as error:
            if armed is None:
                raise
            logger.exception("job %s: unexpected end of a submit", job.id)
            lost = Problem.of(ProblemKind.ANSWER_LOST, reason=type(error).__name__)
            evidence = Evidence(released=True, failure=lost)
        await self._conclude(armed or job, evidence, connection)

    async def _body(self, job: Job, connection: ServiceConnection) -> RequestBody | None:
        """The request, its references uploaded where the user chose that; None where that did not work, which
        proves that nothing was sent."""
        try:
            uploaded = await self._sent_apart.addresses(job, connection)
        except StorageError as error:
            await self._stay_queued(job, error.problem)
            return None
        except (ApiError, NetworkError) as error:
            await self._draw(job, held_up_by(error), connection)
            return None
        return RequestBody(job.request, self._reference_path, uploaded)

    async def _wait_for_present_key(self, armed: Job | None) -> None:
        """The last byte stayed here, which proves that nothing was taken: back in line where it was armed."""
        if armed is not None:
            note = Problem.of(ProblemKind.KEY_MISSING, service=armed.service)
            unsent = Verdict(outcome=Outcome.UNSENT, problem=note)
            back = partial(_back_in_line, note=note)
            await self._answers.keep(armed, unsent, partial(self._ledger.step, armed.id, back))

    async def _conclude(self, job: Job, evidence: Evidence, connection: ServiceConnection) -> None:
        """Keep what came back, then draw its consequence."""
        verdict = _judged(evidence, job)
        if verdict.outcome is Outcome.UNKNOWN and self._connections.is_current(connection):
            self._gates.heed(evidence, job.service)
        if job.state is JobState.SENDING:
            await self._answers.keep(job, verdict, partial(self._ledger.record_answer, job, evidence))
        if verdict.outcome is Outcome.REFUSED:
            self._sent_apart.forget(job, connection)
        await self._draw(job, verdict, connection)
        await self._answers.let_go(job, verdict)

    async def _draw(self, job: Job, verdict: Verdict, connection: ServiceConnection) -> None:
        """Draw a verdict's consequence; of a key that was replaced meanwhile it says nothing about others."""
        untried = verdict.gate in _OF_ONE_KEY and not self._connections.is_current(connection)
        settle = partial(self.settle, job.id, verdict, hold_others=not untried)
        await self._answers.keep(job, verdict, settle)

    async def _stay_queued(self, job: Job, problem: Problem) -> None:
        """Something of ours failed before the last byte left: nothing was sent."""
        if problem.kind is ProblemKind.REFERENCE_MISSING:
            refused = Verdict(outcome=Outcome.REFUSED, problem=problem)
            await self._answers.keep(job, refused, partial(self.settle, job.id, refused))
        else:
            self._gates.close_for_storage(problem)

    async def _was_moved(self, job: Job) -> None:
        """Taken back by the user, which is fine; or the library disagrees with us, and then it is right."""
        now = self._ledger.get(job.id)
        if now is not None and now.state is JobState.QUEUED:
            now = await self._ledger.reload(job.id)
            if now.state is JobState.SENDING:
                problem = Problem.of(ProblemKind.ANSWER_LOST, reason="taken up elsewhere")
                await self._ledger.step(job.id, lambda job: job.doubt(problem))

    # What a verdict means

    async def take_up(self, job: Job, evidence: Evidence) -> None:
        """Draw the consequence of an answer that an earlier run kept. It says nothing about another key."""
        verdict = _judged(evidence, job)
        current = self._connections.get(job.service)
        is_ours = current is not None and current.sent(job)
        await self.settle(job.id, verdict, hold_others=is_ours or verdict.gate not in _OF_ONE_KEY)

    async def settle(self, job_id: str, verdict: Verdict, *, hold_others: bool = True) -> None:
        """Draw the consequence of a verdict on a job whose submit has ended.

        `hold_others` False: the verdict says nothing about the connection that is used now.
        """
        now, problem = self._clock.now(), verdict.problem or Problem.of(ProblemKind.ANSWER_LOST, reason="")
        job = self._ledger.get(job_id)
        if job is None:
            return
        if verdict.outcome in {Outcome.ACCEPTED, Outcome.REFUSED}:
            self._gates.reachable(job.service)
            self._cut_offs.pop(job_id, None)
        if verdict.outcome is Outcome.ACCEPTED:
            await self._ledger.step(
                job_id, lambda job: job.accept(verdict.task_ids, now).annotate(verdict.problem)
            )
        elif verdict.outcome is Outcome.REFUSED:
            await self._ledger.step(job_id, lambda job: job.refuse(problem, now))
        elif verdict.outcome is Outcome.UNKNOWN:
            await self._ledger.step(job_id, lambda job: job.doubt(problem))
        else:
            note = self._hold(job, verdict, problem) if hold_others else problem
            await self._ledger.step(job_id, partial(_back_in_line, note=note))

    def _hold(self, job: Job, verdict: Verdict, problem: Problem) -> Problem:
        """Make what has to wait wait: this job alone, or all of its service. Returns the job's note."""
        if problem.kind in _CUT_UPLOADS:
            times = self._cut_offs[job.id] = self._cut_offs.get(job.id, 0) + 1
            pause_s = self._uploads.delay(times, self._clock.chance())
            self._not_before[job.id] = self._clock.monotonic() + pause_s
            often = Problem.of(ProblemKind.UPLOAD_CUT_OFF, times=times)
            return often if times >= UPLOADS_TOLD else problem
        gate = verdict.gate or _gate_for(problem)
        self._gates.close(gate, service=job.service, problem=problem, for_s=verdict.retry_after_s)
        return problem


def _judged(evidence: Evidence, job: Job) -> Verdict:
    """The verdict. Where reading fails by a bug of ours the answer is kept all the same, and doubted."""
    try:
        return judge(evidence)
    except Exception as error:
        logger.exception("job %s: its answer could not be read", job.id)
        if not evidence.released:
            raise
        lost = Problem.of(ProblemKind.ANSWER_LOST, reason=type(error).__name__)
        return Verdict(outcome=Outcome.UNKNOWN, problem=lost)


def _gate_for(problem: Problem) -> GateKind:
    """What to wait for where the verdict names nothing: a busy service, or a line that breaks."""
    return GateKind.RATE if problem.kind is ProblemKind.SERVICE_BUSY else GateKind.OFFLINE


def _back_in_line(job: Job, note: Problem) -> Job:
    return job.requeue(note) if job.state is JobState.SENDING else job.annotate(note)
