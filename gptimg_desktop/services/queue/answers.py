"""Holds on to what the service said of a submit until the library has it, whatever the disk does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.schedule import TRANSIENT
from gptimg_desktop.services.library.emergency_journal import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.verdict import Verdict
    from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)

LAST_PAUSE_S: Final = 1.0
"""The longest pause between tries to write while the program ends."""
_WITHOUT_TASK: Final = frozenset({JobState.SENDING, JobState.UNCONFIRMED})


class LeftToNextStartError(Exception):
    """The program ends, and all that was heard is where the next start finds it."""


class Answers:
    """Writes into the library, else task ids into the emergency journal, else keeps them and says so.

    `complain` tells a problem of a job; `show_unkept` gets the task ids that are in memory alone, after each
    change. An answer is *safe* once the next start would find its task.
    """

    def __init__(
        self,
        *,
        journal: EmergencyJournal,
        gates: Gates,
        clock: Clock,
        complain: Callable[[str, Problem], None],
        show_unkept: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._journal = journal
        self._gates = gates
        self._clock = clock
        self._complain = complain
        self._show_unkept = show_unkept
        self._unkept: dict[str, tuple[str, ...]] = {}
        self._told: set[str] = set()
        self._safe: set[str] = set()
        self._ending = asyncio.Event()

    def end(self) -> None:
        """The program ends: what is safe waits for the library no longer."""
        self._ending.set()

    async def prepare(self) -> None:
        """Have the journal at its full size before it is needed; StorageError where that cannot be."""
        if self._journal.is_open:
            return
        try:
            await asyncio.to_thread(self._journal.open)
        except StorageError as error:
            reason = f"emergency journal: {error.problem.facts.get('reason', 'no room')}"
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason=reason)) from error

    async def keep(self, job: Job, verdict: Verdict, write: Callable[[], Awaitable[object]]) -> None:
        """Do `write`, however long the disk refuses; a verdict's task ids are made safe meanwhile.

        LeftToNextStartError where the program ends and the next start can go on from here.
        """
        failures = 0
        while True:
            try:
                await write()
            except StorageError as error:
                failures += 1
                self._gates.close_for_storage(error.problem)
                await self._save_in_need(job, verdict, error.problem)
                await self._pause(job.id, TRANSIENT.delay(failures, self._clock.chance()))
            else:
                break
        self._safe.add(job.id)
        self._set_unkept(job.id, ())

    async def let_go(self, job: Job, verdict: Verdict) -> None:
        """The consequence is in the library: the journal need not know it."""
        if job.id in self._told:
            try:
                await asyncio.to_thread(self._journal.clear, _entries(job, verdict))
            except StorageError as error:  # it is read again at the next start, which does no harm
                logger.info("the emergency journal was not cleared: %s", error.problem.kind)

    async def recall(self, ledger: Ledger) -> None:
        """Give jobs the task ids that an earlier run could write into the journal alone.

        StorageError where the library takes nothing now either; then they stay in the journal.
        """
        merged: list[JournalEntry] = []
        for (job_id, attempt), entries in _by_attempt(await self._journalled()).items():
            if job_id in self._told:
                continue  # of this run: who keeps its answer goes on with it
            job, task_ids = await ledger.find(job_id), tuple(entry.task_id for entry in entries)
            if job is not None and job.attempt == attempt and job.state in _WITHOUT_TASK:
                job = await ledger.step(job_id, partial(_accept, task_ids=task_ids, at=self._clock.now()))
                logger.info("job %s: tasks %s were in the emergency journal", job_id, ", ".join(task_ids))
            for entry in entries:
                if job is not None and entry.task_id in job.task_ids:
                    merged.append(entry)
                else:
                    logger.warning("job %s: no place for task %s", job_id, entry.task_id)
                    self._complain("", Problem.of(ProblemKind.TASK_WITHOUT_JOB, task_id=entry.task_id))
        if merged:
            await asyncio.to_thread(self._journal.clear, merged)

    async def _journalled(self) -> tuple[JournalEntry, ...]:
        try:
            return await asyncio.to_thread(self._journal.entries)
        except StorageError as error:
            logger.warning("the emergency journal cannot be read: %s", error.problem.facts)
            self._complain("", Problem.of(ProblemKind.JOURNAL_UNREADABLE))
            return ()

    def forget(self, job_id: str) -> None:
        """The submit is over, in whatever way."""
        self._safe.discard(job_id)
        self._told.discard(job_id)

    async def _pause(self, job_id: str, pause_s: float) -> None:
        if not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._ending.wait()
        elif job_id not in self._safe:
            await asyncio.sleep(min(pause_s, LAST_PAUSE_S))
        if self._ending.is_set() and job_id in self._safe:
            raise LeftToNextStartError(job_id)

    async def _save_in_need(self, job: Job, verdict: Verdict, problem: Problem) -> None:
        """The library refuses: write the task ids elsewhere, each time until that works."""
        if not verdict.task_ids or job.id in self._safe:
            return
        reason = str(problem.facts.get("reason", ""))
        if job.id not in self._told:
            for task_id in verdict.task_ids:
                logger.error("job %s: accepted as %s, which cannot be stored: %s", job.id, task_id, reason)
        try:
            await asyncio.to_thread(self._journal.note, _entries(job, verdict))
        except StorageError:
            self._set_unkept(job.id, verdict.task_ids)
            self._tell(job, verdict, ProblemKind.ANSWER_NOT_KEPT, reason)
        else:
            self._safe.add(job.id)
            self._set_unkept(job.id, ())
            self._tell(job, verdict, ProblemKind.ANSWER_IN_JOURNAL, reason)

    def _tell(self, job: Job, verdict: Verdict, kind: ProblemKind, reason: str) -> None:
        """Once a job; that it got safe later on shows in the library's own gate."""
        if job.id not in self._told:
            self._told.add(job.id)
            for task_id in verdict.task_ids:
                self._complain(job.id, Problem.of(kind, task_id=task_id, reason=reason))

    def _set_unkept(self, job_id: str, task_ids: tuple[str, ...]) -> None:
        before = self._unkept.get(job_id, ())
        if task_ids:
            self._unkept[job_id] = task_ids
        else:
            self._unkept.pop(job_id, None)
        if task_ids != before:
            self._show_unkept(tuple(task_id for ids in self._unkept.values() for task_id in ids))


def _accept(job: Job, *, task_ids: tuple[str, ...], at: float) -> Job:
    return job.accept(task_ids, at).annotate(Problem.of(ProblemKind.TASK_RECOVERED))


def _by_attempt(entries: Iterable[JournalEntry]) -> dict[tuple[str, int], list[JournalEntry]]:
    """One submit may have made several tasks: they belong to the job together."""
    found: dict[tuple[str, int], list[JournalEntry]] = {}
    for entry in entries:
        found.setdefault((entry.job_id, entry.attempt), []).append(entry)
    return found


def _entries(job: Job, verdict: Verdict) -> tuple[JournalEntry, ...]:
    return tuple(
        JournalEntry(job_id=job.id, attempt=job.attempt, task_id=task_id) for task_id in verdict.task_ids
    )
