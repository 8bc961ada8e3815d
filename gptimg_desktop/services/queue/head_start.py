"""What is paid already goes before anything new is paid."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gptimg_desktop.core.job import Job


class HeadStart:
    """After a start, after a wait and after the machine slept, new submits of a service wait until each paid
    job had its turn once, whatever came of it; never longer than a few seconds. `over` is called when a
    service's new jobs may go."""

    def __init__(self, over: Callable[[], None]) -> None:
        self._over = over
        self._waited_for: dict[str, set[str]] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}

    def give(self, service: str, job_ids: Iterable[str], at_most_s: float) -> None:
        """These jobs of a service go first."""
        first = set(job_ids)
        if first:
            self._take_back(service)
            self._waited_for[service] = first
            self._ends[service] = asyncio.get_running_loop().call_later(at_most_s, self._end, service)

    def had_its_turn(self, job: Job) -> None:
        """A job was looked at, or has moved on."""
        waited_for = self._waited_for.get(job.service)
        if waited_for is not None:
            waited_for.discard(job.id)
            if not waited_for:
                self._end(job.service)

    def holds(self, service: str) -> bool:
        """True while new jobs of a service wait."""
        return service in self._waited_for

    def take_back_all(self) -> None:
        """Nobody looks at anything any more."""
        for service in tuple(self._waited_for):
            self._end(service)

    def _end(self, service: str) -> None:
        self._take_back(service)
        self._over()

    def _take_back(self, service: str) -> None:
        self._waited_for.pop(service, None)
        end = self._ends.pop(service, None)
        if end is not None:
            end.cancel()
