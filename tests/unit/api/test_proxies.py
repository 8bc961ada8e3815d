"""The user's proxy: taken where it is one, named where it is none, and never between us and this machine."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import NetworkError, ProblemKind
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from tests.support.scripted_server import KEY, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

SERVICE = "https://api.example.org"

# A line that a SOCKS proxy refused is left to the garbage collector by httpcore.
leaves_a_line = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


class Proxy:
    """Notes the first line that each visitor says; answers with `words` and hangs up."""

    def __init__(self, words: bytes) -> None:
        self.words = words
        self.visits: list[bytes] = []
        self.address = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append((await reader.read(4096)).partition(b"\r\n")[0])
        writer.write(self.words)
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def proxy(words: bytes = b"HTTP/1.1 502 Scripted\r\n\r\n") -> AsyncIterator[Proxy]:
    one = Proxy(words)
    server = await asyncio.start_server(one.talk, "127.0.0.1", 0)
    one.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        server.close()
        await server.wait_closed()


async def discard(piece: bytes) -> None:
    """A place for bytes that are not looked at."""


async def fetch(link: str, *, loopback: bool) -> None:
    downloader = Downloader(loopback=loopback)
    try:
        await downloader.fetch(link, discard)
    finally:
        await downloader.aclose()


@pytest.mark.parametrize("name", ["ALL_PROXY", "https_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize(
    "address", ["socks4://u:secret@h:1", ":::", "http://[::1", "http://u:secret/s@h:80", "ftp://h", "a\tb"]
)
async def test_a_malformed_proxy_is_named_without_what_it_holds(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    for make in (lambda: ApiClient(service=SERVICE, key=KEY), lambda: Downloader(loopback=False)):
        with pytest.raises(NetworkError) as caught:
            make()
        assert caught.value.problem.kind is ProblemKind.UNREACHABLE
        assert caught.value.problem.facts["host"] == name
        assert "secret" not in str(caught.value)


async def test_of_several_variables_the_malformed_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "ftp://unused")
    monkeypatch.setenv("all_proxy", "ftp://in-force")
    with pytest.raises(NetworkError) as caught:
        Downloader(loopback=False)
    assert caught.value.problem.facts["host"] == "all_proxy"


@leaves_a_line
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "http"])
async def test_every_usual_kind_of_proxy_is_spoken(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy() as between:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{between.address}")
        client = ApiClient(service=SERVICE, key=KEY)
        try:
            with pytest.raises(NetworkError):  # this proxy lets nobody through
                await client.task("task_1")
        finally:
            await client.aclose()
        with pytest.raises(NetworkError):
            await fetch("https://files.example.org/a.png", loopback=False)
        assert len(between.visits) == 2
        assert KEY.encode() not in b"".join(between.visits)


@leaves_a_line
async def test_a_given_proxy_is_used_instead_of_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy() as given, proxy() as systems:
        monkeypatch.setenv("ALL_PROXY", f"http://{systems.address}")
        client = ApiClient(service=SERVICE, key=KEY, proxy=f"http://{given.address}")
        downloader = Downloader(loopback=False, proxy=f"socks5://{given.address}")
        try:
            with pytest.raises(NetworkError):
                await client.task("task_1")
            with pytest.raises(NetworkError):
                await downloader.fetch("https://files.example.org/a.png", discard)
        finally:
            await client.aclose()
            await downloader.aclose()
        assert len(given.visits) == 2
        assert systems.visits == []


async def test_no_proxy_means_none_even_where_the_system_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy() as systems:
        monkeypatch.setenv("ALL_PROXY", f"http://{systems.address}")
        client = ApiClient(service="https://api.invalid", key=KEY, proxy="")
        downloader = Downloader(loopback=False, proxy="")
        try:
            with pytest.raises(NetworkError):
                await client.task("task_1")
            with pytest.raises(NetworkError):
                await downloader.fetch("https://files.invalid/a.png", discard)
        finally:
            await client.aclose()
            await downloader.aclose()
        assert systems.visits == []


async def test_a_service_on_this_machine_never_sees_a_given_proxy() -> None:
    async with proxy() as given, scripted_server() as server:
        client = ApiClient(service=server.url, key=KEY, proxy=f"http://{given.address}")
        downloader = Downloader(loopback=True, proxy=f"http://{given.address}")
        try:
            await client.task("task_1")
            await downloader.fetch(server.file_url("x"), discard)
        finally:
            await client.aclose()
            await downloader.aclose()
        assert given.visits == []


@leaves_a_line
@pytest.mark.parametrize("words", [b"", b"\x05", b"nonsense", b"\x05\x00"])
async def test_a_proxy_that_speaks_nonsense_is_a_network_fault(
    words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxy(words) as between:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{between.address}")
        with pytest.raises(NetworkError):
            await fetch("https://files.example.org/a.png", loopback=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_results_of_this_machine_pass_the_proxy_by_and_others_do_not(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxy() as between, scripted_server() as server:
        monkeypatch.setenv("ALL_PROXY", f"http://{between.address}")
        monkeypatch.setenv("HTTP_PROXY", f"http://{between.address}")
        await fetch(server.file_url("x").replace("127.0.0.1", host), loopback=True)
        assert between.visits == []
        with pytest.raises(NetworkError):
            await fetch("https://files.example.org/a.png", loopback=True)
        assert between.visits == [b"CONNECT files.example.org:443 HTTP/1.1"]
