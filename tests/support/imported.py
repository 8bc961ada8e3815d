"""Everything that an import works with, on a folder of a test's own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from gptimg_desktop.core.importing import Imported, ImportWish
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.files.drives import Drives
from gptimg_desktop.services.library.history import History
from gptimg_desktop.services.library.image_places import ImagePlaces
from gptimg_desktop.services.library.imaging.imaging import Imaging
from gptimg_desktop.services.library.imports.copies import ImportedCopies
from gptimg_desktop.services.library.imports.errand import Import
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.thumbnails.thumbnails import Thumbnails
from gptimg_desktop.services.stop import Stop
from tests.support.jobs import newest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.progress import Progress

NOW = 1_790_000_000.0


class Shelf:
    """A library and a picture folder, and what an import into them told."""

    def __init__(self, home: Path, *, patience_s: float = 20.0) -> None:
        self.home = home
        self.pictures = home / "pictures"
        self.database = Database(home / "library.sqlite3")
        self.store = JobStore(self.database)
        self.history = History(self.database, now=lambda: NOW)
        self.places = ImagePlaces(self.database)
        self.imaging = Imaging()
        self.thumbnails = Thumbnails(home / "thumbnails.sqlite3", self.imaging)
        self.drives = Drives(patience_s=patience_s)
        self.published: list[Job] = []
        self.told: list[Progress] = []
        self.moved: set[int] = set()
        self.stop = Stop()
        self.when_told: Callable[[Progress], None] | None = None

    async def take(self, *paths: Path | str, copies: bool = True) -> Imported:
        """Import files and folders."""
        wish = ImportWish(paths=tuple(map(str, paths)), are_copied=copies)
        return await Import(
            wish,
            places=self.places,
            copies=ImportedCopies(self.pictures),
            drives=self.drives,
            imaging=self.imaging,
            thumbnails=self.thumbnails,
            now=NOW,
            stop=self.stop,
            report=self._hear,
            publish=self.published.append,
            moved=self.moved.update,
        ).run()

    def _hear(self, progress: Progress) -> None:
        self.told.append(progress)
        if self.when_told is not None:
            self.when_told(progress)

    async def jobs(self) -> tuple[Job, ...]:
        """All jobs as they are committed, the newest first."""
        return await newest(self.history, 100_000)

    def files(self) -> list[str]:
        """Every file in the picture folder, by its path in there; hidden ones too."""
        found = (path for path in self.pictures.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.pictures)) for path in found)


@asynccontextmanager
async def shelf(home: Path, *, patience_s: float = 20.0) -> AsyncIterator[Shelf]:
    """An open library with nothing in it, or with what an earlier one left there."""
    home.mkdir(exist_ok=True)
    opened = Shelf(home, patience_s=patience_s)
    await opened.database.open()
    try:
        yield opened
    finally:
        opened.imaging.close()
        opened.thumbnails.close()
        await asyncio.to_thread(opened.database.close)
