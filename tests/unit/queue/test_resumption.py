"""Sleep and set clocks are noticed, and nothing else is taken for them."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from gptimg_desktop.services.queue.clock import Clock, since_boot
from gptimg_desktop.services.queue.resumption import Resumption

pytestmark = pytest.mark.anyio


class Clocks:
    """Three clocks that go on by a step at every reading, and by a jump where one is set."""

    def __init__(self, step_s: float) -> None:
        self.step_s = step_s
        self.times = {"now": 1e9, "monotonic": 100.0, "boot": 500.0}
        self.jumps: dict[str, float] = {}
        self.readings = 0
        self.read_often = asyncio.Event()

    def _read(self, name: str) -> float:
        self.times[name] += self.step_s + self.jumps.pop(name, 0.0)
        self.readings += 1
        if self.readings > 30:
            self.read_often.set()
        return self.times[name]

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: self._read("now"),
            monotonic=lambda: self._read("monotonic"),
            boot=lambda: self._read("boot"),
        )


async def resumed(clocks: Clocks, every_s: float) -> int:
    """How often a resumption was noticed while the clocks were read ten times."""
    noticed: list[None] = []
    watch = asyncio.ensure_future(
        Resumption(clocks.clock, lambda: noticed.append(None), every_s=every_s).run()
    )
    await clocks.read_often.wait()
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch
    return len(noticed)


@pytest.mark.row(104)
@pytest.mark.parametrize(
    "jumps",
    [
        {"now": 31.0, "boot": 31.0},
        {"now": 9 * 3600.0},
        {"now": -40.0},
        {"boot": 60.0},
        {"now": 60.0, "monotonic": 60.0, "boot": 60.0},
    ],
)
async def test_a_jump_of_any_clock_is_noticed_once(jumps: dict[str, float]) -> None:
    clocks = Clocks(0.001)
    clocks.jumps = dict(jumps)
    clocks.times = {name: time - jumps.get(name, 0.0) for name, time in clocks.times.items()}
    clocks.jumps = {}
    watch = asyncio.ensure_future(resumed(clocks, 0.001))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the first reading is made
    clocks.jumps = dict(jumps)
    assert await watch == 1


async def test_clocks_that_go_on_are_no_resumption() -> None:
    assert await resumed(Clocks(0.001), 0.001) == 0


async def test_a_little_drift_is_no_resumption() -> None:
    clocks = Clocks(0.001)
    clocks.jumps = {"now": 29.0}
    assert await resumed(clocks, 0.001) == 0


async def test_the_clock_that_counts_sleep_goes_on() -> None:
    assert since_boot() <= since_boot()
