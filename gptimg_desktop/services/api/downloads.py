"""Fetching result files: a client of its own that never knew the key."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from gptimg_desktop.core.connection import LOOPBACK
from gptimg_desktop.core.errors import AppError, DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.pieces import each_piece
from gptimg_desktop.services.api.proxies import NEVER_FOR_THIS_MACHINE, proxy_settings_checked, through
from gptimg_desktop.services.api.tls import tls_context, verifying

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

MOST_BYTES: Final = 128 * 1024 * 1024
MOST_HOPS: Final = 3
MOST_LINK_CHARACTERS: Final = 4_096
DEADLINE_S: Final = 900.0
PIECE_BYTES: Final = 64 * 1024
_DEAD: Final = frozenset({403, 404, 410})
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_NAMES_OF_THE_HOUSE: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class Downloader:
    """Fetches from any https host. With `loopback`, results on this machine are taken too, over http and
    on any port (for a service that runs here), and never through a proxy.

    `proxy` is an address, "" for none, None for the system's. `tls` is what all clients of a run share;
    without it the downloader makes its own. Making one raises NetworkError where the proxy cannot be one.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._loopback = loopback
        context = verifying(tls or tls_context())
        with proxy_settings_checked():
            self._http = httpx.AsyncClient(
                headers={"Accept-Encoding": "identity"},
                verify=context,
                transport=transport,
                mounts=NEVER_FOR_THIS_MACHINE,
                **through(proxy if transport is None else ""),
                follow_redirects=False,
                limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
                timeout=httpx.Timeout(connect=10, read=30, write=30, pool=None),
                event_hooks={"response": [self._check_next_hop]},
            )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def fetch(self, link: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Hand the file's bytes to `write`, piece by piece, exactly as they come.

        DownloadError where the link is dead or unsafe or the file is no whole file, NetworkError where the
        host cannot be reached.
        """
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._follow(link, write)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            raise NetworkError(network_problem(error, _host(link))) from error

    async def _follow(self, link: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        for _ in range(MOST_HOPS + 1):
            self._check(link)
            async with contextlib.aclosing(await self._open(link)) as response:
                self._http.cookies.clear()
                if not response.has_redirect_location:
                    await self._receive(response, write)
                    return
                link = _next_link(response)
        raise DownloadError(Problem.of(ProblemKind.LINK_DEAD, host=_host(link), status=310), dead_link=True)

    async def _open(self, link: str) -> httpx.Response:
        """The answer, its body unread. All that can go wrong here is the network or the address."""
        try:
            return await self._http.send(self._http.build_request("GET", link), stream=True)
        except (AppError, httpx.HTTPError):
            raise
        except (httpx.InvalidURL, ValueError):
            raise _unsafe(link) from None
        except Exception as error:  # a proxy that speaks nonsense
            raise NetworkError(network_problem(error, _host(link))) from error

    async def _check_next_hop(self, response: httpx.Response) -> None:
        """Look at a redirect before httpx does, which reads its address even where it does not follow it."""
        if response.has_redirect_location:
            self._check(_next_link(response))

    async def _receive(self, response: httpx.Response, write: Callable[[bytes], Awaitable[None]]) -> None:
        host = response.url.host
        if response.status_code != 200:
            problem = Problem.of(ProblemKind.LINK_DEAD, host=host, status=response.status_code)
            raise DownloadError(problem, dead_link=response.status_code in _DEAD)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise DownloadError(Problem.of(ProblemKind.NOT_AN_IMAGE, host=host))
        declared = response.headers.get("content-length", "")[:20]
        _refuse_over_cap(int(declared) if declared.isascii() and declared.isdigit() else 0)
        received = 0

        async def take(piece: bytes) -> None:
            nonlocal received
            received += len(piece)
            _refuse_over_cap(received)
            await write(piece)

        await each_piece(response, take, size=PIECE_BYTES)

    def _check(self, link: str) -> None:
        """Only https to a named host on its usual port; this machine only where that was agreed."""
        parts = _parts(link)
        if parts is not None:
            if self._loopback and parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}:
                return
            if _is_public(parts):
                return
        raise _unsafe(link)


def _parts(link: str) -> SplitResult | None:
    """The parts of a link, None where it is none or where the parser that connects reads another host."""
    if len(link) > MOST_LINK_CHARACTERS or not link.isascii() or not link.isprintable():
        return None
    try:
        parts, url = urlsplit(link), httpx.URL(link)
        # httpx reads `host` later on, and it fails there for a name that cannot be decoded.
        agreed = bool(url.host) and url.raw_host.decode() == parts.hostname
        agreed = agreed and (url.port or parts.port) == parts.port
    except (httpx.InvalidURL, ValueError):
        return None
    return parts if agreed else None


def _is_public(parts: SplitResult) -> bool:
    host = (parts.hostname or "").removesuffix(".")
    return (
        parts.scheme == "https"
        and parts.port in {None, 443}
        and parts.username is None
        and _NAME.fullmatch(host) is not None
        and not host.endswith(_NAMES_OF_THE_HOUSE)
        and not _is_address(host)
    )


def _is_address(host: str) -> bool:
    """True for any way to write an IP address, shortened and numeric forms included."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return all(label.isdigit() or label.startswith("0x") for label in host.split("."))
    return True


def _refuse_over_cap(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        raise DownloadError(Problem.of(ProblemKind.IMAGE_TOO_LARGE, limit_bytes=MOST_BYTES))


def _next_link(response: httpx.Response) -> str:
    """Where a redirect leads; DownloadError where that is no address."""
    link = str(response.url)
    try:
        return urljoin(link, response.headers["location"])
    except ValueError:
        raise _unsafe(link) from None


def _unsafe(link: str) -> DownloadError:
    """A link that is never followed; the service may give a better one when it is asked anew."""
    return DownloadError(Problem.of(ProblemKind.LINK_UNSAFE, host=_host(link)), dead_link=True)


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or link[:100]
    except ValueError:
        return link[:100]
