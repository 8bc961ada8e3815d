"""Faults between the click and the task's id: what the user is told, what the server took, and that the job
ends by itself once the fault is gone, unless only the user can say."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import io
import itertools
import random
import resource
import socket
import sqlite3
import ssl
import time
from collections import deque
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QPlainTextEdit

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Charge, Job
from gptimg_desktop.services.api.client import TimeLimits
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.ui.messages import gate_sentence, sentence
from tests.faults.by_case import charged, states, submits
from tests.faults.odd_bodies import assert_plain_all_along, envelope, problem_of
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.desk import Desk, window
from tests.support.scripted_server import Act, Exchange, ScriptedServer, answer, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
    from pathlib import Path

    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.engine import Engine

pytestmark = pytest.mark.anyio

ENDLESS = 1_000_000_000


def limited(**limits: float) -> Callable[[Engine], None]:
    """An engine whose present connection has other limits of time."""

    def prepare(engine: Engine) -> None:
        current = engine.present
        assert current is not None
        current.client._limits = TimeLimits(**limits)

    return prepare


async def goes_on(desk: Bench, server: ScriptedServer) -> None:
    """The fault is gone: the job ends by itself and is paid once."""
    await desk.until_states("saved")
    assert desk.gates == ()
    assert len(server.accepted) == 1
    assert_plain_all_along(desk)


def large(desk: Bench) -> FileReference:
    """A reference that no socket's buffers hold."""
    file = io.BytesIO()
    noise = random.Random(7).randbytes(2300 * 2300 * 3)
    Image.frombytes("RGB", (2300, 2300), noise).save(file, "PNG", compress_level=0)
    reference, _ = desk.engine.references.add_bytes(file.getvalue(), "noise.png")
    return reference


def notes(desk: Bench) -> list[ProblemKind]:
    """The kinds of all notes that jobs ever had, each once."""
    return list(dict.fromkeys(job.note.kind for job in desk.history if job.note is not None))


# No answer


@pytest.mark.row(6)
async def test_an_answer_that_comes_late_is_taken(home: Path) -> None:
    late = asyncio.Event()

    async def answer_late(exchange: Exchange) -> None:
        await exchange.read_body()
        task_id = exchange.accept()
        exchange.writer.write(b"HTTP/1.1 200 OK\r\n")
        await late.wait()
        content = b'{"data":[{"task_id":"%s"}]}' % task_id.encode()
        exchange.writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        await exchange.writer.drain()

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([answer_late])
        desk.generate()
        await desk.until(lambda: server.accepted)
        assert desk.states == ["sending"]
        late.set()
        await goes_on(desk, server)


async def drip(exchange: Exchange) -> None:
    """Take the job, and answer with headers that never end, each in good time."""
    await exchange.read_body()
    exchange.accept()
    exchange.writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        exchange.writer.write(b"X-Wait: a little\r\n")
        await exchange.writer.drain()
        await asyncio.sleep(0.02)  # the other side's time


async def begin_and_hang(exchange: Exchange) -> None:
    """Take the job, and stop in the middle of the answer."""
    await exchange.read_body()
    exchange.accept()
    await exchange.reply(200, b'{"code":200,"data', length=100)
    await exchange.reader.read()


@pytest.mark.row(6)
@pytest.mark.parametrize("act", [scripts.accept_and_hang, drip, begin_and_hang])
async def test_no_answer_within_the_limit_asks_the_user(home: Path, act: Act) -> None:
    async with scripted_server() as server:
        server.submits = deque([act, scripts.accept])
        async with bench(home / "data", server, prepare=limited(answer_s=0.3)) as desk:
            desk.generate()
            await desk.until(lambda: server.accepted)
            assert desk.states == ["sending"]
            await desk.until_states("unconfirmed")
            assert desk.job.charge is Charge.UNKNOWN
            assert "may have been charged" in problem_of(desk.job)
            assert len(server.of_kind("submit")) == 1


# No line


@pytest.mark.row(8)
async def test_a_name_that_is_not_found_waits_until_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_find, knows_us = socket.getaddrinfo, asyncio.Event()

    def find(host: Any, *args: Any, **more: Any) -> Any:
        if host in {"localhost", b"localhost"} and not knows_us.is_set():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return really_find(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    async with scripted_server() as server:
        named = server.url.replace("127.0.0.1", "localhost")
        async with bench(home / "data", server, base_url=named) as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE} and notes(desk))
            assert desk.states == ["queued"]
            assert "cannot be reached" in gate_sentence(desk.gates[0])
            assert desk.gates[0].until is not None
            assert server.requests == []
            knows_us.set()
            await goes_on(desk, server)


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port where every attempt to connect hangs."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.row(9)
async def test_a_connection_that_hangs_is_given_up_and_tried_again(home: Path) -> None:
    async with scripted_server() as server, contextlib.AsyncExitStack() as stack:
        with full_backlog() as port:
            stuck = f"http://127.0.0.1:{port}"
            desk = await stack.enter_async_context(
                bench(home / "data", server, base_url=stuck, prepare=limited(connect_s=0.3))
            )
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE} and notes(desk))
            assert desk.states == ["queued"]
            assert notes(desk) == [ProblemKind.UNREACHABLE]
        await server.stop_listening()
        await server.listen(port)
        await goes_on(desk, server)


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear the beginning of a TLS handshake and go away."""
    await reader.read(5)
    writer.transport.abort()


@pytest.mark.row(11)
async def test_a_line_that_breaks_in_the_handshake_is_tried_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await Authority.made(home, monkeypatch)
    async with scripted_server() as server:
        breaking = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        port = breaking.sockets[0].getsockname()[1]
        async with bench(home / "data", server, base_url=f"https://127.0.0.1:{port}") as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE} and notes(desk))
            assert desk.states == ["queued"]
            breaking.close()
            async with over_tls(server, port, await authority.certificate("good")):
                await goes_on(desk, server)


class Authority:
    """Whom this test's system trusts; what it signs is made by the openssl command."""

    GOOD, OTHER = "IP:127.0.0.1", "DNS:other.example"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    async def made(cls, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
        authority = cls(folder)
        await authority._openssl("req -x509 -nodes -days 2 -subj /CN=authority", out="ca", new=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
        return authority

    async def certificate(self, fault: str) -> ssl.SSLContext:
        """A server's context: "good", or with one "expired", "of another host" or "of nobody known"."""
        name = self.OTHER if fault == "of another host" else self.GOOD
        days = -1 if fault == "expired" else 2
        asked = f"req -nodes -subj /CN=here -addext subjectAltName={name}"
        if fault == "of nobody known":
            await self._openssl(f"{asked} -x509 -days {days}", out="leaf", new=True)
        else:
            await self._openssl(asked, out="leaf", new=True)
            (self._folder / "leaf.pem").replace(self._folder / "leaf.csr")
            signed = f"x509 -req -in {self._folder}/leaf.csr -CA {self._folder}/ca.pem -copy_extensions copy"
            await self._openssl(
                f"{signed} -CAkey {self._folder}/ca.key -CAcreateserial -days {days}", out="leaf"
            )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "leaf.pem", self._folder / "leaf.key")
        return context

    async def _openssl(self, words: str, *, out: str, new: bool = False) -> None:
        key = (
            f" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -keyout {self._folder}/{out}.key"
            if new
            else ""
        )
        command = f"openssl {words}{key} -out {self._folder}/{out}.pem"
        try:
            making = await asyncio.create_subprocess_exec(*command.split(), stderr=asyncio.subprocess.PIPE)
        except FileNotFoundError:
            pytest.skip("there is no openssl command here")
        _, told = await making.communicate()
        assert making.returncode == 0, told


@contextlib.asynccontextmanager
async def over_tls(server: ScriptedServer, port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """The server on one more port, behind a certificate."""
    listening = await asyncio.start_server(server._connected, "127.0.0.1", port, ssl=context)
    found = listening.sockets[0].getsockname()[1]
    plain, server.url = server.url, f"https://127.0.0.1:{found}"
    try:
        yield found
    finally:
        listening.close()
        server.url = plain


@pytest.mark.row(10)
@pytest.mark.parametrize("fault", ["expired", "of another host", "of nobody known"])
async def test_a_certificate_that_proves_nothing_gets_no_request(
    home: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    authority = await Authority.made(home, monkeypatch)
    bad, good = await authority.certificate(fault), await authority.certificate("good")
    async with scripted_server() as server, contextlib.AsyncExitStack() as stack:
        async with over_tls(server, 0, bad) as port:
            base_url = f"https://127.0.0.1:{port}"
            desk = await stack.enter_async_context(bench(home / "data", server, base_url=base_url))
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.TLS} and notes(desk))
            assert desk.states == ["queued"]
            told = gate_sentence(desk.gates[0])
            assert told.startswith("The connection to the service is not secure (")
            assert told.endswith("Nothing is sent until it is.")
            assert server.requests == []
        async with over_tls(server, port, good):
            await goes_on(desk, server)
            await stack.aclose()


# Half a request


async def stop_reading(exchange: Exchange) -> None:
    """Take a little and no more, until the other side goes away."""
    await exchange.reader.readexactly(1000)
    await asyncio.Event().wait()


@pytest.mark.row(12, 13)
@pytest.mark.parametrize(
    ("act", "kind"),
    [(stop_reading, ProblemKind.TIMED_OUT), (scripts.drop_in_mid_body, ProblemKind.CUT_OFF)],
    ids=["stalls", "is cut"],
)
async def test_an_upload_that_does_not_get_through_is_sent_again(
    home: Path, act: Act, kind: ProblemKind
) -> None:
    async with scripted_server() as server:
        server.submits = deque([act, scripts.accept])
        async with bench(home / "data", server, prepare=limited(write_s=0.4)) as desk:
            desk.generate(references=(large(desk),))
            await goes_on(desk, server)
            assert notes(desk) == [kind]
            assert [request.is_whole for request in server.of_kind("submit")] == [False, True]
            assert desk.job.attempt == 1  # the first try was never armed


@pytest.mark.row(13)
async def test_a_pause_that_ends_between_two_looks_at_the_clock_is_seen_to_end(home: Path) -> None:
    readings = itertools.count()

    def hurry_the_clock(engine: Engine) -> None:
        hurried = Clock(monotonic=lambda: time.monotonic() + 0.01 * next(readings))
        engine.queue._submitter._clock = hurried

    async with scripted_server() as server:
        server.submits = deque([*[scripts.drop_in_mid_body] * 8, scripts.accept])
        async with bench(home / "data", server, prepare=hurry_the_clock) as desk:
            desk.generate(references=(large(desk),))
            await goes_on(desk, server)
            assert len(server.of_kind("submit")) == 9


async def too_large_and_gone(exchange: Exchange) -> None:
    """Say so after the first bytes, and be gone before that can be heard."""
    await exchange.reader.readexactly(1000)
    await exchange.reply(413, envelope(413, "", "too large"))
    exchange.abort()


async def too_large_and_patient(exchange: Exchange) -> None:
    """Say so after the first bytes, and let the rest come."""
    await exchange.reader.readexactly(1000)
    await exchange.reply(413, envelope(413, "", "64 MB are too many"))
    while await exchange.reader.read(1_000_000):
        pass


@pytest.mark.row(14)
async def test_too_large_said_early_and_heard_is_a_refusal(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([too_large_and_patient, scripts.accept])
        desk.generate(references=(large(desk),))
        await desk.until_states("rejected")
        assert "64 MB are too many" in problem_of(desk.job)
        assert "Nothing was charged" in problem_of(desk.job)
        assert (len(server.of_kind("submit")), server.accepted) == (1, [])


@pytest.mark.row(14)
async def test_too_large_said_early_and_unheard_is_told_after_three_tries(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([*[too_large_and_gone] * 3, scripts.accept])
        desk.generate(references=(large(desk),))
        await goes_on(desk, server)
        told = next(job.note for job in desk.history if job.note and job.note.facts.get("times") == 3)
        assert "smaller references may help" in sentence(told)
        assert len(server.of_kind("submit")) == 4


# Asked to wait


@pytest.mark.row(15)
async def test_a_wait_that_was_asked_for_holds_all_of_the_service(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([answer(429, b"", retry_after="7"), scripts.accept])
        desk.generate()
        await desk.until(lambda: "asked for a pause" in desk.texts())
        assert "Next try in 0:0" in desk.texts()
        desk.generate("another one")
        await desk.until_states("queued", "queued")
        assert len(server.of_kind("submit")) == 1
        desk.press_notice("Try now")
        await desk.until_states("saved", "saved")
        assert len(server.accepted) == 2


async def waiting(home: Path, server: ScriptedServer, limit: Act) -> Bench:
    """A bench, closed again, that had to wait and then was let go on."""
    server.submits = deque([limit, scripts.accept])
    async with bench(home / "data", server) as desk:
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.RATE} and notes(desk))
        assert desk.states == ["queued"]
        (gate,) = desk.gates
        desk.engine.queue.resume(gate)
        await goes_on(desk, server)
        desk.gates = (gate,)
        return desk


@pytest.mark.row(16)
@pytest.mark.parametrize("off_s", [-3600, 3600])
async def test_a_date_is_measured_by_the_clock_of_the_service(home: Path, off_s: int) -> None:
    theirs = time.time() + off_s
    act = answer(
        429, b"", retry_after=formatdate(theirs + 7, usegmt=True), date=formatdate(theirs, usegmt=True)
    )
    async with scripted_server() as server:
        desk = await waiting(home, server, act)
        assert 6 < (desk.gates[0].until or 0) - time.time() < 9


NONSENSE = {
    "negative": "-5",
    "a word": "abc",
    "an exponent": "1e9",
    "a fraction": "7.5.1",
    "empty": "",
    "twice": "7\r\nRetry-After: 900",
    "foreign digits": "\u0663\u0660\u0660",
    "a date without a clock to measure it by": "Fri, 31 Dec 2100 23:59:59 GMT",
    "long": "9" * 5000 + "x",
}


@pytest.mark.row(17)
@pytest.mark.parametrize("told", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_wait_that_makes_no_sense_is_ours_to_choose(home: Path, told: str) -> None:
    async def limit(exchange: Exchange) -> None:
        await exchange.read_body()
        head = f"HTTP/1.1 429 No\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: {told}\r\n\r\n"
        exchange.writer.write(head.encode())
        await exchange.writer.drain()

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([limit, scripts.accept])
        desk.generate()
        await goes_on(desk, server)  # which it would not in time if any of these were believed
        assert notes(desk) == [ProblemKind.RATE_LIMITED]


@pytest.mark.row(17)
@pytest.mark.parametrize("told", ["99999999999999999999", "3601", "86400"])
async def test_no_wait_is_longer_than_an_hour(home: Path, told: str) -> None:
    async with scripted_server() as server:
        desk = await waiting(home, server, answer(429, b"", retry_after=told))
        assert 3500 < (desk.gates[0].until or 0) - time.time() <= 3600


@pytest.mark.row(18)
async def test_a_service_that_limits_on_and_on_is_tried_once_after_each_pause(home: Path) -> None:
    at_once, most_at_once, shown = 0, [], []

    async def limit(exchange: Exchange) -> None:
        nonlocal at_once
        await exchange.read_body()
        at_once += 1
        most_at_once.append(at_once)
        await asyncio.sleep(0.005)  # the other side's time, in which others could come
        at_once -= 1
        await exchange.reply(429, envelope(429, "rate_limit_error", "slow down"))

    async with scripted_server() as server, bench(home / "data", server, pace=0.0005) as desk:
        server.submits = deque([*[limit] * 25, scripts.accept])
        show = desk.engine.queue._gates._changed

        def note(gates: tuple[Any, ...]) -> None:
            shown.append(len(gates))
            show(gates)

        desk.engine.queue._gates._changed = note
        for number in range(6):
            desk.generate(f"chair {number}")
        await desk.until_states(*["saved"] * 6)
        assert set(most_at_once[3:]) == {1}  # three may have been on their way at first
        assert max(shown) == 1
        assert submits(server).total() == 25 + 6
        assert charged(server).total() == 6


# Refused


@pytest.mark.row(26)
async def test_a_refusal_is_shown_as_it_was_said(home: Path) -> None:
    words = "no <img src='http://127.0.0.1:9/x.png'> and <b>no</b> &amp;"
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([answer(422, envelope(422, "", words))])
        desk.generate()
        await desk.until_states("rejected")
        desk.select()
        assert words in desk.texts()
        assert "Not charged" in desk.texts()


@pytest.mark.row(19)
async def test_a_refused_request_goes_back_to_the_composer(home: Path) -> None:
    refusal = envelope("", "apimart_error", "build_request_failed: invalid size: 9:99")
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([answer(500, refusal), scripts.accept])
        desk.generate("an oak chair")
        await desk.until_states("rejected")
        desk.type_prompt("something else")
        desk.select()
        assert "invalid size: 9:99" in desk.texts()
        desk.click("editAgainButton")
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "an oak chair"
        desk.click("generateButton")
        await desk.until_states("saved", "rejected")
        assert len(server.accepted) == 1


# Odd answers


def kept_answers(data_dir: Path) -> list[bytes]:
    """The bodies of all answers, as the library keeps them."""
    connection = sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True)
    try:
        return [bytes(body or b"") for (body,) in connection.execute("SELECT body FROM attempt")]
    finally:
        connection.close()


@pytest.mark.row(27)
async def test_a_web_page_for_an_answer_is_called_one(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([answer(200, b"<html><body>Please log in to the hotel's network")])
        desk.generate()
        await desk.until_states("unconfirmed")
        desk.select()
        assert "The answer was a web page" in desk.texts()
        assert len(server.of_kind("submit")) == 1


@pytest.mark.row(29, 33)
@pytest.mark.parametrize(
    "body",
    [b'{"code":200,"data":[],"hint":"later"}', b'{"data":[{"task_id":"../../x"}]}'],
    ids=["no id", "odd"],
)
async def test_an_answer_that_names_no_task_is_kept_as_it_came(home: Path, body: bytes) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([answer(200, body)])
        desk.generate()
        await desk.until_states("unconfirmed")
        assert kept_answers(home / "data") == [body]
        assert server.of_kind("query") == []


@pytest.mark.row(30)
async def test_an_answer_that_is_cut_behind_its_task_is_followed(home: Path) -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.read_body()
        text = f'{{"code":200,"data":[{{"task_id":"{exchange.accept()}","status":"subm'
        await exchange.reply(200, text.encode(), length=500)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([cut, scripts.accept])
        desk.generate()
        await goes_on(desk, server)
        assert notes(desk) == [ProblemKind.TASK_RECOVERED]


@pytest.mark.row(32)
async def test_two_tasks_for_one_request_are_both_brought_home(home: Path) -> None:
    async def twice(exchange: Exchange) -> None:
        await exchange.read_body()
        tasks = [{"task_id": exchange.accept()}, {"task_id": exchange.accept()}]
        await exchange.reply(200, {"code": 200, "data": tasks})

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([twice])
        desk.generate()
        await desk.until_states("saved")
        asked = {request.path.rpartition("/")[2] for request in server.of_kind("query")}
        assert asked >= {task_id for task_id, _ in server.accepted}
        assert len({image.path for image in desk.job.images}) == 2
        assert len(server.of_kind("submit")) == 1
        (told,) = {job.note for job in desk.history if job.note is not None}
        assert "2 tasks of this one request" in sentence(told)


@pytest.mark.row(34)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed_with_key_and_request(home: Path, status: int) -> None:
    async with scripted_server() as server, scripted_server() as stranger:
        moved = answer(status, b"", location=f"{stranger.url}/v1/images/generations")
        server.submits = deque([moved, scripts.accept])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE} and notes(desk))
            assert stranger.url in gate_sentence(desk.gates[0])
            await goes_on(desk, server)
        assert stranger.requests == []
        assert stranger.accepted == []


def endless(beginning: str) -> Act:
    """Take the job and answer with a gigabyte, `ID` in its beginning being the task's."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.reply(200, beginning.replace("ID", exchange.accept()).encode(), length=ENDLESS)
        try:
            while True:
                exchange.writer.write(b" " * 64 * 1024)
                await exchange.writer.drain()
        finally:
            exchange.abort()  # what is still in the way would hold the line open

    return act


async def bomb(exchange: Exchange) -> None:
    """Take the job and answer with what would be 100 MB if anybody unpacked it."""
    await exchange.read_body()
    exchange.accept()
    await exchange.reply(200, packed(), headers={"Content-Encoding": "gzip"})


@functools.cache
def packed() -> bytes:
    """100 MB of nothing."""
    return gzip.compress(bytes(100_000_000), compresslevel=1)


@pytest.mark.row(35)
@pytest.mark.parametrize("act", [endless("{"), bomb], ids=["endless", "bomb"])
async def test_an_answer_without_end_is_cut_and_asks(home: Path, act: Act) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([act, scripts.accept])
        desk.generate()
        await desk.until_states("unconfirmed")
        (kept,) = kept_answers(home / "data")
        assert len(kept) <= 1024 * 1024
        assert kept == packed() if act is bomb else len(kept) == 64 * 1024
        assert len(server.of_kind("submit")) == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


@pytest.mark.row(35)
async def test_the_beginning_of_an_endless_answer_names_its_task(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([endless('{"data":[{"task_id":"ID"}],"more":"'), scripts.accept])
        desk.generate()
        await goes_on(desk, server)


# Cancelled


class Interrupted:
    """A piece of work whose task is cancelled when it waits for the n-th time (`step` from 1)."""

    def __init__(self, work: Coroutine[Any, Any, None], step: int) -> None:
        self._work = work
        self._step = step
        self.waits = 0

    def __await__(self) -> Generator[Any, None, None]:
        steps = self._work.__await__()
        error: BaseException | None = None
        while True:
            try:
                awaited = steps.send(None) if error is None else steps.throw(error)
            except StopIteration:
                return
            error = None
            self.waits += 1
            task = asyncio.current_task()
            if self.waits == self._step and task is not None:
                task.cancel()  # comes true as soon as the task waits for what was just yielded
            try:
                yield awaited
            except BaseException as thrown:  # noqa: BLE001 - it belongs to the work
                error = thrown


class Interrupter:
    """Cancels each job's first submit at the wait that its prompt names; counts the waits of each."""

    def __init__(self) -> None:
        self.waits: dict[str, int] = {}

    def prepare(self, engine: Engine) -> None:
        submitter = engine.queue._submitter
        really_send = submitter._send

        async def send(job: Job) -> None:
            prompt = job.request.prompt
            if prompt in self.waits:
                return await really_send(job)
            self.waits[prompt] = 0
            work = Interrupted(really_send(job), int(prompt.rpartition(" ")[2]))
            try:
                await work
            finally:
                self.waits[prompt] = work.waits
            return None

        submitter._send = send  # type: ignore[method-assign]


@pytest.mark.row(36)
async def test_a_submit_that_is_cancelled_at_any_of_its_waits_is_neither_lost_nor_sent_twice(
    home: Path,
) -> None:
    interrupter = Interrupter()
    async with scripted_server() as server:
        async with bench(home / "data", server, prepare=interrupter.prepare) as desk:
            desk.generate("whole 0")
            await desk.until_states("saved")
            waits = interrupter.waits["whole 0"]
            assert waits > 10
            prompts = [f"step {step}" for step in range(1, waits + 1)]
            for prompt in prompts:
                desk.engine.submit(Draft(prompt=prompt))
            await desk.until(lambda: len(interrupter.waits) == waits + 1)
            await desk.until(lambda: set(states(desk).values()) <= {"saved", "sending", "unconfirmed"})
        async with bench(home / "data", server) as desk:
            await desk.until(lambda: set(states(desk).values()) <= {"saved", "unconfirmed"})
            for prompt, state in states(desk).items():
                taken = charged(server)[prompt]
                assert taken == 1 if state == "saved" else taken <= 1, prompt
            ends = list(states(desk).values())
            assert ends.count("saved") > waits / 3
            assert 0 < ends.count("unconfirmed") < waits / 2


# Prompts


@pytest.mark.row(38)
@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("half a \ud800 character", "cannot be sent"),
        ("a \x00 zero", "cannot be sent"),
        ("oak chair " * 100_000, "too long"),
    ],
    ids=["half", "zero", "megabyte"],
)
async def test_a_prompt_that_cannot_be_sent_is_refused_in_the_composer(
    home: Path, monkeypatch: pytest.MonkeyPatch, prompt: str, told: str
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        fill_in(desk, prompt, monkeypatch)
        desk.click("generateButton")
        await desk.until(lambda: told in desk.texts())
        assert desk.jobs() == []
        assert server.of_kind("submit") == []


def fill_in(desk: Desk, prompt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a text into the composer. Qt itself lets not every one of them through everywhere."""
    edit = desk.find(QPlainTextEdit, "promptEdit")
    edit.setPlainText(prompt)
    if edit.toPlainText() != prompt:
        monkeypatch.setattr(type(edit), "toPlainText", lambda _: prompt, raising=False)


# The safety record


@contextlib.contextmanager
def no_room() -> Iterator[None]:
    """Files of this process cannot grow or be written beyond their first bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Disk:
    """Lets a library's armings meet a fault of the disk, for as long as `is_bad`."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.is_bad = True
        self.tries = 0

    def prepare(self, engine: Engine) -> None:
        self._engine = engine
        self._arm = engine.store.arm
        engine.store.arm = self.arm  # type: ignore[method-assign]

    async def arm(self, job: Job, at: float, *, key_fingerprint: str = "") -> Job:
        self.tries += 1
        if not self.is_bad:
            return await self._arm(job, at, key_fingerprint=key_fingerprint)
        if self.fault == "full":
            with no_room():
                return await self._arm(job, at, key_fingerprint=key_fingerprint)
        await self._only_reading("ON")
        try:
            return await self._arm(job, at, key_fingerprint=key_fingerprint)
        finally:
            await self._only_reading("OFF")

    async def _only_reading(self, switch: str) -> None:
        database = self._engine._library.database
        connection = database._writing
        assert connection is not None
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(database._writer, connection.execute, f"PRAGMA query_only = {switch}")


@pytest.mark.row(39)
@pytest.mark.parametrize("fault", ["full", "only to be read"])
async def test_without_its_safety_record_the_last_byte_stays_here(home: Path, fault: str) -> None:
    disk = Disk(fault)
    async with scripted_server() as server, bench(home / "data", server, prepare=disk.prepare) as desk:
        desk.generate()
        await desk.until(lambda: disk.tries >= 3)
        await desk.until(lambda: desk.gate_kinds == {GateKind.DATABASE})
        assert desk.states == ["queued"]
        assert "Nothing is sent until every step can be recorded" in gate_sentence(desk.gates[0])
        assert server.accepted == []
        assert not any(request.is_whole for request in server.of_kind("submit"))
        disk.is_bad = False
        await goes_on(desk, server)
        assert desk.job.attempt == 1
