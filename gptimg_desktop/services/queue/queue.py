"""The queue's face: what the window may ask of it, and what it tells the window.

Every wish returns at once; what comes of it is published as jobs, gates and problems.
"""

from __future__ import annotations

import asyncio
import uuid
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import VIEW_ONLY, Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.prices import FREE
from gptimg_desktop.core.schedule import TRANSIENT
from gptimg_desktop.core.settings import Delivery
from gptimg_desktop.services.queue.answers import Answers
from gptimg_desktop.services.queue.balances import Balances
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.collector import Collector
from gptimg_desktop.services.queue.gates import Gates
from gptimg_desktop.services.queue.inquiry import Inquiry
from gptimg_desktop.services.queue.ledger import Ledger
from gptimg_desktop.services.queue.marks import Marks
from gptimg_desktop.services.queue.poller import Poller
from gptimg_desktop.services.queue.recovery import NOTICE_S, hold_without_key, recover, resolve_sent
from gptimg_desktop.services.queue.resumption import EVERY_S, Resumption
from gptimg_desktop.services.queue.second_fetch import SecondFetch
from gptimg_desktop.services.queue.submitter import Submitter
from gptimg_desktop.services.queue.unconfirmed import Unconfirmed
from gptimg_desktop.services.queue.uploads import Uploads
from gptimg_desktop.services.tasks import Tasks, complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from pathlib import Path
    from typing import Any

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.core.connection import Connection
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.line import Move
    from gptimg_desktop.core.mark import Marked, Marking
    from gptimg_desktop.core.prices import PriceTable
    from gptimg_desktop.services.library.balances import BalanceStore
    from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.library.jobs import JobStore
    from gptimg_desktop.services.library.marks import MarkStore
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection

WISHES_GRACE_S: Final = 5.0
"""How long the end waits for what the user asked for last."""


class Queue:
    """Built closed; `start` opens it, `aclose` ends it.

    `publish` gets each committed job, `show_gates` all closed gates after a change, `complain` a problem
    with the id of the job it belongs to ("" for none), `show_unkept` the task ids that are kept in memory
    alone, after each change, `show_balance` what is left in an account whenever it was asked, `show_findings`
    what `find_out` found. `pace` scales the pauses between tries.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        marks: MarkStore,
        balances: BalanceStore,
        journal: EmergencyJournal,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        reference_path: Callable[[str], Path],
        imaging: Imaging,
        prices: PriceTable,
        publish: Callable[[Job], None],
        show_gates: Callable[[tuple[Gate, ...]], None],
        complain: Callable[[str, Problem], None],
        show_unkept: Callable[[tuple[str, ...]], None],
        show_balance: Callable[[ServiceConnection, Balance], None],
        show_findings: Callable[[Findings], None],
        submits_at_once: int = 3,
        delivery: Delivery = Delivery.INLINE,
        clock: Clock | None = None,
        pace: float = 1.0,
    ) -> None:
        self._clock = clock or Clock()
        self._prices = prices
        self._complain = complain
        self._connections = connections
        self._gates = Gates(self._clock, show_gates, pace=pace)
        self._ledger = Ledger(store, self._clock, publish, self._gates.library_works)
        self._marks = Marks(store=marks, ledger=self._ledger, clock=self._clock)
        self._balances = Balances(
            store=balances,
            ledger=self._ledger,
            connections=connections,
            gates=self._gates,
            clock=self._clock,
            told=show_balance,
        )
        self._answers = Answers(
            journal=journal,
            gates=self._gates,
            clock=self._clock,
            complain=complain,
            show_unkept=show_unkept,
        )
        self._uploads = Uploads(reference_path, self._clock, delivery)
        self._submitter = Submitter(
            ledger=self._ledger,
            gates=self._gates,
            connections=connections,
            folder_for=folder_for,
            reference_path=reference_path,
            uploads=self._uploads,
            clock=self._clock,
            at_once=submits_at_once,
            answers=self._answers,
            abandoned=self._resolve_alone,
            pace=pace,
        )
        self._poller = Poller(
            ledger=self._ledger, gates=self._gates, connections=connections, clock=self._clock
        )
        self._collector = Collector(
            ledger=self._ledger,
            gates=self._gates,
            connections=connections,
            folder_for=folder_for,
            imaging=imaging,
            clock=self._clock,
            pace=pace,
        )
        self._unconfirmed = Unconfirmed(
            ledger=self._ledger,
            balances=self._balances,
            inquiry=Inquiry(store, balances),
            connections=connections,
            poller=self._poller,
            clock=self._clock,
            show_findings=show_findings,
        )
        self._second_fetch = SecondFetch(
            ledger=self._ledger, connections=connections, folder_for=folder_for, imaging=imaging
        )
        self._resumption = Resumption(self._clock, self.go_on, every_s=EVERY_S * pace)
        self._stages = Tasks(failed=self._stage_failed)
        self._restarted: set[str] = set()
        self._ended: set[str] = set()
        self._wishes = Tasks(failed=self._wish_failed)
        self._ledger.on_change(self._drop_idle_gates)
        self._ledger.on_step(self._bring_back)
        self._gates.on_change(self._drop_idle_gates)

    # Its life

    async def start(
        self, *, notice_s: float = NOTICE_S, hold_real: bool = False, paused: bool = False
    ) -> tuple[Job, ...]:
        """Recover what the last run left, begin to work, and return the jobs in hand, newest first.

        With `hold_real` waiting jobs that would be paid stay until the user resumes them, with `paused` all.
        """
        if paused:
            self._gates.close(GateKind.USER_PAUSE)
        jobs = await recover(
            ledger=self._ledger,
            gates=self._gates,
            connections=self._connections,
            submitter=self._submitter,
            answers=self._answers,
            poller=self._poller,
            notice_s=notice_s,
            hold_real=hold_real,
        )
        unresolved = frozenset((job.id, job.attempt) for job in self._ledger.in_state(JobState.SENDING))
        if unresolved:
            self._wish("", self._resolve_later(unresolved))
        self._balances.start(jobs)
        for name in ("poller", "collector", "submitter", "resumption"):
            self._start_stage(name)
        return jobs

    def stop_sending(self) -> None:
        """The end is near: nothing new leaves, what was sent is heard out."""
        self._submitter.stop()

    def hurry(self, grace_s: float) -> None:
        """An end that is under way hears out what was sent for so long at most."""
        self._submitter.hurry(grace_s)

    async def aclose(self, *, grace_s: float = 60.0) -> None:
        """End without losing anything: submits that may be paid are heard out for `grace_s` seconds."""
        self.stop_sending()
        try:
            async with asyncio.timeout(WISHES_GRACE_S):
                await self._wishes.finish()
        except TimeoutError:
            await self._wishes.cancel()
        await self._balances.aclose()
        await self._stages.cancel()
        await self._submitter.aclose(grace_s)
        await self._collector.aclose()

    # Wishes

    def submit(
        self, draft: Draft, connection: Connection, key_fingerprint: str, *, note: Problem | None = None
    ) -> None:
        """One press of Generate: a job for each prompt and copy, waiting as soon as they are committed."""
        run_id, now = uuid.uuid4().hex, self._clock.now()
        price = self._prices.estimate(draft.size, draft.tier)
        jobs = tuple(
            Job(
                id=uuid.uuid4().hex,
                run_id=run_id,
                service=connection.service,
                key_fingerprint=key_fingerprint,
                request=request,
                created_at=now,
                estimate=FREE if connection.is_practice else price,
                note=note,
            )
            for request in draft.requests
        )
        self._wish("", self._add(jobs))

    def cancel(self, job_id: str) -> None:
        """Take a job back; without effect once its request may have left."""
        self.cancel_all((job_id,))

    def cancel_all(self, job_ids: Iterable[str]) -> None:
        """Take back those of the jobs whose request cannot have left."""
        now = self._clock.now()

        def take_back(job: Job) -> Job:
            return job.cancel(now) if job.state is JobState.QUEUED else job

        self._wish("", self._ledger.step_all(job_ids, take_back))

    def move(self, move: Move) -> None:
        """Let a waiting job stand elsewhere in line."""
        self._wish(move.job_id, self._ledger.move(move))

    async def mark(self, marking: Marking, told: Callable[[Marked], None]) -> None:
        """Commit a mark of the user on any number of jobs; `told` gets what changed by it. StorageError where
        the library does not take all of it. See `Marks`."""
        await self._marks.put(marking, told)

    def in_hand(self, seqs: Iterable[int]) -> tuple[Job, ...]:
        """Those of the jobs with these numbers that are under way, wait for the user or changed lately."""
        return self._ledger.among(seqs)

    async def let_go(self, seqs: Iterable[int]) -> None:
        """The library has changed jobs that are over by itself: what is known of them here counts no more."""
        await self._ledger.let_go(seqs)

    def restore(self, job_ids: Iterable[str]) -> None:
        """Bring back into sight what was put away while it went on."""
        restored = partial(Job.marked, mark=Mark.RESTORED, at=self._clock.now())
        self._wish("", self._ledger.step_all(job_ids, restored))

    def revive(self, job_id: str) -> None:
        """Look for a lost job once more; looking is free."""
        self._wish(job_id, self._revive(job_id))

    async def fetch_again(self, job_id: str) -> None:
        """Bring back the file of a saved picture that is gone, by its link; free, and tried once. What keeps
        it away is told as a problem of the job."""
        await complaining(self._second_fetch.fetch(job_id), partial(self._complain, job_id))

    def look_again(self, job_id: str) -> None:
        """Read again what came back from an unconfirmed submit, and ask anew what the account has left."""
        self._wish(job_id, self._unconfirmed.look_again(job_id))

    def find_out(self, job_id: str) -> None:
        """Tell what is known about an unconfirmed job; asks nobody."""
        self._wish(job_id, self._unconfirmed.find_out(job_id))

    async def balance(self, connection: ServiceConnection) -> Balance:
        """What is left in the account behind a connection; AppError where the service does not say."""
        return await self._balances.ask(connection)

    def enter_task_id(self, job_id: str, task_id: str) -> None:
        """Go on with a task that the user found, once the service says that it knows it."""
        self._wish(job_id, self._unconfirmed.enter_task_id(job_id, task_id.strip()))

    def send_again(self, job_id: str) -> None:
        """Send an unconfirmed job once more. The user has said that it may cost twice."""
        self._wish(job_id, self._send_again(job_id))

    def close_unconfirmed(self, job_id: str) -> None:
        now = self._clock.now()
        self._change(job_id, lambda job: job.close(now) if job.state is JobState.UNCONFIRMED else job)

    def reopen(self, job_id: str) -> None:
        """Let the user decide anew about an unconfirmed job that was closed; nothing is sent by it."""
        self._change(job_id, lambda job: job.reopen() if job.state is JobState.CLOSED else job)

    def pause(self) -> None:
        """Send nothing new; what was sent goes on."""
        self._gates.open(GateKind.RESUMING)
        self._gates.close(GateKind.USER_PAUSE)

    def hold(self) -> None:
        """Send nothing new, since the library may not know all that was sent, until `resume` is told so."""
        self._gates.close(GateKind.LIBRARY)

    def resume(self, gate: Gate) -> None:
        """Try again what a gate holds, now."""
        self._gates.open(gate.kind, service=gate.service)
        for name in tuple(self._ended):
            self._ended.discard(name)
            self._start_stage(name)
        self._hold_without_key()

    @property
    def submits_at_once(self) -> int:
        return self._submitter.at_once

    @submits_at_once.setter
    def submits_at_once(self, count: int) -> None:
        self._submitter.at_once = count
        self._submitter.wake()

    @property
    def delivery(self) -> Delivery:
        """How references go from now on."""
        return self._uploads.delivery

    @delivery.setter
    def delivery(self, delivery: Delivery) -> None:
        self._uploads.delivery = delivery

    def folder_changed(self) -> None:
        """Pictures go somewhere else from now on: what waited for room may go."""
        self._gates.folder_works()

    def connect(self, connection: ServiceConnection, *, notice_s: float = 0.0) -> None:
        """Use a connection from now on for its service, for jobs that wait as well: after `notice_s` seconds
        in which the user may say no, where it was not the user who connected."""
        self._connections.put(connection)
        self._gates.fresh_start(connection.service)
        waiting = self._ledger.in_state(JobState.QUEUED)
        if notice_s and any(job.service == connection.service for job in waiting):
            self._gates.close(GateKind.RESUMING, service=connection.service, for_s=notice_s)

    def cannot_connect(self, service: str, problem: Problem) -> None:
        """There is a key, but no way to use it."""
        self._connections.refuse(service, problem)
        self._hold_without_key()

    def go_on(self) -> None:
        """The machine slept, its clock was set, or the network came back: what was true of lines and waits
        need not be true any more."""
        self._wish("", self._go_on())

    def disconnect(self, service: str) -> None:
        """Jobs of a service wait until there is a key again."""
        self._connections.drop(service)
        self._hold_without_key()

    # How wishes come true

    def _wish(self, job_id: str, work: Coroutine[Any, Any, Any]) -> None:
        complain = partial(self._complain, job_id)
        self._wishes.start(f"wish for {job_id or 'a new run'}", complaining(work, complain))

    def _change(self, job_id: str, change: Callable[[Job], Job]) -> None:
        self._wish(job_id, self._ledger.step(job_id, change))

    async def _add(self, jobs: tuple[Job, ...]) -> None:
        try:
            await self._ledger.add(jobs)
        except StorageError as error:
            if error.problem.kind in VIEW_ONLY:
                raise
            reason = str(error.problem.facts.get("reason", ""))
            raise StorageError(Problem.of(ProblemKind.NOT_QUEUED, reason=reason)) from error
        self._hold_without_key()

    def _hold_without_key(self) -> None:
        hold_without_key(self._ledger, self._gates, self._connections)

    async def _go_on(self) -> None:
        await self._connections.renew()
        self._poller.look_at_all_now()
        self._gates.try_line()
        self._collector.fetch_all_now()

    async def _send_again(self, job_id: str) -> None:
        await self._ledger.step(
            job_id, lambda job: job.send_again() if job.state is JobState.UNCONFIRMED else job
        )
        self._hold_without_key()

    async def _revive(self, job_id: str) -> None:
        await self._ledger.step(job_id, lambda job: job.revive() if job.state is JobState.LOST else job)
        self._poller.look_now(job_id)
        self._hold_without_key()

    def _resolve_alone(self, job: Job) -> None:
        self._wish(job.id, self._resolve_later(frozenset({(job.id, job.attempt)})))

    async def _resolve_later(self, attempts: frozenset[tuple[str, int]]) -> None:
        """The library did not take down what became of jobs at the start: try until it does."""
        failures = 0
        while not await resolve_sent(
            self._ledger, self._gates, self._submitter, self._answers, only=attempts
        ):
            failures += 1
            await asyncio.sleep(TRANSIENT.delay(failures, self._clock.chance()))

    def _bring_back(self, former: Job | None, job: Job) -> None:
        """What was hidden while it was sent comes back into sight where only the user can decide about it,
        and what was hidden as failed where it is paid after all."""
        is_late = former is not None and former.state is JobState.FAILED and job.state is JobState.READY
        if job.binned_at is not None and (job.state is JobState.UNCONFIRMED or is_late):
            self.restore((job.id,))

    def _drop_idle_gates(self) -> None:
        if not self._ledger.count_running():
            self._gates.forget_passing()

    def _stage_failed(self, name: str) -> None:
        """A bug of ours stopped a stage: hold new charges, say so, and start the stage once more; after a
        second time when the user says so."""
        self._gates.close_for_bug(name)
        if name in self._restarted:
            self._ended.add(name)
        else:
            self._restarted.add(name)
            self._start_stage(name)

    def _start_stage(self, name: str) -> None:
        stages = {
            "poller": self._poller.run,
            "collector": self._collector.run,
            "submitter": self._submitter.run,
            "resumption": self._resumption.run,
        }
        self._stages.start(name, stages[name]())

    def _wish_failed(self, name: str) -> None:
        self._complain("", Problem.of(ProblemKind.INTERNAL, name=name))
