"""A picture whose file is gone is fetched once more while its link lives. Nothing is asked for anew."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import BadInputError, DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.core.filenames import alternatives, image_path
from gptimg_desktop.services.api.arrival import Arrival
from gptimg_desktop.services.library.files.picture_folder import DAMAGED, NameTakenError, PartFile
from gptimg_desktop.services.to_the_end import to_the_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.services.api.downloads import Downloader
    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.queue.connections import Connections
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)


class SecondFetch:
    """One try for each wish of the user, and one for each file that is gone.

    The library learns of a file only once that is safe on disk, in one step, and only where the picture is
    still missed where it was: where nothing comes, or where it was found or removed meanwhile, all that is
    known of it stays. A file that a try could not tell of any more is taken up by the next one.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        imaging: Imaging,
    ) -> None:
        self._ledger = ledger
        self._connections = connections
        self._folder_for = folder_for
        self._imaging = imaging
        self._in_hand: set[str] = set()

    async def fetch(self, job_id: str) -> None:
        """Bring back what is gone of a job's files; an AppError says why the first that stays gone does."""
        if job_id in self._in_hand:
            return
        self._in_hand.add(job_id)
        try:
            await self._fetch(await self._ledger.store.get(job_id))
        finally:
            self._in_hand.discard(job_id)

    async def _fetch(self, job: Job) -> None:
        connection = self._connections.for_job(job)
        if connection is None:
            raise BadInputError(Problem.of(ProblemKind.KEY_MISSING, service=job.service))
        failures = []
        taken = {image.path for image in job.images}
        for gone in job.gone_with_links:
            place = _Place(folder=self._folder_for(job), job=job, gone=gone, taken=taken - {gone.path})
            try:
                taken.add(await self._bring_back(place, connection.downloader))
            except (DownloadError, NetworkError) as error:
                logger.info("job %s: not fetched again: %s", job.id, error.problem.kind)
                failures.append(error)
        if failures:
            raise DownloadError(_told(failures[0])) from failures[0]

    async def _bring_back(self, place: _Place, downloader: Downloader) -> str:
        """Have one file again and let the library know; where it is."""
        image = await asyncio.to_thread(place.found, place.gone)
        if image is not None:
            await self._note(place, image)
            return image.path
        image, is_new = await self._download(place, downloader)
        if not await self._note(place, image) and is_new:
            await asyncio.to_thread(_remove, Path(image.path))
        return image.path

    async def _note(self, place: _Place, image: SavedImage) -> bool:
        """Tell that the file is there; False where the library has no place for it any more."""
        is_known = await self._ledger.store.note_there(place.job, place.gone, image)
        if is_known:
            await self._ledger.reload(place.job.id)
        return is_known

    async def _download(self, place: _Place, downloader: Downloader) -> tuple[SavedImage, bool]:
        """The picture by its link, safe on disk, and whether its file is of this try."""
        link = place.job.links[place.gone.index]
        begin = partial(place.folder.begin, place.job.id, place.gone.index)
        part = await to_the_end(begin, PartFile.discard)

        async def write(piece: bytes) -> None:
            await asyncio.to_thread(part.write, piece)

        try:
            await downloader.go_on(link, Arrival(write))
            image = await self._imaging.run(partial(_finished, part, place.gone, link))
            found = await asyncio.to_thread(place.found, image)
            if found is None:
                return await to_the_end(partial(place.put, part, image)), True
        except BaseException:
            await to_the_end(part.discard)
            raise
        await to_the_end(part.discard)
        return found, False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the file of a picture belongs: where it was, else where a new one of its job would be put.
    `taken` are the paths of the job's other pictures. Its methods block."""

    folder: PictureFolder
    job: Job
    gone: SavedImage
    taken: set[str]

    def found(self, image: SavedImage) -> SavedImage | None:
        """This very picture where it belongs, durable from now on: it came back by itself, or with a try
        that ended before it could tell of it."""
        self.folder.let_go(self.gone)
        standing = takewhile(os.path.lexists, self._names(image))
        for path in map(str, chain([self.gone.path], standing)):
            if path not in self.taken and self.folder.adopt(image.at(path)):
                return replace(image, path=path, is_missing=False)
        return None

    def put(self, part: PartFile, image: SavedImage) -> SavedImage:
        """Give a finished part the first name that is free; nothing is ever replaced."""
        former = [Path(self.gone.path)] if self._may_return(image) else []
        names = chain(former, self._names(image))
        while True:
            path = next(name for name in names if not os.path.lexists(name))
            with contextlib.suppress(NameTakenError):
                self.folder.place(part, path)
                return image.at(str(path))

    def _names(self, image: SavedImage) -> Iterator[Path]:
        """Every name that a new file of the job may have, the plain one first."""
        made = datetime.fromtimestamp(self.job.created_at).astimezone()
        root = str(self.folder.folder)
        name = image_path(self.job.request.prompt, made, self.job.seq, image.format, folder=root)
        wished = name + (DAMAGED if self._is_as_damaged(image) else "")
        return (self.folder.folder / path for path in alternatives(wished))

    def _may_return(self, image: SavedImage) -> bool:
        """True where its former name says what it is, in a folder of the picture folder that is there."""
        former = Path(self.gone.path)
        if image.format != self.gone.format or _is_damaged(self.gone) != self._is_as_damaged(image):
            return False
        return former.is_relative_to(self.folder.folder) and former.parent.is_dir()

    def _is_as_damaged(self, image: SavedImage) -> bool:
        """True for the very bytes that were kept although they are damaged."""
        return _is_damaged(self.gone) and image.sha256 == self.gone.sha256


def _finished(part: PartFile, gone: SavedImage, link: str) -> SavedImage:
    """The picture that came, checked and durable. What was kept although it is damaged may come as it did
    then."""
    try:
        return part.finish(index=gone.index, host=urlsplit(link).hostname or "")
    except DownloadError as error:
        is_incomplete = error.problem.kind is ProblemKind.IMAGE_INCOMPLETE
        if is_incomplete and _is_damaged(gone) and part.sha256 == gone.sha256:
            return part.finish_damaged(index=gone.index)
        raise


def _is_damaged(image: SavedImage) -> bool:
    return image.path.endswith(DAMAGED)


def _remove(path: Path) -> None:
    """Take back a file that nobody knows of."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("a file that is not needed stays: %s", error)


def _told(error: DownloadError | NetworkError) -> Problem:
    """Why a file stays gone, and whether another wish may help."""
    if error.problem.kind is ProblemKind.LINK_UNSAFE:
        return Problem.of(ProblemKind.LINK_NOT_FOLLOWED, **error.problem.facts)
    is_dead = isinstance(error, DownloadError) and error.dead_link
    return Problem.of(ProblemKind.LINK_GIVES_NOTHING if is_dead else ProblemKind.NOT_FETCHED_AGAIN)
