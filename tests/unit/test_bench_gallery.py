"""What the bench of the gallery makes of what its children tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.gallery import p95, starts, thumbnails, work

if TYPE_CHECKING:
    from tests.bench.figures import Figure


def run(seconds: float, memory: float) -> dict[str, float]:
    return {"first_screen_s": seconds, "memory_mib": memory}


def named(figures: list[Figure], what: str) -> Figure:
    (found,) = [figure for figure in figures if what in figure.what]
    return found


def test_a_start_is_held_against_that_of_few_images_and_against_the_bare_grid() -> None:
    large = [(run(0.6, 110), run(0.5, 100)), (run(9.0, 110), run(9.0, 100)), (run(0.5, 112), run(0.4, 90))]
    small = [(run(0.5, 100), run(0.1, 60))]
    found = list(starts(large, small))
    assert named(found, "full screen, times that of 1000").value == pytest.approx(1.2)
    assert named(found, "full screen, times that of a bare grid").value == pytest.approx(1.2)
    assert named(found, "scrolling, times that of 1000").value == pytest.approx(1.1)
    assert named(found, "scrolling, times that of a bare grid").value == pytest.approx(1.1)
    assert all(figure.is_kept for figure in found)


def test_a_start_that_grows_with_the_library_is_not_kept() -> None:
    found = list(starts([(run(0.7, 140), run(0.3, 100))], [(run(0.5, 100), run(0.1, 60))]))
    assert [figure.is_kept for figure in found if figure.bound] == [False, False, False, True]


def told(**changes: object) -> dict[str, object]:
    calm: dict[str, object] = {
        "rows": 9,
        "selected": 9,
        "insert_ms": [(4.0, 3.0)] * 20,
        "resize_ms": [(9.0, 8.0)] * 20,
        "select_ms": [(9.0, 8.0)],
        "frame_ms": [(7.0, 5.0)] * 100,
        "search_ms": [("oak", 40.0), ("e", 99.0)],
    }
    return calm | changes


def test_everyday_work_keeps_within_its_bounds() -> None:
    assert all(figure.is_kept for figure in work(told()))


@pytest.mark.parametrize(
    ("what", "times"),
    [
        ("insert_ms", [(6.0, 3.0)] * 20),
        ("resize_ms", [(11.0, 3.0)] * 20),
        ("select_ms", [(11.0, 3.0)]),
        ("frame_ms", [(7.0, 3.0)] * 90 + [(9.0, 3.0)] * 10),
        ("search_ms", [("oak", 40.0), ("e", 101.0)]),
    ],
)
def test_each_bound_of_everyday_work_can_be_broken(what: str, times: object) -> None:
    assert [figure.is_kept for figure in work(told(**{what: times}))].count(False) == 1


def test_five_of_a_hundred_may_be_slower() -> None:
    assert p95([1.0] * 96 + [50.0] * 4) == 1.0
    assert p95([1.0] * 90 + [50.0] * 10) == 50.0
    assert p95([3.0]) == 3.0


def test_thumbnails_are_held_against_pillow_one_by_one() -> None:
    found = list(
        thumbnails(
            {"wall_s": 11.0, "count": 500, "gaps": [{"ms": 20.0, "cpu_ms": 9.0, "at_s": 1.0}]},
            {"wall_s": 20.0, "count": 1000},
        )
    )
    assert named(found, "times Pillow").value == pytest.approx(1.1)
    assert named(found, "shown").beside == [10.0]
    assert all(figure.is_kept for figure in found)
