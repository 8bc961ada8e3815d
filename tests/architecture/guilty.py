"""Tests that break the rules, each in one way, and some that keep them; `test_net.py` runs them.

Not collected under its own name. The docstring of a guilty test is what the net must say about it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

KEPT: list[object] = []


@pytest.mark.anyio
async def test_guilty_of_a_task() -> None:
    """left tasks behind"""
    KEPT.append(asyncio.create_task(asyncio.Event().wait()))


@pytest.mark.anyio
async def test_guilty_of_ending_itself() -> None:
    """the test was cancelled"""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


@pytest.mark.anyio
async def test_guilty_of_a_failed_task() -> None:
    """Task exception was never retrieved"""

    async def fail() -> None:
        raise LookupError("nobody looks")

    task = asyncio.create_task(fail())
    await asyncio.wait([task])


@pytest.mark.anyio
async def test_guilty_of_a_failed_callback() -> None:
    """nobody called me"""

    def fail() -> None:
        raise LookupError("nobody called me")

    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0)


@pytest.mark.anyio
async def test_guilty_of_a_coroutine() -> None:
    """was never awaited"""
    asyncio.sleep(0)  # type: ignore[unused-coroutine]


def test_guilty_of_a_warning() -> None:
    """RuntimeWarning: take care"""
    warnings.warn("take care", RuntimeWarning, stacklevel=1)


def test_guilty_of_a_record() -> None:
    """WARNING guilty: unexpected"""
    logging.getLogger("guilty").warning("unexpected")


@pytest.mark.expects_log("that never comes")
def test_guilty_of_an_empty_promise() -> None:
    """never logged: that never comes"""


def test_guilty_of_a_qt_warning(qapp: QApplication) -> None:
    """Qt messages with level WARNING"""
    qWarning("from Qt")


def test_guilty_of_a_thread() -> None:
    """left threads behind: ['lingerer']"""
    thread = threading.Thread(target=threading.Event().wait, name="lingerer", daemon=True)
    thread.start()


def test_guilty_of_a_window(qapp: QApplication) -> None:
    """QWidget 'lingerer'"""
    window = QWidget()
    window.setObjectName("lingerer")
    KEPT.append(window)


def test_guilty_of_a_timer(qapp: QApplication) -> None:
    """QTimer 'lingerer'"""
    timer = QTimer(qapp)
    timer.setObjectName("lingerer")
    timer.start(1000)


def test_guilty_of_a_slot(qapp: QApplication) -> None:
    """LookupError: slot"""

    def fail() -> None:
        raise LookupError("slot")

    QTimer.singleShot(0, fail)
    qapp.processEvents()


def test_guilty_of_the_network() -> None:
    """reached for other machines: ['192.0.2.1']"""
    with pytest.raises(ConnectionRefusedError), socket.socket() as plug:
        plug.connect(("192.0.2.1", 80))


@pytest.mark.anyio
async def test_guilty_of_a_request() -> None:
    """reached for other machines: ['example.com']"""
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://example.com/")


def test_guilty_of_a_datagram() -> None:
    """reached for other machines: ['192.0.2.2']"""
    with pytest.raises(ConnectionRefusedError), socket.socket(type=socket.SOCK_DGRAM) as plug:
        plug.sendto(b"hello", ("192.0.2.2", 53))


# The same things, done properly


@pytest.mark.anyio
@pytest.mark.parametrize("turn", range(3))
async def test_honest_about_tasks_and_sockets(turn: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 Fine\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with httpx.AsyncClient() as client:
            reply = await client.get(f"http://127.0.0.1:{port}/")
    assert reply.status_code == 204
    assert await asyncio.to_thread(int, "7") == 7


@pytest.mark.anyio
def test_honest_about_needing_no_loop() -> None:
    assert asyncio.events._get_running_loop() is None


def test_honest_about_a_name_that_cannot_be() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nowhere.invalid", 80))


@pytest.mark.expects_log("WARNING honest: .*full")
def test_honest_about_a_record(expect_log: Callable[[str], None]) -> None:
    name = "folder"
    expect_log(f"not there: {name}")
    logging.getLogger("honest").warning("the disk is %s", "full")
    logging.getLogger("honest").error("not there: %s", name)


def test_honest_about_a_thread() -> None:
    thread = threading.Thread(target=str)
    thread.start()
    thread.join()


def test_honest_about_a_window(qtbot: QtBot) -> None:
    window = QWidget()
    timer = QTimer(window)
    timer.start(1000)
    qtbot.addWidget(window)
    window.show()
    assert window.isVisible()


def test_honest_about_home(home: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []
    (home / "left here").touch()


def test_honest_about_the_next_home(home: Path) -> None:
    assert list(home.iterdir()) == []


def test_honest_about_the_environment() -> None:
    ours = [name for name in os.environ if name.startswith("GPTIMG_") or name.lower().endswith("_proxy")]
    assert ours == []
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
