"""Jobs of one state, kept in the order of the line."""

from __future__ import annotations

from bisect import bisect_left, insort
from operator import itemgetter
from typing import TYPE_CHECKING

from gptimg_desktop.core.line import line_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gptimg_desktop.core.job import Job

_Place = tuple[int, int, str]


class Line:
    """Adding and removing cost next to nothing, however many there are; going through them sorts nothing."""

    def __init__(self) -> None:
        self._entries: list[tuple[_Place, Job]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Job]:
        return (job for _, job in self._entries)

    def fill(self, jobs: Iterable[Job]) -> None:
        """These jobs and no others."""
        self._entries = sorted(((_place(job), job) for job in jobs), key=_first)

    def add(self, job: Job) -> None:
        insort(self._entries, (_place(job), job), key=_first)

    def remove(self, job: Job) -> None:
        """Take a job out, as it was when it was added."""
        del self._entries[bisect_left(self._entries, _place(job), key=_first)]


_first = itemgetter(0)


def _place(job: Job) -> _Place:
    """Where a job stands; the id keeps those apart that the library has not numbered."""
    return (*line_order(job), job.id)
