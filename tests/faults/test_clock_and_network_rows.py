"""Faults of the clock and of the way to the service."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import socket
import sqlite3
import ssl
import time
from collections import deque
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.schedule import Backoff
from gptimg_desktop.core.settings import ProxyChoice, Settings
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.ui.messages import gate_sentence
from tests.faults.by_case import each, generate_all
from tests.faults.by_clock import Machine, bench_on
from tests.faults.odd_bodies import PAGE, envelope
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.desk import window
from tests.support.scripted_server import KEY, answer, batch, picture, scripted_server, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = pytest.mark.anyio

HOURS_9 = 9 * 3600.0
DAY = 86_400.0
UNKNOWN = answer(404, envelope(404, "invalid_request_error", "task does not exist or has expired"))
SELDOM: dict[str, Any] = {"poll_first_s": 1000.0}
"""The first look would come long after the test."""


async def looked_at(desk: Bench, server: ScriptedServer, times: int) -> None:
    """Wait until the service was asked so many times more."""
    seen = len(server.of_kind("query"))
    await desk.until(lambda: len(server.of_kind("query")) >= seen + times)


# Sleep


@pytest.mark.row(104)
async def test_after_the_machine_slept_every_job_is_looked_at_at_once(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server, **SELDOM) as desk:
        server.batches = deque([batch()])
        desk.generate(copies=5)
        await desk.until(lambda: desk.states == ["accepted"] * 5)
        machine.sleep(HOURS_9)
        await desk.until_states(*["saved"] * 5)
        assert len(server.of_kind("batch")) == 1
        assert server.of_kind("query") == []
        assert {job.state.value for job in desk.history} == {
            "queued",
            "sending",
            "accepted",
            "ready",
            "saved",
        }


@pytest.mark.row(104)
async def test_after_the_machine_slept_nothing_waits_for_the_line_any_more(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server, pace=100.0) as desk:
        port = int(server.url.rpartition(":")[2])
        desk.engine.queue._resumption._every_s = 0.01  # the pace above is for the gates
        await server.stop_listening()
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE})
        await server.listen(port)
        desk.engine.queue.go_on()
        await desk.until_states("saved")
        assert desk.gates == ()


@pytest.mark.row(104)
async def test_after_the_machine_slept_what_expires_first_is_fetched_first(home: Path) -> None:
    machine = Machine()
    fresh = {"late": 4_000_000_000, "soon": int(time.time()) + 40_000, "later": int(time.time()) + 80_000}
    cases = {
        prompt: [scripts.task("completed", result={"images": [{"url": "{url}", "expires_at": expires_at}]})]
        for prompt, expires_at in fresh.items()
    }
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        desk.engine.queue._collector._backoff = Backoff(base_s=1000, cap_s=1000)
        server.queries = each(cases)
        server.downloads = deque([answer(503, b"")])
        generate_all(desk, cases)
        await desk.until(lambda: len(server.of_kind("download")) == 3)
        await desk.until(lambda: all(job.note is not None for job in desk.jobs.values()))
        server.downloads = deque([scripts.whole_file(picture())])
        machine.sleep(HOURS_9)
        await desk.until_states("saved", "saved", "saved")
        by_task = dict(server.accepted)
        paths = [request.path for request in server.of_kind("download")[3:]]
        fetched = [next(by_task[task_id] for task_id in by_task if task_id in path) for path in paths]
        assert set(fetched[:2]) == {"soon", "later"}  # two at a time
        assert fetched[2:] == ["late"]
        assert sorted(fetched) == sorted(fresh)


class KeptLines:
    """A service on lines that stay open; those that were open at a `freeze` say nothing more."""

    def __init__(self) -> None:
        self.lines = 0
        self.hears_nothing_more = asyncio.Event()
        self._frozen_up_to = 0
        self._open: set[asyncio.StreamWriter] = set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for writer in self._open:
                writer.transport.abort()

    def freeze(self) -> None:
        self._frozen_up_to = self.lines

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        line = self.lines
        self._open.add(writer)
        body = b'{"data":{"id":"task_1","status":"pending"}}'
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                if line <= self._frozen_up_to:
                    self.hears_nothing_more.set()
                else:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


@pytest.mark.row(104)
async def test_lines_that_were_open_before_are_not_used_again(home: Path) -> None:
    service = KeptLines()
    async with service.listening() as url:
        client = ApiClient(service=url, key=KEY)
        try:
            await client.task("task_1")
            await client.task("task_1")
            assert service.lines == 1
            service.freeze()
            await client.renew()
            await client.task("task_1")
            assert service.lines == 2
        finally:
            await client.aclose()


@pytest.mark.row(104, 107)
async def test_a_question_that_hangs_on_a_dead_line_is_asked_over_a_new_one(home: Path) -> None:
    service = KeptLines()
    async with service.listening() as url:
        client = ApiClient(service=url, key=KEY)
        try:
            await client.task("task_1")
            service.freeze()
            hanging = asyncio.ensure_future(client.task("task_1"))
            await service.hears_nothing_more.wait()
            await client.renew()
            async with asyncio.timeout(5):
                report = await hanging
            assert report.status_word == "pending"
        finally:
            await client.aclose()


# Clocks


def told_on(server_ahead_s: float) -> Act:
    """A finished task, told by a service whose clock is ahead: its link lives for a day from now."""

    async def act(exchange: Exchange) -> None:
        there = time.time() + server_ahead_s
        task_id = exchange.request.path.rpartition("/")[2]
        image = {"url": exchange.server.file_url(task_id), "expires_at": int(there + DAY)}
        data = {"id": task_id, "status": "completed", "result": {"images": [image]}}
        await exchange.reply(200, {"data": data}, headers={"Date": formatdate(there, usegmt=True)})

    return act


@pytest.mark.row(105)
@pytest.mark.parametrize("ahead_s", [-2 * DAY, 0, 50, 3 * DAY, -56 * 365 * DAY + 3600])
async def test_an_expiry_is_kept_by_our_own_clock(home: Path, ahead_s: float) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([told_on(ahead_s)])
        desk.generate()
        await desk.until_states("saved")
        assert desk.job.expires_at == pytest.approx(time.time() + DAY, abs=61)


@pytest.mark.row(105)
@pytest.mark.parametrize("jump_s", [-2 * DAY, 3 * DAY, -3600, 3600, None], ids=str)
async def test_a_clock_that_is_set_disturbs_nothing(home: Path, jump_s: float | None) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate("first")
        await desk.until_states("accepted")
        machine.wall_ahead_s += -time.time() if jump_s is None else jump_s  # None: back to 1970
        desk.generate("second")
        await desk.until_states("accepted", "accepted")
        server.queries = deque([UNKNOWN])
        await looked_at(desk, server, 6)
        assert desk.states == ["accepted", "accepted"]
        server.queries = deque([scripts.completed])
        await desk.until_states("saved", "saved")
        in_order = sorted(desk.jobs.values(), key=lambda job: job.seq)
        assert [job.request.prompt for job in in_order] == ["first", "second"]


@pytest.mark.row(50, 105)
async def test_a_clock_that_jumps_does_not_make_half_an_hour(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([UNKNOWN])
        desk.generate()
        for _ in range(6):
            await looked_at(desk, server, 3)
            machine.wall_ahead_s += 700
        assert desk.states == ["accepted"]
        assert {job.state.value for job in desk.history} == {"queued", "sending", "accepted"}


@pytest.mark.row(105)
async def test_a_wait_that_was_asked_for_is_not_cut_short_by_the_wall_clock(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.submits = deque([answer(429, b"", Retry_After="60"), scripts.accept])
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.RATE})
        machine.wall_ahead_s += 3600
        for _ in range(50):
            await asyncio.sleep(0.001)  # the watch over the clocks looks every few milliseconds here
        assert len(server.of_kind("submit")) == 1
        machine.pass_time(67)
        await desk.until_states("saved")


# The network


def set_states(home: Path, states: dict[str, str]) -> None:
    """Write into the library what an earlier run might have left, by prompt."""
    connection = sqlite3.connect(home / "data" / "library.sqlite3")
    for prompt, state in states.items():
        connection.execute(
            "UPDATE job SET state = ?, attempt = max(attempt, ?) WHERE prompt = ?",
            (state, state == "sending", prompt),
        )
    connection.commit()
    connection.close()


@pytest.mark.row(106)
async def test_a_start_without_a_network_ends_nothing_and_tells_once(home: Path) -> None:
    kept = ["accepted", "ready", "saved", "failed", "lost"]
    left = {state: state for state in ("queued", "sending", "unconfirmed", "rejected", "cancelled")}
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            for prompt in kept:
                desk.generate(prompt)
            await desk.until(lambda: desk.states == ["saved"] * 5)
            desk.engine.queue.pause()
            for prompt in left:
                desk.generate(prompt)
            await desk.until(lambda: len(desk.jobs) == 10)
        set_states(home, {state: state for state in kept if state != "saved"} | left)
        port = int(server.url.rpartition(":")[2])
        await server.stop_listening()
        submits = len(server.of_kind("submit"))
        async with bench(home / "data", server) as desk:
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE})
            assert len(desk.gates) == 1
            meanwhile = {job.request.prompt: job.state.value for job in desk.jobs.values()}
            expected = {state: state for state in (*kept, *left)}
            assert meanwhile == expected | {"sending": "unconfirmed"}
            server.queries = deque([scripts.completed])
            await server.listen(port)
            ends = dict.fromkeys(("queued", "accepted", "ready", "saved", "failed"), "saved")
            ends |= {"sending": "unconfirmed", "unconfirmed": "unconfirmed", "lost": "lost"}
            ends |= {"rejected": "rejected", "cancelled": "cancelled"}
            await desk.until(
                lambda: {job.request.prompt: job.state.value for job in desk.jobs.values()} == ends
            )
        assert len(server.of_kind("submit")) == submits + 1


@pytest.mark.row(107)
async def test_on_another_network_looks_go_on_and_only_the_unsent_is_sent_again(home: Path) -> None:
    async def reset(exchange: Exchange) -> None:
        exchange.abort()

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque(
            [scripts.accept, scripts.drop_in_mid_body, scripts.accept, scripts.accept_and_drop]
        )
        server.queries = deque([reset, reset, reset, scripts.completed])
        server.downloads = deque([reset, scripts.whole_file(picture())])
        desk.engine.queue.submits_at_once = 1
        file = io.BytesIO()  # too large for the buffers of a socket, so that its end cannot have left
        Image.frombytes("RGB", (2200, 2200), random.Random(7).randbytes(2200 * 2200 * 3)).save(file, "PNG")
        reference, _ = desk.engine.references.add_bytes(file.getvalue(), "a.png")
        desk.generate("looked at")
        await desk.until_states("saved")
        desk.generate("cut before its end", references=(reference,))
        await desk.until_states("saved", "saved")
        desk.generate("cut after its end")
        await desk.until_states("saved", "saved", "unconfirmed")
        assert [prompt for _, prompt in server.accepted] == [
            "looked at",
            "cut before its end",
            "cut after its end",
        ]


@pytest.mark.row(107)
async def test_when_the_system_says_that_the_network_is_back_nothing_waits_longer(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, pace=100.0) as desk:
        port = int(server.url.rpartition(":")[2])
        await server.stop_listening()
        desk.generate()
        await desk.until(lambda: "cannot be reached" in desk.texts())
        await server.listen(port)
        desk.app.network.came_back.emit()
        await desk.until_states("saved")
        assert len(server.accepted) == 1


class Proxy:
    """Something that calls itself a proxy, and all that it was told."""

    def __init__(self, says: bytes) -> None:
        self._says = says
        self.heard = b""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.heard += await reader.readuntil(b"\r\n\r\n")
            writer.write(self._says)
            await writer.drain()
            self.heard += await reader.read(1000)
        writer.close()


PROXIES: dict[str, bytes] = {
    "407": b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
    "403": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    "a page instead of a line": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PAGE), PAGE),
}


@pytest.mark.row(108)
@pytest.mark.parametrize("says", PROXIES.values(), ids=PROXIES.keys())
async def test_a_proxy_that_lets_nothing_through_is_named_and_hears_no_key(home: Path, says: bytes) -> None:
    proxy = Proxy(says)
    async with scripted_server() as server, proxy.listening() as place:
        settings = Settings(proxy=ProxyChoice.GIVEN, proxy_address=f"http://user:secret@{place}")
        options: dict[str, Any] = {"base_url": "https://api.example.invalid", "pace": 1.0}
        async with bench_on(Machine(), home, server, settings, **options) as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE})
            assert desk.states == ["queued"]
            told = gate_sentence(desk.gates[0])
            assert place in told
            assert "secret" not in told
        assert proxy.heard.startswith(b"CONNECT api.example.invalid:443")
        assert KEY.encode() not in proxy.heard


@pytest.mark.row(108)
async def test_a_dead_proxy_is_named(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
    async with scripted_server() as server:
        settings = Settings(proxy=ProxyChoice.GIVEN, proxy_address=f"http://{place}")
        options: dict[str, Any] = {"base_url": "https://api.example.invalid", "pace": 1.0}
        async with bench_on(Machine(), home, server, settings, **options) as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE})
            assert desk.states == ["queued"]
            assert place in gate_sentence(desk.gates[0])


@contextlib.contextmanager
def deaf(port: int) -> Iterator[None]:
    """An address of this machine that answers no connection: whoever calls it waits."""
    with socket.socket() as listening, contextlib.ExitStack() as fillers:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.2", port))
        listening.listen(0)
        for _ in range(3):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.2", port))
        yield


@pytest.mark.row(109)
async def test_an_address_that_hangs_does_not_keep_the_next_one_from_being_tried(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted_server() as server:
        port = int(server.url.rpartition(":")[2])
        resolve = socket.getaddrinfo

        def two_addresses(host: Any, *args: Any, **more: Any) -> Any:
            if host not in {"localhost", b"localhost"}:
                return resolve(host, *args, **more)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ADDRESSES]

        with deaf(port):
            monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
            async with bench(home / "data", server, base_url=f"http://localhost:{port}") as desk:
                started = time.perf_counter()
                desk.generate()
                await desk.until_states("saved")
                assert time.perf_counter() - started < 8
                assert desk.gates == ()


ADDRESSES = ("127.0.0.2", "127.0.0.1")


class Stranger:
    """Whoever answers under the service's name, with a certificate that nobody vouches for."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.calls = 0
        self.heard = b""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self._context.set_servername_callback(self._called)
        try:
            yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    def _called(self, *_: object) -> None:
        self.calls += 1

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard += await reader.read()
        writer.close()


async def stranger(home: Path) -> Stranger:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    command += f" -addext subjectAltName=IP:127.0.0.1 -keyout {home}/key.pem -out {home}/cert.pem"
    made = await asyncio.create_subprocess_exec(*command.split(), stderr=asyncio.subprocess.DEVNULL)
    assert await made.wait() == 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "cert.pem", home / "key.pem")
    return Stranger(context)


@pytest.mark.row(110)
async def test_a_stranger_under_the_services_name_never_hears_the_key(home: Path) -> None:
    service = await stranger(home)
    async with scripted_server() as server, service.listening() as url:
        async with bench(home / "data", server, base_url=url, pace=1.0) as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.TLS})
            assert desk.states == ["queued"]
            assert "CERTIFICATE_VERIFY_FAILED" in gate_sentence(desk.gates[0])
        assert service.calls > 0
        assert service.heard == b""


def slowly(act: Act) -> Act:
    """The same over a line of a few hundred bytes at a time, half a second away in all."""

    async def slow(exchange: Exchange) -> None:
        real = exchange.writer

        class Thin:
            transport = real.transport

            def write(self, content: bytes) -> None:
                self.left = getattr(self, "left", b"") + content

            async def drain(self) -> None:
                pieces = [self.left[n : n + 400] for n in range(0, len(self.left), 400)]
                self.left = b""
                for piece in pieces:
                    await asyncio.sleep(0.02)
                    real.write(piece)
                    await real.drain()

        await asyncio.sleep(0.1)
        exchange.writer = Thin()  # type: ignore[assignment]
        await act(exchange)

    return slow


@pytest.mark.row(111)
async def test_over_a_thin_line_everything_comes_home_once(home: Path) -> None:
    async with serving(scripts.ScriptedServer()) as server, bench(home / "data", server) as desk:
        server.submits = deque([slowly(scripts.accept)])
        server.queries = deque([slowly(scripts.pending), slowly(scripts.completed)])
        server.downloads = deque([slowly(scripts.whole_file(picture(300, 300, "olive")))])
        for prompt in ("one", "two", "three"):
            desk.generate(prompt)
        await desk.until_states("saved", "saved", "saved")
        assert sorted(prompt for _, prompt in server.accepted) == ["one", "three", "two"]
        assert len(server.of_kind("submit")) == 3
        assert desk.gates == ()
