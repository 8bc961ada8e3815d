"""The bench of the queue: what it takes for the run that it asked for, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.child import ChildError
from tests.bench.queue import COMMITS_AT_LEAST, JOBS, Pair, asked, check, check_alike, efforts, growth

if TYPE_CHECKING:
    from collections.abc import Callable

IDS = [f"task_{number}" for number in range(JOBS)]


def service(**more: int) -> dict[str, Any]:
    counts = {"submits": JOBS, "downloads": JOBS, "batch status requests": 20}
    counts |= {name.replace("_", " "): count for name, count in more.items()}
    return {"counts": counts, "sha256": dict.fromkeys(IDS, "abc")}


def told(**more: Any) -> dict[str, Any]:
    plain = {
        "wall_s": 5.0,
        "cpu_s": 4.0,
        "grown_mib": 7.0,
        "commits": 3 * JOBS,
        "syncs": 4 * JOBS,
        "complaints": [],
        "sha256": {task_id: ["abc"] for task_id in IDS},
    }
    return plain | more


def pair(**more: Any) -> Pair:
    same = service()
    return Pair(engine=told(**more), service=same, plain=told(), plain_service=same)


def test_ratios_are_of_the_pair_and_judged_by_the_worst() -> None:
    wall, times, cpu, cpu_times = efforts([pair(wall_s=10.0), pair(wall_s=15.5), pair(wall_s=5.0)])
    assert (wall.value, wall.beside_value, cpu.value) == (10.0, 5.0, 4.0)
    assert times.samples == [2.0, 3.1, 1.0]
    assert not times.is_kept
    assert cpu_times.is_kept


def test_all_status_requests_count() -> None:
    many = Pair(engine=told(), service=service(single_status_requests=81), plain=told(), plain_service={})
    assert asked([many]).value == pytest.approx(0.101)
    assert not asked([many]).is_kept
    assert asked([pair()]).is_kept


@pytest.mark.parametrize(("grown_mib", "kept"), [(59.9, True), (60.0, False)])
def test_growth(grown_mib: float, kept: bool) -> None:
    assert growth([pair(grown_mib=grown_mib)]).is_kept is kept


def lacks_a_picture(engine: dict[str, Any]) -> None:
    del engine["sha256"][IDS[0]]


def has_other_bytes(engine: dict[str, Any]) -> None:
    engine["sha256"][IDS[0]] = ["abd"]


def complained(engine: dict[str, Any]) -> None:
    engine["complaints"] = ["the queue waits: disk"]


def skipped_a_sync(engine: dict[str, Any]) -> None:
    engine["syncs"] = 4 * JOBS - 1


def skipped_commits(engine: dict[str, Any]) -> None:
    engine["commits"] = COMMITS_AT_LEAST - 1


@pytest.mark.parametrize(
    "spoil", [lacks_a_picture, has_other_bytes, complained, skipped_a_sync, skipped_commits]
)
def test_run_that_did_something_else(spoil: Callable[[dict[str, Any]], None]) -> None:
    engine = told()
    check(engine, service())
    spoil(engine)
    with pytest.raises(ChildError):
        check(engine, service())


@pytest.mark.parametrize("name", ["submits", "downloads"])
@pytest.mark.parametrize("count", [JOBS - 1, JOBS + 1])
def test_service_that_counted_otherwise(name: str, count: int) -> None:
    with pytest.raises(ChildError):
        check(told(), service(**{name: count}))


@pytest.mark.parametrize(
    ("plain", "counts"),
    [
        ({"commits": 3 * JOBS - 1}, {}),
        ({"syncs": 1}, {}),
        ({"sha256": {}}, {}),
        ({}, {"submits": 1}),
        ({}, {"single_status_requests": 1}),
    ],
)
def test_reference_that_did_something_else(plain: dict[str, Any], counts: dict[str, int]) -> None:
    check_alike(pair())
    other = Pair(engine=told(), service=service(), plain=told(**plain), plain_service=service(**counts))
    with pytest.raises(ChildError):
        check_alike(other)
