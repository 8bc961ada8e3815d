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
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
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
        for job in await engine.start():
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
        assert len(server.accepted) == 1
