"""Who may change which job now."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Turns:
    """A job is changed by one at a time, different jobs at the same time, and all of them by one alone.

    First come, first served: who waits for all jobs is not passed by those who come later for one. A turn is
    no place to ask for another one.
    """

    def __init__(self) -> None:
        self._of_jobs: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._entrance = asyncio.Lock()
        self._inside = 0
        self._nobody_inside = asyncio.Event()
        self._nobody_inside.set()

    @asynccontextmanager
    async def of_one(self, job_id: str) -> AsyncIterator[None]:
        """Alone with one job for as long as the block lasts."""
        async with self._entrance:
            self._inside += 1
            self._nobody_inside.clear()
        try:
            async with self._of_jobs.setdefault(job_id, asyncio.Lock()):
                yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._nobody_inside.set()

    @asynccontextmanager
    async def of_all(self) -> AsyncIterator[None]:
        """Alone with every job for as long as the block lasts."""
        async with self._entrance:
            await self._nobody_inside.wait()
            yield
