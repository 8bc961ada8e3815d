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
from gptimg_desktop.services.library.care import last_seen
from gptimg_desktop.services.library.care.backups import Backups
from gptimg_desktop.services.library.care.last_seen import LastSeen
from gptimg_desktop.services.library.care.rescue import Known, Rescue
from gptimg_desktop.services.library.care.restored_file import RestoredFile
from gptimg_desktop.services.library.care.salvage import Salvage
from gptimg_desktop.services.library.health import MOMENT_S, damage, reading, roll_back, version_of
from gptimg_desktop.services.library.schema import MIGRATIONS
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gptimg_desktop.core.restored import Restored

logger = logging.getLogger(__name__)

LIBRARY: Final = "library.sqlite3"
BACKUPS: Final = "backups"
_SEEN: Final = "library.seen"
_SUSPECT: Final = "library.suspect"
_LOGLESS: Final = "library.logless"
"""Stands there from the moment that the log is missed until the library was seen to: a look makes a new log,
and a start that ends after it must not make the next one trust that."""


def _nobody_hears() -> None:
    """Where nobody waits at a window."""


class Keeper:
    """The library in one data folder, its copies, and what was restored there."""

    def __init__(self, data_dir: Path) -> None:
        self.library = data_dir / LIBRARY
        self.backups = Backups(data_dir / BACKUPS)
        self.notes = RestoredFile(data_dir)
        self._seen = data_dir / _SEEN
        self._suspect = data_dir / _SUSPECT
        self._logless = data_dir / _LOGLESS
        outdated = (self._seen, self._suspect, self._logless, self.notes.wish)
        self._rescue = Rescue(self.library, backups=self.backups, notes=self.notes, outdated=outdated)

    def prepare(self, known: Known, restoring: Callable[[], object] = _nobody_hears) -> None:
        """See to it that what is opened next is a library that can be trusted, or a new one. `restoring` is
        called before another one is made, which can take long.

        StorageError where another program holds it, where the backup that is wanted is no good, or where
        nothing can be written. Only a wish for a backup that is no good is forgotten, so that the next try
        opens what there is.
        """
        kept = self.notes.read()
        if kept is not None and not kept.is_in_place:
            self._rescue.put_in_place(kept)
        self._rescue.remove_unfinished()
        wanted, cause = self.notes.wanted(), self._what_is_wrong()
        if wanted or cause is not None:
            restoring()
        if wanted:
            restored = self._go_back(wanted, known, is_believed=cause is None)
            logger.info("the library was restored as the user asked: %s", restored)
        elif cause is not None:
            logger.error("the library is not used as it is: %s", cause)
            logger.info("the library was restored: %s", self._rescue.run(cause, known))
        else:
            self._trust()

    def _go_back(self, wanted: str, known: Known, *, is_believed: bool) -> Restored:
        try:
            return self._rescue.run(RestoreCause.ASKED, known, wanted=wanted, is_believed=is_believed)
        except StorageError as error:
            if error.problem.kind is ProblemKind.BACKUP_DAMAGED:
                self.notes.forget_wish()
            raise

    def _trust(self) -> None:
        """A look found nothing: what made it look so long, or doubt a library that is gone, is over."""
        with contextlib.suppress(OSError):  # then the next start looks as long
            self._suspect.unlink(missing_ok=True)
            self._logless.unlink(missing_ok=True)

    def _what_is_wrong(self) -> RestoreCause | None:
        has_copies = bool(self.backups.all())
        if not self.library.exists():
            return RestoreCause.MISSING if has_copies or self._had_jobs() else None
        roll_back(self.library)
        if not self.library.stat().st_size:
            return RestoreCause.EMPTY if has_copies or self._seen.exists() else None
        has_lost_its_log = self._has_lost_its_log()
        found = self._looked_through() if self._suspect.exists() else damage(self.library, within_s=MOMENT_S)
        if found:
            logger.info("the library is damaged: %s", found)
            return RestoreCause.DAMAGED
        return RestoreCause.OLDER if has_lost_its_log or self._is_older() else None

    def _looked_through(self) -> str:
        """What is wrong, however long it takes to find: a row that makes no sense counts too."""
        found = damage(self.library)
        if found:
            return found
        with contextlib.closing(Salvage(self.library)) as library:
            known = library.count()
            readable = sum(len(some) for some in library.jobs(0))
        return "" if readable >= known else f"{known - readable} jobs make no sense"

    def _had_jobs(self) -> bool:
        seen = last_seen.read(self._seen)
        return seen is not None and seen.jobs > 0

    def _has_lost_its_log(self) -> bool:
        """True where the last run did not end, and what it wrote last is gone; written down before anybody
        looks at the library. StorageError where that cannot be."""
        if not self._logless.exists():
            seen = last_seen.read(self._seen)
            log = self.library.with_name(f"{LIBRARY}-wal")
            if seen is None or not seen.is_open or log.exists():
                return False
            with storage_errors(self._logless.parent):
                write_atomically(self._logless, b"")
        return True

    def _is_older(self) -> bool:
        """True where the library has come less far than when it was last seen."""
        seen = last_seen.read(self._seen)
        if seen is None:
            return False
        version = version_of(self.library)
        if version > len(MIGRATIONS):
            return False
        return seen.has_more_than(self._counted() if version else LastSeen())

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
