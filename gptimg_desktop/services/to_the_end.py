"""Work in a thread of the pool that is always done: `asyncio.to_thread` drops what was cancelled before a
thread came to it, and what a cancelled caller no longer hears of."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, TypeVar

from gptimg_desktop.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def to_the_end(work: Callable[[], T], take_back: Callable[[T], object] | None = None) -> T:
    """What a piece of work in a worker thread returns. A caller who is cancelled meanwhile ends once the work
    has, and `take_back` gets the result that nobody waits for any more."""
    working = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError, AppError):
            result = await working
            if take_back is not None:
                take_back(result)
        raise
