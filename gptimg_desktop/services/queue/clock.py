"""Time and chance as the queue sees them, so that tests can hold both."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`now`: wall clock, Unix seconds, for what is kept and shown. `monotonic`: seconds that only go on,
    for every pause. `chance`: a number from 0 up to 1."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
