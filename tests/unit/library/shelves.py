"""A library with pictures on the disk, for tests that throw some of them away."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.bin import Bin
from gptimg_desktop.services.library.collections import CollectionStore
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.files.drives import Drives
from gptimg_desktop.services.library.files.trash import Trash
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.library.removals import RemovalStore
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gptimg_desktop.core.mark import Mark

NOW = 1_800_100_000.0
DAY = 86_400.0


class Shelf:
    """One library and its picture folder; the clock stands still."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.folders = [folder]
        self.now = NOW
        self.jobs = JobStore(database)
        self.collections = CollectionStore(database)
        self.removals = RemovalStore(database)
        self.trash = Trash()
        self.drives = Drives()
        self.bin = Bin(
            self.removals,
            self.trash,
            self.drives,
            folders=lambda: tuple(self.folders),
            now=lambda: self.now,
        )
        self._numbers = itertools.count(1)

    def picture(self, name: str = "", content: bytes = b"") -> Path:
        """A new file in the picture folder, in the folder of its day."""
        path = self.folder / "2026-11-22" / (name or f"chair_{next(self._numbers):04}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content or str(path).encode())
        return path

    async def add(self, state: JobState = JobState.SAVED, *paths: Path, **more: Any) -> Job:
        """A job in a state, with pictures of these files."""
        images = tuple(an_image(index, path) for index, path in enumerate(paths))
        (job,) = await self.jobs.add([new_job(state=state, images=images, **more)])
        return job

    async def binned(self, *paths: Path, state: JobState = JobState.SAVED, **more: Any) -> Job:
        """The same, put away a day ago."""
        return await self.add(state, *paths, **({"binned_at": self.now - DAY} | more))

    async def mark(self, job: Job, mark: Mark) -> None:
        """As the user does it, in the row alone."""
        after = job.marked(mark, self.now)
        await self.execute("UPDATE job SET binned_at = ? WHERE seq = ?", after.binned_at, job.seq)

    async def execute(self, statement: str, *values: object) -> None:
        await self.database.write(lambda connection: connection.execute(statement, values).rowcount)

    async def rows(self, question: str, *values: object) -> list[tuple[object, ...]]:
        return await self.database.read(
            lambda connection: [tuple(row) for row in connection.execute(question, values)]
        )

    async def removed(self) -> list[int]:
        """The numbers of the jobs that have left the gallery for ever."""
        found = await self.rows("SELECT seq FROM job WHERE removed_at IS NOT NULL ORDER BY seq")
        return [int(str(row[0])) for row in found]


def an_image(index: int, path: Path) -> SavedImage:
    content = path.read_bytes()
    return SavedImage(
        index=index,
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        pixels=PixelSize(1024, 1024),
        format="png",
    )


@asynccontextmanager
async def a_shelf(folder: Path) -> AsyncIterator[Shelf]:
    database = Database(folder / "library.sqlite3")
    pictures = folder / "Pictures"
    pictures.mkdir()
    try:
        await database.open()
        yield Shelf(database, pictures)
    finally:
        database.close()
