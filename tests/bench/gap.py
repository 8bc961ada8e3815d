"""How long the GUI thread leaves an event waiting: a timer of one millisecond that notes late ticks."""

from __future__ import annotations

import contextlib
import faulthandler
import heapq
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_KEPT = 5


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A pause between two ticks, `at_s` seconds after the meter's start.

    `cpu_ms` of it the GUI thread itself was computing; far less than the whole means that it waited, for a
    lock or for its turn on the processor.
    """

    ms: float
    cpu_ms: float
    at_s: float


class GapMeter(QObject):
    """Ticks from `start` to `stop`. With `watch_ms` the stacks of all threads go to standard error as soon
    as a pause lasts that long, told from outside Python, so that a held interpreter lock hides nothing."""

    def __init__(self, *, watch_ms: float = 0.0) -> None:
        super().__init__()
        self._watch_s = watch_ms / 1000
        self._worst: list[Gap] = []
        self._began = self._last = self._last_cpu = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._began = self._last = time.perf_counter()
        self._last_cpu = time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._tick()
        faulthandler.cancel_dump_traceback_later()

    @property
    def worst(self) -> tuple[Gap, ...]:
        """The longest pauses, longest first."""
        return tuple(sorted(self._worst, reverse=True))

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(gap) for gap in self.worst]

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        gap = Gap((now - self._last) * 1000, (cpu - self._last_cpu) * 1000, self._last - self._began)
        if len(self._worst) < MOST_KEPT:
            heapq.heappush(self._worst, gap)
        elif gap > self._worst[0]:
            heapq.heapreplace(self._worst, gap)
        if self._watch_s:
            faulthandler.dump_traceback_later(self._watch_s)
        self._last, self._last_cpu = now, cpu


@contextlib.contextmanager
def measured_gaps(*, watch_ms: float = 0.0) -> Iterator[GapMeter]:
    """A meter that ticks as long as the block lasts."""
    meter = GapMeter(watch_ms=watch_ms)
    meter.start()
    try:
        yield meter
    finally:
        meter.stop()
