"""Times in words: "today", "monday", "7d", "2026-01", "31.1.2026", in the local time of this computer."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_DAYS: Final = (
    *("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag"),
    *("friday freitag", "saturday samstag", "sunday sonntag"),
)
_MONTHS: Final = (
    *("january januar jänner", "february februar", "march märz maerz", "april", "may mai", "june juni"),
    *("july juli", "august", "september", "october oktober", "november", "december dezember"),
)
_AGO: Final = re.compile(
    r"(?P<count>\d{1,4})\s*(?P<unit>h|st|hours?|stunden?|d|t|days?|tage?n?|w|weeks?|wochen?|m|mo|months?|monate?n?"
    r"|y|j|years?|jahre?n?)"
)
_YEAR_FIRST: Final = re.compile(r"(?P<y>\d{4})(?:[-./年](?P<m>\d{1,2})?(?:[-./月](?P<d>\d{1,2})?日?)?)?")
_DAY_FIRST: Final = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?:\.(?P<y>\d{4}|\d{2})?)?")
_MONTH_FIRST: Final = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})")
_BEGUN: Final = re.compile(r"[\d./-]*")
_FIRST_YEAR: Final = 1971  # earlier ones have no Unix time on every system
_LAST_YEAR: Final = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `start` up to `end`, Unix seconds."""

    start: float
    end: float


def span(word: str, now: float) -> Span | None:
    """The time that a word names, seen from `now`; None where it names none, or none yet.

    Of a date that does not exist, or is not whole yet, the part that does counts: the month, the year.
    """
    word = word.strip().casefold().replace("_", "-").replace(" ", "-")
    if not word:
        return None
    at = datetime.fromtimestamp(now)  # noqa: DTZ006 - local on purpose, as the user counts days
    readings = (_relative, _ago, _year_first, _day_first, _month_first, _named_day, _named_month, _begun)
    return next((found for read in readings if (found := read(word, at)) is not None), None)


def is_begun(word: str) -> bool:
    """True where a word may yet become a date: nothing but digits and what stands between them."""
    return _BEGUN.fullmatch(word.strip()) is not None


def _days(first: date, after: date) -> Span:
    return Span(start=_midnight(first), end=_midnight(after))


def _midnight(day: date) -> float:
    day = min(max(day, date(_FIRST_YEAR, 1, 1)), date(_LAST_YEAR, 1, 1))
    return datetime.combine(day, time()).timestamp()


def _one_day(day: date) -> Span:
    return _days(day, day + timedelta(days=1))


def _month(year: int, month: int) -> Span:
    return _days(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


def _year(year: int) -> Span:
    return _days(date(year, 1, 1), date(year + 1, 1, 1))


# Words for times near by


def _today(today: date) -> Span:
    return _one_day(today)


def _yesterday(today: date) -> Span:
    return _one_day(today - timedelta(days=1))


def _this_week(today: date) -> Span:
    monday = today - timedelta(days=today.weekday())
    return _days(monday, monday + timedelta(days=7))


def _last_week(today: date) -> Span:
    return _this_week(today - timedelta(days=7))


def _this_month(today: date) -> Span:
    return _month(today.year, today.month)


def _last_month(today: date) -> Span:
    return _this_month(today.replace(day=1) - timedelta(days=1))


def _this_year(today: date) -> Span:
    return _year(today.year)


def _last_year(today: date) -> Span:
    return _year(today.year - 1)


_RELATIVE: Final[dict[str, Callable[[date], Span]]] = {
    name: meaning
    for names, meaning in (
        ("today heute 今天", _today),
        ("yesterday gestern 昨天", _yesterday),
        ("week this-week woche diese-woche 本周", _this_week),
        ("last-week letzte-woche 上周", _last_week),
        ("month this-month mont monat dieser-monat 本月", _this_month),  # "mont" begins "montag" too
        ("last-month letzter-monat 上个月", _last_month),
        ("year this-year jahr dieses-jahr 今年", _this_year),
        ("last-year letztes-jahr 去年", _last_year),
    )
    for name in names.split()
}


def _relative(word: str, now: datetime) -> Span | None:
    meaning = _RELATIVE.get(word)
    return None if meaning is None else meaning(now.date())


def _begun(word: str, now: datetime) -> Span | None:
    """The first of all names that begin so: what is typed is found before it is whole."""
    known = next((meaning for name, meaning in _RELATIVE.items() if name.startswith(word)), None)
    return None if known is None else known(now.date())


def _named_day(word: str, now: datetime) -> Span | None:
    """The last day of that name, today included."""
    number = _position(word, _DAYS)
    if number is None or _is_begun_relative(word):
        return None
    today = now.date()
    return _one_day(today - timedelta(days=(today.weekday() - number) % 7))


def _named_month(word: str, now: datetime) -> Span | None:
    """The last month of that name, this one included."""
    number = _position(word, _MONTHS)
    if number is None or _is_begun_relative(word):
        return None
    return _month(now.year - (number + 1 > now.month), number + 1)


def _position(word: str, names: tuple[str, ...]) -> int | None:
    whole = (at for at, row in enumerate(names) if word in row.split())
    begun = (at for at, row in enumerate(names) if any(name.startswith(word) for name in row.split()))
    return next(whole, next(begun, None))


def _is_begun_relative(word: str) -> bool:
    """One letter may begin many names; those of today and yesterday are meant more often than any."""
    return any(name.startswith(word) for name in ("today", "yesterday", "heute", "gestern"))


# Numbers


def _ago(word: str, now: datetime) -> Span | None:
    """So long before now, as a whole day (of hours: as a whole hour)."""
    found = _AGO.fullmatch(word.replace("-", ""))
    if found is None:
        return None
    count, unit = int(found["count"]), found["unit"]
    if unit.startswith(("h", "st")):
        start = now.timestamp() - count * 3600
        return Span(start=start, end=start + 3600)
    today = now.date()
    if unit.startswith("m"):
        return _one_day(_months_before(today, count))
    if unit.startswith(("y", "j")):
        return _one_day(_months_before(today, 12 * count))
    return _one_day(_days_before(today, count * (7 if unit.startswith("w") else 1)))


def _days_before(day: date, count: int) -> date:
    return date.fromordinal(max(date(_FIRST_YEAR, 1, 1).toordinal(), day.toordinal() - count))


def _months_before(day: date, count: int) -> date:
    """The same day of an earlier month, or its last one."""
    months = max(_FIRST_YEAR * 12, day.year * 12 + day.month - 1 - count)
    year, month = divmod(months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    return date(year, month + 1, 1)


def _year_first(word: str, now: datetime) -> Span | None:  # noqa: ARG001
    return _dated(_YEAR_FIRST.fullmatch(word))


def _month_first(word: str, now: datetime) -> Span | None:  # noqa: ARG001
    return _dated(_MONTH_FIRST.fullmatch(word))


def _day_first(word: str, now: datetime) -> Span | None:
    """Without a year the last such day, today included."""
    found = _DAY_FIRST.fullmatch(word)
    if found is None or found["y"]:
        return _dated(found)
    this_year = _dated(found, year=now.year)
    is_past = this_year is None or this_year.start <= now.timestamp()
    return this_year if is_past else _dated(found, year=now.year - 1)


def _dated(found: re.Match[str] | None, *, year: int = 0) -> Span | None:
    """The day, else the month, else the year that a date names."""
    if found is None:
        return None
    year = year or int(found["y"])
    year += 2000 if year < 100 else 0
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        return None
    month, day = int(found["m"] or 0), int(found["d"] or 0)
    with contextlib.suppress(ValueError):
        return _one_day(date(year, month, day))
    with contextlib.suppress(ValueError):
        return _month(year, month)
    return _year(year)
