"""The arithmetic of the benches: medians, ratios, bounds, and how they are printed."""

from __future__ import annotations

import pytest

from tests.bench.child import ChildError, read_line
from tests.bench.figures import Bound, Figure, all_kept, shown, table
from tests.bench.jobs import JOBS, Run, check, lateness, longest_gap, status_requests


def figure(*samples: float, beside: tuple[float, ...] = (), bound: Bound | None = None) -> Figure:
    return Figure(
        what="a thing", unit="ms", samples=samples, reference="bare", beside=beside, bound=bound, note="why"
    )


def test_value_and_ratio_are_of_medians() -> None:
    found = figure(9, 1, 4, 100, 6, beside=(2, 50, 1))
    assert (found.value, found.beside_value, found.ratio) == (6, 2, 3)


@pytest.mark.parametrize("beside", [(), (0.0,)], ids=["none", "zero"])
def test_no_ratio_without_a_reference(beside: tuple[float, ...]) -> None:
    assert figure(5, beside=beside).ratio is None


@pytest.mark.parametrize(
    ("bound", "value", "kept"),
    [
        (Bound(limit=0.1), 0.1, True),
        (Bound(limit=0.1), 0.1001, False),
        (Bound(limit=50, strict=True), 49.9, True),
        (Bound(limit=50, strict=True), 50.0, False),
    ],
)
def test_bound(bound: Bound, value: float, kept: bool) -> None:
    assert figure(value, bound=bound).is_kept is kept


def test_bound_is_judged_by_the_worst_sample() -> None:
    spoilt = figure(1, 1, 51, bound=Bound(limit=50))
    assert not spoilt.is_kept
    assert not all_kept([figure(1, bound=Bound(limit=50)), spoilt, figure(1000)])
    assert all_kept([figure(1, bound=Bound(limit=50)), figure(1000)])


def test_table_says_which_bound_is_not_kept() -> None:
    kept = figure(12.34, beside=(6.17,), bound=Bound(limit=50, strict=True))
    lines = table([kept, figure(75, bound=Bound(limit=50))]).splitlines()
    assert " ".join(lines[0].split()) == "a thing 12.3 ms bare 6.17 ms × 2.0 bound under 50: kept"
    assert " ".join(lines[2].split()) == "a thing 75.0 ms bound at most 50: NOT kept"
    assert lines[1].strip() == lines[3].strip() == "why"
    assert lines[0].index("bound") == lines[2].index("bound")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "0.012 s"), (1.234, "1.23 s"), (45.67, "45.7 s"), (123.4, "123 s"), (0, "0.000 s")],
)
def test_three_telling_digits(value: float, text: str) -> None:
    assert shown(value, "s") == text


def test_json_has_everything() -> None:
    told = figure(3, 1, 2, beside=(1,), bound=Bound(limit=2)).as_json()
    assert told["value"] == told["ratio"] == 2
    assert told["samples"] == [3, 1, 2]
    assert (told["reference"], told["reference_value"], told["reference_samples"]) == ("bare", 1, [1])
    assert (told["bound"], told["kept"]) == ("at most 2", False)
    assert figure(1).as_json()["kept"] is None


def test_last_line_of_a_child_counts() -> None:
    assert read_line('a word before\n{"first_paint_s": 0.5}\n') == {"first_paint_s": 0.5}


@pytest.mark.parametrize("output", ["", "nothing of use\n", "[1]\n", '{"half": '])
def test_child_without_a_figure(output: str) -> None:
    with pytest.raises(ChildError):
        read_line(output)


# The jobs


def run(**counts: int) -> Run:
    """A run of tasks of 30 s each, saved 2 s after they were done."""
    ids = [f"task_{number}" for number in range(JOBS)]
    return Run(
        way="copies",
        gaps=[{"ms": 40, "cpu_ms": 10, "at_s": 3}, {"ms": 20, "cpu_ms": 10, "at_s": 1}],
        bare_gaps=[{"ms": 8, "cpu_ms": 1, "at_s": 2}],
        saved_at=dict.fromkeys(ids, 1032.0),
        counts={"submits": JOBS, "downloads": JOBS}
        | {name.replace("_", " "): n for name, n in counts.items()},
        tasks={task_id: {"lasts_s": 30.0, "done_at": 1030.0} for task_id in ids},
    )


def test_status_requests_of_both_kinds_count() -> None:
    asked = status_requests(run(single_status_requests=200, batch_status_requests=100))
    assert asked.value == pytest.approx(300 / (JOBS * 30))
    assert asked.is_kept
    assert not status_requests(run(single_status_requests=301)).is_kept


def test_gap_and_lateness() -> None:
    assert (longest_gap(run()).value, longest_gap(run()).ratio) == (40, 5)
    assert longest_gap(run()).is_kept
    assert lateness(run()).value == 2


@pytest.mark.parametrize("name", ["submits", "downloads"])
@pytest.mark.parametrize("count", [JOBS - 1, JOBS + 1])
def test_run_in_which_something_else_happened(name: str, count: int) -> None:
    check(run())
    with pytest.raises(ChildError):
        check(run(**{name: count}))
