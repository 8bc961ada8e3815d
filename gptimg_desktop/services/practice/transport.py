"""Carries httpx's requests to the practice service inside the program, without a socket."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import httpx

from gptimg_desktop.core.schedule import PollTimes, Span
from gptimg_desktop.services.practice.exchange import Asked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gptimg_desktop.services.practice.exchange import Answer
    from gptimg_desktop.services.practice.service import PracticeService

PIECE: Final = 64 * 1024
DRAWN_AT_ONCE: Final = 2

_INSTANT: Final = Span(0.01, 0.01)


def poll_times(speed: float) -> PollTimes:
    """When to look at tasks of a practice service of the speed; 0 looks again almost at once."""
    if speed > 0:
        return PollTimes().scaled(1 / speed)
    return PollTimes(
        first=_INSTANT, bands=((float("inf"), _INSTANT),), between_reads_s=0.01, gathering_s=0.0025
    )


class PracticeTransport(httpx.AsyncBaseTransport):
    """The practice service as httpx sees it, for the API's host and for the file host.

    A request counts only once its body was read to its end: an error of the body's iterator passes through
    and nothing was accepted. The service works in a thread; a cancelled caller stops waiting for it.
    """

    def __init__(self, service: PracticeService) -> None:
        self._service = service
        self._brushes = asyncio.Semaphore(DRAWN_AT_ONCE)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await _whole_body(request)
        asked = Asked(
            method=request.method,
            host=request.url.host,
            path=request.url.path,
            query=request.url.query.decode("ascii", "replace"),
            content_type=request.headers.get("content-type", ""),
            authorization=request.headers.get("authorization", ""),
            body=body,
        )
        draws = self._service.draws(asked)
        async with self._brushes if draws else contextlib.nullcontext():
            answer = await asyncio.to_thread(self._service.answer, asked)
        return _as_response(answer)


async def _whole_body(request: httpx.Request) -> bytearray:
    """The body to its last byte; LocalProtocolError where it is not as long as its header says."""
    if not isinstance(request.stream, httpx.AsyncByteStream):
        raise TypeError("the practice transport takes asynchronous request bodies only")
    body = bytearray()
    async for piece in request.stream:
        body += piece
    declared = request.headers.get("content-length", str(len(body)))
    if declared != str(len(body)):
        raise httpx.LocalProtocolError("the body is not as long as Content-Length says", request=request)
    return body


def _as_response(answer: Answer) -> httpx.Response:
    return httpx.Response(
        answer.status,
        headers={**answer.headers, "Content-Length": str(len(answer.body))},
        stream=_Pieces(answer.body),
        extensions={"http_version": b"HTTP/1.1"},
    )


class _Pieces(httpx.AsyncByteStream):
    """Bytes that arrive in pieces and let the event loop breathe between them, as from a network."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), PIECE):
            yield self._content[start : start + PIECE]
            await asyncio.sleep(0)
