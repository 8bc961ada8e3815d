"""How long pictures usually take, learnt from the jobs that are done.

What counts is the time from the service's acceptance to the picture on disk. It says nothing about the
service where somebody or something was away in between, so these are left out:

- what the service had accepted before this program was started and what it saved afterwards;
- what was accepted over a minute after it was sent: its task was found or named later;
- what took over twenty minutes, and of the rest what took over four times as long as most: in earlier
  sessions the program was closed meanwhile, or the machine slept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.sizes import Tier

MOST_COUNTED: Final = 50
LEAST_COUNTED: Final = 3
LONGEST_S: Final = 1200.0
LATEST_ACCEPTANCE_S: Final = 60.0
MOST_LOOKED_AT: Final = 1_000
"""So many of the newest jobs tell enough about the start of a session."""
_TIMES_THE_MEDIAN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTime:
    """Eight of ten pictures took `low` to `high` seconds, half of them up to `median`; `count` were seen."""

    low: float
    median: float
    high: float
    count: int


def _nothing() -> Mapping[tuple[bool, Tier], UsualTime]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTimes:
    """What is usual for each tier; practice and real services apart."""

    known: Mapping[tuple[bool, Tier], UsualTime] = field(default_factory=_nothing, hash=False)

    def of(self, tier: Tier, *, is_practice: bool) -> UsualTime | None:
        """None where fewer than three are known."""
        return self.known.get((is_practice, tier))


class DoneJobs:
    """Remembers how long the last fifty took of each kind; a change costs the same however many there are."""

    def __init__(self) -> None:
        self._since = 0.0
        self._counted: set[str] = set()
        self._took: dict[tuple[bool, Tier], deque[float]] = {}

    def begin(self, now: float) -> None:
        """A session begins; `now` is in Unix seconds."""
        self._since = now
        self._counted.clear()
        self._took.clear()

    def learn(self, jobs: Iterable[Job]) -> None:
        """Jobs of earlier sessions, newest first, as a whole or in several calls: they come before all that
        was done since this one began, and before those of the calls before."""
        for job in jobs:
            took = _time_taken(job, 0.0)
            if took is None or job.id in self._counted or _finished(job) >= self._since:
                continue
            kind = self._of_its_kind(job)
            if len(kind) < MOST_COUNTED:
                self._counted.add(job.id)
                kind.appendleft(took)

    def put(self, job: Job) -> None:
        """A job's new state: what is done counts once."""
        took = _time_taken(job, self._since)
        if took is None or job.id in self._counted:
            return
        self._counted.add(job.id)
        self._of_its_kind(job).append(took)

    def _of_its_kind(self, job: Job) -> deque[float]:
        kind = (job.service == PRACTICE, job.request.tier)
        return self._took.setdefault(kind, deque(maxlen=MOST_COUNTED))

    def usual_times(self) -> UsualTimes:
        """What is usual now."""
        known = {kind: usual for kind, took in self._took.items() if (usual := _usual(took)) is not None}
        return UsualTimes(known=MappingProxyType(known))


def _time_taken(job: Job, since: float) -> float | None:
    """Seconds from acceptance to disk; None where they say nothing."""
    if job.state is not JobState.SAVED or job.armed_at is None:
        return None
    if job.accepted_at is None or job.finished_at is None or job.accepted_at < since:
        return None
    took = job.finished_at - job.accepted_at
    was_heard = 0 <= job.accepted_at - job.armed_at <= LATEST_ACCEPTANCE_S
    return took if was_heard and 0 < took <= LONGEST_S else None


def _finished(job: Job) -> float:
    return job.finished_at or 0.0


def _usual(took: Iterable[float]) -> UsualTime | None:
    times = sorted(took)
    if not times:
        return None
    likely = [each for each in times if each <= _TIMES_THE_MEDIAN * _at(times, 0.5)]
    if len(likely) < LEAST_COUNTED:
        return None
    return UsualTime(low=_at(likely, 0.1), median=_at(likely, 0.5), high=_at(likely, 0.9), count=len(likely))


def _at(times: list[float], share: float) -> float:
    """The time that so large a share of a sorted list does not exceed."""
    place = share * (len(times) - 1)
    below = int(place)
    above = min(below + 1, len(times) - 1)
    return times[below] + (times[above] - times[below]) * (place - below)
