"""A line that is too slow to be alive: cut where it brings less than so many bytes in so many seconds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class LeastPace:
    """A context that ends with TimeoutError when less than `bytes_per_s` came, on average, in a span of
    `over_s` seconds. A read time-out alone would bear a byte every now and then for ever."""

    def __init__(self, *, bytes_per_s: float, over_s: float) -> None:
        self._least = bytes_per_s * over_s
        self._over_s = over_s
        self._came = 0
        self._deadline = asyncio.timeout(over_s)

    async def __aenter__(self) -> Self:
        await self._deadline.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._deadline.__aexit__(kind, error, trace)

    def came(self, size_bytes: int) -> None:
        """Something came; the span begins anew whenever it was enough for one."""
        self._came += size_bytes
        if self._came >= self._least and not self._deadline.expired():
            self._came = 0
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._over_s)
