"""The sweep in short: a kill at each kind of call, and the bugs that it has to catch.

All points: `python -m tests.sweep`.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sweep.points import Point
from tests.sweep.strace import SERVER, why_not
from tests.sweep.sweep import breaches, is_sound, list_points, share_met, sweep

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

JOB = "00000000000000000000000000000002"
AFTER_THE_LAST_BYTE = "after the last byte"
TELLING = {
    "no-write-ahead": AFTER_THE_LAST_BYTE,
    "naive-retry": AFTER_THE_LAST_BYTE,
    "row-before-file": Point(call="linkat", about=f"data/images/.gptimg-{JOB}-0.part", number=1),
    "in-place": Point(call="write", about=f"data/images/{JOB}-0.png", number=2),
}
"""Where each planted bug shows itself."""
CAUGHT = {
    "no-write-ahead": "twice",
    "naive-retry": "twice",
    "row-before-file": "lost",
    "in-place": "torn picture",
}


@pytest.fixture(autouse=True)
def strace() -> None:
    """Nothing here works without strace; only where CI is not set may it be missing."""
    if reason := why_not():
        is_missing = shutil.which("strace") is None
        (pytest.fail if is_missing and os.environ.get("CI") else pytest.skip)(reason)


@pytest.mark.row(81)
async def test_a_job_killed_at_each_kind_of_call_is_neither_lost_nor_sent_twice(home: Path) -> None:
    listed = await list_points(home)
    chosen = listed.one_of_each_kind()
    results = await sweep(chosen, home)
    assert breaches(results) == []
    assert is_sound(results), [str(result.point) for result in results if not result.was_met]
    calls = {result.point.call for result in results if result.was_met}
    assert calls >= {"pwrite64", "write", "fdatasync", "fsync", "rename", "linkat", "unlink", "openat"}
    assert calls >= {"connect", "sendto", "recvfrom"}
    assert {result.end for result in results} == {"saved", "unconfirmed"}


@pytest.mark.parametrize("plant", TELLING)
async def test_a_planted_bug_is_caught(home: Path, plant: str) -> None:
    telling = TELLING[plant]
    point = telling if isinstance(telling, Point) else (await list_points(home)).last_byte
    results = await sweep([point], home, plant=plant)
    assert share_met(results) == 1
    assert any(CAUGHT[plant] in breach for breach in breaches(results)), breaches(results)
    assert not is_sound(results)


async def test_a_sweep_that_met_no_point_is_not_sound(home: Path) -> None:
    never = Point(call="connect", about=SERVER, number=10_000)
    results = await sweep([never], home)
    assert breaches(results) == []
    assert not is_sound(results)
    assert not is_sound([])
