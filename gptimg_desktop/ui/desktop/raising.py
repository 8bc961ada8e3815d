"""A second start raises the window of the first and hands it the files that it was given.

A verb, a line of JSON with a word that is this start's alone and the paths, and the verb's echo; anything
else is ignored. A start that is not answered in time asks again, so what it hands over counts once.
"""

from __future__ import annotations

import json
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

VERB: Final = b"raise\n"
PATIENCE_MS: Final = 1500
_MOST_BYTES: Final = 4 * 1024 * 1024


class RaiseServer(QObject):
    """Listens for other starts on the same data folder, for this user alone, until it is closed.

    The echo goes out once the request was told, so that nobody is sent away by a program that is closing.
    """

    raise_requested = Signal(object)  # tuple[str, ...]: paths of files

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._taken: set[str] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        QLocalServer.removeServer(name)  # ours alone: whoever gets here holds the instance lock
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _welcome(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.setReadBufferSize(_MOST_BYTES)
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._hear)

    def _hear(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        heard = bytes(socket.peek(_MOST_BYTES).data())
        goes_on = heard.startswith(VERB) and not heard.endswith(b"\n", len(VERB))
        if goes_on and len(heard) < _MOST_BYTES:
            return
        told = _told_by(heard)
        if told is not None and self._server.isListening():
            start, files = told
            self.raise_requested.emit(() if start in self._taken else files)
            self._taken.add(start)
            socket.write(VERB)
        socket.disconnectFromServer()


def _told_by(heard: bytes) -> tuple[str, tuple[str, ...]] | None:
    """The word of another start and the paths that it hands over; None where it says something else."""
    try:
        found = json.loads(heard.removeprefix(VERB)) if heard.startswith(VERB) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        return None
    return found[0], tuple(found[1:])


def raise_running(name: str, start: str, files: tuple[str, ...] = ()) -> bool:
    """Ask the program that listens under a name to show itself and to take these files, which count
    once for each `start`; False where none says that it did."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(VERB + json.dumps((start, *files)).encode("ascii") + b"\n")
    answered = socket.waitForReadyRead(PATIENCE_MS)
    return answered and bytes(socket.read(len(VERB)).data()) == VERB
