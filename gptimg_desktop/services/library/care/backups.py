"""Copies of the library, made through SQLite while it is in use, each read from end to end before it counts.

Every method blocks; call them in a worker thread.
"""

from __future__ import annotations

import calendar
import contextlib
import os
import re
import shutil
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.backup import Backup, worth_keeping
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import make_folder, make_private, sync_file, sync_folder
from gptimg_desktop.services.library.health import damage, reading
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROOM_TO_SPARE: Final = 100_000_000
"""What stays free on the disk for pictures: a copy is not worth a picture."""
_PAGES: Final = 512
_BREATH_S: Final = 0.002
"""Between two pieces, so that a slow disk serves others too."""
_OURS: Final = re.compile(r"library-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.sqlite3")
_BEFORE_STEP: Final = re.compile(r"library-before-schema-\d+\.sqlite3")
_TIME: Final = "%Y-%m-%dT%H-%M-%SZ"
_ON_ITS_WAY: Final = ".unfinished"


class BackupCancelled(Exception):  # noqa: N818 - nothing went wrong
    """Whoever asked for a copy wants it no more."""


class Backups:
    """The copies in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = threading.Lock()

    def all(self) -> tuple[Backup, ...]:
        """Every copy, newest first, as its name and size tell; those made before a step of the schema too.
        How many jobs one holds, and whether it is good, says `look_into`."""
        found = []
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                with contextlib.suppress(OSError, ValueError, OverflowError):
                    at = _made_at(path)
                    if at is not None:
                        size = path.stat().st_size
                        found.append(Backup(name=path.name, made_at=at, size_bytes=size))
        return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))

    def look_into(self, backup: Backup) -> Backup:
        """The same with its number of jobs, and whether all of it can be read."""
        path = self.path(backup)
        is_good, jobs = False, 0
        with contextlib.suppress(sqlite3.Error, StorageError):
            is_good = not damage(path)
            jobs = _jobs_in(path)
        return Backup(
            name=backup.name,
            made_at=backup.made_at,
            size_bytes=backup.size_bytes,
            jobs=jobs,
            is_good=is_good and backup.size_bytes > 0,
        )

    def path(self, backup: Backup) -> Path:
        return self.folder / backup.name

    def newest_at(self) -> float | None:
        """When the newest copy was made (Unix seconds)."""
        found = self.all()
        return found[0].made_at if found else None

    def make(
        self, library: Path, *, now: float, told: Callable[[int, int], None], is_cancelled: Callable[[], bool]
    ) -> Backup:
        """A new copy of a library that may be in use; it counts once it is whole, checked and on the disk.

        `told` hears how many pages of how many are copied. BackupCancelled where it is given up, StorageError
        where there is no room, or where the library is found to be damaged (LIBRARY_DAMAGED): then the copies
        that there are stay as they are.
        """
        with self._one_at_a_time:
            return self._made(library, now, told, is_cancelled)

    def _made(
        self, library: Path, now: float, told: Callable[[int, int], None], is_cancelled: Callable[[], bool]
    ) -> Backup:
        with storage_errors(self.folder):
            make_folder(self.folder, 0o700)
            self._remove_unfinished()
            self._require_room(library)
        target = self.folder / f"library-{time.strftime(_TIME, time.gmtime(now))}.sqlite3"
        unfinished = target.with_name(f".{target.name}{_ON_ITS_WAY}")
        try:
            self._copy(library, unfinished, told, is_cancelled)
            self._require_sound(unfinished)
            with storage_errors(self.folder):
                sync_file(unfinished)
                unfinished.replace(target)
                sync_folder(self.folder)
        finally:
            _unlink(unfinished)
        self._rotate()
        size = target.stat().st_size
        return Backup(name=target.name, made_at=float(int(now)), size_bytes=size, jobs=_jobs_in(target))

    def _copy(
        self,
        library: Path,
        target: Path,
        told: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        def step(_: int, left: int, total: int) -> None:
            if is_cancelled():
                raise BackupCancelled
            told(total - left, total)
            time.sleep(_BREATH_S)

        try:
            make_private(target)
            with (
                contextlib.closing(reading(library)) as source,
                contextlib.closing(sqlite3.connect(target)) as copy,
            ):
                source.execute("BEGIN")  # what is committed meanwhile would make it begin anew
                source.execute("SELECT 1 FROM job LIMIT 1").fetchone()
                source.backup(copy, pages=_PAGES, progress=step)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
        except (sqlite3.Error, OSError) as error:
            raise StorageError(Problem.of(ProblemKind.BACKUP_FAILED, reason=str(error))) from error

    def _require_sound(self, copy: Path) -> None:
        """What a copy lacks its library lacks: it was copied page by page."""
        found = damage(copy)
        if found:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_DAMAGED, reason=found))

    def _require_room(self, library: Path) -> None:
        needed = sum(file.stat().st_size for file in _files_of(library)) + ROOM_TO_SPARE
        if shutil.disk_usage(self.folder).free < needed:
            raise StorageError(Problem.of(ProblemKind.DISK_FULL, folder=str(self.folder)))

    def _remove_unfinished(self) -> None:
        for path in self.folder.glob(f".library-2*{_ON_ITS_WAY}*"):
            _unlink(path)

    def _rotate(self) -> None:
        """Copies that are worth their room no more go; those made before a step of the schema stay."""
        ours = [backup for backup in self.all() if _OURS.fullmatch(backup.name)]
        kept = worth_keeping(backup.made_at for backup in ours)
        for backup in ours:
            if backup.made_at not in kept:
                _unlink(self.path(backup))


def _jobs_in(path: Path) -> int:
    with contextlib.closing(reading(path)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM job").fetchone()[0])


def _made_at(path: Path) -> float | None:
    """When a copy was made (Unix seconds); None for any other file."""
    ours = _OURS.fullmatch(path.name)
    if ours is not None:
        return float(_seconds(ours[1]))
    return path.stat().st_mtime if _BEFORE_STEP.fullmatch(path.name) else None


def _seconds(text: str) -> int:
    return calendar.timegm(time.strptime(text, _TIME))


def _files_of(library: Path) -> list[Path]:
    beside = (library.with_name(library.name + ending) for ending in ("", "-wal"))
    return [path for path in beside if path.exists()]


def _unlink(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            os.unlink(f"{path}{ending}")  # noqa: PTH108 - a name with something at its end
