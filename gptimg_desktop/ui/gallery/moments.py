"""Which is later: what the library answered, or what was told meanwhile."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

_MOST_KEPT: Final = 4_096


class Moments:
    """Counts what is told first hand, job by job. Of what was told longest ago it forgets the jobs and holds
    for possible that it was about any."""

    def __init__(self) -> None:
        self.now = 0
        self._noted: OrderedDict[int, int] = OrderedDict()
        self._passed = 0

    def note(self, seq: int) -> None:
        """Something was told about this job."""
        self.now += 1
        self._noted[seq] = self.now
        self._noted.move_to_end(seq)
        if len(self._noted) > _MOST_KEPT:
            self._passed = self._noted.popitem(last=False)[1]

    def pass_all(self) -> None:
        """Something was told about so many that any may be among them."""
        self.now += 1
        self._passed = self.now
        self._noted.clear()

    def is_later(self, seq: int, asked_at: int | None) -> bool:
        """True where something was told about a job after the library was asked (None: it was asked now)."""
        if asked_at is None:
            return False
        return self.has_passed_all(asked_at) or self._noted.get(seq, 0) > asked_at

    def has_passed_all(self, asked_at: int) -> bool:
        return self._passed > asked_at

    def later_than(self, asked_at: int) -> tuple[int, ...]:
        """The jobs about which something was told since, oldest first."""
        return tuple(seq for seq, moment in self._noted.items() if moment > asked_at)
