"""One start asks another to show itself, and is told whether it did."""

from __future__ import annotations

import os
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
print(raise_running(sys.argv[1], sys.argv[2], tuple(sys.argv[3:])))
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
def raised(server: RaiseServer) -> list[tuple[str, ...]]:
    """The files of each start that was heard."""
    found: list[tuple[str, ...]] = []
    server.raise_requested.connect(found.append)
    return found


def another_start(name: str, qtbot: QtBot, *files: str, start: str = "one") -> bool:
    """What another process is told, while this one's loop turns."""
    command = [sys.executable, "-c", ASK, name, start, *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        answer, _ = process.communicate()
    return answer.strip() == "True"


def test_each_start_is_heard_and_answered(name: str, raised: list[tuple[str, ...]], qtbot: QtBot) -> None:
    assert [another_start(name, qtbot) for _ in range(2)] == [True] * 2
    assert raised == [()] * 2


def test_the_files_of_a_start_are_handed_over(name: str, raised: list[tuple[str, ...]], qtbot: QtBot) -> None:
    many = [f"/pictures/素描 {number}\n.png" for number in range(2000)]
    unreadable = os.fsdecode(b"/pictures/\xff.png")
    assert another_start(name, qtbot, *many, unreadable)
    assert raised == [(*many, unreadable)]


def test_a_start_that_asks_again_hands_its_files_over_once(
    name: str, raised: list[tuple[str, ...]], qtbot: QtBot
) -> None:
    for start in ("one", "one", "two"):
        assert another_start(name, qtbot, "/chair.png", start=start)
    assert raised == [("/chair.png",), (), ("/chair.png",)]


def test_where_nobody_listens_nobody_answers(name: str, qtbot: QtBot) -> None:
    assert not another_start(name, qtbot)


@pytest.mark.parametrize(
    "words",
    [
        b"shutdown now\n",
        *(VERB + line + b"\n" for line in (b"", b"{}", b"[]", b'"one"', b"1", b"[1]", b"[" * 9000)),
    ],
)
def test_other_words_are_ignored(
    name: str, raised: list[tuple[str, ...]], qtbot: QtBot, words: bytes
) -> None:
    socket = connected(name)
    socket.write(words)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert (raised, socket.readAll().data()) == ([], b"")


def test_a_program_that_is_closing_raises_nothing(
    name: str, server: RaiseServer, raised: list[tuple[str, ...]], qtbot: QtBot
) -> None:
    """The request is on its way when the window closes: it must not bring the window back."""
    socket = connected(name)
    qtbot.waitUntil(lambda: len(server.findChildren(QLocalSocket)) == 1)
    socket.write(VERB + b'["one"]\n')
    socket.flush()
    server.close()
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert (raised, socket.readAll().data()) == ([], b"")


def connected(name: str) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    return socket
