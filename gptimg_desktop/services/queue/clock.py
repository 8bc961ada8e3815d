"""Time and chance as the queue sees them, so that tests can hold both."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def since_boot() -> float:
    """Seconds that go on while the machine sleeps, where the system counts them; else the plain ones."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`now`: wall clock, Unix seconds, for what is kept and shown. `monotonic`: seconds that only go on,
    for every pause. `boot`: the same, through the machine's sleep. `chance`: a number from 0 up to 1."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    boot: Callable[[], float] = since_boot
    chance: Callable[[], float] = random.random
