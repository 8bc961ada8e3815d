"""When a task is looked at, how long a pause grows, and what Retry-After may ask for."""

from __future__ import annotations

import pytest

from gptimg_desktop.core.schedule import (
    OFFLINE,
    THROTTLED,
    TRANSIENT,
    Backoff,
    PollTimes,
    Span,
    clock_offset_s,
    retry_after_s,
)

ALMOST_ONE = 1 - 2**-53


def test_first_look_after_10_to_20_seconds() -> None:
    times = PollTimes()
    assert times.first_delay(0.0) == 10
    assert times.first_delay(0.5) == 15
    assert 19.9 < times.first_delay(ALMOST_ONE) <= 20


@pytest.mark.parametrize(
    ("age_s", "least_s", "most_s"),
    [
        (0, 3, 5),
        (179.9, 3, 5),
        (180, 8, 12),
        (599.9, 8, 12),
        (600, 25, 35),
        (3599.9, 25, 35),
        (3600, 240, 360),
        (7 * 86_400, 240, 360),
        (float("inf"), 240, 360),
    ],
)
@pytest.mark.row(57)
def test_pauses_widen_with_age_and_never_end(age_s: float, least_s: float, most_s: float) -> None:
    times = PollTimes()
    assert times.next_delay(age_s, 0.0) == least_s
    assert times.next_delay(age_s, 1.0) == most_s


def test_faster_service_is_looked_at_faster_all_along() -> None:
    times = PollTimes().scaled(0.125)
    assert (times.first_delay(0.0), times.first_delay(1.0)) == (1.25, 2.5)
    assert times.next_delay(22.4, 0.0) == 0.375
    assert times.next_delay(22.5, 0.0) == 1
    assert times.next_delay(1e9, 1.0) == 45
    assert times.between_reads_s == 0.125


def test_service_without_waiting_is_looked_at_without_waiting() -> None:
    times = PollTimes().scaled(0)
    assert (times.first_delay(0.7), times.next_delay(0, 0.7), times.next_delay(5, 0.7)) == (0, 0, 0)


def test_a_failure_is_looked_at_four_times_within_the_hour() -> None:
    assert PollTimes().late == (5, 60, 600, 3600)
    assert PollTimes().overridden(every_s=0.1).late == pytest.approx((0.1, 0.2, 0.3, 0.4))
    assert PollTimes().overridden(every_s=10).late == (5, 20, 30, 40)


def test_a_missing_picture_is_looked_for_ten_times_in_ten_minutes_then_slowly() -> None:
    times = PollTimes()
    assert sum(times.imageless_delay(answers, 0.5) for answers in range(1, 11)) == 600
    assert times.imageless_delay(11, 0.5) == 300
    assert times.overridden(every_s=0.1).imageless_delay(3, 0.5) == 0.1


def test_fixed_first_look() -> None:
    times = PollTimes().overridden(first_s=0.5)
    assert (times.first_delay(0.0), times.first_delay(0.9)) == (0.5, 0.5)
    assert times.next_delay(0, 0.0) == 3


@pytest.mark.parametrize(("every_s", "between_s"), [(0.05, 0.05), (2.0, 1.0)])
def test_fixed_pause_replaces_every_slower_band(every_s: float, between_s: float) -> None:
    times = PollTimes().overridden(every_s=every_s)
    assert {times.next_delay(age, 0.3) for age in (0, 200, 1_000, 10_000)} == {every_s}
    assert times.between_reads_s == between_s
    assert times.first_delay(0.0) == 10


def test_no_override_changes_nothing() -> None:
    assert PollTimes().overridden() == PollTimes()


@pytest.mark.parametrize(
    "backoff", [TRANSIENT, THROTTLED, OFFLINE], ids=["transient", "throttled", "offline"]
)
def test_pause_doubles_up_to_its_cap(backoff: Backoff) -> None:
    longest = [backoff.delay(failures, 1.0) for failures in range(1, 12)]
    assert longest[:3] == [backoff.base_s, backoff.base_s * 2, backoff.base_s * 4]
    assert longest[-1] == backoff.cap_s
    assert longest == sorted(longest)


def test_caps_and_bases() -> None:
    assert [(one.base_s, one.cap_s) for one in (TRANSIENT, THROTTLED, OFFLINE)] == [
        (1, 60),
        (2, 60),
        (2, 300),
    ]


@pytest.mark.parametrize("failures", [1, 5, 31, 10_000])
def test_chance_spreads_the_pause_but_never_to_nothing(failures: int) -> None:
    ceiling = TRANSIENT.delay(failures, 1.0)
    assert TRANSIENT.delay(failures, 0.0) == pytest.approx(ceiling / 10)
    assert TRANSIENT.delay(failures, 0.0) < TRANSIENT.delay(failures, 0.5) < ceiling


def test_scaled_backoff() -> None:
    assert OFFLINE.scaled(0.5) == Backoff(base_s=1, cap_s=150)


def test_span_between_its_ends() -> None:
    assert [Span(2, 4).at(chance) for chance in (0.0, 0.25, 1.0)] == [2, 2.5, 4]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("3600", 3600),
        ("3601", 3600),
        ("99999999999999999999", 3600),
        (None, None),
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("abc", None),
        ("1e9", None),
        ("7, 7", None),
        ("٧", None),
        ("9" * 65, None),
        ("Fri, 01 Jan 1999 12:00:20 GMT", None),
    ],
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value) == seconds


@pytest.mark.parametrize(
    ("date", "now", "offset_s"),
    [
        ("Fri, 01 Jan 1999 12:00:00 GMT", 915_192_000 + 7200, 7200),
        ("Fri, 01 Jan 1999 12:00:00 GMT", 915_192_000 - 7200, -7200),
        ("Fri, 01 Jan 1999 13:00:00 +0100", 915_192_000 + 61, 61),
        ("Fri, 01 Jan 1999 12:00:00 GMT", 915_192_000 + 60, 0),
        ("Fri, 01 Jan 1999 12:00:00 -0000", 0, 0),
        ("yesterday", 0, 0),
        ("", 0, 0),
        (None, 0, 0),
        ("Fri, 99 Jan 99999 12:00:00 GMT", 0, 0),
    ],
)
def test_two_clocks_differ_where_they_differ_by_more_than_a_minute(
    date: str | None, now: float, offset_s: float
) -> None:
    assert clock_offset_s(date, now) == offset_s


NOON = "Fri, 01 Jan 1999 12:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        pytest.param("Fri, 01 Jan 1999 12:00:20 GMT", NOON, 20, id="20-s-later-on-a-clock-that-is-wrong"),
        pytest.param("Fri, 01 Jan 1999 11:59:00 GMT", NOON, 0, id="in-the-past"),
        pytest.param("Sat, 01 Jan 2050 12:00:00 GMT", NOON, 3600, id="far-ahead"),
        pytest.param("Fri, 01 Jan 1999 13:00:10 +0100", NOON, 10, id="other-zone"),
        pytest.param("Fri, 01 Jan 1999 12:00:20 -0000", NOON, None, id="no-zone"),
        pytest.param("Fri, 99 Jan 1999 12:00:20 GMT", NOON, None, id="no-such-day"),
        pytest.param("Fri, 01 Jan 99999 12:00:20 GMT", NOON, None, id="no-such-year"),
        pytest.param(NOON, None, None, id="nothing-to-measure-by"),
        pytest.param(NOON, "yesterday", None, id="nonsense-to-measure-by"),
    ],
)
def test_retry_after_as_a_date(value: str, date: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, date=date) == seconds
