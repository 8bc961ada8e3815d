"""A library that has no room at times, for real: SQLite gets no page beyond those that it holds."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gptimg_desktop.engine import Engine

FULL: Final = "PRAGMA max_page_count = 1"  # SQLite makes of it what it holds already
ROOM: Final = "PRAGMA max_page_count = 1000000"


@contextlib.asynccontextmanager
async def filled_at_times(engine: Engine, full_s: float) -> AsyncIterator[None]:
    """The engine's library is full for up to that long again and again; never where it is 0."""
    filling = asyncio.create_task(_fill_at_times(engine, full_s)) if full_s else None
    try:
        yield
    finally:
        if filling is not None:
            filling.cancel()
            await asyncio.wait([filling])


async def _fill_at_times(engine: Engine, full_s: float) -> None:
    while True:
        await _set(engine, FULL)
        await asyncio.sleep(random.uniform(0.0, full_s))
        await _set(engine, ROOM)
        await asyncio.sleep(random.uniform(0.0, full_s))


async def _set(engine: Engine, pragma: str) -> None:
    database = engine.store._database

    def tell() -> None:
        assert database._writing is not None
        database._writing.execute(pragma).fetchall()

    await asyncio.get_running_loop().run_in_executor(database._writer, tell)
