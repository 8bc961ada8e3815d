"""When to look at a task, and when to try a read again: pure functions of time, attempts and chance.

`chance` is a number from 0 up to 1 that the caller draws; spreading the times keeps many jobs apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_RETRY_AFTER_S: Final = 3600.0
CLOCKS_AGREE_WITHIN_S: Final = 60.0
HEAD_START_PAUSES: Final = 50
"""How many fixed pauses a head start lasts at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of seconds to draw from."""

    least_s: float
    most_s: float

    def at(self, chance: float) -> float:
        return self.least_s + (self.most_s - self.least_s) * chance

    def scaled(self, factor: float) -> Span:
        return Span(self.least_s * factor, self.most_s * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTimes:
    """When a task is looked at, in seconds. `bands` pairs the age of a task (upper end) with the pause there.

    The defaults are the service's advice (first look after 10–20 s, then every 3–5 s), widening for slow
    tasks; there is no age at which a task is given up. `late` says how long after it failed a task is looked
    at once more, `imageless` the pauses after each answer that calls it done and names no picture.
    """

    first: Span = Span(10, 20)
    bands: tuple[tuple[float, Span], ...] = (
        (180, Span(3, 5)),
        (600, Span(8, 12)),
        (3600, Span(25, 35)),
        (float("inf"), Span(240, 360)),
    )
    late: tuple[float, ...] = (5, 60, 600, 3600)
    imageless: tuple[float, ...] = (5, 10, 15, 30, 60, 60, 60, 90, 120, 150)
    between_reads_s: float = 1.0  # least time between two status reads to one host
    gathering_s: float = 0.25  # how long a look waits at least for others to join
    head_start_s: float = 10.0  # how long new submits wait at most for what is paid already

    def first_delay(self, chance: float) -> float:
        return self.first.at(chance)

    def next_delay(self, age_s: float, chance: float) -> float:
        """Seconds until the next look at a task that was accepted `age_s` ago."""
        for oldest_s, pause in self.bands:
            if age_s < oldest_s:
                return pause.at(chance)
        return self.bands[-1][1].at(chance)

    def imageless_delay(self, answers: int, chance: float) -> float:
        """Seconds until the next look after the n-th answer without a picture (n from 1); at last slow."""
        if answers <= len(self.imageless):
            return self.imageless[answers - 1]
        return self.bands[-1][1].at(chance)

    def scaled(self, factor: float) -> PollTimes:
        """The same schedule for a service that is `1 / factor` times as fast."""
        return PollTimes(
            first=self.first.scaled(factor),
            bands=tuple((age * factor, pause.scaled(factor)) for age, pause in self.bands),
            late=tuple(after * factor for after in self.late),
            imageless=tuple(pause * factor for pause in self.imageless),
            between_reads_s=self.between_reads_s * factor,
            gathering_s=self.gathering_s * factor,
            head_start_s=self.head_start_s * factor,
        )

    def overridden(self, *, first_s: float | None = None, every_s: float | None = None) -> PollTimes:
        """The schedule with its first look or all later pauses replaced by fixed times; nothing is slower."""
        times = self
        if first_s is not None:
            times = replace(times, first=Span(first_s, first_s))
        if every_s is not None:
            pauses = ((float("inf"), Span(every_s, every_s)),)
            times = replace(
                times,
                bands=pauses,
                late=tuple(min(after, every_s * (n + 1)) for n, after in enumerate(times.late)),
                imageless=tuple(min(pause, every_s) for pause in times.imageless),
                between_reads_s=min(every_s, times.between_reads_s),
                gathering_s=min(every_s, times.gathering_s),
                head_start_s=min(every_s * HEAD_START_PAUSES, times.head_start_s),
            )
        return times


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Pauses between tries of something that is safe to repeat: full jitter under a doubling ceiling."""

    base_s: float = 1.0
    cap_s: float = 60.0

    def delay(self, failures: int, chance: float) -> float:
        """Seconds to wait after the n-th failure in a row (n from 1); never under a tenth of the ceiling."""
        ceiling = min(self.cap_s, self.base_s * 2.0 ** min(failures - 1, 30))
        return float(ceiling * (0.1 + 0.9 * chance))

    def scaled(self, factor: float) -> Backoff:
        return Backoff(base_s=self.base_s * factor, cap_s=self.cap_s * factor)


TRANSIENT: Final = Backoff(base_s=1, cap_s=60)
THROTTLED: Final = Backoff(base_s=2, cap_s=60)
OFFLINE: Final = Backoff(base_s=2, cap_s=300)


def retry_after_s(value: str | None, *, date: str | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, from 0 to 3600; None where it says nothing usable.

    A date is measured against the server's own `Date` header, so that a wrong local clock does no harm.
    """
    if value is None or len(value) > 64:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER_S)
    try:
        delay = (parsedate_to_datetime(text) - parsedate_to_datetime(date or "")).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(delay, 0.0), LONGEST_RETRY_AFTER_S)


def clock_offset_s(date: str | None, now: float) -> float:
    """Seconds to add to a server's times to have them on our clock: `date` is its `Date` header, `now` ours
    (Unix seconds). 0 where the two agree within a minute, or where it is not said."""
    try:
        told = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    if told.tzinfo is None:
        return 0.0
    offset_s = now - told.timestamp()
    return offset_s if abs(offset_s) > CLOCKS_AGREE_WITHIN_S else 0.0
