"""Times in words, seen from Monday, 23 November 2026, noon."""

from __future__ import annotations

import time

import pytest

from gptimg_desktop.core.span import span

NOW = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))


def day(text: str) -> float:
    return time.mktime((*map(int, text.split("-")), 0, 0, 0, 0, 0, -1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "first", "after"),
    [
        ("today", "2026-11-23", "2026-11-24"),
        ("gestern", "2026-11-22", "2026-11-23"),
        ("今天", "2026-11-23", "2026-11-24"),
        ("monday", "2026-11-23", "2026-11-24"),
        ("Tuesday", "2026-11-17", "2026-11-18"),
        ("mo", "2026-11-23", "2026-11-24"),
        ("so", "2026-11-22", "2026-11-23"),
        ("t", "2026-11-23", "2026-11-24"),
        ("week", "2026-11-23", "2026-11-30"),
        ("last week", "2026-11-16", "2026-11-23"),
        ("last_month", "2026-10-01", "2026-11-01"),
        ("month", "2026-11-01", "2026-12-01"),
        ("year", "2026-01-01", "2027-01-01"),
        ("november", "2026-11-01", "2026-12-01"),
        ("december", "2025-12-01", "2026-01-01"),
        ("März", "2026-03-01", "2026-04-01"),
        ("0d", "2026-11-23", "2026-11-24"),
        ("7d", "2026-11-16", "2026-11-17"),
        ("2 weeks", "2026-11-09", "2026-11-10"),
        ("9m", "2026-02-23", "2026-02-24"),
        ("1y", "2025-11-23", "2025-11-24"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-", "2026-01-01", "2027-01-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-2-3", "2026-02-03", "2026-02-04"),
        ("2026-02-30", "2026-02-01", "2026-03-01"),
        ("2026-13", "2026-01-01", "2027-01-01"),
        ("2026年1月31日", "2026-01-31", "2026-02-01"),
        ("31.1.2026", "2026-01-31", "2026-02-01"),
        ("31.1.26", "2026-01-31", "2026-02-01"),
        ("24.12.", "2025-12-24", "2025-12-25"),
        ("23.11", "2026-11-23", "2026-11-24"),
        ("1/31/2026", "2026-01-31", "2026-02-01"),
    ],
)
def test_a_word_is_a_time(word: str, first: str, after: str) -> None:
    found = span(word, NOW)
    assert found is not None
    assert (found.start, found.end) == (day(first), day(after))


def test_hours_are_counted_from_now() -> None:
    found = span("12h", NOW)
    assert found is not None
    assert found.start == NOW - 12 * 3600


@pytest.mark.parametrize("word", ["", "2", "20", "202", "20261", "1969", "9999", "soonish", "32.", "-"])
def test_other_words_are_none(word: str) -> None:
    assert span(word, NOW) is None


@pytest.mark.parametrize("word", ["9999d", "9999y", "9999m", "9999w"])
def test_times_before_all_counting_are_the_first(word: str) -> None:
    found = span(word, NOW)
    assert found is not None
    assert found.start < day("2000-01-01")


@pytest.mark.parametrize("day_of_month", [28, 29, 30, 31])
def test_months_before_the_last_days_of_a_month(day_of_month: int) -> None:
    now = time.mktime((2026, 3 if day_of_month > 28 else 2, min(day_of_month, 31), 12, 0, 0, 0, 0, -1))
    found = span("1m", now)
    assert found is not None
    assert time.localtime(found.start).tm_mday <= 28
