"""Fetching result files: a client of its own that never knew the key."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from gptimg_desktop.core.connection import LOOPBACK
from gptimg_desktop.core.errors import DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.services.api.client import tls_context
from gptimg_desktop.services.api.connection_errors import network_problem
from gptimg_desktop.services.api.pieces import each_piece

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST_BYTES: Final = 128 * 1024 * 1024
MOST_HOPS: Final = 3
MOST_LINK_CHARACTERS: Final = 4_096
DEADLINE_S: Final = 900.0
PIECE_BYTES: Final = 64 * 1024
_DEAD: Final = frozenset({403, 404, 410})


class Downloader:
    """Fetches from any https host. With `loopback`, results on this machine are taken too, over http and
    on any port (for a service that runs here)."""

    def __init__(self, *, loopback: bool, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._loopback = loopback
        self._http = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity"},
            verify=tls_context(),
            transport=transport,
            trust_env=transport is None and not loopback,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
            timeout=httpx.Timeout(connect=10, read=30, write=30, pool=None),
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
        except (httpx.HTTPError, TimeoutError) as error:
            raise NetworkError(network_problem(error, _host(link))) from error

    async def _follow(self, link: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        for _ in range(MOST_HOPS + 1):
            self._check(link)
            async with self._http.stream("GET", link) as response:
                self._http.cookies.clear()
                if not response.has_redirect_location:
                    await self._receive(response, write)
                    return
                link = urljoin(link, response.headers["location"])
        raise DownloadError(Problem.of(ProblemKind.LINK_DEAD, host=_host(link), status=310), dead_link=True)

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
        if len(link) <= MOST_LINK_CHARACTERS and link.isascii() and link.isprintable():
            try:
                parts = urlsplit(link)
                port = parts.port
            except ValueError:
                pass
            else:
                if self._loopback and parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}:
                    return
                if _is_public(parts, port):
                    return
        raise DownloadError(Problem.of(ProblemKind.LINK_UNSAFE, host=_host(link)))


def _is_public(parts: SplitResult, port: int | None) -> bool:
    host = parts.hostname or ""
    return (
        parts.scheme == "https"
        and port in {None, 443}
        and parts.username is None
        and "." in host
        and not _is_address(host)
        and host not in LOOPBACK
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


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or link[:100]
    except ValueError:
        return link[:100]
