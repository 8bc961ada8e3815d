"""The library of one data folder, open: all that is kept on disk, and nothing of the service.

It is opened before everything else, so that the gallery shows what there is while the rest is still imported.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.folders import PRACTICE_FOLDER
from gptimg_desktop.services.durable import remove_unfinished
from gptimg_desktop.services.library.bin import Bin
from gptimg_desktop.services.library.care.keeper import LIBRARY
from gptimg_desktop.services.library.care.safety import Safety
from gptimg_desktop.services.library.collections import CollectionStore
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
from gptimg_desktop.services.library.files.drives import Drives
from gptimg_desktop.services.library.files.trash import Trash
from gptimg_desktop.services.library.history import History
from gptimg_desktop.services.library.image_places import ImagePlaces
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.prompts import PromptStore
from gptimg_desktop.services.library.removals import RemovalStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.library.references.store import ReferenceStore
    from gptimg_desktop.services.library.thumbnails.thumbnails import Thumbnails

logger = logging.getLogger(__name__)

REFERENCES_FOLDER: Final = "references"


class Library:
    """Everything that reads and writes what is kept. `Opening` makes it and ends it.

    `pictures_folder` is where pictures go at present, `former_folders` where they went before: in all of them
    a file may be the library's to remove. `imaging`, `thumbnails` and `references` are there once it is open.
    """

    imaging: Imaging
    thumbnails: Thumbnails
    references: ReferenceStore

    def __init__(
        self,
        data_dir: Path,
        pictures_folder: Path,
        *,
        now: Callable[[], float],
        former_folders: tuple[Path, ...] = (),
    ) -> None:
        self._data_dir = data_dir
        self.pictures_folder = pictures_folder
        self.former_folders = former_folders
        self._when_damaged: Callable[[str], None] | None = None
        self._damage = ""
        self._has_pictures = False
        self.database = database = Database(data_dir / LIBRARY)
        self.safety = Safety(data_dir, database, now=now, damaged=self._note_damage)
        self.journal = EmergencyJournal(data_dir / "journal")
        self.store = JobStore(database)
        self.history = History(database, now=now)
        self.places = ImagePlaces(database)
        self.prompts = PromptStore(database)
        self.collections = CollectionStore(database)
        self.bin = Bin(RemovalStore(database), Trash(), Drives(), folders=self._own_folders, now=now)

    @property
    def picture_folders(self) -> tuple[Path, ...]:
        """The folders that hold pictures, the present ones first: real ones, and practice apart."""
        each = (place for folder in self._own_folders() for place in (folder, folder / PRACTICE_FOLDER))
        return tuple(dict.fromkeys(each))

    def on_damage(self, told: Callable[[str], None]) -> None:
        """`told` hears, in any thread, that the library makes no sense, also where that is known by now."""
        self._when_damaged = told
        if self._damage:
            told(self._damage)

    def open(self, complain: Callable[[Problem], object], restoring: Callable[[], object]) -> None:
        """Blocks, and calls back in this thread. StorageError where it cannot be opened; a backup that the
        user wanted and that is no good is told, and left alone. `restoring` is called before another library
        is made of what there is."""
        # Later on a file that is just being written would be taken for one that was left behind.
        remove_unfinished(self.safety.work_dir)
        if self.safety.view_only is None:
            self._open_journal()
        try:
            self.safety.open(self.journal, self.picture_folders, restoring)
        except StorageError as error:
            if error.problem.kind is not ProblemKind.BACKUP_DAMAGED:
                raise
            complain(error.problem)
            self.safety.open(self.journal, self.picture_folders, restoring)
        self._take_up_pictures()

    def close(self) -> None:
        """Blocks, as long as writes that were asked for are under way."""
        if self._has_pictures:
            self.imaging.close()
            self.thumbnails.close()
        self.safety.close()
        self.database.close()
        self.journal.close()
        self.safety.let_go()

    async def aclose(self) -> None:
        """The same, beside the loop."""
        await asyncio.to_thread(self.close)

    def _take_up_pictures(self) -> None:
        """What stands on Pillow is imported only now, after the look at the library: the window is made while
        SQLite looks, and would wait for an import."""
        from gptimg_desktop.services.library.imaging.imaging import Imaging  # noqa: PLC0415
        from gptimg_desktop.services.library.references.store import ReferenceStore  # noqa: PLC0415
        from gptimg_desktop.services.library.thumbnails.thumbnails import Thumbnails  # noqa: PLC0415

        self.imaging = Imaging(self.safety.work_dir / "decoding")
        self.references = ReferenceStore(self._data_dir / REFERENCES_FOLDER)
        self.thumbnails = Thumbnails(self.safety.work_dir / "thumbnails.sqlite3", self.imaging)
        self._has_pictures = True

    def _open_journal(self) -> None:
        """Have the emergency journal at its full size before it is needed; nothing is sent without it."""
        try:
            self.journal.open()
        except StorageError as error:
            logger.warning("the emergency journal cannot be made: %s", error.problem.facts)

    def _own_folders(self) -> tuple[Path, ...]:
        """Where a picture's file is the library's to remove; practice lies within."""
        return self.pictures_folder, *self.former_folders

    def _note_damage(self, reason: str) -> None:
        self._damage = reason
        if self._when_damaged is not None:
            self._when_damaged(reason)
