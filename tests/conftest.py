"""The net under every test: whatever a test leaves behind, logs or reaches for makes it fail.

A test must not leave asyncio tasks, threads or windows behind, must not log a warning that it did not
announce (`@pytest.mark.expects_log("regex")`, or the `expect_log` fixture for words known later), must not
reach for another machine, and finds an empty home folder. Tests marked `anyio` share one Qt event loop, the
only one of the process: a second one crashes once sockets were used.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import inspect
import ipaddress
import itertools
import logging
import os
import re
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import qasync
import shiboken6
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gptimg_desktop.ui.desktop.application import Application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    Backend = tuple[str, dict[str, Callable[[], asyncio.AbstractEventLoop]]]

CANARY = b"sk-canary-"  # how every key of the tests begins that must stand nowhere
THREAD_GRACE_S = 2.0  # a thread that was told to end may need a moment
LOOP_TURNS = 5  # callbacks of what was closed a moment ago may still be due


def pytest_configure(config: pytest.Config) -> None:
    """An environment without a screen, a proxy, a key store or settings of ours."""
    config.addinivalue_line("markers", "expects_log(*patterns): log records that belong to the test")
    config.addinivalue_line("markers", "row(*numbers): rows of tests/faults/catalogue that the test shows")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in list(os.environ):
        if name.startswith("GPTIMG_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    for name in ("DBUS_SESSION_BUS_ADDRESS", "SSLKEYLOGFILE"):
        os.environ.pop(name, None)
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the developer's own keys


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports go from process to process as text that can be sent: a captured log may hold what cannot."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report


# One loop per process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives every `anyio` test a task of its own: one that is cancelled fails, and the next ones run."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.obj = _in_own_task(item.obj)


def _in_own_task(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    @functools.wraps(test)
    async def run(**arguments: Any) -> None:
        task = asyncio.create_task(test(**arguments), name="the test")
        await asyncio.wait([task])
        if task.cancelled():
            pytest.fail("the test was cancelled", pytrace=False)
        await task

    return run


class _InOneFont(Application):
    """In the letters of a bare machine, whatever else is installed: what fits, and what wraps, is theirs."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setFont(QFont("DejaVu Sans", self.font().pointSize()))


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application as users run it: closing a window does not end the loop."""
    return _InOneFont


@pytest.fixture(scope="session")
def anyio_backend(qapp: QApplication) -> Backend:
    """The backend of every `anyio` test: asyncio on the Qt loop, which is made once."""
    made: list[qasync.QEventLoop] = []

    def make_loop() -> asyncio.AbstractEventLoop:
        assert not made, "a second Qt event loop in one process"
        made.append(qasync.QEventLoop(qapp))
        loop: asyncio.AbstractEventLoop = made[0]
        return loop

    return "asyncio", {"loop_factory": make_loop}


@pytest.fixture(scope="session")
async def shared_loop(anyio_backend: Backend) -> AsyncIterator[asyncio.AbstractEventLoop]:
    """Keeps the loop open from the first `anyio` test to the last; an error in a callback is logged."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(None)
    gc.collect()
    gc.freeze()  # what is loaded by now stays; collecting after every test then takes a moment only
    yield loop  # noqa: PT022 (a fixture that returned would let go of the loop)


# Nothing of the user's is touched


@pytest.fixture(scope="session")
def homes() -> Iterator[Iterator[Path]]:
    """Empty folders, a fresh one at each `next`; short paths, because sockets have to fit in."""
    with tempfile.TemporaryDirectory(prefix="gptimg-") as top:
        yield (Path(top, str(number)) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path]) -> Iterator[Path]:
    """A home of its own for every test, which the environment points to."""
    folder = next(homes)
    folder.mkdir(mode=0o700)
    places = {
        "HOME": folder,
        "XDG_CACHE_HOME": folder / ".cache",
        "XDG_CONFIG_HOME": folder / ".config",
        "XDG_DATA_HOME": folder / ".local" / "share",
        "XDG_STATE_HOME": folder / ".local" / "state",
        "XDG_RUNTIME_DIR": folder,
        "XDG_PICTURES_DIR": folder / "Pictures",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, place in places.items():
            patch.setenv(name, str(place))
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def keeps_the_key_secret(home: Path) -> Iterator[None]:
    """Fails a test after which the key that it used stands in any file: library, log, settings, picture."""
    yield
    leaks = [str(path) for path in home.rglob("*") if path.is_file() and _holds_the_key(path)]
    if leaks:
        pytest.fail(f"the key stands in {leaks}", pytrace=False)


def _holds_the_key(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return CANARY in path.read_bytes()
    return False


# No other machine is reached


def _text(host: object) -> str:
    """A host as text; socket functions take bytes and None as well."""
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_local(host: str) -> bool:
    """True for this machine, whether named or numbered, and for no host at all."""
    number = _number(host)
    if number is None:
        return host in {"", "localhost"}
    return number.is_loopback or number.is_unspecified


class Fence:
    """Stands between the tests and the network; `reached` collects what they reached for."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def check_address(self, family: int, address: object) -> None:
        """Refuses an address of another machine, as a firewall would."""
        if family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
            return
        host = _text(address[0])
        if not _is_local(host):
            self.reached.append(host)
            raise ConnectionRefusedError(f"tests do not reach other machines: {host}")

    def check_name(self, name: object) -> None:
        """Resolves nothing but this machine; names under .invalid fail as they would outside."""
        host = _text(name)
        if _is_local(host) or _number(host):
            return
        if not host.endswith(".invalid"):
            self.reached.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture(scope="session", autouse=True)
def fence() -> Iterator[Fence]:
    """Puts the fence up for the whole run."""
    guard = Fence()
    really_connect, really_try = socket.socket.connect, socket.socket.connect_ex
    really_send, really_resolve = socket.socket.sendto, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        guard.check_address(self.family, address)
        really_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        guard.check_address(self.family, address)
        return really_try(self, address)

    def sendto(self: socket.socket, *args: Any) -> int:
        guard.check_address(self.family, args[-1])
        return really_send(self, *args)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard.check_name(host)
        return really_resolve(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket.socket, "sendto", sendto)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield guard


@pytest.fixture(autouse=True)
def stays_on_this_machine(fence: Fence) -> Iterator[None]:
    """Fails a test that reached for another machine, even where the code took the refusal in its stride."""
    fence.reached.clear()
    yield
    if fence.reached:
        pytest.fail(f"reached for other machines: {fence.reached}", pytrace=False)


# Nothing unexpected is logged


class LogNet(logging.Handler):
    """Keeps every record of WARNING or above; a record that matches an expected pattern is forgiven."""

    def __init__(self, patterns: Iterable[str]) -> None:
        super().__init__(logging.WARNING)
        self.patterns = list(patterns)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(line)

    def complaints(self) -> list[str]:
        """Records that nobody expected, and expectations that were not met."""
        surprises = [line for line in self.lines if not _matches(self.patterns, line)]
        missing = [
            known for known in self.patterns if not any(_matches([known], line) for line in self.lines)
        ]
        return surprises + [f"never logged: {known}" for known in missing]


def _matches(patterns: Iterable[str], line: str) -> bool:
    return any(re.search(pattern, line) for pattern in patterns)


@pytest.fixture(autouse=True)
def log_net(request: pytest.FixtureRequest) -> Iterator[LogNet]:
    """Listens at the root of all loggers while the test runs and is cleaned up."""
    markers = request.node.iter_markers("expects_log")
    net = LogNet(pattern for marker in markers for pattern in marker.args)
    logging.getLogger().addHandler(net)
    yield net
    logging.getLogger().removeHandler(net)
    if complaints := net.complaints():
        pytest.fail("unexpected log records:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(log_net: LogNet) -> Callable[[str], None]:
    """Announces a log record, by a pattern that its line "LEVEL logger: message" must match."""
    return log_net.patterns.append


# Nothing is left behind


@pytest.fixture(autouse=True)
def leaves_no_tasks(request: pytest.FixtureRequest, log_net: LogNet) -> Iterator[None]:
    """Fails an `anyio` test whose tasks outlive it; a failed task that nobody awaited is logged in time."""
    if "anyio_backend" not in request.fixturenames:
        yield
        return
    loop: asyncio.AbstractEventLoop = request.getfixturevalue("shared_loop")
    before = asyncio.all_tasks(loop)
    yield
    for _ in range(LOOP_TURNS):
        loop.run_until_complete(asyncio.sleep(0))
    gc.collect()
    leaked = [task for task in asyncio.all_tasks(loop) - before if not task.done()]
    if leaked:
        told = "\n".join(map(str, leaked))
        for task in leaked:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*leaked, return_exceptions=True))
        pytest.fail(f"left tasks behind:\n{told}", pytrace=False)


@pytest.fixture(autouse=True)
def leaves_no_threads() -> Iterator[None]:
    """Fails a test whose threads outlive it; threads that Qt or C started do not count."""
    before = set(threading.enumerate())
    yield
    leaked = [thread for thread in threading.enumerate() if thread not in before and _is_ours(thread)]
    for thread in leaked:
        thread.join(THREAD_GRACE_S)
    if told := [thread.name for thread in leaked if thread.is_alive()]:
        pytest.fail(f"left threads behind: {told}", pytrace=False)


def _is_ours(thread: threading.Thread) -> bool:
    return not isinstance(thread, threading._DummyThread)


@pytest.fixture(autouse=True)
def leaves_no_windows() -> Iterator[None]:
    """Fails a test whose windows, or timers of these or of the application, outlive it."""
    before = _windows_and_timers()
    yield
    leaked = _windows_and_timers() - before
    if not leaked:
        return
    gc.collect()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    leaked = {thing for thing in leaked if shiboken6.isValid(thing)} & _windows_and_timers()
    told = sorted(_described(thing) for thing in leaked)
    for thing in leaked:
        _put_away(thing)
    if told:
        pytest.fail(f"left windows or timers behind: {told}", pytrace=False)


def _windows_and_timers() -> set[QObject]:
    """Every top-level widget without an owner, and every running timer of these and of the application."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return set()
    windows = [window for window in QApplication.topLevelWidgets() if _is_root(window)]
    timers = itertools.chain.from_iterable(owner.findChildren(QTimer) for owner in [app, *windows])
    return {*windows, *(timer for timer in timers if timer.isActive())}


def _is_root(window: QWidget) -> bool:
    """False for a popup that goes with its owner, and for Qt's one shared tool tip."""
    return window.parent() is None and window.metaObject().className() != "QTipLabel"


def _described(thing: QObject) -> str:
    return f"{thing.metaObject().className()} {thing.objectName()!r}"


def _put_away(thing: QObject) -> None:
    """Keeps one test's leak from making the next one fail."""
    if isinstance(thing, QTimer):
        thing.stop()
    elif shiboken6.isValid(thing):
        shiboken6.delete(thing)
