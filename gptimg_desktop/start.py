"""From the command line to the open window, and back to an exit code."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import qasync
from PySide6.QtCore import QSocketNotifier

from gptimg_desktop.app import App, open_app
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.services.instance_lock import AlreadyRunningError
from gptimg_desktop.ui.desktop.application import Application
from gptimg_desktop.ui.desktop.raising import RaiseServer, raise_running
from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from gptimg_desktop.options import Options

logger = logging.getLogger(__name__)

LOG_OFF_GRACE_S = 5.0
"""How long a submit's answer is awaited when the system ends the program."""


def run(options: Options) -> int:
    """Open the window and return once it is closed and everything is put away."""
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        return runner.run(_main(options))


async def _main(options: Options) -> int:
    try:
        name = _channel(options)
        async with open_app(options) as app:
            await _until_closed(app, name)
    except AlreadyRunningError:
        return 0 if raise_running(name) else 1
    except AppError as error:
        print(f"gptimg-desktop: {sentence(error.problem)}", file=sys.stderr)  # noqa: T201 - no window to say it
        return 1
    return 0


async def _until_closed(app: App, channel: str) -> None:
    raising = RaiseServer(channel)
    raising.raise_requested.connect(app.raise_window)
    guard = _BugReports(app)
    endings = _EndSignals(app)
    try:
        await app.closed.wait()
    finally:
        endings.close()
        guard.close()
        raising.close()


def _channel(options: Options) -> str:
    """The name under which starts on the same data folder find each other."""
    folder = prepare_data_folder(options.data_dir)
    return "gptimg-desktop-" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


_ENDINGS = (signal.SIGTERM, signal.SIGINT)


class _BugReports:
    """Exceptions that nobody caught: logged with their traceback, told in one plain line, never a dialog."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._loop = asyncio.get_running_loop()
        sys.excepthook = self._from_python
        self._loop.set_exception_handler(self._from_loop)

    def close(self) -> None:
        sys.excepthook = sys.__excepthook__
        self._loop.set_exception_handler(None)

    def _from_python(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        logger.error("unexpected error", exc_info=(kind, error, trace))
        self._tell(kind.__name__)

    def _from_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        logger.error("unexpected error in the loop: %s", context.get("message"), exc_info=error)
        self._tell(type(error).__name__)

    def _tell(self, name: str) -> None:
        self._app.complain("", Problem.of(ProblemKind.INTERNAL, name=name))


class _EndSignals:
    """SIGTERM and SIGINT close the window. A socket wakes Qt's loop, in which Python's handlers then run."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._receiver.setblocking(False)
        self._notifier = QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)
        self._former_fd = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        self._former = {
            number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)
        }

    def close(self) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._former_fd)
        self._notifier.setEnabled(False)
        self._receiver.close()
        self._sender.close()

    def _drain(self) -> None:
        self._receiver.recv(64)

    def _end(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self._app.grace_s = LOG_OFF_GRACE_S
        self._app.window.close()
