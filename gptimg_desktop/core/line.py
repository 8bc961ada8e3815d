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
    """Put a waiting job right before another one; `before` "" puts it at the end, `first` before all.

    Before one that is not waiting any more means before all: it was in front.
    """

    job_id: str
    before: str = ""
    first: bool = False


def line_order(job: Job) -> tuple[int, int]:
    """Sorts jobs as they are sent."""
    return job.rank, job.seq


def in_line(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The waiting ones among the jobs, in the order in which they will be sent."""
    return tuple(sorted((job for job in jobs if job.state is JobState.QUEUED), key=line_order))


def moved(line: tuple[Job, ...], move: Move) -> dict[str, int]:
    """The new rank of every job that needs one, by id; empty where nothing changes.

    The moved job and as few in front of it as possible change. No rank is above 0, so that what is asked for
    later still goes last.
    """
    found = next((job for job in line if job.id == move.job_id), None)
    if found is None or move.before == move.job_id:
        return {}
    others = [job for job in line if job is not found]
    ids = [job.id for job in others]
    place = 0 if move.first or move.before else len(others)
    if not move.first and move.before in ids:
        place = ids.index(move.before)
    if [*others[:place], found, *others[place:]] == list(line):
        return {}
    ranks: dict[str, int] = {}
    behind = line_order(others[place]) if place < len(others) else None
    for job in (found, *reversed(others[:place])):
        if job is not found and behind is not None and line_order(job) < behind:
            break
        rank = _rank_before(behind, job.seq)
        if rank != job.rank:
            ranks[job.id] = rank
        behind = (rank, job.seq)
    return ranks


def _rank_before(behind: tuple[int, int] | None, seq: int) -> int:
    """The highest rank with which a job of this age still stands in front of what is behind it."""
    if behind is None:
        return 0
    rank, seq_behind = behind
    return rank if seq < seq_behind else rank - 1
