"""Downloads go where they may, without the key, and take what is a whole file."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from typing import TYPE_CHECKING

import httpx
import pytest

from gptimg_desktop.core.errors import DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.services.api import downloads
from gptimg_desktop.services.api.arrival import Arrival
from gptimg_desktop.services.api.downloads import Downloader
from tests.support import scripted_server as scripts
from tests.support.ranged_file import RangedFile
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


@pytest.mark.row(70)
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
        "https://[::ffff:7f00:1]/a.png",
        "https://[64:ff9b::7f00:1]/a.png",
        "https://[64:ff9b::a00:1]/a.png",
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


@pytest.mark.row(69)
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


@pytest.mark.row(68)
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


@pytest.mark.row(73)
async def test_squeezed_bodies_are_refused() -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError) as caught:
            await fetch_from(server, scripts.answer(200, b"\x1f\x8b", Content_Encoding="gzip"))
        assert caught.value.problem.kind is ProblemKind.NOT_AN_IMAGE


@pytest.mark.row(74)
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


# In several goes

CONTENT = random.Random(7).randbytes(300_000)


class Sink:
    """What was written so far of a file that comes in several goes."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.arrival = Arrival(self.write, self.begin_anew)

    async def write(self, piece: bytes) -> None:
        self.content += piece

    async def begin_anew(self) -> None:
        self.content.clear()


async def go_on(server: ScriptedServer, sink: Sink, act: scripts.Act, **limits: float) -> None:
    """One go at a file."""
    server.downloads = deque([act])
    downloader = Downloader(loopback=True, **limits)  # type: ignore[arg-type]
    try:
        await downloader.go_on(server.file_url("x"), sink.arrival)
    finally:
        await downloader.aclose()


async def break_off(server: ScriptedServer, sink: Sink, act: scripts.Act, **limits: float) -> ProblemKind:
    with pytest.raises(NetworkError) as caught:
        await go_on(server, sink, act, **limits)
    return caught.value.problem.kind


@pytest.mark.row(59)
async def test_what_broke_off_is_continued_where_it_was() -> None:
    file, sink = RangedFile(CONTENT, goes=(100_001, 10_000)), Sink()
    async with scripted_server() as server:
        for size_bytes in (100_001, 110_001):
            await break_off(server, sink, file.act)
            assert bytes(sink.content) == CONTENT[:size_bytes]
        await go_on(server, sink, file.act)
    assert bytes(sink.content) == CONTENT
    assert file.asked == [(None, None), ("bytes=100001-", '"v1"'), ("bytes=110001-", '"v1"')]


@pytest.mark.row(59)
@pytest.mark.parametrize("tag", ["", 'W/"v1"', "v1", '""', '"a b"', '"' + "x" * 600 + '"'])
async def test_without_a_name_for_these_very_bytes_it_begins_anew(tag: str) -> None:
    file, sink = RangedFile(CONTENT, tag=tag, goes=(100_000,)), Sink()
    async with scripted_server() as server:
        await break_off(server, sink, file.act)
        await go_on(server, sink, file.act)
    assert bytes(sink.content) == CONTENT
    assert file.asked == [(None, None)] * 2


@pytest.mark.row(76)
async def test_another_version_is_fetched_from_its_first_byte() -> None:
    other = RangedFile(CONTENT[::-1], tag='"v2"')
    sink = Sink()
    async with scripted_server() as server:
        await break_off(server, sink, RangedFile(CONTENT, goes=(100_000,)).act)
        await go_on(server, sink, other.act)
    assert bytes(sink.content) == CONTENT[::-1]
    assert other.asked == [("bytes=100000-", '"v1"')]


def part(content_range: str, tag: str = '"v1"', status: int = 206) -> scripts.Act:
    """An answer that takes no notice of what it was asked for."""

    async def act(exchange: scripts.Exchange) -> None:
        headers = {"Content-Range": content_range, "ETag": tag}
        await exchange.reply(status, b"something else", headers=headers)

    return act


@pytest.mark.row(76)
@pytest.mark.parametrize(
    "act",
    [
        part("bytes */300000", status=416),
        part("bytes 100000-299999/300000", tag='"v2"'),
        part("bytes 100000-299999/300000", tag=""),
        part("bytes 99999-299999/300000"),
        part("bytes 100000-299998/300000"),
        part("bytes 100000-300000/300001"),
        part("bytes 100000-299999/*"),
        part(""),
    ],
)
async def test_what_does_not_continue_it_is_thrown_away_and_all_is_fetched(act: scripts.Act) -> None:
    sink, whole = Sink(), RangedFile(CONTENT)
    turns = deque([act, whole.act])

    async def each(exchange: scripts.Exchange) -> None:
        await turns.popleft()(exchange)

    async with scripted_server() as server:
        await break_off(server, sink, RangedFile(CONTENT, goes=(100_000,)).act)
        await go_on(server, sink, each)
    assert bytes(sink.content) == CONTENT
    assert whole.asked == [(None, None)]


async def test_a_part_that_nobody_asked_for_is_no_file() -> None:
    async with scripted_server() as server:
        with pytest.raises(DownloadError):
            await fetch_from(server, part("bytes 0-299999/300000"))


async def test_the_cap_counts_what_was_there_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_BYTES", 299_999)
    sink, file = Sink(), RangedFile(CONTENT, goes=(100_000,))
    async with scripted_server() as server:
        with pytest.raises(DownloadError):
            await go_on(server, sink, file.act)
        sink.arrival.received = 0
        monkeypatch.setattr(downloads, "MOST_BYTES", 300_000)
        file.goes.append(100_000)
        await break_off(server, sink, file.act)
        monkeypatch.setattr(downloads, "MOST_BYTES", 299_999)
        with pytest.raises(DownloadError) as caught:
            await go_on(server, sink, file.act)
    assert caught.value.problem.kind is ProblemKind.IMAGE_TOO_LARGE


class StuckSink(Sink):
    """A disk that never gets to the first of its works of one kind."""

    def __init__(self, stuck: str) -> None:
        super().__init__()
        self._stuck = stuck

    async def write(self, piece: bytes) -> None:
        await self._perhaps_stick("write")
        await super().write(piece)

    async def begin_anew(self) -> None:
        await self._perhaps_stick("begin_anew")
        await super().begin_anew()

    async def _perhaps_stick(self, work: str) -> None:
        if work == self._stuck:
            self._stuck = ""
            await asyncio.Event().wait()


@pytest.mark.row(59)
async def test_behind_a_write_that_was_never_made_nothing_is_continued() -> None:
    file, sink = RangedFile(CONTENT), StuckSink("write")
    async with scripted_server() as server:
        assert await break_off(server, sink, file.act, deadline_s=0.2) is ProblemKind.TIMED_OUT
        assert not sink.arrival.can_continue
        await go_on(server, sink, file.act)
    assert bytes(sink.content) == CONTENT
    assert file.asked == [(None, None)] * 2


@pytest.mark.row(59, 76)
async def test_what_was_not_thrown_away_in_time_is_not_continued() -> None:
    first, other, sink = (
        RangedFile(CONTENT, goes=(100_000,)),
        RangedFile(CONTENT[::-1], tag='"v2"'),
        StuckSink("begin_anew"),
    )
    async with scripted_server() as server:
        await break_off(server, sink, first.act)
        await break_off(server, sink, other.act, deadline_s=0.2)
        assert not sink.arrival.can_continue
        await go_on(server, sink, first.act)
    assert bytes(sink.content) == CONTENT
    assert first.asked == [(None, None)] * 2


# Too slow


def drip(*, size_bytes: int, every_s: float) -> scripts.Act:
    """A line that never falls silent, and ends with all of `CONTENT` or with the other side's patience."""

    async def act(exchange: scripts.Exchange) -> None:
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(CONTENT)}\r\n\r\n'
        exchange.writer.write(head.encode())
        for start in range(0, len(CONTENT), size_bytes):
            exchange.writer.write(CONTENT[start : start + size_bytes])
            await exchange.writer.drain()
            await asyncio.sleep(every_s)  # the other side's time, not ours

    return act


@pytest.mark.row(72)
async def test_a_line_that_drips_is_cut_and_the_rest_fetched() -> None:
    file, sink = RangedFile(CONTENT), Sink()
    slow = drip(size_bytes=100, every_s=0.01)
    async with scripted_server() as server:
        kind = await break_off(server, sink, slow, least_bytes_per_s=100_000, pace_over_s=0.1)
        assert kind is ProblemKind.TIMED_OUT
        held = len(sink.content)
        assert 0 < held < 10_000
        await go_on(server, sink, file.act)
    assert bytes(sink.content) == CONTENT
    assert file.asked == [(f"bytes={held}-", '"v1"')]


@pytest.mark.row(72)
async def test_no_line_lasts_for_ever() -> None:
    sink = Sink()
    async with scripted_server() as server:
        async with asyncio.timeout(5):
            kind = await break_off(server, sink, drip(size_bytes=100, every_s=0.01), deadline_s=0.2)
    assert kind is ProblemKind.TIMED_OUT


async def test_a_slow_line_that_keeps_its_pace_is_let_be() -> None:
    """The pieces are far smaller than what is written at once, and it takes many spans."""
    sink = Sink()
    steady = drip(size_bytes=10_000, every_s=0.02)
    async with scripted_server() as server:
        await go_on(server, sink, steady, least_bytes_per_s=20_000, pace_over_s=0.2)
    assert bytes(sink.content) == CONTENT


# Where names lead


async def fetch_by_name(*addresses: str, loopback: bool = False, host: str = "files.example.org") -> None:
    async def resolve(name: str, port: int) -> list[str]:
        assert (name, port) == (host, 443)
        return list(addresses)

    downloader = Downloader(loopback=loopback, resolve=resolve)
    try:
        await downloader.fetch(f"https://{host}/a.png", discard)
    finally:
        await downloader.aclose()


@pytest.mark.row(69, 70, 71)
@pytest.mark.parametrize("loopback", [True, False])
@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("::1",), ("10.0.0.1", "192.168.1.1"), ("64:ff9b::a00:1",)]
)
async def test_a_public_name_that_leads_inside_is_blocked(addresses: tuple[str, ...], loopback: bool) -> None:
    """By a name server that may say something else tomorrow: the link itself is as good as any."""
    with pytest.raises(NetworkError) as caught:
        await fetch_by_name(*addresses, loopback=loopback)
    assert caught.value.problem == Problem.of(ProblemKind.LED_INSIDE, host="files.example.org")


async def test_the_name_of_this_machine_leads_nowhere_else() -> None:
    with pytest.raises(NetworkError) as caught:
        await fetch_by_name("93.184.215.14", loopback=True, host="localhost")
    assert caught.value.problem.kind is ProblemKind.LED_INSIDE


async def test_a_name_without_an_address_is_a_broken_line() -> None:
    with pytest.raises(NetworkError) as caught:
        await fetch_by_name()
    assert caught.value.problem.kind is ProblemKind.UNREACHABLE


async def test_over_a_new_line_the_guard_is_the_same() -> None:
    downloader = Downloader(loopback=False, resolve=_inside)
    await downloader.renew()
    with pytest.raises(NetworkError):
        await downloader.fetch("https://files.example.org/a.png", discard)
    await downloader.aclose()


async def _inside(*_: object) -> list[str]:
    return ["127.0.0.1"]
