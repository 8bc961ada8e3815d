"""Lines are opened to the address that was looked at, and a broken one of several costs little."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import sys
from typing import TYPE_CHECKING

import httpcore
import httpx
import pytest

from gptimg_desktop.services.api.address_guard import UnsafeAddressError
from gptimg_desktop.services.api.connector import Connector, DirectTransport, addresses_of
from tests.support.scripted_server import ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

HOST = "files.example.org"


def anything(*_: str) -> bool:
    return True


class Names:
    """Looks a host up; every look takes the next list of addresses, the last for ever."""

    def __init__(self, *lists: list[str]) -> None:
        self.lists = list(lists)
        self.looks = 0

    async def resolve(self, *_: object) -> list[str]:
        self.looks += 1
        return self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]


def port_of(server: ScriptedServer) -> int:
    return int(server.url.rpartition(":")[2])


async def connect(connector: Connector, port: int) -> str:
    """The address that a line was opened to."""
    line = await connector.connect_tcp(HOST, port, timeout=5)
    address = str(line.get_extra_info("server_addr")[0])
    await line.aclose()
    return address


@pytest.mark.row(71)
async def test_a_name_is_looked_up_once_for_the_check_and_the_line() -> None:
    """A name server that changes its mind after the check is not asked again."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    checked: list[str] = []

    def is_allowed(host: str, address: str) -> bool:
        checked.append(address)
        return True

    async with scripted_server() as server:
        assert await connect(Connector(is_allowed, resolve=names.resolve), port_of(server)) == "127.0.0.1"
    assert checked == ["127.0.0.1"]
    assert names.looks == 1


@pytest.mark.row(71)
async def test_of_several_addresses_only_those_that_are_allowed_are_tried() -> None:
    def is_allowed(host: str, address: str) -> bool:
        return (host, address) == (HOST, "127.0.0.1")

    names = Names(["10.0.0.1", "127.0.0.1", "::1"])
    async with scripted_server() as server:
        assert await connect(Connector(is_allowed, resolve=names.resolve), port_of(server)) == "127.0.0.1"


async def test_a_name_with_nothing_but_others_is_refused() -> None:
    connector = Connector(lambda *_: False, resolve=Names(["127.0.0.1"]).resolve)
    with pytest.raises(UnsafeAddressError):
        await connector.connect_tcp(HOST, 9)


@contextlib.contextmanager
def silent(port: int) -> Iterator[str]:
    """An address that takes no line and refuses none: its queue is full."""
    address = "127.0.0.2"
    fillers: list[socket.socket] = []
    with socket.socket() as listening:
        listening.bind((address, port))
        listening.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((address, port))
            fillers.append(filler)
        yield address
        for filler in fillers:
            filler.close()


@pytest.mark.row(109)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
async def test_an_address_that_is_silent_costs_its_turn_and_no_more() -> None:
    async with scripted_server() as server:
        port = port_of(server)
        with silent(port) as address:
            connector = Connector(anything, resolve=Names([address, "127.0.0.1"]).resolve, each_s=0.2)
            async with asyncio.timeout(3):
                assert await connect(connector, port) == "127.0.0.1"
            only = Connector(anything, resolve=Names([address]).resolve, each_s=0.2)
            with pytest.raises(httpcore.ConnectTimeout):
                await connect(only, port)


@pytest.mark.row(109)
async def test_the_kind_of_address_that_worked_is_tried_first_from_then_on() -> None:
    tried: list[str] = []

    class Noting(httpcore.AnyIOBackend):
        async def connect_tcp(self, host: str, *_: object) -> httpcore.AsyncNetworkStream:
            tried.append(host)
            if ":" in host:
                raise httpcore.ConnectError("no route")
            return httpcore.AsyncMockStream([])

    connector = Connector(anything, resolve=Names(["2606::1", "2606::2", "1.1.1.1", "1.1.1.2"]).resolve)
    connector._sockets = Noting()
    for _ in range(2):
        await connector.connect_tcp(HOST, 443)
    assert tried == ["2606::1", "1.1.1.1", "1.1.1.1"]


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "Name or service not known"), OSError("odd")])
async def test_a_name_that_is_not_found_is_a_broken_line(failure: OSError) -> None:
    async def resolve(*_: object) -> list[str]:
        raise failure

    with pytest.raises(httpcore.ConnectError):
        await Connector(anything, resolve=resolve).connect_tcp(HOST, 443)


async def test_a_look_up_that_hangs_is_given_up() -> None:
    async def resolve(*_: object) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(httpcore.ConnectTimeout):
        await Connector(anything, resolve=resolve).connect_tcp(HOST, 443, timeout=0.05)


async def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in await addresses_of("localhost", 443)
    assert await addresses_of("::1", 443) == ["::1"]


# Certificates


async def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name and its key, made now."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=here "
        f"-addext subjectAltName=DNS:{name} -out {certificate} -keyout {key}"
    )
    try:
        making = await asyncio.create_subprocess_exec(*words.split(), stderr=asyncio.subprocess.PIPE)
    except FileNotFoundError:
        pytest.skip("there is no openssl command here")
    _, told = await making.communicate()
    assert making.returncode == 0, told
    return certificate, key


@pytest.mark.parametrize(("name", "is_trusted"), [(HOST, True), ("other.example.org", False)])
async def test_the_certificate_is_checked_against_the_name_that_was_asked_for(
    home: Path, name: str, is_trusted: bool
) -> None:
    certificate, key = await _certificate(home, name)
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    theirs.load_cert_chain(certificate, key)
    ours.load_verify_locations(certificate)
    asked: list[str | None] = []
    theirs.sni_callback = lambda _, name, __: asked.append(name)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=theirs)
    port = server.sockets[0].getsockname()[1]
    connector = Connector(anything, resolve=Names(["127.0.0.1"]).resolve)
    transport = DirectTransport(connector, tls=ours, limits=httpx.Limits())
    try:
        async with httpx.AsyncClient(transport=transport) as client:
            if is_trusted:
                assert (await client.get(f"https://{HOST}:{port}/")).text == "here"
            else:
                with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                    await client.get(f"https://{HOST}:{port}/")
    finally:
        server.close()
        await server.wait_closed()
    assert asked == [HOST]
