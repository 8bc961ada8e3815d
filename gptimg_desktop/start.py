"""From the command line to the open window, and back to an exit code."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import logging
import os
import signal
import socket
import sys
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import qasync
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication

from gptimg_desktop.app import USER_GRACE_S, App, open_app
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.services.instance_lock import AlreadyRunningError
from gptimg_desktop.ui.desktop.application import Application
from gptimg_desktop.ui.desktop.country import write_as_in_a_country
from gptimg_desktop.ui.desktop.input_method import let_ibus_stand_in
from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType, TracebackType

    from gptimg_desktop.options import Options

logger = logging.getLogger(__name__)

LOG_OFF_GRACE_S: Final = 5.0
"""How long a submit's answer is awaited when the system ends the program."""
LOG_OFF_S: Final = 60.0
"""How long after the desktop spoke of it an end counts as a log-off; it may also have changed its mind."""
PATIENCE_S: Final = USER_GRACE_S + 15.0
"""How long a start waits for a program that neither answers nor ends; a closing one may take its grace."""
SILENCE_S: Final = 2.0
RETRY_S: Final = 0.2


def run(options: Options) -> int:
    """Open the window and return once it is closed and everything is put away."""
    let_ibus_stand_in(os.environ)
    application = Application(sys.argv[:1])
    write_as_in_a_country()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        return runner.run(_main(options))


async def _main(options: Options) -> int:
    try:
        return await _open_or_raise(options)
    except AppError as error:
        _say(sentence(error.problem))
        return 1


async def _open_or_raise(options: Options) -> int:
    """Open the window, or bring the one that is open to the front.

    A program that is just opening can be raised in a moment; one that is just closing is waited for.
    """
    channel = channel_of(prepare_data_folder(options.data_dir))
    start = uuid.uuid4().hex
    started = time.monotonic()
    is_told = False
    while True:
        try:
            with contextlib.ExitStack() as to_the_end:
                async with open_app(options) as app:
                    gc.freeze()  # what is loaded stays; searching it for garbage holds the window up
                    gc.enable()
                    await _until_closed(app, channel, to_the_end)
            if app.wants_restart:
                started = time.monotonic()
                options = replace(options, files=())  # the composer has them already
                continue
        except AlreadyRunningError:
            if _raise_running(channel, start, options):
                return 0
        else:
            return 0
        waited_s = time.monotonic() - started
        if waited_s > PATIENCE_S:
            _say("another GPTImg works on this data folder and does not answer")
            return 1
        if waited_s > SILENCE_S and not is_told:
            is_told = True
            _say("another GPTImg is just opening or closing; waiting for it")
        await asyncio.sleep(RETRY_S)


def _raise_running(channel: str, start: str, options: Options) -> bool:
    from gptimg_desktop.ui.desktop.raising import raise_running  # noqa: PLC0415 - brings Qt's network

    return raise_running(channel, start, tuple(map(str, options.files)))


def _say(text: str) -> None:
    print(f"gptimg-desktop: {text}", file=sys.stderr)  # noqa: T201 - there is no window to say it


async def _until_closed(app: App, channel: str, to_the_end: contextlib.ExitStack) -> None:
    """Signals and a log-off are heard `to_the_end`: an answer may be awaited after the window is gone."""
    from gptimg_desktop.ui.desktop.raising import RaiseServer  # noqa: PLC0415 - brings Qt's network

    raising = RaiseServer(channel)
    raising.raise_requested.connect(app.raise_window)
    app.window.closed.connect(raising.close)
    guard = _BugReports(app)
    for heard in (_EndSignals(app), _LogOff(app)):
        to_the_end.callback(heard.close)
    try:
        await app.closed.wait()
    finally:
        guard.close()
        raising.close()


def channel_of(data_dir: Path) -> str:
    """The name under which starts on the same data folder find each other."""
    return "gptimg-desktop-" + hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]


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


class _LogOff:
    """The desktop asks everybody to keep what they have: just before a log-off, but at other times too. So
    the window stays, and only a close that follows soon waits no longer than there is time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._patience_s = app.grace_s
        self._over = QTimer(singleShot=True, interval=round(LOG_OFF_S * 1000))
        self._over.timeout.connect(self._forget)
        self._application = QGuiApplication.instance()
        if isinstance(self._application, QGuiApplication):
            self._application.commitDataRequest.connect(self._hurry)

    def close(self) -> None:
        self._over.stop()
        if isinstance(self._application, QGuiApplication):
            self._application.commitDataRequest.disconnect(self._hurry)

    def _hurry(self) -> None:
        self._app.end_within(LOG_OFF_GRACE_S)
        self._over.start()

    def _forget(self) -> None:
        self._app.grace_s = self._patience_s


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
            self._app.end_within(LOG_OFF_GRACE_S)
        if not self._app.closed.is_set():
            self._app.window.close_at_once()
