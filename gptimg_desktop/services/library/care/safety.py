"""The library's safety, for those who must not wait: opened only as what can be trusted, copied while it is
in use, and whatever was restored is told until it was seen."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.library.care import last_seen
from gptimg_desktop.services.library.care.backups import BackupCancelled
from gptimg_desktop.services.library.care.keeper import Keeper
from gptimg_desktop.services.library.care.rescue import Known
from gptimg_desktop.services.library.health import version_in_head
from gptimg_desktop.services.library.schema import MIGRATIONS
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.backup import Backup
    from gptimg_desktop.core.restored import Restored
    from gptimg_desktop.services.library.database import Database
    from gptimg_desktop.services.library.emergency_journal import EmergencyJournal, JournalEntry

logger = logging.getLogger(__name__)

DUE_AFTER_S: Final = 86_400.0
_CLOUDS: Final = frozenset(
    {"onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "mobile documents", "nextcloud"}
)
"""Names of folders that other programs copy to and from elsewhere while files in them are in use."""


class Safety:
    """Made before the library is opened. `view_only` says why it can be looked at alone, None where it can be
    used; `work_dir` is the data folder, or a passing one where nothing can be written there.

    `damaged` hears, in any thread, that the library turned out to make no sense.
    """

    def __init__(
        self, data_dir: Path, database: Database, *, now: Callable[[], float], damaged: Callable[[str], None]
    ) -> None:
        self._data_dir = data_dir
        self._database = database
        self._keeper = Keeper(data_dir)
        self._now = now
        self._damaged = damaged
        self._aside: Path | None = None
        self._is_open = False
        self._is_suspect = False
        self.view_only: Problem | None = None
        if not os.access(data_dir, os.W_OK):
            self._aside = Path(tempfile.mkdtemp(prefix="gptimg-view-"))
            self.view_only = Problem.of(ProblemKind.LIBRARY_VIEW_ONLY, folder=str(data_dir))
        self.work_dir = self._aside or data_dir
        database.on_damage(self._suspect)

    # Its life

    def open(
        self, journal: EmergencyJournal, folders: tuple[Path, ...], restoring: Callable[[], object]
    ) -> None:
        """Open the library, a restored one where it cannot be trusted, or a copy of it to look at. Blocks.

        `folders` are those with pictures of ours; `restoring` is called, in this thread, before another
        library is made, which can take long. StorageError where none of it can be done; BACKUP_DAMAGED
        where the backup that the user wants is no good: another try then opens what there is.
        """
        self._look()
        if self.view_only is None:
            self._prepare(journal, folders, restoring)
        self._database.open_here()
        if self.view_only is None:
            self._is_open = True
            self._note_seen()

    def close(self) -> None:
        """Just before the library is closed; blocks, safe to call twice."""
        if self._is_open:
            self._is_open = False
            with contextlib.suppress(StorageError):
                self._note_seen()

    def let_go(self) -> None:
        """After the library was closed: throw away what was made to look at."""
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)

    def _look(self) -> None:
        """Find out whether the library can be looked at alone."""
        library = self._keeper.library
        if self.view_only is None and library.exists() and library.stat().st_size:
            self.view_only = self._newer(library)
        if self.view_only is not None:
            if self._aside is None:
                self._aside = Path(tempfile.mkdtemp(prefix="gptimg-view-"))
            self._database.look_only(self._copied(library, self._aside), self.view_only)

    def _newer(self, library: Path) -> Problem | None:
        found = version_in_head(library)
        if found <= len(MIGRATIONS):
            return None
        return Problem.of(ProblemKind.LIBRARY_NEWER_SHOWN, found=found, supported=len(MIGRATIONS))

    def _copied(self, library: Path, folder: Path) -> Path:
        """SQLite writes beside a file even to read it, so that a copy is what is looked at."""
        copy = folder / library.name
        with storage_errors(folder):
            for ending in ("", "-wal"):
                source = library.with_name(library.name + ending)
                if source.exists():
                    shutil.copyfile(source, copy.with_name(copy.name + ending))
        return copy

    def _prepare(
        self, journal: EmergencyJournal, folders: tuple[Path, ...], restoring: Callable[[], object]
    ) -> None:
        entries = _journalled(journal)
        self._keeper.prepare(Known(entries=entries, folders=folders, now=self._now()), restoring)

    def _note_seen(self) -> None:
        self._keeper.opened(self._database.read_here(partial(last_seen.counted, is_open=self._is_open)))

    def _suspect(self, reason: str) -> None:
        if self.view_only is not None:
            return
        if not self._is_suspect:
            self._is_suspect = True
            logger.error("the library makes no sense: %s", reason)
        self._keeper.suspect()  # each time: one that could not be written down may be now
        self._damaged(reason)

    # What was restored

    @property
    def waits_to_be_seen(self) -> bool:
        """True where something was restored and the user has not seen what."""
        return self.view_only is None and self._keeper.notes.waits

    async def restored(self) -> Restored | None:
        """What was restored and not seen yet; None also where that cannot be read any more."""
        kept = await asyncio.to_thread(self._keeper.notes.read)
        return None if kept is None else kept.restored

    async def was_seen(self) -> None:
        """The user has read it; StorageError where that cannot be written down."""
        await asyncio.to_thread(self._keeper.notes.was_seen)

    @property
    def cloud(self) -> Problem | None:
        """Says that the data folder lies where another program copies files that are in use."""
        names = {part.casefold().partition(" - ")[0] for part in self._data_dir.parts}
        if names & _CLOUDS:
            return Problem.of(ProblemKind.LIBRARY_IN_CLOUD, folder=str(self._data_dir))
        return None

    # Backups

    async def backups(self) -> tuple[Backup, ...]:
        """Every copy, newest first, each looked through."""
        return await asyncio.to_thread(self._all_looked_into)

    def _all_looked_into(self) -> tuple[Backup, ...]:
        return tuple(map(self._keeper.backups.look_into, self._keeper.backups.all()))

    async def is_due(self) -> bool:
        """True where the library has jobs, and no copy of the last day."""
        if self.view_only is not None:
            return False
        newest = await asyncio.to_thread(self._keeper.backups.newest_at)
        if newest is not None and 0 <= self._now() - newest < DUE_AFTER_S:
            return False
        seen = await self._database.read(partial(last_seen.counted, is_open=True))
        return seen.jobs > 0

    async def back_up(self, told: Callable[[int, int], None]) -> Backup:
        """A new copy, made beside everything else; `told` hears here how many pages of how many are copied.

        StorageError where it cannot be made (LIBRARY_DAMAGED: because of the library itself). Cancelling
        gives it up and leaves nothing behind.
        """
        if self.view_only is not None:
            raise StorageError(self.view_only)
        loop, is_over = asyncio.get_running_loop(), threading.Event()

        def tell(done: int, total: int) -> None:
            loop.call_soon_threadsafe(told, done, total)

        make = partial(self._keeper.backups.make, told=tell, is_cancelled=is_over.is_set)
        making = loop.run_in_executor(None, partial(make, self._keeper.library, now=self._now()))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            is_over.set()
            with contextlib.suppress(BackupCancelled, StorageError):
                await making
            raise
        except StorageError as error:
            if error.problem.kind is ProblemKind.LIBRARY_DAMAGED:
                self._suspect(str(error.problem.facts.get("reason", "")))
            raise

    async def restore_at_next_start(self, name: str) -> None:
        """The next start goes back to this backup; StorageError where it is no good, or cannot be noted."""
        await asyncio.to_thread(self._want, name)

    async def forget_restoring(self) -> None:
        """The next start goes back to nothing; StorageError where that cannot be noted."""
        await asyncio.to_thread(self._keeper.notes.forget_wish)

    def _want(self, name: str) -> None:
        backups = self._keeper.backups
        wanted = next((backup for backup in backups.all() if backup.name == name), None)
        if wanted is None or not backups.look_into(wanted).is_good:
            raise StorageError(Problem.of(ProblemKind.BACKUP_DAMAGED, name=name))
        self._keeper.notes.want(name)


def _journalled(journal: EmergencyJournal) -> tuple[JournalEntry, ...]:
    """What stands in the journal; nothing where it cannot be read, which is told once the queue reads it."""
    if not journal.is_open:
        return ()
    try:
        return journal.entries()
    except StorageError as error:
        logger.warning("a restored library would do without the journal: %s", error.problem.facts)
        return ()
