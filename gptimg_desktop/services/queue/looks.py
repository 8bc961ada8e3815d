"""The looks that are planned at the tasks of one service, in two orders, each at the price of a heap."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """A job is looked at by `latest`, and from `earliest` on where another one is (monotonic seconds)."""

    job_id: str
    earliest: float
    latest: float


_Heap = list[tuple[float, int, Look]]


class Looks:
    """At most one look for each job. What was planned before stays in the heaps until its time comes up."""

    def __init__(self) -> None:
        self._planned: dict[str, Look] = {}
        self._ripe: dict[str, Look] = {}
        self._by_earliest: _Heap = []
        self._by_latest: _Heap = []
        self._numbers = itertools.count()

    def plan(self, look: Look) -> None:
        """The next look at a job, in place of any other."""
        self.drop(look.job_id)
        self._planned[look.job_id] = look
        number = next(self._numbers)
        heapq.heappush(self._by_earliest, (look.earliest, number, look))
        heapq.heappush(self._by_latest, (look.latest, number, look))

    def drop(self, job_id: str) -> None:
        """No look at a job."""
        self._planned.pop(job_id, None)
        self._ripe.pop(job_id, None)

    def get(self, job_id: str) -> Look | None:
        return self._planned.get(job_id)

    def first_at(self) -> float | None:
        """When the next look has to be (monotonic seconds); None where none is planned."""
        while self._by_latest:
            at, _, look = self._by_latest[0]
            if self._planned.get(look.job_id) is look:
                return at
            heapq.heappop(self._by_latest)
        return None

    def ripe(self, now: float) -> Collection[Look]:
        """All looks that may be now, in no order."""
        while self._by_earliest and self._by_earliest[0][0] <= now:
            _, _, look = heapq.heappop(self._by_earliest)
            if self._planned.get(look.job_id) is look:
                self._ripe[look.job_id] = look
        return self._ripe.values()
