"""Small pictures for the gallery, in a cache database of their own that may be deleted at any time."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import make_private
from gptimg_desktop.services.library.imaging import decode, encode
from gptimg_desktop.services.library.readers import TooManyPixelsError, UndecodedError, UnreadableImageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.job import SavedImage
    from gptimg_desktop.services.library.imaging import Imaging

THUMBNAIL_BOX: Final = 384
PREVIEW_BOX: Final = 1024
WHOLE_BOX: Final = 65_536


class Thumbnails:
    """Makes and remembers a thumbnail for each image, by the hash of its bytes."""

    def __init__(self, path: Path, imaging: Imaging) -> None:
        self._path = path
        self._imaging = imaging

    async def thumbnail(self, image: SavedImage) -> Bitmap:
        """The image within 384 × 384; StorageError where its file is gone or cannot be shown."""
        return await self._imaging.run(lambda: self._remembered(image))

    async def preview(self, image: SavedImage) -> Bitmap:
        """The image within 1024 × 1024, straight from its file."""
        return await self._imaging.run(lambda: _decoded(image, PREVIEW_BOX))

    async def whole(self, image: SavedImage) -> Bitmap:
        """The image with all its pixels, straight from its file."""
        return await self._imaging.run(lambda: _decoded(image, WHOLE_BOX))

    def _remembered(self, image: SavedImage) -> Bitmap:
        known = self._read(image.sha256)
        if known is not None:
            try:
                return decode(known, THUMBNAIL_BOX)
            except UnreadableImageError:
                pass  # a damaged cache entry is simply made again
        made = _decoded(image, THUMBNAIL_BOX)
        self._write(image.sha256, encode(made))
        return made

    def _read(self, sha256: str) -> bytes | None:
        try:
            with _cache(self._path) as cache:
                row = cache.execute("SELECT picture FROM thumbnail WHERE sha256 = ?", (sha256,)).fetchone()
        except (sqlite3.Error, OSError):
            return None
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def _write(self, sha256: str, picture: bytes) -> None:
        try:
            with _cache(self._path) as cache:
                cache.execute("INSERT OR REPLACE INTO thumbnail VALUES (?, ?)", (sha256, picture))
        except (sqlite3.Error, OSError):
            return  # a cache that cannot be written costs time, not pictures


@contextmanager
def _cache(path: Path) -> Iterator[sqlite3.Connection]:
    """The cache database for one statement; cheap, and safe from whichever worker thread."""
    make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=2)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS thumbnail (sha256 TEXT PRIMARY KEY, picture BLOB NOT NULL)"
        )
        yield connection
    finally:
        connection.close()


def _decoded(image: SavedImage, box: int) -> Bitmap:
    try:
        return decode(Path(image.path), box)
    except TooManyPixelsError:
        problem = Problem.of(ProblemKind.IMAGE_TOO_LARGE_TO_SHOW, path=image.path)
        raise StorageError(problem) from None
    except UndecodedError as error:
        kind = ProblemKind.IMAGE_SET_ASIDE if error.is_set_aside else ProblemKind.IMAGE_NOT_SHOWN
        raise StorageError(Problem.of(kind, path=image.path)) from None
    except UnreadableImageError:
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_DAMAGED, path=image.path)) from None
    except OSError:
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=image.path)) from None
