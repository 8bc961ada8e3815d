"""Keys through the real window: tried for nothing, kept over a restart, removed; and the balance."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit

from gptimg_desktop import engine
from gptimg_desktop.services.key_store import FoundStore, KeyStore
from gptimg_desktop.services.keys import Keys
from gptimg_desktop.services.patient_key_store import PatientKeyStore
from tests.support import scripted_server as scripts
from tests.support.desk import PATIENCE_S, Desk, window
from tests.support.key_stores import PLACE, MemoryBackend
from tests.support.scripted_server import KEY, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryBackend]:
    """A key store in memory, for every start of this test."""
    made = MemoryBackend()
    found = FoundStore(place=PLACE, backend=made)
    monkeypatch.setattr(
        engine, "Keys", partial(Keys, store=PatientKeyStore(KeyStore(lambda: found), patience_s=30))
    )
    yield made
    made.opened.set()


def with_balance(server: ScriptedServer, *amounts: str) -> None:
    server.balances = deque(scripts.answer(200, {"remain_balance": amount}) for amount in amounts)


async def connect(desk: Desk, key: str = KEY) -> None:
    desk.find(QLineEdit, "apiKeyEdit").setText(key)
    desk.click("connectButton")
    await desk.until(lambda: not desk.app.engine.connection.is_practice)


def settings_text(home: Path) -> str:
    return (home / "data" / "settings.json").read_text()


async def test_a_key_that_works_is_kept_over_a_restart_until_it_is_removed(
    home: Path, backend: MemoryBackend
) -> None:
    async with scripted_server() as server:
        with_balance(server, "8.10")
        async with window(home / "data", server, api_key="") as desk:
            assert backend.asked == 0
            await connect(desk)
            await desk.until(lambda: PLACE in desk.texts())
            assert "Works. Balance $8.10." in desk.texts()
            assert server.of_kind("submit") == []
        assert KEY not in settings_text(home)
        async with window(home / "data", server, api_key="") as desk:
            await desk.until(lambda: PLACE in desk.texts())
            desk.generate()
            await desk.until_states("saved")
            assert server.of_kind("submit")[0].headers["authorization"] == f"Bearer {KEY}"
            desk.click("disconnectButton")
            await desk.until(lambda: desk.app.engine.connection.is_practice)
            await desk.until(lambda: not backend.kept[("gptimg-desktop", server.url)])
        asked = backend.asked
        async with window(home / "data", server, api_key="") as desk:
            assert desk.app.engine.connection.is_practice
            assert backend.asked == asked


async def test_who_only_practises_is_never_asked_for_a_password(home: Path, backend: MemoryBackend) -> None:
    backend.opened.clear()
    async with window(home / "data") as desk:
        desk.generate()
        await desk.until_states("saved")
    assert backend.asked == 0


async def test_a_locked_key_store_holds_neither_the_connection_nor_the_end_up(
    home: Path, backend: MemoryBackend
) -> None:
    async with scripted_server() as server:
        with_balance(server, "8.10")
        async with window(home / "data", server, api_key="") as desk:
            backend.opened.clear()
            await connect(desk)
            desk.generate()
            await desk.until_states("saved")
            assert "for this session only" in desk.texts()
            backend.opened.set()
            await desk.until(lambda: PLACE in desk.texts())


async def test_a_refused_key_changes_nothing_and_stays_to_be_mended(
    home: Path, backend: MemoryBackend
) -> None:
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        server.balances = deque([scripts.answer(401, {"error": {"code": 401, "message": "no such key"}})])
        field = desk.find(QLineEdit, "apiKeyEdit")
        field.setText("sk-wrong-0123456789")
        desk.click("connectButton")
        await desk.until(lambda: "no such key" in desk.texts())
        assert desk.app.engine.connection.is_practice
        assert field.text() == "sk-wrong-0123456789"
        assert backend.asked == 0


async def test_a_key_is_used_without_a_network_and_said_to_be_untested(
    home: Path, backend: MemoryBackend
) -> None:
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        await server.stop_listening()
        await connect(desk)
        await desk.until(lambda: "not tested" in desk.texts())


async def test_a_key_that_is_being_tried_can_be_left(home: Path, backend: MemoryBackend) -> None:
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        server.balances = deque([scripts.hang])
        field = desk.find(QLineEdit, "apiKeyEdit")
        field.setText(KEY)
        desk.click("connectButton")
        await desk.until(lambda: len(server.of_kind("balance")) == 1)
        desk.click("cancelKeyTestButton")
        assert field.text() == KEY
        assert desk.app.engine.connection.is_practice


@pytest.mark.parametrize("typed", [False, True])
async def test_a_question_that_hangs_does_not_hold_up_the_end(
    home: Path, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch, *, typed: bool
) -> None:
    """The balance of a connected key, or the trial of a typed one: nobody waits for either any more."""
    monkeypatch.setattr("gptimg_desktop.app.ERRANDS_GRACE_S", 3600.0)
    async with scripted_server() as server:
        server.balances = deque([scripts.hang])
        async with (
            asyncio.timeout(PATIENCE_S),
            window(home / "data", server, api_key="" if typed else KEY) as desk,
        ):
            if typed:
                desk.find(QLineEdit, "apiKeyEdit").setText(KEY)
                desk.click("connectButton")
            await desk.until(lambda: server.of_kind("balance"))
        assert backend.kept == {}


async def test_the_balance_follows_what_is_spent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gptimg_desktop.services.queue.balances.PAUSE_S", 0.01)
    async with scripted_server() as server:
        with_balance(server, "8.10", "8.09")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: "balance $8.10" in desk.texts())
            desk.generate()
            await desk.until(lambda: "balance $8.09" in desk.texts())


async def test_a_service_that_tells_no_balance_is_not_asked_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptimg_desktop.services.queue.balances.PAUSE_S", 0.01)
    async with scripted_server() as server, window(home / "data", server) as desk:
        await desk.until(lambda: len(server.of_kind("balance")) == 2)  # both addresses
        for count in (1, 2, 3):
            desk.generate()
            await desk.until_states(*["saved"] * count)
        assert len(server.of_kind("balance")) == 2


async def test_an_untested_key_replaces_no_kept_one_until_the_service_has_taken_it(
    home: Path, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptimg_desktop.services.queue.balances.PAUSE_S", 0.01)
    async with scripted_server() as server:
        with_balance(server, "8.10")
        async with window(home / "data", server, api_key="") as desk:
            await connect(desk)
            await desk.until(lambda: backend.kept)
            port = int(server.url.rpartition(":")[2])
            await server.stop_listening()
            desk.click("changeKeyButton")
            desk.find(QLineEdit, "apiKeyEdit").setText("sk-next-0123456789")
            desk.click("connectButton")
            await desk.until(lambda: "not tested" in desk.texts())
            assert "for this session only" in desk.texts()
            assert backend.kept["gptimg-desktop", server.url] == [KEY]
            await server.listen(port)
            desk.generate()
            await desk.until_states("saved")
            await desk.until(lambda: "Works." in desk.texts())
            await desk.until(lambda: backend.kept["gptimg-desktop", server.url] == ["sk-next-0123456789"])
            await desk.until(lambda: PLACE in desk.texts())


async def test_a_wrong_key_of_the_environment_is_told_at_the_start(home: Path) -> None:
    async with scripted_server() as server:
        server.balances = deque([scripts.answer(401, {"error": {"code": 401, "message": "no such key"}})])
        async with window(home / "data", server) as desk:
            await desk.until(lambda: "no such key" in desk.texts())
            assert server.of_kind("submit") == []


async def test_where_no_balance_is_told_the_first_accepted_picture_proves_the_key(
    home: Path, backend: MemoryBackend
) -> None:
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        await connect(desk)
        await desk.until(lambda: "did not say whether the key is right" in desk.texts())
        assert backend.kept == {}
        desk.generate()
        await desk.until_states("saved")
        await desk.until(lambda: backend.kept == {("gptimg-desktop", server.url): [KEY]})
