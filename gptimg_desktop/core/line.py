"""The line of waiting jobs, and what it takes to stand elsewhere in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Put a waiting job right before another one; `before` "" puts it at the end."""

    job_id: str
    before: str = ""


def line_order(job: Job) -> tuple[int, int]:
    """Sorts jobs as they are sent."""
    return job.rank, job.seq


def in_line(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The waiting ones among the jobs, in the order in which they will be sent."""
    return tuple(sorted((job for job in jobs if job.state is JobState.QUEUED), key=line_order))


def moved(line: tuple[Job, ...], move: Move) -> dict[str, int]:
    """The new rank of every job that needs one, by id; empty where nothing changes.

    Everybody in front of the moved job is ranked too, below 0, so that jobs which come later still go last.
    """
    found = next((job for job in line if job.id == move.job_id), None)
    if found is None or move.before == move.job_id:
        return {}
    others = [job for job in line if job is not found]
    ids = [job.id for job in others]
    target = ids.index(move.before) if move.before in ids else len(others)
    order = [*others[:target], found, *others[target:]]
    if order == list(line):
        return {}
    ranks = {job.id: place - len(order) for place, job in enumerate(order)}
    return {job.id: ranks[job.id] for job in order if job.rank != ranks[job.id]}
