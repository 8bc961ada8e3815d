"""The API client: submits and free questions, with the key, to one service and nowhere else.

Nothing here repeats anything: a submit is tried once, and what came of it is returned as evidence.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from gptimg_desktop.core.connection import is_loopback
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.api.body import LAST_BYTE, RequestBody
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.pieces import Received, each_piece
from gptimg_desktop.services.api.proxies import proxy_settings_checked, proxy_to, through
from gptimg_desktop.services.api.reads import Reads
from gptimg_desktop.services.api.tls import tls_context, verifying
from gptimg_desktop.services.api.upload import upload

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
    from pathlib import Path

    from gptimg_desktop.core.account import Balance, KeyTest
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.core.task import TaskReport

logger = logging.getLogger(__name__)

MOST_SUBMIT_ANSWER: Final = 1024 * 1024
MOST_STORED_ANSWER: Final = 64 * 1024
_TELLING_HEADERS: Final = ("content-type", "date", "location", "retry-after", "x-request-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Seconds. `answer_s` is how long a submit's answer is awaited: late ones are still paid ones."""

    connect_s: float = 10.0
    write_s: float = 30.0
    answer_s: float = 300.0
    read_s: float = 30.0


class ApiClient:
    """One service with one key. Submits use a connection each, so that none can fail on a stale one.

    `proxy` is an address, "" for none, None for the system's. `language` is that of the service's error
    texts. `tls` is what all clients of a run share; without it the client makes its own. Making one raises
    NetworkError where the proxy cannot be one.
    """

    def __init__(
        self,
        *,
        service: str,
        key: str,
        proxy: str | None = None,
        language: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        limits: TimeLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host = urlsplit(service).netloc
        self._base = f"{service}/v1"
        self._limits = limits or TimeLimits()
        self._transport = transport
        self._proxy = "" if transport is not None or is_loopback(service) else proxy
        self._way = proxy_to(urlsplit(service).hostname or "", self._proxy)
        self._tls = verifying(tls or tls_context())
        self._submits = self._http(key, keep_alive=0)
        self._questions = Reads(
            partial(self._http, key, keep_alive=4),
            base=self._base,
            host=self._host,
            proxy=self._way,
            deadline_s=self._limits.read_s,
            language=language,
        )

    def _http(self, key: str, *, keep_alive: int) -> httpx.AsyncClient:
        with proxy_settings_checked():
            return httpx.AsyncClient(
                headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"},
                verify=self._tls,
                transport=self._transport,
                **through(self._proxy),
                follow_redirects=False,
                limits=httpx.Limits(max_connections=20, max_keepalive_connections=keep_alive),
            )

    async def aclose(self) -> None:
        await self._submits.aclose()
        await self._questions.aclose()

    async def renew(self) -> None:
        """Ask over new lines from now on; submits have a line each, and theirs are left alone."""
        await self._questions.renew()

    async def submit(self, body: RequestBody, arm: Callable[[], Awaitable[None]]) -> Evidence:
        """Send one request once and return what is known of its fate.

        `arm` is awaited before the last byte is released; if it raises, that byte stays here, nothing was
        taken, and its exception comes out, as does that of a body that cannot be read. Every other ending
        is evidence.
        """
        released = failed_here = False

        async def content() -> AsyncGenerator[bytes, None]:
            nonlocal released, failed_here
            try:
                async with contextlib.aclosing(body.all_but_last_byte()) as pieces:
                    async for piece in pieces:
                        yield piece
                await arm()
            except Exception:
                failed_here = True
                raise
            released = True
            deadline.reschedule(asyncio.get_running_loop().time() + self._limits.answer_s)
            yield LAST_BYTE

        sent = content()
        request = self._submits.build_request(
            "POST",
            f"{self._base}/images/generations",
            content=sent,
            headers={"Content-Type": "application/json", "Content-Length": str(body.length)},
            timeout=httpx.Timeout(
                connect=self._limits.connect_s,
                write=self._limits.write_s,
                read=self._limits.answer_s,
                pool=None,
            ),
        )
        try:
            # httpx waits for each piece of an answer's head anew; all of it has to be here in time.
            async with asyncio.timeout(None) as deadline:
                response = await self._submits.send(request, stream=True)
        except Exception as error:
            if failed_here:
                raise
            return Evidence(released=released, failure=self._failure(error, released=released))
        finally:
            await sent.aclose()
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
        return network_problem(error, self._host, proxy=self._way)

    async def _read_answer(self, response: httpx.Response) -> _Answer:
        """The bytes of a submit's answer, as far as they came; whatever broke it off, it was paid for."""
        received = Received(MOST_SUBMIT_ANSWER)
        failure = None
        try:
            async with asyncio.timeout(self._limits.answer_s):
                await each_piece(response, received.take)
        except Exception as error:  # noqa: BLE001 - it is kept, as evidence
            failure = self._failure(error, released=True)
        finally:
            await _close(response)
        return _Answer(bytes(received.content), failure)

    # What costs nothing

    async def task(self, task_id: str) -> TaskReport:
        """What the service says of a task; AppError where it says nothing usable."""
        return await self._questions.task(task_id)

    async def tasks(self, task_ids: Sequence[str]) -> dict[str, TaskReport]:
        """What the service says of up to 50 tasks, by id; NotOfferedError where it takes no such question."""
        return await self._questions.tasks(task_ids)

    async def balance(self) -> Balance:
        """What is left in the account; AppError where the service does not say."""
        return await self._questions.balance()

    async def try_key(self) -> KeyTest:
        """What a free call proves about the key; every failure is a result."""
        return await self._questions.try_key()

    async def upload(self, reference: FileReference, path: Path) -> str:
        """Upload a reference and return its address; AppError where the service did not take it."""
        return await upload(self._questions, reference, path)


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    failure: Problem | None


async def _close(response: httpx.Response) -> None:
    """Let go of the connection; that it fails changes nothing about the answer."""
    try:
        await response.aclose()
    except Exception as error:  # noqa: BLE001 - told in the log
        logger.info("closing an answer failed: %s", type(error).__name__)
