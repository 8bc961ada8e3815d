"""Fetching result files: a client of its own that never knew the key."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import httpx

from gptimg_desktop.core.errors import AppError, DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.services.api.address_guard import UnsafeAddressError, is_allowed
from gptimg_desktop.services.api.arrival import AnotherVersionError, Arrival
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.connector import Connector, DirectTransport
from gptimg_desktop.services.api.least_pace import LeastPace
from gptimg_desktop.services.api.links import check_link, host_of, unsafe
from gptimg_desktop.services.api.pieces import each_piece
from gptimg_desktop.services.api.proxies import NEVER_FOR_THIS_MACHINE, proxy_settings_checked, through
from gptimg_desktop.services.api.tls import tls_context, verifying

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

MOST_BYTES: Final = 128 * 1024 * 1024
MOST_HOPS: Final = 3
DEADLINE_S: Final = 900.0
LEAST_BYTES_PER_S: Final = 1024.0
PACE_OVER_S: Final = 30.0
_DEAD: Final = frozenset({403, 404, 410})
_NOT_CONTINUED: Final = frozenset({206, 416})
_LIMITS: Final = httpx.Limits(max_connections=4, max_keepalive_connections=2)


class Downloader:
    """Fetches from any https host. With `loopback`, results on this machine are taken too, over http and
    on any port (for a service that runs here), and never through a proxy.

    Without a proxy, names that lead into the user's own network are not connected to; a proxy looks names up
    by itself. `proxy` is an address, "" for none, None for the system's. `tls` is what all clients of a run
    share; without it the downloader makes its own. `resolve` looks up the addresses of a host. A try ends
    after `deadline_s` seconds, and sooner where less than `least_bytes_per_s` come in `pace_over_s` seconds.
    Making one raises NetworkError where the proxy cannot be one.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Callable[[str, int], Awaitable[list[str]]] | None = None,
        deadline_s: float = DEADLINE_S,
        least_bytes_per_s: float = LEAST_BYTES_PER_S,
        pace_over_s: float = PACE_OVER_S,
    ) -> None:
        self._loopback = loopback
        self._deadline_s = deadline_s
        self._pace = partial(LeastPace, bytes_per_s=least_bytes_per_s, over_s=pace_over_s)
        self._make = partial(self._client, proxy, transport, verifying(tls or tls_context()), resolve)
        self._http = self._make()

    def _client(
        self,
        proxy: str | None,
        transport: httpx.AsyncBaseTransport | None,
        context: ssl.SSLContext,
        resolve: Callable[[str, int], Awaitable[list[str]]] | None,
    ) -> httpx.AsyncClient:
        with proxy_settings_checked():
            http = httpx.AsyncClient(
                headers={"Accept-Encoding": "identity"},
                verify=context,
                transport=transport,
                mounts=NEVER_FOR_THIS_MACHINE,
                **through(proxy if transport is None else ""),
                follow_redirects=False,
                limits=_LIMITS,
                timeout=httpx.Timeout(connect=10, read=30, write=30, pool=None),
                event_hooks={"response": [self._check_next_hop]},
            )
        if transport is None:
            # A transport given above would switch the system's proxies off.
            connector = Connector(partial(is_allowed, loopback=self._loopback), resolve=resolve)
            http._transport = DirectTransport(  # noqa: SLF001 - what goes through no proxy
                connector, tls=context, limits=_LIMITS
            )
        return http

    async def aclose(self) -> None:
        await self._http.aclose()

    async def renew(self) -> None:
        """Fetch over new lines from now on; what is on its way breaks off and is fetched again."""
        try:
            former, self._http = self._http, self._make()
        except NetworkError:
            return  # the system's proxy settings changed for the worse
        await former.aclose()

    async def fetch(self, link: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Hand the file's bytes to `write`, piece by piece, exactly as they come; errors as of `go_on`."""
        await self.go_on(link, Arrival(write))

    async def go_on(self, link: str, arrival: Arrival) -> None:
        """Fetch what is missing of a file: all of it, or the rest of what broke off before.

        DownloadError where the link is dead or unsafe or the file is no whole file, NetworkError where the
        host cannot be reached, as it is called here, or the line breaks off; then as much is written as came.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                try:
                    await self._follow(link, arrival)
                except AnotherVersionError:
                    await arrival.forget()
                    await self._follow(link, arrival)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            await arrival.flush()
            raise NetworkError(network_problem(error, host_of(link))) from error

    async def _follow(self, link: str, arrival: Arrival) -> None:
        for _ in range(MOST_HOPS + 1):
            check_link(link, loopback=self._loopback)
            async with contextlib.aclosing(await self._open(link, arrival)) as response:
                self._http.cookies.clear()
                if not response.has_redirect_location:
                    await self._receive(response, arrival)
                    return
                link = _next_link(response)
        problem = Problem.of(ProblemKind.LINK_DEAD, host=host_of(link), status=310)
        raise DownloadError(problem, dead_link=True)

    async def _open(self, link: str, arrival: Arrival) -> httpx.Response:
        """The answer, its body unread. All that can go wrong here is the network or the address."""
        try:
            request = self._http.build_request("GET", link, headers=dict(arrival.headers))
            return await self._http.send(request, stream=True)
        except (AppError, httpx.HTTPError):
            raise
        except UnsafeAddressError as error:
            raise NetworkError(Problem.of(ProblemKind.LED_INSIDE, host=str(error))) from None
        except (httpx.InvalidURL, ValueError):
            raise unsafe(link) from None
        except Exception as error:  # a proxy that speaks nonsense
            raise NetworkError(network_problem(error, host_of(link))) from error

    async def _check_next_hop(self, response: httpx.Response) -> None:
        """Look at a redirect before httpx does, which reads its address even where it does not follow it."""
        if response.has_redirect_location:
            check_link(_next_link(response), loopback=self._loopback)

    async def _receive(self, response: httpx.Response, arrival: Arrival) -> None:
        await _begin(response, arrival)

        async with self._pace() as pace:

            async def take(piece: bytes) -> None:
                pace.came(len(piece))
                _refuse_over_cap(arrival.received + len(piece))
                await arrival.take(piece)

            await each_piece(response, take)
        await arrival.flush()


async def _begin(response: httpx.Response, arrival: Arrival) -> None:
    """Find the place in the file at which an answer's body goes on; what is no file raises."""
    host, status = response.url.host, response.status_code
    if arrival.can_continue and status in _NOT_CONTINUED:
        arrival.check_continuation(response)
    elif status != 200:
        problem = Problem.of(ProblemKind.LINK_DEAD, host=host, status=status)
        raise DownloadError(problem, dead_link=status in _DEAD)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise DownloadError(Problem.of(ProblemKind.NOT_AN_IMAGE, host=host))
    declared = _declared_bytes(response)
    if status == 200:
        await arrival.begin(response, declared)
    _refuse_over_cap(arrival.received + (declared or 0))


def _declared_bytes(response: httpx.Response) -> int | None:
    text = response.headers.get("content-length", "")[:20]
    return int(text) if text.isascii() and text.isdigit() else None


def _refuse_over_cap(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        raise DownloadError(Problem.of(ProblemKind.IMAGE_TOO_LARGE, limit_bytes=MOST_BYTES))


def _next_link(response: httpx.Response) -> str:
    """Where a redirect leads; DownloadError where that is no address."""
    link = str(response.url)
    try:
        return urljoin(link, response.headers["location"])
    except ValueError:
        raise unsafe(link) from None
