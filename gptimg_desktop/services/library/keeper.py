"""Looks after the library as a whole: at a start whether it can be trusted, later that there are copies.

Everything here blocks, and is done before the library is opened or beside it.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.restored import RestoreCause
from gptimg_desktop.services.durable import write_atomically
from gptimg_desktop.services.library import last_seen
from gptimg_desktop.services.library.backups import Backups
from gptimg_desktop.services.library.health import MOMENT_S, damage, reading, version_of
from gptimg_desktop.services.library.rescue import Known, Rescue
from gptimg_desktop.services.library.restored_file import RestoredFile
from gptimg_desktop.services.library.salvage import Salvage
from gptimg_desktop.services.library.schema import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.services.library.last_seen import LastSeen

logger = logging.getLogger(__name__)

LIBRARY: Final = "library.sqlite3"
BACKUPS: Final = "backups"
_SEEN: Final = "library.seen"
_SUSPECT: Final = "library.suspect"


class Keeper:
    """The library in one data folder, its copies, and what was restored there."""

    def __init__(self, data_dir: Path) -> None:
        self.library = data_dir / LIBRARY
        self.backups = Backups(data_dir / BACKUPS)
        self.notes = RestoredFile(data_dir)
        self._seen = data_dir / _SEEN
        self._suspect = data_dir / _SUSPECT
        self._rescue = Rescue(
            self.library, backups=self.backups, notes=self.notes, outdated=(self._seen, self._suspect)
        )

    def prepare(self, known: Known) -> None:
        """See to it that what is opened next is a library that can be trusted, or a new one.

        StorageError where another program holds it, where the backup that is wanted is no good, or where
        nothing can be written. A wish that cannot be fulfilled is forgotten, so that the next try opens what
        there is.
        """
        kept = self.notes.read()
        if kept is not None and not kept.is_in_place:
            self._rescue.put_in_place(kept)
        wanted, cause = self.notes.wanted(), self._what_is_wrong()
        if wanted:
            self.notes.forget_wish()
            restored = self._rescue.run(RestoreCause.ASKED, known, wanted=wanted, is_believed=cause is None)
            logger.info("the library was restored as the user asked: %s", restored)
        elif cause is not None:
            logger.error("the library is not used as it is: %s", cause)
            logger.info("the library was restored: %s", self._rescue.run(cause, known))

    def _what_is_wrong(self) -> RestoreCause | None:
        has_copies = bool(self.backups.all())
        if not self.library.exists():
            return RestoreCause.MISSING if has_copies else None
        if not self.library.stat().st_size:
            return RestoreCause.EMPTY if has_copies or self._seen.exists() else None
        has_lost_its_log = self._has_lost_its_log()  # a look at the library makes one where there is none
        found = self._looked_through() if self._suspect.exists() else damage(self.library, within_s=MOMENT_S)
        if found:
            logger.info("the library is damaged: %s", found)
            return RestoreCause.DAMAGED
        return RestoreCause.OLDER if has_lost_its_log or self._is_older() else None

    def _looked_through(self) -> str:
        """What is wrong, however long it takes to find: a row that makes no sense counts too."""
        found = damage(self.library)
        if found or version_of(self.library) != len(MIGRATIONS):
            return found
        with contextlib.closing(Salvage(self.library)) as library:
            known = library.count()
            readable = sum(len(some) for some in library.jobs(0))
        return "" if readable >= known else f"{known - readable} jobs make no sense"

    def _has_lost_its_log(self) -> bool:
        """True where the last run did not end, and what it wrote last is gone."""
        seen = last_seen.read(self._seen)
        log = self.library.with_name(f"{LIBRARY}-wal")
        return seen is not None and seen.is_open and not log.exists()

    def _is_older(self) -> bool:
        """True where the library has come less far than when it was last seen."""
        seen = last_seen.read(self._seen)
        if seen is None or version_of(self.library) > len(MIGRATIONS):
            return False
        return seen.has_more_than(self._counted())

    def _counted(self) -> LastSeen:
        try:
            with contextlib.closing(reading(self.library)) as connection:
                return last_seen.counted(connection, is_open=False)
        except sqlite3.DatabaseError as error:
            raise _unreadable(error) from error

    # While it is open

    def opened(self, seen: LastSeen) -> None:
        """The library is in use from now on, or for the last time; what cannot be written down is not."""
        with contextlib.suppress(OSError):
            last_seen.write(self._seen, seen)

    def suspect(self) -> None:
        """The next start looks through all of the library, however long it takes."""
        with contextlib.suppress(OSError):
            write_atomically(self._suspect, b"")


def _unreadable(error: sqlite3.DatabaseError) -> StorageError:
    return StorageError(Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason=str(error)))
