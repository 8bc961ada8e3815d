"""The line of jobs whose images are to be fetched, by their ranks, each at the price of a heap."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


Rank = tuple[bool, float]
"""Whether it can wait for others, and when its link dies (Unix seconds); the smaller goes first."""


class FetchLine:
    """A job stands here once, or not at all. What was there before stays in the heaps until it comes up."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._numbers = itertools.count()
        self._free: defaultdict[str, list[tuple[Rank, int, str]]] = defaultdict(list)
        self._resting: list[tuple[float, int, str, Rank, str]] = []

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._places

    def put(self, job_id: str, service: str, rank: Rank) -> None:
        """A job can be fetched now, in place of any time before."""
        number = self._places[job_id] = next(self._numbers)
        heapq.heappush(self._free[service], (rank, number, job_id))

    def put_off(self, job_id: str, service: str, rank: Rank, until: float) -> None:
        """A job can be fetched from a time on (monotonic seconds)."""
        number = self._places[job_id] = next(self._numbers)
        heapq.heappush(self._resting, (until, number, job_id, rank, service))

    def drop(self, job_id: str) -> None:
        self._places.pop(job_id, None)

    def take(self, services: Iterable[str], now: float) -> str | None:
        """The first job of these services, out of the line; None where there is none."""
        while self._resting and self._resting[0][0] <= now:
            _, number, job_id, rank, service = heapq.heappop(self._resting)
            if self._places.get(job_id) == number:
                self.put(job_id, service, rank)
        heads = [(head, service) for service in services if (head := self._head(service)) is not None]
        if not heads:
            return None
        (_, _, job_id), service = min(heads)
        heapq.heappop(self._free[service])
        self.drop(job_id)
        return job_id

    def end_rests(self) -> None:
        """Whatever was put off can be fetched now."""
        resting, self._resting = self._resting, []
        for _, number, job_id, rank, service in resting:
            if self._places.get(job_id) == number:
                self.put(job_id, service, rank)

    def first_at(self) -> float | None:
        """When the first of those that were put off can be fetched (monotonic seconds)."""
        while self._resting:
            until, number, job_id, *_ = self._resting[0]
            if self._places.get(job_id) == number:
                return until
            heapq.heappop(self._resting)
        return None

    def _head(self, service: str) -> tuple[Rank, int, str] | None:
        line = self._free[service]
        while line and self._places.get(line[0][2]) != line[0][1]:
            heapq.heappop(line)
        return line[0] if line else None
