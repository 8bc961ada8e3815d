"""Small pictures by the hash of the large one, in a database of their own that may be deleted at any time."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.durable import make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import TypeVar

    T = TypeVar("T")

logger = logging.getLogger(__name__)

_TABLE: Final = "CREATE TABLE IF NOT EXISTS thumbnail (sha256 TEXT PRIMARY KEY, picture BLOB NOT NULL)"


class ThumbnailStore:
    """Never refuses: what cannot be read is not there, what cannot be written is forgotten. Safe from any
    thread; nothing in here takes long enough for two to be in each other's way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False

    def read(self, hashes: Sequence[str]) -> dict[str, bytes]:
        """The pictures that are there, by their hashes."""
        marks = ", ".join("?" * len(hashes))
        question = f"SELECT sha256, picture FROM thumbnail WHERE sha256 IN ({marks})"  # noqa: S608 - marks alone
        rows = self._ask(lambda connection: connection.execute(question, tuple(hashes)).fetchall())
        return {sha256: picture for sha256, picture in rows or () if isinstance(picture, bytes)}

    def write(self, sha256: str, picture: bytes) -> None:
        keep = "INSERT OR REPLACE INTO thumbnail VALUES (?, ?)"
        self._ask(lambda connection: connection.execute(keep, (sha256, picture)))

    def close(self) -> None:
        """Let go of the file; from here on nothing is there."""
        with self._lock:
            self._is_closed = True
            self._drop()

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T | None:
        """The answer, from a new database where the old one turns out to be none; None without one."""
        with self._lock:
            for attempt in range(2):
                try:
                    return question(self._opened())
                except sqlite3.OperationalError as error:  # locked, full, read-only, of another shape
                    logger.debug("thumbnails are not kept: %s", error)
                    return None
                except sqlite3.DatabaseError as error:
                    logger.info("the thumbnails are made anew: %s", error)
                    self._drop()
                    if attempt == 0:
                        self._remove()
                except OSError as error:
                    logger.debug("thumbnails are not kept: %s", error)
                    return None
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._is_closed:
            raise OSError("closed")
        if self._connection is None:
            make_private(self._path)
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=2, check_same_thread=False)
            try:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_TABLE)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()
