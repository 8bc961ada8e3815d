"""One start asks another to show itself, and is told whether it did."""

from __future__ import annotations

import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalSocket

from gptimg_desktop.ui.desktop.raising import VERB, RaiseServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

ASK = """
import sys
from gptimg_desktop.ui.desktop.raising import raise_running
print(raise_running(sys.argv[1]))
"""


@pytest.fixture
def name() -> str:
    return f"gptimg-test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def server(name: str, qtbot: QtBot) -> Iterator[RaiseServer]:
    made = RaiseServer(name)
    yield made
    made.close()


@pytest.fixture
def raised(server: RaiseServer) -> list[str]:
    found: list[str] = []
    server.raise_requested.connect(lambda: found.append("raise"))
    return found


def another_start(name: str, qtbot: QtBot) -> bool:
    """What another process is told, while this one's loop turns."""
    with subprocess.Popen([sys.executable, "-c", ASK, name], stdout=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        answer, _ = process.communicate()
    return answer.strip() == "True"


def test_each_start_is_heard_and_answered(name: str, raised: list[str], qtbot: QtBot) -> None:
    assert [another_start(name, qtbot) for _ in range(2)] == [True] * 2
    assert raised == ["raise"] * 2


def test_where_nobody_listens_nobody_answers(name: str, qtbot: QtBot) -> None:
    assert not another_start(name, qtbot)


def test_other_words_are_ignored(name: str, raised: list[str], qtbot: QtBot) -> None:
    socket = connected(name)
    socket.write(b"shutdown now\n")
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert (raised, socket.readAll().data()) == ([], b"")


def test_a_program_that_is_closing_raises_nothing(
    name: str, server: RaiseServer, raised: list[str], qtbot: QtBot
) -> None:
    """The request is on its way when the window closes: it must not bring the window back."""
    socket = connected(name)
    qtbot.waitUntil(lambda: len(server.findChildren(QLocalSocket)) == 1)
    socket.write(VERB)
    socket.flush()
    server.close()
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert (raised, socket.readAll().data()) == ([], b"")


def connected(name: str) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    return socket
