"""Stands beside whoever decodes foreign bytes: what takes too long is given up, what kills is left alone.

While a picture is in the decoder's hands a mark lies in a folder of ours. A mark that a start finds there
tells which picture the last run died over; after the second time that picture is not decoded any more. The
name of a mark holds the version of the decoder, so that an update gives every picture another chance. Marks
are not synced: the end of a process takes nothing away that was written, and a power cut accuses nobody.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from PIL import __version__ as decoder_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

LIMIT_S: Final = 30.0
"""Longer than 64 megapixels take on a slow machine."""
MOST_DEATHS: Final = 2
_SAMPLE_BYTES: Final = 64 * 1024
_IN_HAND: Final = "in-hand"
_DIED: Final = "died"


class SetAsideError(Exception):
    """Decoding the picture ended the program before."""


class TooSlowError(Exception):
    """The picture is still in the decoder's hands after the time that it may take."""


class DecodeWatch:
    """Watches the decoding of one data folder. Every method blocks; call them in a worker thread.

    `folder` is where the marks lie, None to remember nothing; whoever makes a watch is alone on it.
    """

    def __init__(self, folder: Path | None, *, limit_s: float = LIMIT_S) -> None:
        self._marks = Marks(folder)
        self._limit_s = limit_s
        self._one_suspect_at_a_time = threading.Lock()
        self._stuck: set[Path | str] = set()

    def run(self, source: Path | bytes, work: Callable[[], T]) -> T:
        """The result of `work` on a picture, or its exception; SetAsideError, TooSlowError."""
        key = source if isinstance(source, Path) else fingerprint(source)
        if key in self._stuck:
            raise TooSlowError
        # A thread cannot be ended, but one of its own can be left behind: a daemon holds up no end.
        attempt = _Attempt(partial(self._watched, source, work))
        thread = threading.Thread(target=attempt.run, name="decoding", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has none left
            return self._watched(source, work)
        thread.join(self._limit_s)
        if thread.is_alive():
            self._stuck.add(key)
            attempt.when_over(partial(self._stuck.discard, key))
            raise TooSlowError
        return attempt.result()

    def _watched(self, source: Path | bytes, work: Callable[[], T]) -> T:
        name = fingerprint(source)
        deaths = self._marks.deaths(name)
        if deaths >= MOST_DEATHS:
            raise SetAsideError
        with self._in_hand(name, is_suspect=deaths > 0):
            return work()

    @contextlib.contextmanager
    def _in_hand(self, name: str, *, is_suspect: bool) -> Iterator[None]:
        """Mark a picture while it is decoded. Of those that a run died over one is decoded at a time, so that
        of two that were in hand together the guilty one is found."""
        with self._one_suspect_at_a_time if is_suspect else contextlib.nullcontext():
            self._marks.take_up(name)
            try:
                yield
            finally:
                self._marks.put_down(name)


class _Attempt(Generic[T]):
    """One piece of work in a thread of its own."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._is_over = False
        self._then: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            self._error = error
        with self._lock:
            self._is_over = True
            then = self._then
        if then is not None:
            then()

    def when_over(self, then: Callable[[], None]) -> None:
        """Call `then` once the work has ended, however late."""
        with self._lock:
            self._then = then
            is_over = self._is_over
        if is_over:
            then()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._results[0]


class Marks:
    """Files named after pictures: those in hand now, and how often a run died over one.

    A folder that takes no files costs the protection, never a picture.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._deaths: dict[str, int] | None = None

    def deaths(self, name: str) -> int:
        """How often a run ended while it had the picture in hand."""
        with self._lock:
            if self._deaths is None:
                self._deaths = {} if self._folder is None else _taken_stock(self._folder)
            return self._deaths.get(name, 0)

    def take_up(self, name: str) -> None:
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._in_hand(name).touch(mode=0o600)

    def put_down(self, name: str) -> None:
        """The picture is out of hand again and nobody died: it is cleared of what it was suspected of."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._in_hand(name).unlink()
        with self._lock:
            died = (self._deaths or {}).pop(name, 0)
        if died:
            with contextlib.suppress(OSError):
                _died(self._folder, name, died).unlink()

    def _in_hand(self, name: str) -> Path:
        """Each thread has a mark of its own: the same picture can be shown in two sizes at once."""
        return Path(self._folder or "", f"{name}.{_IN_HAND}-{threading.get_ident()}")


def fingerprint(source: Path | bytes) -> str:
    """A name for a picture by its size, its beginning and its end; OSError where a file cannot be read."""
    digest = hashlib.blake2b(decoder_version.encode(), digest_size=16)
    for part in _parts_of_file(source) if isinstance(source, Path) else _parts_of_bytes(source):
        digest.update(part)
    return digest.hexdigest()


def _parts_of_file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        yield str(size).encode()
        file.seek(0)
        yield file.read(_SAMPLE_BYTES)
        file.seek(max(0, size - _SAMPLE_BYTES))
        yield file.read(_SAMPLE_BYTES)


def _parts_of_bytes(content: bytes) -> Iterator[bytes]:
    yield str(len(content)).encode()
    yield content[:_SAMPLE_BYTES]
    yield content[max(0, len(content) - _SAMPLE_BYTES) :]


def _taken_stock(folder: Path) -> dict[str, int]:
    """What earlier runs died over, with the marks of the last one turned into deaths."""
    deaths: dict[str, int] = {}
    in_hand: dict[str, list[Path]] = {}
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            name, _, rest = path.name.partition(".")
            kind, _, number = rest.rpartition("-")
            if kind == _DIED and number.isascii() and number.isdigit():
                deaths[name] = max(deaths.get(name, 0), int(number))
            elif kind == _IN_HAND:
                in_hand.setdefault(name, []).append(path)
    for name, marks in in_hand.items():
        before = deaths.get(name, 0)
        deaths[name] = before + 1
        _turn_into_death(folder, name, before, marks)
    return deaths


def _turn_into_death(folder: Path, name: str, before: int, marks: list[Path]) -> None:
    with contextlib.suppress(OSError):
        _died(folder, name, before + 1).touch(mode=0o600)  # first of all: an end in between forgets nothing
        for mark in marks:
            mark.unlink()
        if before:
            _died(folder, name, before).unlink()


def _died(folder: Path, name: str, times: int) -> Path:
    return folder / f"{name}.{_DIED}-{times}"
