"""A machine whose clocks can be moved, and an engine that lives by them."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import open_engine
from gptimg_desktop.services.queue.clock import Clock
from tests.support.bench import Bench
from tests.support.jobs import started
from tests.support.starts import quick_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.scripted_server import ScriptedServer


class Machine:
    """Its clocks go on as the real ones do, and jump where a test says so."""

    def __init__(self, *, wall_ahead_s: float = 0.0) -> None:
        self.wall_ahead_s = wall_ahead_s
        self._running_ahead_s = 0.0
        self._boot_ahead_s = 0.0

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic=self.monotonic, boot=self._boot)

    def now(self) -> float:
        return time.time() + self.wall_ahead_s

    def monotonic(self) -> float:
        return time.monotonic() + self._running_ahead_s

    def _boot(self) -> float:
        return time.monotonic() + self._boot_ahead_s

    def pass_time(self, seconds: float) -> None:
        """Time passes for everything."""
        self.sleep(seconds)
        self._running_ahead_s += seconds

    def sleep(self, seconds: float) -> None:
        """The machine sleeps: what runs notices nothing."""
        self.wall_ahead_s += seconds
        self._boot_ahead_s += seconds


@contextlib.asynccontextmanager
async def bench_on(
    machine: Machine, home: Path, server: ScriptedServer, settings: Settings | None = None, **more: Any
) -> AsyncIterator[Bench]:
    """An engine without a window on a machine."""
    (home / "data").mkdir(exist_ok=True)
    options, desk = quick_options(home / "data", server, **more), Bench()
    opening = open_engine(options, home / "data", settings or Settings(), desk.reports, clock=machine.clock)
    async with opening as engine:
        desk.engine = engine
        try:
            for job in await started(engine):
                desk.jobs[job.id] = job
            yield desk
        finally:
            await engine.queue.aclose(grace_s=1.0)
