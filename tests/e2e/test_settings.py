"""Settings and keys that change while something is under way, through the real window."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton, QWidget

from gptimg_desktop import engine as engines
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.line import in_line
from gptimg_desktop.core.settings import ProxyChoice, Theme
from gptimg_desktop.services.key_store import FoundStore, KeyStore
from gptimg_desktop.services.keys import Keys
from gptimg_desktop.services.patient_key_store import PatientKeyStore
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.key_stores import PLACE, MemoryBackend
from tests.support.scripted_server import KEY, answer, scripted_server, task

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

TYPED = "sk-typed-0123456789"
RICH = answer(200, {"success": True, "remain_balance": 10, "used_balance": 0})


def settle(home: Path, **settings: Any) -> None:
    (home / "data").mkdir()
    (home / "data" / "settings.json").write_text(json.dumps(settings))


def give_store(desk: Desk, backend: MemoryBackend, *, patience_s: float = 30.0) -> None:
    found = FoundStore(place=PLACE, backend=backend)
    desk.app.engine._keys._store = PatientKeyStore(KeyStore(lambda: found), patience_s=patience_s)


def button_text(desk: Desk) -> str:
    return str(desk.find(QWidget, "generateButton").property("text"))


async def test_a_key_that_is_tried_at_one_service_is_never_given_to_another(home: Path) -> None:
    answered = asyncio.Event()
    async with scripted_server() as first, scripted_server() as second:
        settle(home, base_url=first.url)
        first.balances = deque([scripts.hold(answered, RICH)])
        second.balances = deque([RICH])
        async with window(home / "data", practice=False) as desk:
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: first.of_kind("balance"))
            desk.app.parts.preferences.take_dialog(replace(desk.settings, base_url=second.url))
            answered.set()
            desk.generate("a practice picture")
            await desk.until_states("saved")
            assert second.requests == []
            assert desk.app.engine.connection.is_practice


async def test_a_press_on_free_is_free_however_slow_the_disk_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = engines.save_settings

    def slowly(*what: Any) -> None:
        time.sleep(0.3)
        kept(*what)

    async with scripted_server() as keyless, scripted_server() as real:
        settle(home, base_url=real.url)
        async with window(home / "data", practice=False) as desk:
            desk.app.engine.use_key(TYPED)
            desk.app.parts.connecting.show()
            monkeypatch.setattr(engines, "save_settings", slowly)
            desk.app.parts.preferences.take_dialog(replace(desk.settings, base_url=keyless.url))
            assert "free" in button_text(desk)
            assert desk.app.engine.connection.is_practice
            desk.app.parts.preferences.take_dialog(replace(desk.settings, base_url=real.url))
            assert "free" not in button_text(desk)
            assert not desk.app.engine.connection.is_practice


async def test_the_window_does_not_wait_for_the_key_of_another_address(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as first, scripted_server() as second:
        settle(home, base_url=first.url, kept_keys=[second.url])
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend)
            desk.app.engine.use_key(TYPED)
            desk.app.parts.connecting.show()
            backend.opened.clear()
            desk.app.parts.preferences.take_dialog(replace(desk.settings, base_url=second.url))
            await desk.until(lambda: backend.asked)
            assert desk.app.engine.connection.is_practice
            assert "free" in button_text(desk)
            backend.opened.set()


async def test_the_dialog_undoes_nothing_that_changed_while_it_was_open(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.window.settings_requested.emit()
        dialog = desk.find(QDialog, "settingsDialog")
        desk.app.parts.preferences.key_was_kept(server.url, True)
        desk.app.window.queue.pause_requested.emit()
        combo = desk.find(QComboBox, "themeCombo")
        combo.setCurrentIndex(combo.findData("dark"))
        desk.find(QPushButton, "settingsSave").click()
        assert not dialog.isVisible()
        assert desk.settings.theme is Theme.DARK
        assert desk.settings.kept_keys == (server.url,)
        assert desk.settings.paused


async def test_the_dialog_names_the_address_in_use(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.window.settings_requested.emit()
        field = desk.find(QLineEdit, "baseUrlEdit")
        assert field.text() == server.url
        assert not field.isEnabled()
        desk.find(QDialog, "settingsDialog").reject()


async def test_a_proxy_that_is_none_can_be_mended_in_the_settings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "htp://[oops")
    address = "https://api.example.invalid"
    async with window(home / "data", practice=False, api_key=KEY, base_url=address) as desk:
        assert "HTTPS_PROXY" in desk.texts()
        desk.app.window.settings_requested.emit()
        combo = desk.find(QComboBox, "proxyCombo")
        combo.setCurrentIndex(combo.findData("none"))
        desk.find(QPushButton, "settingsSave").click()
        assert desk.app.engine._connections.get(address) is not None


# Keys


async def test_remove_while_the_key_store_asks_for_its_password(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as server:
        server.balances = deque([RICH])
        settle(home, base_url=server.url)
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend)
            backend.opened.clear()
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: not desk.app.engine.connection.is_practice)
            await desk.until(lambda: backend.asked)
            desk.click("disconnectButton")
            assert desk.app.engine.connection.is_practice
            backend.opened.set()
            await desk.app.tasks.finish()
            assert not any(backend.kept.values())
            assert "Practising" in desk.texts()
            assert desk.settings.kept_keys == ()


async def test_a_key_store_that_keeps_a_removed_key_is_told(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as server:
        server.balances = deque([RICH])
        settle(home, base_url=server.url)
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend)
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: desk.settings.kept_keys)
            backend.clings = True
            desk.click("disconnectButton")
            await desk.until(lambda: "did not let go of the key" in desk.texts())
            assert desk.app.engine.connection.is_practice
            assert desk.settings.kept_keys == ()


async def test_a_late_key_store_does_not_end_the_look_of_another_test(home: Path) -> None:
    backend, answered = MemoryBackend(), asyncio.Event()
    async with scripted_server() as server:
        server.balances = deque([RICH, RICH, scripts.hold(answered, RICH)])
        settle(home, base_url=server.url)
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend, patience_s=0.2)
            await desk.app.engine._keys._store.place()
            backend.opened.clear()
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: len(server.of_kind("balance")) == 2)
            desk.app.parts.connecting.use_key("sk-other-9876543210")
            await desk.until(lambda: "did not take the key" in desk.texts())
            assert "Trying the key" in desk.texts()
            backend.opened.set()
            answered.set()
            await desk.until(lambda: "…3210" in desk.texts())


# The balance


async def test_one_bad_answer_does_not_freeze_the_balance(home: Path) -> None:
    bad = answer(502, b"<html>")
    async with scripted_server() as server:
        server.balances = deque([RICH, bad, answer(200, {"remain_balance": 3})])
        async with window(home / "data", server) as desk:
            await desk.until(lambda: "balance $10" in desk.texts())
            desk.app.tasks.start("balance", desk.app.parts.connecting._ask_for_balance())
            await desk.until(lambda: len(server.of_kind("balance")) == 2)
            await desk.app.tasks.finish()
            desk.app.tasks.start("balance", desk.app.parts.connecting._ask_for_balance())
            await desk.until(lambda: "balance $3" in desk.texts())


async def test_a_late_balance_of_a_removed_key_is_not_shown(home: Path) -> None:
    answered = asyncio.Event()
    async with scripted_server() as server:
        settle(home, base_url=server.url)
        server.balances = deque([RICH, scripts.hold(answered, RICH)])
        async with window(home / "data", practice=False) as desk:
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: len(server.of_kind("balance")) == 2)
            desk.app.parts.connecting.forget_key()
            answered.set()
            await desk.app.tasks.finish()
            assert "balance" not in desk.texts()


@pytest.mark.parametrize("amount", ["1e30", "-1e35", 1e300])
async def test_a_balance_that_nobody_has_is_not_shown(home: Path, amount: Any) -> None:
    async with scripted_server() as server:
        server.balances = deque([answer(200, {"success": True, "remain_balance": amount})])
        async with window(home / "data", server) as desk:
            await desk.until(lambda: len(server.of_kind("balance")) == 2)
            await desk.app.tasks.finish()
            assert "balance" not in desk.texts()


async def test_a_failed_picture_cost_nothing_whatever_was_said_before(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.pending, task("failed", cost=0.0085, error="no")])
        desk.generate()
        await desk.until_states("failed")
        assert desk.jobs()[0].cost is None


async def test_several_pictures_are_sent_next_in_their_own_order(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.window.queue.pause_requested.emit()
        for count, prompt in enumerate(("x", "a", "b", "c"), 1):
            desk.generate(prompt)
            await desk.until_states(*["queued"] * count)
        model, selection = desk.app.model, desk.app.window.gallery.view.selectionModel()
        selection.clear()
        for job in desk.jobs()[:3]:
            selection.select(model.index_of(job.id), QItemSelectionModel.SelectionFlag.Select)
        QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_N)
        await desk.until(lambda: [job.request.prompt for job in in_line(desk.jobs())] == ["a", "b", "c", "x"])


# What was found at the second reading


async def test_keep_the_old_key_keeps_it_whatever_comes_of_the_test_of_another(home: Path) -> None:
    answered = asyncio.Event()
    refused = answer(401, {"error": {"code": 401, "message": "no such key"}})
    async with scripted_server() as server:
        settle(home, base_url=server.url)
        server.balances = deque([RICH, RICH, scripts.hold(answered, RICH), refused, RICH])
        async with window(home / "data", practice=False) as desk:
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: len(server.of_kind("balance")) == 2)
            await desk.app.tasks.finish()
            desk.click("changeKeyButton")
            desk.find(QLineEdit, "apiKeyEdit").setText("sk-other-9876543210")
            desk.click("connectButton")
            await desk.until(lambda: len(server.of_kind("balance")) == 3)
            desk.app.tasks.start("balance", desk.app.parts.connecting._ask_for_balance())
            await desk.until(lambda: len(server.of_kind("balance")) == 4)
            assert "Trying the key" in desk.texts()
            desk.app.window.connect_panel._close_field()
            answered.set()
            await desk.app.tasks.finish()
            assert desk.app.engine.connection.key_hint == TYPED[-4:]


async def test_the_balance_is_shown_though_the_key_was_kept_meanwhile(home: Path) -> None:
    answered = asyncio.Event()
    async with scripted_server() as server:
        settle(home, base_url=server.url)
        server.balances = deque([RICH, scripts.hold(answered, RICH)])
        async with window(home / "data", practice=False) as desk:
            give_store(desk, MemoryBackend())
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: desk.settings.kept_keys)
            answered.set()
            await desk.until(lambda: "balance $10" in desk.texts())


async def test_a_key_that_proves_itself_once_the_proxy_is_right_is_kept(home: Path) -> None:
    backend = MemoryBackend()
    async with scripted_server() as server:
        settle(home, base_url=server.url)
        port = int(server.url.rpartition(":")[2])
        await server.stop_listening()
        server.balances = deque([RICH])
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend)
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: "not tested" in desk.texts())
            await server.listen(port)
            chosen = replace(desk.settings, proxy=ProxyChoice.NONE)
            desk.app.parts.preferences.take_dialog(chosen)
            await desk.until(lambda: backend.kept)


async def test_a_key_is_removed_even_where_the_proxy_cannot_be_used(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://api.example.invalid"
    settle(home, base_url=address, proxy="none")
    monkeypatch.setenv("HTTPS_PROXY", "htp://[oops")
    async with window(home / "data", practice=False, api_key=KEY) as desk:
        desk.app.engine.use_key(TYPED)
        desk.app.parts.connecting.show()
        chosen = replace(desk.settings, proxy=ProxyChoice.SYSTEM)
        desk.app.parts.preferences.take_dialog(chosen)
        desk.app.parts.connecting.forget_key()
        assert desk.app.engine._connections.get(address) is None


async def test_a_late_answer_of_the_former_address_says_nothing_about_the_present_one(home: Path) -> None:
    answered = asyncio.Event()
    async with scripted_server() as former, scripted_server() as present:
        settle(home, base_url=former.url)
        former.balances = deque([RICH, scripts.not_here, scripts.hold(answered, scripts.not_here)])
        present.balances = deque([RICH])
        async with window(home / "data", practice=False) as desk:
            desk.app.engine._keys.remember(present.url, "sk-other-9876543210")
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: len(former.of_kind("balance")) == 3)
            desk.app.parts.preferences.take_dialog(replace(desk.settings, base_url=present.url))
            await desk.until(lambda: "balance $10" in desk.texts())
            answered.set()
            await desk.app.tasks.finish()
            present.balances = deque([answer(200, {"remain_balance": 3})])
            desk.app.tasks.start("balance", desk.app.parts.connecting._ask_for_balance())
            await desk.until(lambda: "balance $3" in desk.texts())


async def test_jobs_that_no_proxy_lets_through_say_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "htp://[oops")
    address = "https://api.example.invalid"
    async with window(home / "data", practice=False, api_key=KEY, base_url=address) as desk:
        desk.app.window.notices.forget(ProblemKind.UNREACHABLE)
        desk.generate()
        await desk.until(lambda: "proxy's address is malformed" in desk.texts())
        assert "There is no key" not in desk.texts()


async def test_what_is_heard_out_at_the_end_starts_nothing_new(home: Path) -> None:
    backend, answered = MemoryBackend(), asyncio.Event()

    async def slowly(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        task_id = exchange.accept()
        await answered.wait()
        await exchange.reply(200, {"code": 200, "data": [{"status": "submitted", "task_id": task_id}]})

    async with scripted_server() as server:
        settle(home, base_url=server.url)
        server.submits = deque([slowly])
        async with window(home / "data", practice=False) as desk:
            give_store(desk, backend)
            desk.app.parts.connecting.use_key(TYPED)
            await desk.until(lambda: "did not say whether" in desk.texts())
            desk.generate()
            await desk.until(lambda: server.accepted)
            asyncio.get_running_loop().call_later(0.3, answered.set)
        assert backend.kept == {}
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "keep key"] == []


async def test_practice_sends_no_waiting_job_of_any_service(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = MemoryBackend()
    found = FoundStore(place=PLACE, backend=backend)
    store = PatientKeyStore(KeyStore(lambda: found))
    monkeypatch.setattr(engines, "Keys", partial(Keys, store=store))
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.app.window.queue.pause_requested.emit()
            desk.generate()
            await desk.until_states("queued")
        backend.kept["gptimg-desktop", server.url] = [KEY]
        content = {"base_url": "https://api.example.invalid", "kept_keys": [server.url]}
        (home / "data" / "settings.json").write_text(json.dumps(content))
        async with window(home / "data") as desk:
            await desk.app.tasks.finish()
            desk.generate("a practice picture")
            await desk.until_states("saved", "queued")
            assert server.of_kind("submit") == []
