"""Noticing that the machine slept, or that its clock was set."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.services.queue.clock import Clock

logger = logging.getLogger(__name__)

EVERY_S: Final = 5.0
JUMP_S: Final = 30.0


class Resumption:
    """Compares three clocks every few seconds: the wall's, the one of pauses, and the one that goes on in the
    machine's sleep. Where one of them is half a minute away from where it should be, `resumed` is called."""

    def __init__(self, clock: Clock, resumed: Callable[[], None], *, every_s: float = EVERY_S) -> None:
        self._clocks = (clock.now, clock.monotonic, clock.boot)
        self._resumed = resumed
        self._every_s = every_s

    async def run(self) -> None:
        """Watch, for ever."""
        before = self._read()
        while True:
            await asyncio.sleep(self._every_s)
            now = self._read()
            jump_s = max(abs(b - a - self._every_s) for a, b in zip(before, now, strict=True))
            before = now
            if jump_s > JUMP_S:
                logger.info("the clocks jumped by %.0f s: the machine slept, or its clock was set", jump_s)
                self._resumed()

    def _read(self) -> tuple[float, ...]:
        return tuple(read() for read in self._clocks)
