"""The API client: submit and task query, with the key, to one service and nowhere else.

Nothing here repeats anything: a submit is tried once, and what came of it is returned as evidence.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx
import truststore

from gptimg_desktop.core.connection import is_loopback
from gptimg_desktop.core.errors import (
    ApiError,
    AppError,
    AuthError,
    BalanceError,
    NetworkError,
    Problem,
    ProblemKind,
    RateError,
    UnknownTaskError,
)
from gptimg_desktop.core.schedule import retry_after_s
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.api.body import LAST_BYTE, RequestBody
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.pieces import Received, TooLongError, each_piece
from gptimg_desktop.services.api.wire import error_message, parse_json, read_task, says_unknown_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from gptimg_desktop.core.task import TaskReport

MOST_SUBMIT_ANSWER: Final = 1024 * 1024
MOST_STORED_ANSWER: Final = 64 * 1024
MOST_TASK_ANSWER: Final = 4 * 1024 * 1024
_TELLING_HEADERS: Final = ("content-type", "date", "location", "retry-after", "x-request-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Seconds. `answer_s` is how long a submit's answer is awaited: late ones are still paid ones."""

    connect_s: float = 10.0
    write_s: float = 30.0
    answer_s: float = 300.0
    read_s: float = 30.0


def tls_context() -> ssl.SSLContext:
    """Verification against the system's trust store; cannot be switched off, never logs session keys."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class ApiClient:
    """One service with one key. Submits use a connection each, so that none can fail on a stale one."""

    def __init__(
        self,
        *,
        service: str,
        key: str,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: TimeLimits | None = None,
    ) -> None:
        self._host = urlsplit(service).netloc
        self._base = f"{service}/v1"
        self._limits = limits or TimeLimits()
        self._submits = self._http(key, service, transport, keep_alive=0)
        self._reads = self._http(key, service, transport, keep_alive=4)

    def _http(
        self, key: str, service: str, transport: httpx.AsyncBaseTransport | None, *, keep_alive: int
    ) -> httpx.AsyncClient:
        local = transport is not None or is_loopback(service)
        return httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"},
            verify=tls_context(),
            transport=transport,
            trust_env=not local,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=keep_alive),
        )

    async def aclose(self) -> None:
        await self._submits.aclose()
        await self._reads.aclose()

    async def submit(self, body: RequestBody, arm: Callable[[], Awaitable[None]]) -> Evidence:
        """Send one request once and return what is known of its fate.

        `arm` is awaited before the last byte is released; if it raises, that byte stays here, nothing was
        taken, and its exception comes out. Every other ending is evidence.
        """
        released = False

        async def content() -> AsyncIterator[bytes]:
            nonlocal released
            async for piece in body.all_but_last_byte():
                yield piece
            await arm()
            released = True
            yield LAST_BYTE

        request = self._submits.build_request(
            "POST",
            f"{self._base}/images/generations",
            content=content(),
            headers={"Content-Type": "application/json", "Content-Length": str(body.length)},
            timeout=httpx.Timeout(
                connect=self._limits.connect_s,
                write=self._limits.write_s,
                read=self._limits.answer_s,
                pool=None,
            ),
        )
        try:
            response = await self._submits.send(request, stream=True)
        except Exception as error:
            if not released and not isinstance(error, httpx.HTTPError):
                raise
            return Evidence(released=released, failure=self._failure(error, released=released))
        answer = await self._read_answer(response)
        return Evidence(
            released=released,
            status=response.status_code,
            complete=answer.failure is None,
            body=answer.body[:MOST_STORED_ANSWER] if answer.failure else answer.body,
            headers={name: response.headers[name] for name in _TELLING_HEADERS if name in response.headers},
            failure=answer.failure,
        )

    def _failure(self, error: Exception, *, released: bool) -> Problem:
        if released:
            return Problem.of(ProblemKind.ANSWER_LOST, reason=str(error)[:300] or type(error).__name__)
        return network_problem(error, self._host)

    async def _read_answer(self, response: httpx.Response) -> _Answer:
        """The bytes of a submit's answer, as far as they came."""
        received = Received(MOST_SUBMIT_ANSWER)
        try:
            async with asyncio.timeout(self._limits.answer_s):
                await each_piece(response, received.take)
        except (httpx.HTTPError, TimeoutError, TooLongError) as error:
            return _Answer(bytes(received.content), _answer_lost(str(error)[:300] or type(error).__name__))
        finally:
            await response.aclose()
        return _Answer(bytes(received.content), None)

    async def task(self, task_id: str) -> TaskReport:
        """What the service says of a task; AppError where it says nothing usable."""
        status, headers, body = await self._get(f"{self._base}/tasks/{task_id}", MOST_TASK_ANSWER)
        parsed = parse_json(body)
        if 200 <= status < 300:
            report = read_task(parsed, task_id, body)
            if report is not None:
                return report
        raise api_error(status, error_message(parsed), headers)

    async def _get(self, url: str, most_bytes: int) -> tuple[int, httpx.Headers, bytes]:
        """One read with a deadline for the whole of it."""
        received = Received(most_bytes)
        try:
            async with (
                asyncio.timeout(self._limits.read_s),
                self._reads.stream("GET", url, timeout=self._limits.read_s) as response,
            ):
                await each_piece(response, received.take)
        except TooLongError:
            raise ApiError(Problem.of(ProblemKind.ODD_ANSWER, status=response.status_code)) from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise NetworkError(network_problem(error, self._host)) from error
        return response.status_code, response.headers, bytes(received.content)


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    failure: Problem | None


def _answer_lost(reason: str) -> Problem:
    return Problem.of(ProblemKind.ANSWER_LOST, reason=reason)


def api_error(status: int, message: str, headers: httpx.Headers) -> AppError:
    """The error that an answer to a read stands for."""
    if says_unknown_task(message):
        return UnknownTaskError(Problem.of(ProblemKind.TASK_UNKNOWN, message=message))
    if status == 401:
        return AuthError(Problem.of(ProblemKind.KEY_REFUSED, message=message))
    if status == 402:
        return BalanceError(Problem.of(ProblemKind.BALANCE_EMPTY, message=message))
    if status == 429:
        wait_s = retry_after_s(headers.get("retry-after"), date=headers.get("date"))
        return RateError(Problem.of(ProblemKind.RATE_LIMITED, message=message), retry_after_s=wait_s)
    if status == 404 and message:
        return UnknownTaskError(Problem.of(ProblemKind.TASK_UNKNOWN, message=message))
    return ApiError(Problem.of(ProblemKind.ODD_ANSWER, status=status, message=message))
