"""A copy of the library, and which of many copies are worth their room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NEWEST: Final = 5
DAYS: Final = 7
WEEKS: Final = 4
_DAY_S: Final = 86_400
_WEEK_S: Final = 7 * _DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A whole library in one file. `name` is its file's; `made_at` in Unix seconds; `jobs` is how many it
    holds. `is_good`: it was read from end to end and found sound."""

    name: str
    made_at: float
    size_bytes: int
    jobs: int = 0
    is_good: bool = True


def worth_keeping(made: Iterable[float]) -> frozenset[float]:
    """Of the times at which copies were made (Unix seconds) those that stay: the newest ones, and the newest
    one of each of the last days and weeks that have any."""
    newest_first = sorted(made, reverse=True)
    kept = set(newest_first[:NEWEST])
    for span_s, most in ((_DAY_S, DAYS), (_WEEK_S, WEEKS)):
        kept |= set(_newest_of_each(newest_first, span_s, most))
    return frozenset(kept)


def _newest_of_each(newest_first: Iterable[float], span_s: int, most: int) -> list[float]:
    firsts: dict[float, float] = {}
    for at in newest_first:
        firsts.setdefault(at // span_s, at)
    return list(firsts.values())[:most]
