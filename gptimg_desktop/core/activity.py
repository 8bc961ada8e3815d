"""The queue and the money of today at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import Charge, JobState
from gptimg_desktop.core.line import in_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gptimg_desktop.core.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Counts of jobs, and dollars spent since a moment. `spent_unknown` counts the charges nobody knows."""

    running: int = 0
    waiting: int = 0
    needs_user: int = 0
    spent: Decimal = Decimal(0)
    spent_unknown: int = 0

    @classmethod
    def of(cls, jobs: Iterable[Job], *, since: float) -> Activity:
        """What the jobs amount to; money counts from `since` (Unix seconds) on."""
        running = waiting = needs_user = spent_unknown = 0
        spent = Decimal(0)
        for job in jobs:
            waiting += job.state is JobState.QUEUED
            running += job.is_running and job.state is not JobState.QUEUED
            needs_user += job.needs_user and job.binned_at is None
            if job.created_at >= since and job.service != PRACTICE:
                spent += _spent(job)
                spent_unknown += job.doubts + (job.charge is Charge.UNKNOWN)
        return cls(
            running=running,
            waiting=waiting,
            needs_user=needs_user,
            spent=spent,
            spent_unknown=spent_unknown,
        )

    def replaced(self, former: Activity, latter: Activity) -> Activity:
        """This whole after one part of it became another one."""
        return Activity(
            running=self.running - former.running + latter.running,
            waiting=self.waiting - former.waiting + latter.waiting,
            needs_user=self.needs_user - former.needs_user + latter.needs_user,
            spent=self.spent - former.spent + latter.spent,
            spent_unknown=self.spent_unknown - former.spent_unknown + latter.spent_unknown,
        )


class Tally:
    """What all jobs amount to, kept as they change. Only jobs that count are held: what runs, waits for the
    user, or was asked for since the moment from which money counts."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._running: dict[str, Job] = {}
        self._since = 0.0
        self._total = Activity()
        self._told_before: set[str] | None = set()  # what was put before it began

    def begin(self, jobs: Iterable[Job]) -> None:
        """What the library holds, once: at least all that count; of two states of one job the later is true.
        It was read a while ago, so what was put before this call is newer and stays as it was put."""
        told_before: Collection[str] = self._told_before or ()
        self._told_before = None
        for job in jobs:
            if job.id not in told_before:
                self._count(job)

    def put(self, job: Job) -> None:
        """A new job, or a job's new state. One that is not held counted for nothing before."""
        if self._told_before is not None:
            self._told_before.add(job.id)
        self._count(job)

    def _count(self, job: Job) -> None:
        former = self._jobs.pop(job.id, None)
        before = Activity() if former is None else self._part(former)
        now = self._part(job)
        self._total = self._total.replaced(before, now)
        self._running.pop(job.id, None)
        if now != _NOTHING:
            self._jobs[job.id] = job
        if job.is_running:
            self._running[job.id] = job

    def activity(self, *, since: float) -> Activity:
        """As `Activity.of` all jobs. Another `since` than last time counts them all anew: a later one, since
        what was over before is held no more."""
        if since != self._since:
            self._since = since
            held = tuple(self._jobs.values())
            self._jobs, self._running, self._total = {}, {}, Activity()
            for job in held:
                self._count(job)
        return self._total

    def running(self) -> tuple[Job, ...]:
        """The jobs that go on by themselves."""
        return tuple(self._running.values())

    def line(self) -> tuple[Job, ...]:
        """The waiting jobs in the order in which they will be sent."""
        return in_line(self._running.values())

    def _part(self, job: Job) -> Activity:
        return Activity.of((job,), since=self._since)


_NOTHING: Final = Activity()


def _spent(job: Job) -> Decimal:
    if job.charge not in {Charge.CHARGED, Charge.OPEN}:
        return Decimal(0)
    return job.estimate if job.cost is None else job.cost
