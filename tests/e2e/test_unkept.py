"""Closing the window while the id of a paid task is on no disk."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from gptimg_desktop.ui.unkept_dialog import UnkeptDialog
from tests.support.desk import Desk, window
from tests.support.scripted_server import Exchange, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.anyio, pytest.mark.row(40)]

EXPECTED = pytest.mark.expects_log(
    "accepted as task_0+, which cannot be stored",
    "closing with 1 submits unanswered",
)


async def unkept(desk: Desk, server: ScriptedServer, home: Path) -> str:
    """One press; neither the library nor the journal can take the id that comes back."""

    async def accept_at_length(exchange: Exchange) -> None:
        """Takes the job, in an answer for which the library needs more pages."""
        await exchange.read_body()
        desk.app.engine._library.journal.close()  # it was there when the job was armed
        (home / "data" / "journal").unlink()
        (home / "data" / "journal").mkdir()
        task_id = exchange.accept()
        await exchange.reply(200, {"data": [{"task_id": task_id}], "more": "x" * 40_000})

    server.submits = deque([accept_at_length])
    database: Any = desk.app.engine.store._database
    await asyncio.get_running_loop().run_in_executor(
        database._writer, lambda: database._writing.execute("PRAGMA max_page_count = 1").fetchall()
    )
    desk.generate()
    await desk.until(lambda: "Write the task id down" in desk.texts(), "the notice")
    return server.accepted[0][0]


def question(desk: Desk) -> QMessageBox:
    return desk.find(QMessageBox, "unkeptDialog")


def press(desk: Desk, name: str) -> None:
    button = question(desk).findChild(QAbstractButton, name)
    assert button is not None
    button.click()


@EXPECTED
async def test_closing_asks_shows_the_id_and_copies_it(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, grace_s=0.1) as desk:
        task_id = await unkept(desk, server, home)
        desk.app.window.close()
        assert desk.app.window.isVisible()
        assert not desk.app.closed.is_set()
        assert task_id in question(desk).informativeText()
        press(desk, "unkeptCopy")
        assert QGuiApplication.clipboard().text() == task_id
        assert question(desk).isVisible()
        press(desk, "unkeptStay")
        await desk.until(lambda: desk.app.window.findChild(UnkeptDialog) is None)
        assert desk.app.window.isVisible()
        desk.app.window.close()
        press(desk, "unkeptClose")
        assert desk.app.closed.is_set()
        assert not desk.app.window.isVisible()


@EXPECTED
async def test_a_second_close_asks_no_second_question(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, grace_s=0.1) as desk:
        await unkept(desk, server, home)
        desk.app.window.close()
        desk.app.window.close()
        assert len(desk.app.window.findChildren(UnkeptDialog)) == 1


@EXPECTED
async def test_the_system_is_not_held_up(home: Path) -> None:
    """A shutdown comes as a signal that nobody can answer with a click."""
    from gptimg_desktop.start import _EndSignals  # noqa: PLC0415

    async with scripted_server() as server, window(home / "data", server, grace_s=0.1) as desk:
        await unkept(desk, server, home)
        endings = _EndSignals(desk.app)
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await desk.until(desk.app.closed.is_set)
        finally:
            endings.close()
        desk.app.grace_s = 0.1


@EXPECTED
async def test_going_back_to_a_backup_asks_the_same_and_is_given_up_by_who_stays(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, grace_s=0.1) as desk:
        await desk.app.engine.safety.back_up(untold)
        wish = home / "data" / "restore-wanted"
        task_id = await unkept(desk, server, home)
        await go_back(desk)
        await desk.until(lambda: desk.app.window.findChild(UnkeptDialog) is not None, "the question")
        assert wish.exists()
        assert desk.app.window.isVisible()
        assert task_id in question(desk).informativeText()
        press(desk, "unkeptStay")
        await desk.until(lambda: not wish.exists(), "the next start goes back to nothing")
        await desk.until(lambda: not desk.app.wants_restart)
        await desk.until(lambda: desk.app.window.findChild(UnkeptDialog) is None)
        await go_back(desk)
        await desk.until(lambda: desk.app.window.findChild(UnkeptDialog) is not None, "the question again")
        press(desk, "unkeptClose")
        assert desk.app.closed.is_set()
        assert desk.app.wants_restart
        assert wish.exists()


async def go_back(desk: Desk) -> None:
    """Choose the newest backup."""
    desk.app.parts.safekeeping.choose_backup()
    await desk.until(lambda: desk.app.window.findChild(QAbstractButton, "backupsRestore") is not None)
    await desk.until(lambda: desk.find(QAbstractButton, "backupsRestore").isEnabled())
    desk.click("backupsRestore")


def untold(_done: int, _total: int) -> None:
    """Nobody wants to know."""
