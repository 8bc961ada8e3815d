"""Who is fetched next: the nearest expiry of those that may be."""

from __future__ import annotations

import random

from gptimg_desktop.services.queue.fetch_line import FetchLine

HERE = ("here",)


def drained(line: FetchLine, now: float = 0.0) -> list[str]:
    taken = []
    while (job_id := line.take(HERE, now)) is not None:
        taken.append(job_id)
    return taken


def test_the_nearest_expiry_goes_first_and_then_who_came_first() -> None:
    line = FetchLine()
    for job_id, expiry in (("b", 5.0), ("late", 9.0), ("c", 5.0), ("soon", 1.0)):
        line.put(job_id, "here", (False, expiry))
    assert drained(line) == ["soon", "b", "c", "late"]


def test_who_was_put_off_waits_for_his_time_and_then_stands_where_he_belongs() -> None:
    line = FetchLine()
    line.put("a", "here", (False, 5.0))
    line.put_off("soon", "here", (False, 1.0), until=10.0)
    assert line.first_at() == 10.0
    assert line.take(HERE, 9.9) == "a"
    line.put("b", "here", (False, 5.0))
    assert drained(line, 10.0) == ["soon", "b"]
    assert line.first_at() is None


def test_what_can_wait_goes_after_all_that_cannot() -> None:
    line = FetchLine()
    line.put("sick", "here", (True, 1.0))
    line.put("fresh", "here", (False, 9.0))
    assert drained(line) == ["fresh", "sick"]


def test_a_job_stands_in_line_once() -> None:
    line = FetchLine()
    line.put("a", "here", (False, 5.0))
    line.put_off("a", "here", (False, 5.0), until=10.0)
    line.put("a", "here", (False, 7.0))
    assert "a" in line
    assert line.first_at() is None
    assert drained(line, 20.0) == ["a"]
    assert "a" not in line


def test_who_left_is_not_taken() -> None:
    line = FetchLine()
    line.put("a", "here", (False, 5.0))
    line.put_off("b", "here", (False, 5.0), until=10.0)
    line.drop("a")
    line.drop("b")
    line.drop("nobody")
    assert line.first_at() is None
    assert drained(line, 20.0) == []


def test_a_service_that_is_not_connected_holds_nobody_up() -> None:
    line = FetchLine()
    line.put("far", "elsewhere", (False, 1.0))
    line.put("near", "here", (False, 5.0))
    assert drained(line) == ["near"]
    assert line.take(("elsewhere", "here"), 0.0) == "far"


def test_thousands_of_jobs_come_out_in_order() -> None:
    line, chance = FetchLine(), random.Random(3)
    expiries = {f"job{number}": chance.random() for number in range(5_000)}
    for job_id, expiry in expiries.items():
        line.put(job_id, "here", (False, expiry))
    assert drained(line) == sorted(expiries, key=expiries.__getitem__)
