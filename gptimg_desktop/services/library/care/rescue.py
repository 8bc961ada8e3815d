"""Makes a library out of a backup and all else that is known, and puts it in the place of one that cannot be
used. What was there is set aside and never changed.

The new library is made beside the old one; it gets its place by renames that a later start can finish, with
the report for the user on the disk before the first of them.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.restored import RestoreCause, Restored
from gptimg_desktop.services.durable import make_private, sync_file, sync_folder
from gptimg_desktop.services.library.care.restored_file import Kept
from gptimg_desktop.services.library.care.salvage import Salvage
from gptimg_desktop.services.library.health import damage, reading
from gptimg_desktop.services.library.schema import migrate
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.backup import Backup
    from gptimg_desktop.services.library.care.backups import Backups
    from gptimg_desktop.services.library.care.overlay import Overlay
    from gptimg_desktop.services.library.care.restored_file import RestoredFile
    from gptimg_desktop.services.library.emergency_journal import JournalEntry

RESTORING: Final = "library.restoring.sqlite3"
_BESIDE: Final = ("-wal", "-shm", "-journal")
_STAYS: Final = frozenset({RestoreCause.OLDER})
"""Causes for which the library itself is what to begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the library: the entries of the emergency journal, the folders in which pictures
    of ours are, and the time (Unix seconds)."""

    entries: tuple[JournalEntry, ...]
    folders: tuple[Path, ...]
    now: float


class Rescue:
    """One library in its folder; files that are `outdated` by another library go with it. Every method
    blocks."""

    def __init__(
        self, library: Path, *, backups: Backups, notes: RestoredFile, outdated: tuple[Path, ...]
    ) -> None:
        self._library = library
        self._restoring = library.with_name(RESTORING)
        self._backups = backups
        self._notes = notes
        self._outdated = outdated

    def run(
        self, cause: RestoreCause, known: Known, *, wanted: str = "", is_believed: bool = False
    ) -> Restored:
        """Restore; StorageError where that cannot be, and then everything is as it was.

        `wanted` names a backup to go back to. `is_believed`: nothing is wrong with the library that is
        replaced, so that it knows which of the jobs that wait were not sent.
        """
        from gptimg_desktop.services.library.care.overlay import Overlay  # noqa: PLC0415 - brings Pillow

        begun_with = self._beginning(cause, wanted)
        self.remove_unfinished()
        with storage_errors(self._library.parent):
            make_private(self._restoring)
        try:
            with contextlib.closing(self._copied(cause, begun_with)) as connection:
                overlay = Overlay(connection, known.now)
                self._fill(overlay, connection, known, begun_with, cause, is_believed=is_believed)
                restored = self._told(overlay, connection, cause, begun_with)
        except sqlite3.Error as error:
            problem = Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason=str(error))
            raise StorageError(problem) from error
        self._require_sound()
        kept = Kept(restored=restored, is_in_place=False)
        self._notes.write(kept)
        self.put_in_place(kept)
        return restored

    def put_in_place(self, kept: Kept) -> None:
        """Set aside what is there and give the new library its name; goes on where an earlier try ended."""
        with storage_errors(self._library.parent):
            if self._restoring.exists():
                for path in self._outdated:
                    path.unlink(missing_ok=True)
                self._set_aside(kept.restored.set_aside)
                self._restoring.replace(self._library)
                sync_folder(self._library.parent)
        self._notes.is_in_place(kept)

    def remove_unfinished(self) -> None:
        """Throw away what an earlier try left that has no report yet; StorageError where that cannot be."""
        with storage_errors(self._library.parent):
            for ending in ("", *_BESIDE):
                self._restoring.with_name(self._restoring.name + ending).unlink(missing_ok=True)

    # The copy

    def _beginning(self, cause: RestoreCause, wanted: str) -> Backup | None:
        """The backup to begin with; None where there is none, or the library is as good."""
        if cause in _STAYS:
            return None
        for backup in self._backups.all():
            if wanted and backup.name != wanted:
                continue
            found = self._backups.look_into(backup)
            if found.is_good:
                return found
        if wanted:
            raise StorageError(Problem.of(ProblemKind.BACKUP_DAMAGED, name=wanted))
        return None

    def _copied(self, cause: RestoreCause, backup: Backup | None) -> sqlite3.Connection:
        """The new library, open, with the content of what it begins with and this program's schema."""
        connection = sqlite3.connect(self._restoring, isolation_level=None)
        try:
            source = self._library if cause in _STAYS else None
            if backup is not None:
                source = self._backups.path(backup)
            if source is not None:
                with contextlib.closing(reading(source)) as former:
                    former.backup(connection)
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = OFF")  # it is synced as a whole before it counts
            connection.row_factory = sqlite3.Row
            migrate(connection, backup_folder=None)  # what it was made from stays as it is
        except BaseException:
            connection.close()
            raise
        return connection

    def _fill(
        self,
        overlay: Overlay,
        connection: sqlite3.Connection,
        known: Known,
        begun_with: Backup | None,
        cause: RestoreCause,
        *,
        is_believed: bool,
    ) -> None:
        facts = {} if begun_with is None else {"backup_at": begun_with.made_at}
        connection.execute("BEGIN IMMEDIATE")
        overlay.drop_senseless()
        self._take_the_rest(overlay, cause, is_believed=is_believed)
        overlay.note_journal(known.entries)
        overlay.doubt(Problem.of(ProblemKind.LIBRARY_RESTORED, **facts))
        overlay.follow()
        overlay.adopt(known.folders)
        connection.execute("COMMIT")

    def _told(
        self,
        overlay: Overlay,
        connection: sqlite3.Connection,
        cause: RestoreCause,
        begun_with: Backup | None,
    ) -> Restored:
        (jobs,) = connection.execute("SELECT COUNT(*) FROM job WHERE removed_at IS NULL").fetchone()
        counts = overlay.counts
        return Restored(
            cause=cause,
            at=overlay.now,
            backup_at=None if begun_with is None else begun_with.made_at,
            jobs=jobs,
            read_back=counts.read_back,
            found=counts.found,
            adopted=counts.adopted,
            followed=counts.followed,
            left_out=counts.left_out,
            doubted=overlay.doubted,
            task_ids=tuple(counts.homeless),
            set_aside=self._free_name(cause, overlay.now) if self._library.exists() else "",
        )

    def _take_the_rest(self, overlay: Overlay, cause: RestoreCause, *, is_believed: bool) -> None:
        """What else knows of jobs: the library that is replaced, or the newest good backup of one that
        stays."""
        if cause in _STAYS:
            newest = self._beginning(RestoreCause.MISSING, "")
            path = None if newest is None else self._backups.path(newest)
        else:
            path = self._library
        if path is None or not path.exists():
            return
        is_asked = cause is RestoreCause.ASKED
        is_lost = cause not in _STAYS and not is_asked
        with contextlib.closing(Salvage(path)) as source:
            overlay.take(source, with_marks=is_lost, with_imports=not is_asked, is_believed=is_believed)
            if is_lost or is_asked:
                overlay.take_draft(source)  # what was typed is no part of what is gone back to
            if is_lost:
                overlay.take_texts(source)

    def _require_sound(self) -> None:
        found = damage(self._restoring)
        if found:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason=found))
        with storage_errors(self._library.parent):
            sync_file(self._restoring)

    # Names

    def _free_name(self, cause: RestoreCause, now: float) -> str:
        kind = "corrupt" if cause in {RestoreCause.DAMAGED, RestoreCause.EMPTY} else "before"
        written = time.strftime("%Y-%m-%dT%H-%M-%S", time.localtime(now))
        path, copy = self._library.with_name(f"library.{kind}-{written}.sqlite3"), 1
        while os.path.lexists(path):
            copy += 1
            path = self._library.with_name(f"library.{kind}-{written}-{copy}.sqlite3")
        return str(path)

    def _set_aside(self, name: str) -> None:
        """The files beside it go first: SQLite would work a log that stays behind into the new library."""
        for ending in (*_BESIDE, ""):
            source = self._library.with_name(self._library.name + ending)
            if source.exists():
                aside = name or self._free_name(RestoreCause.MISSING, time.time())
                source.replace(f"{aside}{ending}")
        sync_folder(self._library.parent)
