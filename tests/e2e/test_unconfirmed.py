"""An unconfirmed job as its user meets it: what happened, the evidence, the four ways on."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QPlainTextEdit

from gptimg_desktop.core.findings import SETTLED_AFTER_S
from gptimg_desktop.ui.details.facts import clock_time
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import ScriptedServer, answer, scripted_server
from tests.unit.queue.test_unconfirmed import go_back, telling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

WAYS = ("unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose")


def suggested(desk: Desk) -> list[str]:
    """Which of the four ways stands out."""
    return [name for name in WAYS if desk.find(QAbstractButton, name).property("role") == "primary"]


async def one_unconfirmed(desk: Desk, server: ScriptedServer) -> None:
    """Generate once the window knows the balance, and select what became of it."""
    await desk.until(lambda: "balance $" in desk.texts())
    desk.generate()
    await desk.until_states("unconfirmed")
    desk.select()
    assert len(server.of_kind("submit")) == 1


@contextlib.asynccontextmanager
async def in_doubt(home: Path, act: scripts.Act) -> AsyncIterator[tuple[Desk, ScriptedServer]]:
    """The window with one unconfirmed job, whose submit met `act`; the server tells the balance."""
    async with scripted_server() as server:
        telling(server)
        server.submits = deque([act])
        async with window(home / "data", server) as desk:
            await one_unconfirmed(desk, server)
            yield desk, server


async def test_what_happened_and_when_is_told_with_the_four_ways(home: Path) -> None:
    async with in_doubt(home, scripts.accept_and_drop) as (desk, _):
        job = desk.jobs()[0]
        assert job.armed_at is not None
        assert clock_time(job.armed_at) in desk.texts()
        assert "may have been charged" in desk.texts()
        assert all(desk.find(QAbstractButton, name).isVisible() for name in WAYS)
        assert suggested(desk) == ["unconfirmedLook"]


async def test_a_charge_that_the_balance_shows_suggests_to_find_the_task(home: Path) -> None:
    async with in_doubt(home, scripts.accept_and_drop) as (desk, server):
        desk.click("unconfirmedLook")
        await desk.until(lambda: "Probably charged" in desk.texts())
        assert suggested(desk) == ["unconfirmedEnterId"]
        for told in ("$8.10", "$8.0915", "$0.0085", "no other job"):
            assert told in desk.texts()
        assert len(server.of_kind("submit")) == 1


async def test_an_unchanged_balance_suggests_to_send_again_and_the_click_stays_the_users(home: Path) -> None:
    async with scripted_server() as server:
        telling(server, charged=0)
        server.submits = deque([answer(502, b"<html>bad gateway</html>"), scripts.accept])
        async with window(home / "data", server) as desk:
            await one_unconfirmed(desk, server)
        go_back(home / "data", SETTLED_AFTER_S + 60)
        async with window(home / "data", server) as desk:
            desk.select()
            await desk.until(lambda: "Probably not charged" in desk.texts())
            assert suggested(desk) == ["unconfirmedSendAgain"]
            assert len(server.of_kind("submit")) == 1
            desk.click("unconfirmedSendAgain")
            desk.click("sendAgainConfirm")
            await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 2


async def test_what_came_back_can_be_read_and_copied_as_it_is(home: Path) -> None:
    page = b"<html><h1>502 Bad Gateway</h1><img src=http://127.0.0.1:9/x></html>"
    async with in_doubt(home, answer(502, page, Content_Type="text/html")) as (desk, _):
        button = desk.find(QAbstractButton, "unconfirmedCameBack")
        await desk.until(button.isVisible)
        desk.click("unconfirmedCameBack")
        text = desk.find(QPlainTextEdit, "cameBackText")
        assert text.toPlainText() == page.decode()
        assert "HTTP 502 · text/html" in desk.texts()
        desk.click("cameBackCopy")
        assert page.decode() in QGuiApplication.clipboard().text()
        desk.click("cameBackClose")
        await desk.until(lambda: not any(each.isVisible() for each in desk.app.window.findChildren(QDialog)))
        QGuiApplication.clipboard().clear()


async def test_half_an_id_in_the_answer_is_offered_and_nothing_is_followed_unasked(home: Path) -> None:
    async with in_doubt(home, answer(500, b'{"data":[{"task_id":"task_01KT48E134GC')) as (desk, server):
        await desk.until(lambda: desk.find(QAbstractButton, "unconfirmedCameBack").isVisible())
        assert server.of_kind("query") == []
        desk.click("unconfirmedEnterId")
        assert desk.find(QLineEdit, "unconfirmedIdEdit").text() == "task_01KT48E134GC"


async def test_looking_says_so_and_takes_one_press_at_a_time(home: Path) -> None:
    may_answer = asyncio.Event()
    async with in_doubt(home, scripts.accept_and_drop) as (desk, server):
        told = server.balances[0]
        server.balances = deque([scripts.hold(may_answer, told)])
        before = len(server.of_kind("balance"))
        for _ in range(5):
            desk.click("unconfirmedLook")
        look = desk.find(QAbstractButton, "unconfirmedLook")
        assert look.text() == "Looking…"
        await desk.until(lambda: len(server.of_kind("balance")) > before)
        may_answer.set()
        await desk.until(lambda: look.text() == "Look for it (free)")
        assert len(server.of_kind("balance")) == before + 1


async def test_closing_is_no_way_of_no_return_and_opening_again_sends_nothing(home: Path) -> None:
    async with in_doubt(home, scripts.accept_and_drop) as (desk, server):
        desk.click("unconfirmedClose")
        await desk.until_states("closed")
        desk.select()
        desk.click("unconfirmedReopen")
        await desk.until_states("unconfirmed")
        await desk.until(lambda: all(desk.find(QAbstractButton, name).isVisible() for name in WAYS))
        assert "Was it taken?" in desk.texts()
        assert len(server.of_kind("submit")) == 1


async def test_an_earlier_try_of_the_job_is_not_called_another_one(home: Path) -> None:
    async with in_doubt(home, scripts.accept_and_drop) as (desk, server):
        server.submits = deque([scripts.accept_and_drop])
        desk.click("unconfirmedSendAgain")
        desk.click("sendAgainConfirm")
        await desk.until(lambda: desk.jobs()[0].attempt == 2)
        await desk.until_states("unconfirmed")
        desk.click("unconfirmedLook")
        await desk.until(lambda: "an earlier try of this job" in desk.texts())
        assert "when they are done" not in desk.texts()


async def test_undo_in_the_gallery_brings_back_what_delete_put_away(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        desk.select()
        gallery = desk.app.window.gallery
        QTest.keyClick(gallery.view, Qt.Key.Key_Delete)
        await desk.until(lambda: not desk.jobs())
        QTest.keyClick(gallery, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until_states("saved")
        desk.select()
        desk.click("binButton")
        await desk.until(lambda: not desk.jobs())
        QTest.keyClick(gallery, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until_states("saved")
