"""A second start raises the window of the first and hands it the files that it was given.

A verb, a line with the paths as JSON, and the verb's echo; anything else is ignored.
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
        files = _files_in(heard)
        if files is not None and self._server.isListening():
            self.raise_requested.emit(files)
            socket.write(VERB)
        socket.disconnectFromServer()


def _files_in(heard: bytes) -> tuple[str, ...] | None:
    """The paths that another start hands over; None where it says something else."""
    try:
        found = json.loads(heard.removeprefix(VERB)) if heard.startswith(VERB) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        return None
    return tuple(found)


def raise_running(name: str, files: tuple[str, ...] = ()) -> bool:
    """Ask the program that listens under a name to show itself and to take these files; False where none says
    that it did."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(VERB + json.dumps(files).encode("ascii") + b"\n")
    answered = socket.waitForReadyRead(PATIENCE_MS)
    return answered and bytes(socket.read(len(VERB)).data()) == VERB
