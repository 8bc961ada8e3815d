"""Where the library believes its pictures to be: read in pages, corrected in small steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.lookout import FileState, Seen
from gptimg_desktop.services.library.job_rows import image_of, insert
from gptimg_desktop.services.library.removals import COPIED, FOUND

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.services.library.database import Database

PAGE: Final = 1000
"""So many pictures are read, or corrected, at once: the gallery's questions go between."""
_COLUMNS: Final = "SELECT image.rowid AS row, job.seq, job.binned_at, image.*"
# CROSS says which table leads: left to itself SQLite sorts all pictures for each page of them.
_BY_PICTURE: Final = (
    f"{_COLUMNS} FROM image CROSS JOIN job ON job.id = image.job_id"
    " WHERE image.saved AND job.removed_at IS NULL AND image.rowid < ?"
)
_PAGE: Final = f"{_BY_PICTURE} ORDER BY image.rowid DESC LIMIT ?"
_PAGE_OF_MISSING: Final = (
    f"{_BY_PICTURE} AND image.missing = {FileState.MISSING:d} ORDER BY image.rowid DESC LIMIT ?"
)
_OF_JOBS: Final = (
    f"{_COLUMNS} FROM job CROSS JOIN image ON image.job_id = job.id"  # noqa: S608
    " WHERE job.seq IN (SELECT value FROM json_each(?)) AND image.saved AND job.removed_at IS NULL"
)
_AT_PATHS: Final = (
    f"{_COLUMNS} FROM image INDEXED BY image_by_path CROSS JOIN job ON job.id = image.job_id"  # noqa: S608
    " WHERE image.path IN (SELECT value FROM json_each(?)) AND image.saved AND job.removed_at IS NULL"
)
_MISSING: Final = f"""
    SELECT COUNT(*) AS missing, COUNT(job.binned_at) AS in_bin
        FROM image INDEXED BY image_missing CROSS JOIN job ON job.id = image.job_id
        WHERE image.missing AND image.missing = {FileState.MISSING:d} AND image.saved
            AND job.removed_at IS NULL
"""  # noqa: S608 - a constant of ours
# Of all pictures those that are gone are taken off: there are few, and their jobs stand together in an index.
_COUNT: Final = """
    SELECT (SELECT COUNT(*) FROM image WHERE saved) - (
        SELECT COUNT(*) FROM job INDEXED BY job_by_time CROSS JOIN image ON image.job_id = job.id
            WHERE job.removed_at IS NOT NULL AND image.saved
    )
"""
_BEYOND: Final = 2**63 - 1
_NOTE: Final = "UPDATE image SET missing = ? WHERE job_id = ? AND idx = ? AND path = ? AND missing <> ?"
_MOVE: Final = "UPDATE image SET path = ?, link = ?, missing = 0 WHERE job_id = ? AND idx = ? AND path = ?"
_MARK_COPY: Final = "UPDATE image SET link = ? WHERE job_id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlace:
    """One picture of a job that is not removed, and where its file was last known to be. `row` rises with the
    order in which they came into the library."""

    row: int
    seq: int
    job_id: str
    is_binned: bool
    image: SavedImage

    @property
    def path(self) -> str:
        return self.image.path

    @property
    def sha256(self) -> str:
        return self.image.sha256

    @property
    def size_bytes(self) -> int:
        return self.image.size_bytes

    @property
    def is_missing(self) -> bool:
        return self.image.is_missing

    @property
    def state(self) -> FileState:
        """What is known of its file."""
        if self.image.is_missing:
            return FileState.MISSING
        return FileState.CHANGED if self.image.is_changed else FileState.AS_SAVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A picture whose file is found at another path. `is_copy`: the library put it there itself."""

    place: ImagePlace
    path: str
    is_copy: bool = False


class ImagePlaces:
    """Every change is a compare-and-set on the path: what has moved since stays as it is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, before: int = _BEYOND) -> tuple[ImagePlace, ...]:
        """The newest pictures whose row comes before another; none at the end."""
        return await self._read(_PAGE, (before, PAGE))

    async def of_jobs(self, seqs: Sequence[int]) -> tuple[ImagePlace, ...]:
        """The pictures of some jobs."""
        return await self._read(_OF_JOBS, (json.dumps(list(seqs)),))

    async def at_paths(self, paths: Sequence[str]) -> tuple[ImagePlace, ...]:
        """The pictures whose files are said to be at some paths."""
        return await self._read(_AT_PATHS, (json.dumps(list(paths)),))

    async def missing(self, before: int = _BEYOND) -> tuple[ImagePlace, ...]:
        """As `page`, of those alone whose files were not there when they were last looked for."""
        return await self._read(_PAGE_OF_MISSING, (before, PAGE))

    async def count(self) -> int:
        """How many pictures there are, so many as all pages have together."""
        return int(await self._database.read(lambda connection: connection.execute(_COUNT).fetchone()[0]))

    async def count_missing(self) -> Seen:
        """How many files were not there when they were last looked for; how many of them are in the bin."""

        def work(connection: sqlite3.Connection) -> Seen:
            return Seen(**dict(connection.execute(_MISSING).fetchone()))

        return await self._database.read(work)

    async def note(self, seen: Sequence[ImagePlace], state: FileState) -> frozenset[int]:
        """Keep how files were found; the jobs (`seq`) for which that is news come back."""
        news = [each for each in seen if each.state is not state]
        values = [(state, each.job_id, each.image.index, each.path, state) for each in news]
        return await self._change(_NOTE, values, [each.seq for each in news])

    async def move(self, moves: Sequence[Move]) -> frozenset[int]:
        """Keep where files are now; the jobs (`seq`) that changed come back."""
        values = [
            (each.path, link, each.place.job_id, each.place.image.index, each.place.path)
            for each in moves
            for link in (COPIED if each.is_copy else FOUND,)
        ]
        return await self._change(_MOVE, values, [each.place.seq for each in moves])

    async def add(self, jobs: Sequence[Job], *, are_copies: bool) -> tuple[Job, ...]:
        """Commit imported pictures, all or none; they come back with their numbers."""

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            added = tuple(insert(connection, job) for job in jobs)
            if are_copies:
                connection.executemany(_MARK_COPY, [(COPIED, job.id) for job in jobs])
            return added

        return await self._database.write(work)

    async def _read(self, question: str, given: Sequence[object]) -> tuple[ImagePlace, ...]:
        def work(connection: sqlite3.Connection) -> tuple[ImagePlace, ...]:
            return tuple(map(_place, connection.execute(question, given)))

        return await self._database.read(work)

    async def _change(
        self, statement: str, values: Sequence[tuple[object, ...]], seqs: Sequence[int]
    ) -> frozenset[int]:
        """Run a statement for each row of values; the number whose row changed comes back."""

        def work(connection: sqlite3.Connection) -> frozenset[int]:
            changed = (connection.execute(statement, row).rowcount for row in values)
            return frozenset(seq for seq, count in zip(seqs, changed, strict=True) if count)

        return await self._database.write(work) if values else frozenset()


def _place(row: sqlite3.Row) -> ImagePlace:
    return ImagePlace(
        row=row["row"],
        seq=row["seq"],
        job_id=row["job_id"],
        is_binned=row["binned_at"] is not None,
        image=image_of(row),
    )
