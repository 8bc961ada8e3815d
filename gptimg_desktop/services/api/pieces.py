"""Reading a response piece by piece, to a clean end.

qasync's loop does not finish generators that were left half-way, and httpx's leave a complaint when they are
thrown away so; therefore a reader that has had enough closes the response first and then lets it run out.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

logger = logging.getLogger(__name__)


async def each_piece(
    response: httpx.Response, take: Callable[[bytes], Awaitable[None]], *, size: int | None = None
) -> None:
    """Hand every piece of the raw body to `take`; what it raises ends the reading and comes out.

    httpx closes the response at the end of its body; that this fails does not make the body less whole.
    """
    refusal: BaseException | None = None
    was_open = not response.is_closed
    try:
        async for piece in response.aiter_raw(size):
            if refusal is None:
                refusal = await _refusal(piece, take)
                if refusal is not None:
                    await response.aclose()
    except Exception as error:
        if refusal is None:
            if not (was_open and response.is_closed):
                raise
            logger.info("closing an answer failed: %s", type(error).__name__)
    if refusal is not None:
        raise refusal


async def _refusal(piece: bytes, take: Callable[[bytes], Awaitable[None]]) -> BaseException | None:
    try:
        await take(piece)
    except BaseException as error:  # noqa: BLE001 - handed to the caller, who raises it
        return error
    return None


class TooLongError(Exception):
    """The body is longer than anything that is kept in memory."""


class Received:
    """Collects a body of at most `most_bytes`; TooLongError at the piece that goes beyond."""

    def __init__(self, most_bytes: int) -> None:
        self.content = bytearray()
        self._most_bytes = most_bytes

    async def take(self, piece: bytes) -> None:
        self.content += piece
        if len(self.content) > self._most_bytes:
            raise TooLongError("answer too long")
