"""Waiting for work: until somebody calls, or until a time."""

from __future__ import annotations

import asyncio
import contextlib


class Wake:
    """Remembers a call that came while nobody waited, so that none is missed."""

    def __init__(self) -> None:
        self._called = asyncio.Event()

    def call(self) -> None:
        self._called.set()

    async def wait(self, at_most_s: float | None) -> None:
        """Return at the next call, or after `at_most_s` seconds (None: however long it takes)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._called.wait()
        self._called.clear()
