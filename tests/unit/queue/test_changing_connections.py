"""Keys, addresses and proxies that change while jobs are under way."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.settings import Delivery, ProxyChoice, Settings
from gptimg_desktop.engine import Engine, open_engine
from gptimg_desktop.services.key_store import FoundStore, KeyStore
from gptimg_desktop.services.patient_key_store import PatientKeyStore
from tests.faults.by_clock import Machine, bench_on
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.jobs import started
from tests.support.key_stores import PLACE, MemoryBackend
from tests.support.scripted_server import KEY, Exchange, ScriptedServer, picture, scripted_server
from tests.support.starts import quick_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

TYPED = "sk-typed-0123456789"


@contextlib.asynccontextmanager
async def restarted(
    home: Path,
    server: ScriptedServer,
    settings: Settings,
    backend: MemoryBackend | None = None,
    **more: Any,
) -> AsyncIterator[Bench]:
    """The engine once more on the same data, with these settings and perhaps a key store."""
    desk = Bench()
    options = quick_options(home / "data", server, **more)
    async with open_engine(options, home / "data", settings, desk.reports) as engine:
        if backend is not None:
            found = FoundStore(place=PLACE, backend=backend)
            engine._keys._store = PatientKeyStore(KeyStore(lambda: found))
        desk.engine = engine
        for job in await started(engine):
            desk.jobs[job.id] = job
        try:
            yield desk
        finally:
            await engine.queue.aclose(grace_s=1.0)


async def one_waiting(home: Path, server: ScriptedServer) -> None:
    async with bench(home / "data", server) as desk:
        desk.engine.queue.pause()
        desk.generate()
        await desk.until_states("queued")


async def test_practice_holds_real_jobs_whatever_changes_about_their_connection(home: Path) -> None:
    async with scripted_server() as server:
        await one_waiting(home, server)
        async with restarted(home, server, Settings(), practice=True) as desk:
            assert desk.gate_kinds == {GateKind.USER_PAUSE}
            desk.engine.take_settings(Settings(proxy=ProxyChoice.NONE))
            assert desk.engine.connection.service == PRACTICE
            desk.generate("a practice picture")
            await desk.until_states("queued", "saved")
            assert server.of_kind("submit") == []
            desk.engine.queue.resume(desk.gates[0])
            await desk.until_states("saved", "saved")


async def test_practice_holds_real_jobs_when_the_key_store_answers_late(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as server:
        await one_waiting(home, server)
        backend.kept["gptimg-desktop", server.url] = [KEY]
        settings = Settings(kept_keys=(server.url,))
        async with restarted(home, server, settings, backend, practice=True, api_key="") as desk:
            await desk.engine.load_key()
            assert desk.engine.connection.is_practice
            desk.generate("a practice picture")
            await desk.until_states("queued", "saved")
            assert server.of_kind("submit") == []


def by_upload(engine: Engine) -> None:
    engine.queue.delivery = Delivery.UPLOAD


@pytest.mark.parametrize("is_replaced", [True, False])
async def test_a_key_that_is_gone_pays_for_nothing_that_was_not_sent(home: Path, is_replaced: bool) -> None:
    answered = asyncio.Event()

    async def slow(exchange: Exchange) -> None:
        await exchange.read_body()
        await answered.wait()
        await exchange.reply(200, {"url": "https://upload.example/1.png"})

    async with (
        scripted_server() as server,
        bench(home / "data", server, prepare=by_upload, api_key="") as desk,
    ):
        server.uploads = deque([slow])
        reference, _ = desk.engine.references.add_bytes(picture(), "a.png")
        desk.engine.use_key(KEY)
        desk.generate(references=(reference,))
        await desk.until(lambda: server.of_kind("upload"))
        if is_replaced:
            desk.engine.use_key(TYPED)
        else:
            desk.engine.drop_key()
        answered.set()
        if is_replaced:
            await desk.until_states("saved")
        else:
            await desk.until(lambda: GateKind.KEY in desk.gate_kinds)
            desk.engine.use_key(TYPED)
            await desk.until_states("saved")
        keys = {request.headers["authorization"] for request in server.of_kind("submit") if request.is_whole}
        assert keys == {f"Bearer {TYPED}"}
        assert len(server.accepted) == 1


async def test_jobs_of_a_former_address_are_followed_with_its_kept_key(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as former, scripted_server() as present:
        backend.kept["gptimg-desktop", former.url] = [KEY]
        former.queries = deque([scripts.pending])
        async with bench(home / "data", former) as desk:
            desk.generate()
            await desk.until_states("accepted")
        former.queries = deque([scripts.completed])
        settings = Settings(base_url=present.url, kept_keys=(former.url, present.url))
        async with restarted(home, former, settings, backend, base_url=None, api_key="") as desk:
            await desk.engine.load_keys_of(tuple(desk.jobs.values()))
            await desk.until_states("saved")
            assert desk.engine.service == present.url
            assert present.requests == []


async def test_settings_work_though_they_cannot_be_kept(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        before = desk.engine._connections.get(server.url)
        desk.engine.take_settings(Settings(proxy=ProxyChoice.NONE))
        assert desk.engine._connections.get(server.url) is not before


async def test_a_proxy_that_is_none_stops_the_sending_not_the_program(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "htp://[oops")
    async with scripted_server() as server:
        address = "https://api.example.invalid"
        async with bench(home / "data", server, base_url=address) as desk:
            assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.UNREACHABLE]
            desk.generate()
            await desk.until_states("queued")
            desk.engine.take_settings(Settings(proxy=ProxyChoice.NONE))
            assert desk.engine._connections.get(address) is not None


async def test_a_socks_proxy_as_desktops_write_it_is_used(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    address = "https://api.example.invalid"
    async with scripted_server() as server, bench(home / "data", server, base_url=address, pace=1.0) as desk:
        assert desk.complaints == []
        desk.generate()
        await desk.until(lambda: GateKind.OFFLINE in desk.gate_kinds)  # nobody listens there


async def test_a_key_that_goes_while_the_disk_takes_the_arming_down_pays_for_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted_server() as server, bench(home / "data", server, api_key="") as desk:
        desk.engine.use_key(KEY)
        arm = desk.engine.store.arm

        async def slowly(*what: Any, **more: Any) -> Any:
            desk.engine.drop_key()
            monkeypatch.undo()
            return await arm(*what, **more)

        monkeypatch.setattr(desk.engine.store, "arm", slowly)
        desk.generate()
        await desk.until(lambda: GateKind.KEY in desk.gate_kinds and desk.states == ["queued"])
        assert server.accepted == []
        desk.engine.use_key(TYPED)
        await desk.until_states("saved")
        whole = [request for request in server.of_kind("submit") if request.is_whole]
        assert [request.headers["authorization"] for request in whole] == [f"Bearer {TYPED}"]
        assert len(server.accepted) == 1


@pytest.mark.expects_log("closing with 1 submits unanswered")
async def test_what_an_earlier_run_heard_of_another_key_holds_nothing_of_this_one(home: Path) -> None:
    recorded = asyncio.Event()

    async def die(*_: object, **__: object) -> None:
        recorded.set()
        await asyncio.Event().wait()

    async with scripted_server() as server:
        refused = {"error": {"code": 401, "type": "authentication_error", "message": "invalid api key"}}
        server.submits = deque([scripts.answer(401, refused), scripts.accept])
        async with bench(home / "data", server) as desk:
            submitter: Any = desk.engine.queue._submitter
            submitter.settle = die
            desk.generate()
            await desk.until(recorded.is_set)
        async with bench(home / "data", server, api_key=TYPED) as desk:
            await desk.until_states("saved")
            assert desk.gates == ()
        keys = [request.headers["authorization"] for request in server.of_kind("submit")]
        assert keys == [f"Bearer {KEY}", f"Bearer {TYPED}"]


# Trouble with a key that was replaced


@contextlib.asynccontextmanager
async def two_of_a_former_key(home: Path, server: ScriptedServer, machine: Machine) -> AsyncIterator[Bench]:
    """Two accepted jobs of a key that is not the present one any more."""
    server.queries = deque([scripts.pending])
    async with bench_on(machine, home, server) as desk:
        desk.generate()
        await desk.until_states("accepted")
        desk.generate("another")
        await desk.until_states("accepted", "accepted")
        desk.engine.use_key(TYPED)
        yield desk


def looks(server: ScriptedServer) -> int:
    return len(server.of_kind("query")) + len(server.of_kind("batch"))


@pytest.mark.row(42)
async def test_trouble_with_a_former_key_shows_on_its_jobs(home: Path) -> None:
    async def drop(exchange: Exchange) -> None:
        exchange.abort()

    async with scripted_server() as server, two_of_a_former_key(home, server, Machine()) as desk:
        server.queries = server.batches = deque([drop])
        await desk.until(lambda: all(job.note is not None for job in desk.jobs.values()))
        assert {job.note.kind for job in desk.jobs.values() if job.note} == {ProblemKind.CUT_OFF}
        assert desk.gates == ()  # the present key may fare better
        server.queries = deque([scripts.completed])
        await desk.until_states("saved", "saved")
        assert [job.note for job in desk.jobs.values()] == [None, None]


@pytest.mark.row(16, 55)
@pytest.mark.parametrize("look", ["of itself", "when the line is back"])
async def test_a_pause_asked_of_a_former_key_is_kept_with_it(home: Path, look: str) -> None:
    machine = Machine()
    async with scripted_server() as server, two_of_a_former_key(home, server, machine) as desk:
        busy = scripts.answer(429, {"error": {"message": "slow down"}}, Retry_After="60")
        server.queries = server.batches = deque([busy])
        await desk.until(lambda: any(job.note is not None for job in desk.jobs.values()))
        assert desk.gates == ()
        asked = looks(server)
        machine.pass_time(55)
        if look == "when the line is back":
            desk.engine.queue.go_on()
        server.queries, server.batches = deque([scripts.completed]), deque([scripts.not_here])
        desk.generate("with the present key")
        await desk.until(lambda: desk.states[2:] == ["saved"])
        assert looks(server) == asked + 1
        assert desk.states[:2] == ["accepted", "accepted"]
        machine.pass_time(6)
        desk.engine.queue.go_on()
        await desk.until_states("saved", "saved", "saved")
