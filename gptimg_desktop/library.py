"""The library of one data folder, open: all that is kept on disk, and nothing of the service.

It is opened before everything else, so that the gallery shows what there is while the rest is still imported.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.folders import PRACTICE_FOLDER
from gptimg_desktop.services.durable import remove_unfinished
from gptimg_desktop.services.library.bin import Bin
from gptimg_desktop.services.library.collections import CollectionStore
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.drives import Drives
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
from gptimg_desktop.services.library.history import History
from gptimg_desktop.services.library.image_places import ImagePlaces
from gptimg_desktop.services.library.imaging import Imaging
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.keeper import LIBRARY
from gptimg_desktop.services.library.prompts import PromptStore
from gptimg_desktop.services.library.references import ReferenceStore
from gptimg_desktop.services.library.removals import RemovalStore
from gptimg_desktop.services.library.safety import Safety
from gptimg_desktop.services.library.thumbnails import Thumbnails
from gptimg_desktop.services.library.trash import Trash

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from gptimg_desktop.core.errors import Problem

logger = logging.getLogger(__name__)

REFERENCES_FOLDER: Final = "references"


class Library:
    """Everything that reads and writes what is kept. `open_library` makes it and ends it.

    `pictures_folder` is where pictures go at present, and where a file may be the library's to remove.
    """

    def __init__(self, data_dir: Path, pictures_folder: Path, *, now: Callable[[], float]) -> None:
        self.pictures_folder = pictures_folder
        self._when_damaged: Callable[[str], None] | None = None
        self._damage = ""
        self.database = database = Database(data_dir / LIBRARY)
        self.safety = Safety(data_dir, database, now=now, damaged=self._note_damage)
        self.journal = EmergencyJournal(data_dir / "journal")
        self.store = JobStore(database)
        self.history = History(database, now=now)
        self.places = ImagePlaces(database)
        self.prompts = PromptStore(database)
        self.collections = CollectionStore(database)
        self.bin = Bin(RemovalStore(database), Trash(), Drives(), folders=self._own_folders, now=now)
        self.imaging = Imaging(self.safety.work_dir / "decoding")
        self.references = ReferenceStore(data_dir / REFERENCES_FOLDER)
        self.thumbnails = Thumbnails(self.safety.work_dir / "thumbnails.sqlite3", self.imaging)

    @property
    def picture_folders(self) -> tuple[Path, ...]:
        """The folders that hold pictures: real ones, and practice apart."""
        return self.pictures_folder, self.pictures_folder / PRACTICE_FOLDER

    def on_damage(self, told: Callable[[str], None]) -> None:
        """`told` hears, in any thread, that the library makes no sense, also where that is known by now."""
        self._when_damaged = told
        if self._damage:
            told(self._damage)

    async def open(self, complain: Callable[[Problem], None], restoring: Callable[[], None]) -> None:
        """StorageError where it cannot be opened; a backup that the user wanted and that is no good is told,
        and left alone. `restoring` is called before another library is made of what there is."""
        # Later on a file that is just being written would be taken for one that was left behind.
        await asyncio.to_thread(remove_unfinished, self.safety.work_dir)
        if self.safety.view_only is None:
            await self._open_journal()
        try:
            await self.safety.open(self.journal, self.picture_folders, restoring)
        except StorageError as error:
            if error.problem.kind is not ProblemKind.BACKUP_DAMAGED:
                raise
            complain(error.problem)
            await self.safety.open(self.journal, self.picture_folders, restoring)

    async def aclose(self) -> None:
        self.imaging.close()
        await asyncio.to_thread(self.thumbnails.close)
        await self.safety.close()
        await asyncio.to_thread(self.database.close)
        self.journal.close()
        self.safety.let_go()

    async def _open_journal(self) -> None:
        """Have the emergency journal at its full size before it is needed; nothing is sent without it."""
        try:
            await asyncio.to_thread(self.journal.open)
        except StorageError as error:
            logger.warning("the emergency journal cannot be made: %s", error.problem.facts)

    def _own_folders(self) -> tuple[Path, ...]:
        """Where a picture's file is the library's to remove; practice lies within."""
        return (self.pictures_folder,)

    def _note_damage(self, reason: str) -> None:
        self._damage = reason
        if self._when_damaged is not None:
            self._when_damaged(reason)


def _nobody_hears() -> None:
    """Where nobody waits at a window."""


@contextlib.asynccontextmanager
async def open_library(
    data_dir: Path,
    pictures_folder: Path,
    complain: Callable[[Problem], None],
    *,
    now: Callable[[], float],
    restoring: Callable[[], None] = _nobody_hears,
) -> AsyncIterator[Library]:
    """An open library; StorageError where it cannot be had. `restoring` hears where that takes long because
    it is made anew."""
    library = Library(data_dir, pictures_folder, now=now)
    try:
        await library.open(complain, restoring)
        yield library
    finally:
        await library.aclose()
