"""Downloads go where they may, without the key, and take what is a whole file."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import httpx
import pytest

from gptimg_desktop.core.errors import DownloadError, NetworkError, ProblemKind
from gptimg_desktop.services.api import downloads
from gptimg_desktop.services.api.downloads import Downloader
from tests.support import scripted_server as scripts
from tests.support.scripted_server import ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio


async def discard(piece: bytes) -> None:
    """A place for bytes that are not looked at."""


async def fetch(link: str, *, loopback: bool = True) -> bytes:
    received = bytearray()

    async def write(piece: bytes) -> None:
        received.extend(piece)

    downloader = Downloader(loopback=loopback)
    try:
        await downloader.fetch(link, write)
    finally:
        await downloader.aclose()
    return bytes(received)


async def fetch_from(server: ScriptedServer, *acts: scripts.Act) -> bytes:
    server.downloads = deque(acts)
    return await fetch(server.file_url("x"))


@pytest.mark.parametrize(
    "link",
    [
        "http://files.example.org/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "//files.example.org/a.png",
        "https://user:pass@files.example.org/a.png",
        "https://192.168.1.1/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:127.0.0.1]/a.png",
        "https://2130706433/a.png",
        "https://127.1/a.png",
        "https://0x7f.1/a.png",
        "https://localhost/a.png",
        "https://127.0.0.1/a.png",
        "https://localhost./a.png",
        "https://127.0.0.1./a.png",
        "https://127.1./a.png",
        "https://files.example.org../a.png",
        "https://app.localhost/a.png",
        "https://app.localhost./a.png",
        "https://PRINTER.Local/a.png",
        "https://metadata.google.internal/a.png",
        "https://router.lan/a.png",
        "https://nas.home.arpa/a.png",
        "https://files.example.org%00.x.org/a.png",
        "https://127.0.0%2e1/a.png",
        "https://[fe80::1%25eth0]/a.png",
        "https://xn--.com/",
        "https://[bad/",
        "https://exa mple.com/a.png",
        "https://a\\b.com/a.png",
        "https://-a..b.com/a.png",
        "https:///a.png",
        "https://intranet/a.png",
        "https://files.example.org:8443/a.png",
        "https://files.example.org:port/a.png",
        "https://files.example.org/ä.png",
        "https://files.example.org/" + "a" * 5000,
        "",
    ],
)
async def test_an_unsafe_link_is_never_followed(link: str) -> None:
    with pytest.raises(DownloadError) as caught:
        await fetch(link, loopback=False)
    assert caught.value.problem.kind is ProblemKind.LINK_UNSAFE


async def test_a_name_may_end_in_a_dot() -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"here"

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content()))
    downloader = Downloader(loopback=False, transport=transport)
    received: list[bytes] = []

    async def write(piece: bytes) -> None:
        received.append(piece)

    await downloader.fetch("https://files.example.org./a.png", write)
    assert received == [b"here"]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/secret",
        "https://[bad/",
        "//[bad/",
        "https://xn--.com/",
        "https://files.example.org:port/",
        "https://localhost./",
        "file:///etc/passwd",
        "https://a\tb.example.org/",
    ],
)
async def test_redirects_are_checked_at_every_hop(location: str) -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(302, b"", Location=location))
        assert caught.value.problem.kind is ProblemKind.LINK_UNSAFE
        assert len(server.requests) == 1


async def test_the_host_of_a_bad_hop_is_named() -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(302, b"", Location="https://xn--.com/"))
        assert caught.value.problem.facts["host"] == "xn--.com"


class Broken(httpx.AsyncBaseTransport):
    """A line that fails in ways that are no HTTPError, before the answer or in the middle of it."""

    def __init__(self, failure: Exception, *, answers: bool) -> None:
        self.failure = failure
        self.answers = answers

    async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
        if not self.answers:
            raise self.failure
        return httpx.Response(200, content=self._pieces())

    async def _pieces(self) -> AsyncIterator[bytes]:
        yield b"half"
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "answers", "kind"),
    [
        (httpx.StreamClosed(), True, ProblemKind.CUT_OFF),
        (httpx.StreamError("odd"), False, ProblemKind.CUT_OFF),
        (AssertionError(), False, ProblemKind.CUT_OFF),
        (httpx.InvalidURL("odd"), False, ProblemKind.LINK_UNSAFE),
        (UnicodeError("odd"), False, ProblemKind.LINK_UNSAFE),
    ],
)
async def test_no_failure_comes_out_bare(failure: Exception, answers: bool, kind: ProblemKind) -> None:
    downloader = Downloader(loopback=False, transport=Broken(failure, answers=answers))
    with pytest.raises((DownloadError, NetworkError)) as caught:
        await downloader.fetch("https://files.example.org/a.png", discard)
    await downloader.aclose()
    assert caught.value.problem.kind is kind


async def test_a_few_redirects_are_followed_and_then_no_more() -> None:
    async with scripted_server() as server:
        hop = scripts.answer(302, b"", Location="/files/y.png")
        assert await fetch_from(server, hop, hop, hop, scripts.whole_file(b"here")) == b"here"
        with pytest.raises(DownloadError):
            await fetch_from(server, hop)


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_dead_link_is_called_dead(status: int) -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(status, b"<Error/>"))
        assert caught.value.dead_link


async def test_a_sick_host_is_not_a_dead_link() -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(503, b""))
        assert not caught.value.dead_link


async def test_a_file_that_breaks_off_is_a_broken_line() -> None:
    async with scripted_server() as server:
        with pytest.raises(NetworkError):
            await fetch_from(server, scripts.cut_file(b"x" * 1000))


async def test_squeezed_bodies_are_refused() -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(200, b"\x1f\x8b", Content_Encoding="gzip"))
        assert caught.value.problem.kind is ProblemKind.NOT_AN_IMAGE


async def test_a_file_over_the_cap_is_refused_before_and_while_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(downloads, "MOST_BYTES", 1000)

    async def endless(exchange: scripts.Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 2000)
        await exchange.writer.drain()

    async with scripted_server() as server:
        for act in (scripts.whole_file(b"x" * 1001), endless):
            with pytest.raises(DownloadError) as caught:
                await fetch_from(server, act)
            assert caught.value.problem.kind is ProblemKind.IMAGE_TOO_LARGE
