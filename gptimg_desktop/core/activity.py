"""The queue and the money of today at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import Charge, JobState

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def _spent(job: Job) -> Decimal:
    if job.charge not in {Charge.CHARGED, Charge.OPEN}:
        return Decimal(0)
    return job.estimate if job.cost is None else job.cost
