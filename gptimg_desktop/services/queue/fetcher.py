"""Brings single images home: fetched, checked, made durable, named. What broke off is continued later."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.core.filenames import image_path
from gptimg_desktop.services.api.arrival import Arrival
from gptimg_desktop.services.library.files.picture_folder import (
    DAMAGED,
    NameTakenError,
    PartFile,
    extra_bytes,
)
from gptimg_desktop.services.to_the_end import to_the_end

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.services.api.downloads import Downloader
    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.library.jobs import JobStore

SAME_TRIES: Final = 5
"""After so many tries that brought the same damaged bytes, these are what the service has."""
MOST_BEGUN: Final = 8
"""Files that broke off and are kept open for their rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An image that is safe on disk; `remark` says what is odd about its file."""

    image: SavedImage
    remark: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A download that came some of its way."""

    link: str
    part: PartFile
    arrival: Arrival


class Fetcher:
    """Fetches an image as often as it is asked to, until it is there.

    The rest of what broke off is fetched in this run only: after a power cut the bytes of a part file that
    was never synced may be holes, so a new run begins anew.
    """

    def __init__(
        self, *, store: JobStore, folder_for: Callable[[Job], PictureFolder], imaging: Imaging
    ) -> None:
        self._store = store
        self._folder_for = folder_for
        self._imaging = imaging
        self._begun: dict[tuple[str, int], _Begun] = {}
        self._damaged: dict[tuple[str, int], tuple[str, int]] = {}

    async def fetch(
        self, job: Job, index: int, downloader: Downloader, beside: Sequence[SavedImage] = ()
    ) -> Fetched:
        """One image, safe on disk; an earlier try that came as far as its file is taken up.

        `beside` are the images of the job that are there. DownloadError or NetworkError where it did not
        come this time, StorageError where it could not be kept.
        """
        folder = self._folder_for(job)
        planned = await self._store.planned_image(job, index)
        if planned is not None and await asyncio.to_thread(folder.adopt, planned):
            await asyncio.to_thread(folder.remove_part, job.id, index)  # the same file under its first name
            return await self._adopted(planned)
        if planned is not None:
            await asyncio.to_thread(folder.let_go, planned)
        begun = await self._begin(job, index, folder)
        try:
            await downloader.go_on(begun.link, begun.arrival)
            return await self._keep(job, folder, begun, index, beside)
        except NetworkError:
            await self._keep_begun((job.id, index), begun)
            raise
        except BaseException:
            await to_the_end(begun.part.discard)
            raise

    async def forget(self, job: Job) -> None:
        """Nothing of a job is fetched any more."""
        for name in [name for name in self._damaged if name[0] == job.id]:
            del self._damaged[name]
        for begun in [self._begun.pop(name) for name in tuple(self._begun) if name[0] == job.id]:
            await to_the_end(begun.part.discard)

    async def aclose(self) -> None:
        """Throw away what is not whole."""
        while self._begun:
            _, begun = self._begun.popitem()
            await to_the_end(begun.part.discard)

    # The way of an image

    async def _begin(self, job: Job, index: int, folder: PictureFolder) -> _Begun:
        """What broke off before, if its rest would come by the same link to the same folder; else none."""
        link = job.links[index]
        begun = self._begun.pop((job.id, index), None)
        if begun is not None:
            if begun.link == link and begun.part.path.parent == folder.folder:
                return begun
            await to_the_end(begun.part.discard)
        part = await to_the_end(partial(folder.begin, job.id, index), PartFile.discard)

        async def write(piece: bytes) -> None:
            await asyncio.to_thread(part.write, piece)

        async def begin_anew() -> None:
            await asyncio.to_thread(part.begin_anew)

        return _Begun(link=link, part=part, arrival=Arrival(write, begin_anew))

    async def _keep_begun(self, name: tuple[str, int], begun: _Begun) -> None:
        if begun.arrival.can_continue:
            self._begun[name] = begun
        else:
            await to_the_end(begun.part.discard)
        while len(self._begun) > MOST_BEGUN:
            oldest = self._begun.pop(next(iter(self._begun)))
            await to_the_end(oldest.part.discard)

    async def _keep(
        self, job: Job, folder: PictureFolder, begun: _Begun, index: int, beside: Sequence[SavedImage]
    ) -> Fetched:
        """Check what arrived, then name it."""
        host = urlsplit(begun.link).hostname or ""
        try:
            image = await self._imaging.run(partial(begun.part.finish, index=index, host=host))
        except DownloadError as error:
            if not self._is_all_there_is(job.id, index, begun.part, error):
                raise
            image = await self._imaging.run(partial(begun.part.finish_damaged, index=index))
            placed = await self._place(job, folder, begun.part, image, ending=DAMAGED)
            return Fetched(image=placed, remark=_delivered_damaged(placed))
        twin = await self._twin(job, folder, image, beside)
        if twin is None:
            image = await self._place(job, folder, begun.part, image)
        else:
            await to_the_end(begun.part.discard)
            image = twin
        return Fetched(image=image, remark=_followed_by(begun.part.extra_bytes))

    def _is_all_there_is(self, job_id: str, index: int, part: PartFile, error: DownloadError) -> bool:
        """True where the very same damaged picture came so often that no other will come."""
        if error.problem.kind is not ProblemKind.IMAGE_INCOMPLETE:
            return False
        sha256, times = self._damaged.get((job_id, index), ("", 0))
        times = times + 1 if sha256 == part.sha256 else 1
        self._damaged[job_id, index] = (part.sha256, times)
        return times >= SAME_TRIES

    async def _twin(
        self, job: Job, folder: PictureFolder, image: SavedImage, beside: Sequence[SavedImage]
    ) -> SavedImage | None:
        """The same bytes, kept by an earlier try that had them from another link; one of several images may
        be fetched once more because the links of all were renewed."""
        if len(job.links) == 1:
            return None
        twin = await self._store.planned_twin(job, image)
        if twin is None or twin.path in {other.path for other in beside}:
            return None
        return twin if await asyncio.to_thread(folder.adopt, twin) else None

    async def _place(
        self, job: Job, folder: PictureFolder, part: PartFile, image: SavedImage, ending: str = ""
    ) -> SavedImage:
        """Plan the name, then take it; where something was quicker, plan the next one."""
        made = datetime.fromtimestamp(job.created_at).astimezone()
        root = str(folder.folder)
        wished = image_path(job.request.prompt, made, job.seq, image.format, folder=root) + ending
        while True:
            path = await asyncio.to_thread(folder.free_path, wished)
            image = image.at(str(path))
            await self._store.plan_image(job, image)
            try:
                await asyncio.to_thread(folder.place, part, path)
            except NameTakenError:
                continue
            return image

    async def _adopted(self, image: SavedImage) -> Fetched:
        if image.path.endswith(DAMAGED):
            return Fetched(image=image, remark=_delivered_damaged(image))
        return Fetched(image=image, remark=_followed_by(await self._imaging.run(partial(extra_bytes, image))))


def _delivered_damaged(image: SavedImage) -> Problem:
    return Problem.of(ProblemKind.DELIVERED_DAMAGED, path=image.path)


def _followed_by(count: int) -> Problem | None:
    return Problem.of(ProblemKind.IMAGE_WITH_EXTRA_BYTES, found=count) if count else None
