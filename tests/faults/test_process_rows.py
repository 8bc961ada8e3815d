"""Faults of the process itself: it is ended or starved, or meets a bug of ours.

Real processes and real signals where these are what it is about.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import random
import signal
import sqlite3
import sys
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QSessionManager

from gptimg_desktop import app, start
from gptimg_desktop.app import USER_GRACE_S
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.ui.messages import gate_sentence
from tests.faults.test_submit_rows import full_backlog, stop_reading
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.desk import window
from tests.support.scripted_server import KEY, Exchange, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.conftest import LogNet
    from tests.support.scripted_server import ScriptedServer

pytestmark = pytest.mark.anyio

POISON = picture(66, 44, "crimson")
"""The picture that a decoder stumbles over in these tests; it is known by its size."""


def stored(data_dir: Path) -> list[str]:
    """The states of all jobs, as committed."""
    connection = sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True)
    try:
        return [str(state) for (state,) in connection.execute("SELECT state FROM job")]
    finally:
        connection.close()


# The end while something is sent


class Slow:
    """A server's act that takes the job and answers in two parts, at the test's word."""

    def __init__(self, *, begins: bool) -> None:
        self.begins = begins
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def act(self, exchange: Exchange) -> None:
        await exchange.read_body()
        answer = b'{"data":[{"task_id":"%s"}]}' % exchange.accept().encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer[:9])
        if self.begins:
            exchange.writer.write(head)
        self.reached.set()
        await self.go_on.wait()
        exchange.writer.write(answer[9:] if self.begins else head + answer[9:])
        await exchange.writer.drain()


@pytest.mark.row(98)
@pytest.mark.parametrize("begins", [False, True], ids=["before the answer", "in the answer"])
async def test_a_window_that_is_closed_goes_at_once_and_the_answer_is_heard_out(
    home: Path, begins: bool
) -> None:
    slow = Slow(begins=begins)
    async with scripted_server() as server:
        server.submits = deque([slow.act, scripts.accept])
        server.queries = deque([scripts.pending])
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until(slow.reached.is_set)
            desk.app.window.close()
            assert not desk.app.window.isVisible()
            assert stored(home / "data") == ["sending"]
            asyncio.get_running_loop().call_later(0.1, slow.go_on.set)
        assert stored(home / "data") == ["accepted"]
        server.queries = deque([scripts.completed])
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == len(server.of_kind("submit")) == 1


@pytest.mark.row(98)
async def test_closed_while_connecting_it_ends_at_once_and_sends_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ERRANDS_GRACE_S", 0.1)  # the balance cannot be asked for either
    async with scripted_server() as server:
        with full_backlog() as port:
            async with window(home / "data", server, base_url=f"http://127.0.0.1:{port}") as desk:
                desk.generate()
                await desk.until_states("queued")
                desk.app.window.close()
                closed_at = asyncio.get_running_loop().time()
            assert asyncio.get_running_loop().time() - closed_at < 3
            assert stored(home / "data") == ["queued"]
        await server.stop_listening()
        await server.listen(port)
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.row(98)
async def test_closed_while_references_go_out_it_sends_them_later(home: Path) -> None:
    noise = home / "noise.png"
    noise.write_bytes(incompressible())
    stuck = asyncio.Event()

    async def stop(exchange: Exchange) -> None:
        stuck.set()
        await stop_reading(exchange)

    async with scripted_server() as server:
        server.submits = deque([stop, scripts.accept])
        async with window(home / "data", server) as desk:
            desk.app.window.compose.offer_paths((str(noise),))
            await desk.until(lambda: desk.app.window.compose.draft().references)
            desk.generate()
            await desk.until(stuck.is_set)
            desk.app.window.close()
        assert stored(home / "data") == ["queued"]
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1


def incompressible() -> bytes:
    """A picture that no socket's buffers hold."""
    file = io.BytesIO()
    noise = random.Random(9).randbytes(2300 * 2300 * 3)
    Image.frombytes("RGB", (2300, 2300), noise).save(file, "PNG", compress_level=0)
    return file.getvalue()


@pytest.mark.row(98)
@pytest.mark.expects_log("closing with 1 submits unanswered")
async def test_an_answer_that_never_comes_ends_the_wait_and_asks_at_the_next_start(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([scripts.accept_and_hang, scripts.accept])
        async with window(home / "data", server, grace_s=0.3) as desk:
            desk.generate()
            await desk.until(lambda: server.accepted)
            desk.app.window.close()
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
        assert len(server.of_kind("submit")) == 1


WHOLE_PROGRAM = """
import os, sys
from pathlib import Path
from gptimg_desktop import start
from gptimg_desktop.options import Options

start.LOG_OFF_GRACE_S = float(sys.argv[3])
sys.exit(start.run(Options(
    data_dir=Path(sys.argv[1]), base_url=sys.argv[2], api_key=os.environ["GPTIMG_API_KEY"],
    poll_first_s=0.0, poll_every_s=0.02, pace=0.002, notice_s=0.0,
)))
"""


@contextlib.asynccontextmanager
async def running(script: str, *words: object) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program in a process of its own, which does not outlive the test."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *map(str, words),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"GPTIMG_API_KEY": KEY, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def one_waiting(home: Path, server: ScriptedServer) -> None:
    """A library with a job that the next start sends."""
    async with bench(home / "data", server) as desk:
        desk.engine.queue.pause()
        desk.generate()
        await desk.until_states("queued")


@pytest.mark.row(99)
async def test_sigterm_leaves_some_seconds_for_the_answer(home: Path) -> None:
    slow = Slow(begins=False)
    async with scripted_server() as server:
        server.submits, server.queries = deque([slow.act, scripts.accept]), deque([scripts.pending])
        await one_waiting(home, server)
        async with running(WHOLE_PROGRAM, home / "data", server.url, start.LOG_OFF_GRACE_S) as process:
            async with asyncio.timeout(30):
                await slow.reached.wait()
                process.send_signal(signal.SIGTERM)
                asyncio.get_running_loop().call_later(0.5, slow.go_on.set)
                assert await process.wait() == 0
        assert stored(home / "data") == ["accepted"]
        server.queries = deque([scripts.completed])
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.row(99)
async def test_sigterm_waits_no_longer_than_that(home: Path) -> None:
    charged = asyncio.Event()

    async def accept_and_hang(exchange: Exchange) -> None:
        await exchange.read_body()
        exchange.accept()
        charged.set()
        await exchange.reader.read()

    async with scripted_server() as server:
        server.submits = deque([accept_and_hang, scripts.accept])
        await one_waiting(home, server)
        async with running(WHOLE_PROGRAM, home / "data", server.url, 0.3) as process:
            async with asyncio.timeout(30):
                await charged.wait()
                process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(5):
                assert await process.wait() == 0
        async with bench(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
        assert len(server.of_kind("submit")) == 1
    assert start.LOG_OFF_GRACE_S == 5.0


@pytest.mark.row(99)
async def test_a_log_off_shortens_the_wait_of_an_end_that_follows_and_closes_nothing_itself(
    home: Path,
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.grace_s = USER_GRACE_S
        log_off = start._LogOff(desk.app)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        session = QObject()  # stands for the desktop's own, which only a desktop can make
        address = shiboken6.getCppPointer(session)[0]
        application.commitDataRequest.emit(shiboken6.wrapInstance(address, QSessionManager))
        assert desk.app.window.isVisible()
        assert desk.app.grace_s == start.LOG_OFF_GRACE_S
        log_off._over.timeout.emit()  # a minute later the program still runs
        assert desk.app.grace_s == USER_GRACE_S
        log_off.close()


CLOSED_PROGRAM = """
import asyncio
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QSessionManager
from gptimg_desktop.services.queue.submitter import Submitter

end, session = Submitter.aclose, QObject()

def log_off():
    desktops_own = shiboken6.wrapInstance(shiboken6.getCppPointer(session)[0], QSessionManager)
    QGuiApplication.instance().commitDataRequest.emit(desktops_own)

async def tell_and_end(self, grace_s):
    print("closed", flush=True)
    if sys.argv[4] == "a log-off":
        asyncio.get_running_loop().call_soon(log_off)
    await end(self, grace_s)

Submitter.aclose = tell_and_end
""".join(WHOLE_PROGRAM.split("\n\n", 1))
"""Says when its window is gone; then the desktop may log off at once."""


@contextlib.asynccontextmanager
async def closed_and_waiting(
    home: Path, server: ScriptedServer, slow: Slow, grace_s: float, then: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program whose window the user closed while a paid answer was on its way."""
    server.submits, server.queries = deque([slow.act, scripts.accept]), deque([scripts.pending])
    await one_waiting(home, server)
    async with running(CLOSED_PROGRAM, home / "data", server.url, grace_s, then) as process:
        async with asyncio.timeout(30):
            await slow.reached.wait()
            process.send_signal(signal.SIGINT)
            assert process.stdout is not None
            assert await process.stdout.readline() == b"closed\n"
        yield process


@pytest.mark.row(98, 99)
async def test_sigterm_after_the_window_is_gone_still_leaves_time_for_the_answer(home: Path) -> None:
    slow = Slow(begins=False)
    async with scripted_server() as server:
        async with closed_and_waiting(home, server, slow, start.LOG_OFF_GRACE_S) as process:
            process.send_signal(signal.SIGTERM)
            asyncio.get_running_loop().call_later(0.5, slow.go_on.set)
            async with asyncio.timeout(5):
                assert await process.wait() == 0
        assert stored(home / "data") == ["accepted"]
        assert len(server.accepted) == len(server.of_kind("submit")) == 1


@pytest.mark.row(98, 99)
@pytest.mark.parametrize("what", ["a signal", "a log-off"])
async def test_an_end_under_way_is_hurried_when_the_system_ends(home: Path, what: str) -> None:
    async with scripted_server() as server:
        async with closed_and_waiting(home, server, Slow(begins=False), 0.3, what) as process:
            if what == "a signal":
                process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(5):
                assert await process.wait() == 0
        async with bench(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
        assert len(server.of_kind("submit")) == 1


# The decoder


def stumbling(error: type[Exception], is_over: threading.Event) -> Callable[[PngImageFile], Any]:
    """A decoder that cannot do with one picture; it ends once it `is_over`, in an error."""
    load = PngImageFile.load

    def stumble(image: PngImageFile) -> Any:
        if image.size != (66, 44):
            return load(image)
        is_over.wait()
        raise error

    return stumble


@pytest.mark.row(100)
@pytest.mark.parametrize(
    ("error", "hangs"),
    [(MemoryError, False), (RecursionError, False), (OSError, True)],
    ids=["lacks memory", "lacks stack", "hangs"],
)
async def test_a_picture_that_the_decoder_stumbles_over_is_kept_and_has_no_preview(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception], hangs: bool
) -> None:
    is_over, good = threading.Event(), picture(64, 48)
    if not hangs:
        is_over.set()
    monkeypatch.setattr(PngImageFile, "load", stumbling(error, is_over))
    try:
        async with scripted_server() as server, window(home / "data", server) as desk:
            desk.app.engine.imaging._watch._limit_s = 0.2
            server.downloads = deque([scripts.whole_file(POISON), scripts.whole_file(good)])
            desk.generate("poison")
            await desk.until_states("saved")
            desk.generate("good")
            await desk.until_states("saved", "saved")
            bad_job, good_job = desk.jobs()[1], desk.jobs()[0]
            assert Path(bad_job.images[0].path).read_bytes() == POISON
            await desk.until(lambda: desk.app.model.thumbnail(good_job.id))
            assert desk.app.model.thumbnail(bad_job.id) is None
            tile = desk.app.model.index_of(bad_job.id)
            await desk.until(lambda: "preview failed" in tile.data(Qt.ItemDataRole.AccessibleTextRole))
            desk.select(1)
            await desk.until(lambda: "The preview of this picture failed" in desk.texts())
            assert len(server.of_kind("download")) == 2
    finally:
        is_over.set()


DEADLY = """
import asyncio, os, signal, sys, types
from pathlib import Path
import qasync
from PIL.PngImagePlugin import PngImageFile
from gptimg_desktop.ui.desktop.application import Application
from tests.support.desk import window

load = PngImageFile.load

def die(image):
    if image.size == (66, 44):
        os.kill(os.getpid(), signal.SIGKILL)
    return load(image)

PngImageFile.load = die

async def main():
    async with window(Path(sys.argv[1]), types.SimpleNamespace(url=sys.argv[2])) as desk:
        if not desk.jobs():
            desk.generate()
        await desk.until_states("saved")
        desk.select()
        await desk.until(lambda: "is left alone" in desk.texts())

application = Application(sys.argv[:1])
with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
    runner.run(main())
"""


@pytest.mark.row(103)
async def test_a_picture_that_kills_the_program_is_set_aside_after_the_second_time(home: Path) -> None:
    ends = []
    async with scripted_server() as server:
        server.downloads = deque([scripts.whole_file(POISON)])
        for _ in range(3):
            async with running(DEADLY, home / "data", server.url) as process, asyncio.timeout(30):
                ends.append(await process.wait())
        assert ends == [-signal.SIGKILL, -signal.SIGKILL, 0]
        (saved,) = (home / "data" / "images").rglob("[!.]*.png")
        assert saved.read_bytes() == POISON
        assert stored(home / "data") == ["saved"]
        assert len(server.accepted) == len(server.of_kind("submit")) == 1


# Starved


WITHOUT_DESCRIPTORS = """
import asyncio, os, resource, sys, types
from pathlib import Path
from tests.support.bench import bench
from gptimg_desktop.ui.messages import gate_sentence

async def main():
    server = types.SimpleNamespace(url=sys.argv[2])
    async with bench(Path(sys.argv[1]), server) as desk:
        taken = []
        try:
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            pass
        desk.generate()
        await desk.until(lambda: desk.gates and desk.states == ["queued"])
        told = [gate_sentence(gate) for gate in desk.gates]
        for descriptor in taken:
            os.close(descriptor)
        await desk.until_states("saved")
        assert desk.gates == (), desk.gates
        print(len(taken), *told)

resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
asyncio.run(main())
"""


@pytest.mark.row(101)
async def test_without_file_descriptors_the_queue_waits_and_says_why(home: Path) -> None:
    async with scripted_server() as server:
        async with running(WITHOUT_DESCRIPTORS, home / "data", server.url) as process, asyncio.timeout(30):
            told, _ = await process.communicate()
        assert process.returncode == 0
        assert b"Too many open files" in told
        assert len(server.accepted) == len(server.of_kind("submit")) == 1


# Bugs of ours


def broken(times: int, really: Callable[..., Any]) -> Callable[..., Any]:
    """A method with a bug that shows at its first calls."""
    left = [*range(times)]

    def call(*args: Any, **more: Any) -> Any:
        if left:
            left.pop()
            raise ZeroDivisionError("a bug")
        return really(*args, **more)

    return call


def part(desk: Bench, stage: str) -> Any:
    return getattr(desk.engine.queue, f"_{stage}")


PARTS = {
    "submitter": "_next",
    "poller": "_look_for_ever",
    "collector": "_next",
    "one submit": "_could_be_kept",
    "one download": "_save",
}


@pytest.mark.row(102)
@pytest.mark.expects_log("failed(.|\n)*ZeroDivisionError: a bug")
@pytest.mark.parametrize("where", PARTS)
async def test_a_bug_in_a_stage_is_logged_once_and_the_job_goes_on(
    home: Path, log_net: LogNet, where: str
) -> None:
    stage = {"one submit": "submitter", "one download": "collector"}.get(where, where)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        guilty = part(desk, stage)
        setattr(guilty, PARTS[where], broken(1, getattr(guilty, PARTS[where])))
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.USER_PAUSE})
        (gate,) = desk.gates
        assert "paused" in gate_sentence(gate)
        desk.engine.queue.resume(gate)
        await desk.until_states("saved")
        assert len(log_net.lines) == 1
        assert len(server.accepted) == 1


@pytest.mark.row(102)
@pytest.mark.expects_log("task submitter failed")
async def test_a_stage_that_fails_twice_waits_for_the_user(home: Path, log_net: LogNet) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        guilty = part(desk, "submitter")
        guilty._next = broken(2, guilty._next)
        desk.generate()
        await desk.until(lambda: len(log_net.lines) == 2)
        assert desk.gate_kinds == {GateKind.USER_PAUSE}
        assert server.requests == []
        desk.engine.queue.resume(desk.gates[0])
        await desk.until_states("saved")
        assert desk.gates == ()


@pytest.mark.row(102)
@pytest.mark.expects_log("wish for .* failed(.|\n)*ZeroDivisionError: a bug")
async def test_a_bug_in_a_wish_is_told_and_the_job_stays_as_it_is(
    home: Path, log_net: LogNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        await desk.mark(Mark.BINNED, desk.job)
        monkeypatch.setattr(Job, "marked", broken(1, Job.marked))
        desk.engine.queue.restore((desk.job.id,))
        await desk.until(lambda: desk.complaints)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.INTERNAL]
        assert desk.job.binned_at is not None
        desk.engine.queue.restore((desk.job.id,))
        await desk.until(lambda: desk.job.binned_at is None)
        assert len(log_net.lines) == 1


@pytest.mark.row(102)
@pytest.mark.expects_log("unexpected error(.|\n)*ZeroDivisionError: a bug")
async def test_a_bug_in_a_slot_is_logged_once_told_and_the_window_lives(home: Path, log_net: LogNet) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        guard = start._BugReports(desk.app)
        desk.app.window.compose.generate_requested.connect(broken(1, lambda _: None))
        desk.generate()
        await desk.until_states("saved")
        assert "Something in this program went wrong" in desk.texts()
        assert desk.app.window.isVisible()
        desk.generate("another one")
        await desk.until_states("saved", "saved")
        assert len(log_net.lines) == 1
        guard.close()
