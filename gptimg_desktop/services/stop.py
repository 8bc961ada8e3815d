"""A wish that something long may end: threads look at it between two steps, coroutines stop waiting."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")


class StoppedError(Exception):
    """What was waited for is not waited for any more."""


class Stop:
    """Not set at first, then set for good. To be made and set in the thread of the event loop."""

    def __init__(self) -> None:
        self.for_threads = threading.Event()
        self._heard = asyncio.Event()

    @property
    def is_set(self) -> bool:
        return self.for_threads.is_set()

    def set(self) -> None:
        self.for_threads.set()
        self._heard.set()

    async def unless_set(self, work: Awaitable[T]) -> T:
        """The result of a piece of work; StoppedError once the stop is set, whatever the work does then."""
        under_way = asyncio.ensure_future(work)
        heard = asyncio.ensure_future(self._heard.wait())
        try:
            await asyncio.wait({under_way, heard}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
            if not under_way.done():
                under_way.cancel()
        if under_way.cancelled() or not under_way.done():
            raise StoppedError
        return under_way.result()
