"""Small pictures for the gallery, made once and remembered; larger ones for the panels."""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.library.imaging.formats import SENT
from gptimg_desktop.services.library.imaging.imaging import decode, encode
from gptimg_desktop.services.library.imaging.readers import (
    TooManyPixelsError,
    UndecodedError,
    UnreadableImageError,
)
from gptimg_desktop.services.library.thumbnails.small_pictures import shown, smaller
from gptimg_desktop.services.library.thumbnails.store import ThumbnailStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.job import SavedImage
    from gptimg_desktop.services.library.imaging.imaging import Imaging

THUMBNAIL_BOX: Final = 384
PREVIEW_BOX: Final = 1024
WHOLE_BOX: Final = 65_536
_MAKERS: Final = 2


class Thumbnails:
    """Makes and remembers a thumbnail for each image, by the hash of its bytes. One whose file is gone stays.

    Each is kept within 384 × 384 pixels and handed out within the box that is asked for.
    """

    def __init__(self, path: Path, imaging: Imaging) -> None:
        self._store = ThumbnailStore(path)
        self._imaging = imaging

    async def known(self, images: Sequence[SavedImage], box: int = THUMBNAIL_BOX) -> dict[str, Bitmap]:
        """Those that are remembered, by the hashes of their images: one question for all of them."""
        hashes = [image.sha256 for image in images]
        return await self._imaging.run(lambda: self._known(hashes, box))

    async def thumbnail(self, image: SavedImage, box: int = THUMBNAIL_BOX) -> Bitmap:
        """The image within the box; StorageError where its file is gone or cannot be shown."""
        return await self._imaging.run(lambda: self._remembered(image, box))

    async def rebuild(self, images: Iterable[SavedImage], told: Callable[[Progress], None]) -> None:
        """Make the thumbnails of these images anew, two at a time; what cannot be made stays as it is.

        `told` hears of every step, in the calling thread. Cancelling ends it after those in hand.
        """
        wanted = list(images)
        left, made = iter(wanted), itertools.count(1)

        async def work() -> None:
            for image in left:
                await self._imaging.run(partial(self._made_anew, image))
                told(Progress(errand=Errand.THUMBNAILS, done=next(made), total=len(wanted)))

        async with asyncio.TaskGroup() as group:
            for _ in range(_MAKERS):
                group.create_task(work())

    async def preview(self, image: SavedImage) -> Bitmap:
        """The image within 1024 × 1024, straight from its file."""
        return await self._imaging.run(lambda: _decoded(image, PREVIEW_BOX))

    async def whole(self, image: SavedImage) -> Bitmap:
        """The image with all its pixels, straight from its file."""
        return await self._imaging.run(lambda: _decoded(image, WHOLE_BOX))

    def keep(self, sha256: str, made: Bitmap) -> None:
        """Remember a thumbnail that was made elsewhere of the bytes with that hash. Blocks; to be called in a
        thread that decodes."""
        self._store.write(sha256, encode(made))

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    # In a thread that decodes

    def _known(self, hashes: Sequence[str], box: int) -> dict[str, Bitmap]:
        found = {}
        for sha256, picture in self._store.read(hashes).items():
            try:
                found[sha256] = shown(picture, box)
            except UnreadableImageError:
                continue  # a damaged entry is simply made again
        return found

    def _remembered(self, image: SavedImage, box: int) -> Bitmap:
        known = self._known([image.sha256], box).get(image.sha256)
        return self._made(image, box) if known is None else known

    def _made(self, image: SavedImage, box: int) -> Bitmap:
        made = _decoded(image, THUMBNAIL_BOX)
        self._store.write(image.sha256, encode(made))
        return smaller(made, box)

    def _made_anew(self, image: SavedImage) -> None:
        try:
            self._made(image, THUMBNAIL_BOX)
        except StorageError:
            return  # what is remembered of it is all that is left


def _decoded(image: SavedImage, box: int) -> Bitmap:
    try:
        return decode(Path(image.path), box, is_users=image.format not in SENT)
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
