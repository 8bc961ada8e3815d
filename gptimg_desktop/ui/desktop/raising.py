"""A second start raises the window of the first. One verb and its echo; anything else is ignored."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

VERB: Final = b"raise\n"
PATIENCE_MS: Final = 1500


class RaiseServer(QObject):
    """Listens for other starts on the same data folder, for this user alone, until it is closed.

    The echo goes out once the request was told, so that nobody is sent away by a program that is closing.
    """

    raise_requested = Signal()

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
            socket.setReadBufferSize(1024)
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._hear)

    def _hear(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            if bytes(socket.read(len(VERB)).data()) == VERB and self._server.isListening():
                self.raise_requested.emit()
                socket.write(VERB)
            socket.disconnectFromServer()


def raise_running(name: str) -> bool:
    """Ask the program that listens under a name to show itself; False where none says that it did."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(VERB)
    answered = socket.waitForReadyRead(PATIENCE_MS)
    return answered and bytes(socket.read(len(VERB)).data()) == VERB
