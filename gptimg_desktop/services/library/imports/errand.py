"""Importing: files and folders of the user's become pictures of the library, each whole or not at all.

    list (walk folders) ─► read ─► known? ─► decode ─► copy, sync, name ─► commit row ─► publish
                             └─ no answer, damaged, … ─► noted, the next one goes on

What was committed stays whatever comes after; of what was not there is neither a row nor a copy.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeVar

from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.importing import Imported, tier_of
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.services.apart import begin_apart
from gptimg_desktop.services.library.files.drives import AT_ONCE
from gptimg_desktop.services.library.image_places import Move
from gptimg_desktop.services.library.imports.incoming import (
    Incoming,
    examine,
    read,
    sane_moment,
    silent,
    told_name,
    unkeepable,
)
from gptimg_desktop.services.library.imports.known_pictures import KnownPictures
from gptimg_desktop.services.library.imports.listing import listed
from gptimg_desktop.services.library.thumbnails.thumbnails import THUMBNAIL_BOX
from gptimg_desktop.services.stop import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.importing import ImportWish
    from gptimg_desktop.services.library.files.drives import Drives
    from gptimg_desktop.services.library.files.trees import FoundFile
    from gptimg_desktop.services.library.image_places import ImagePlace, ImagePlaces
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.library.imports.copies import ImportedCopies
    from gptimg_desktop.services.library.imports.incoming import Examined
    from gptimg_desktop.services.library.thumbnails.thumbnails import Thumbnails
    from gptimg_desktop.services.stop import Stop

T = TypeVar("T")

TOGETHER: Final = 16
"""So many pictures share a commit at most, so that each is in the gallery soon."""
COMMIT_EVERY_S: Final = 0.5
MOST_PROBLEMS: Final = 1000
"""Of more an import does not tell one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A picture whose file is where it belongs, and that has no row yet."""

    job: Job
    is_copy: bool


class Import:
    """One import, from its wish to its end; `run` is called once.

    `report` hears how far it is, `publish` of each job that was committed, `moved` of the jobs (`seq`) whose
    missing files it brought along.
    """

    def __init__(
        self,
        wish: ImportWish,
        *,
        places: ImagePlaces,
        copies: ImportedCopies,
        drives: Drives,
        imaging: Imaging,
        thumbnails: Thumbnails,
        now: float,
        stop: Stop,
        report: Callable[[Progress], None],
        publish: Callable[[Job], None],
        moved: Callable[[frozenset[int]], None],
    ) -> None:
        self._wish = wish
        self._places = places
        self._copies = copies
        self._drives = drives
        self._imaging = imaging
        self._thumbnails = thumbnails
        self._now = now
        self._stop = stop
        self._report = report
        self._publish = publish
        self._moved = moved
        self._known = KnownPictures()
        self._groups: dict[str, str] = {}
        self._left: deque[FoundFile] = deque()
        self._total = 0
        self._in_hand: set[int] = set()
        self._contents_in_hand: dict[str, asyncio.Event] = {}
        self._ready: dict[int, _Ready] = {}
        self._committing = asyncio.Lock()
        self._committed_at = asyncio.get_running_loop().time()
        self._ended_by: Problem | None = None
        self._problems: list[Problem] = []
        self._counts = Imported()

    async def run(self) -> Imported:
        """Import everything; whatever happens, what comes back is true of the library."""
        self._report(Progress(errand=Errand.IMPORT))
        try:
            await self._list()
            await self._known.load(self._places, self._stop)
            await self._work_side_by_side()
        except StoppedError:
            pass
        except StorageError as error:
            self._ended_by = error.problem
        finally:
            await self._commit()
        return replace(
            self._counts,
            problems=tuple(self._problems),
            ended_by=self._ended_by,
            was_cancelled=self._stop.is_set,
        )

    async def _list(self) -> None:
        if self._wish.are_copied:
            await self._apart(self._copies.remove_parts)
        found, self._groups = await self._apart(partial(listed, self._wish.paths, self._stop))
        self._left.extend(found.files)
        self._total = len(found.files)
        for folder, reason in found.unread:
            kind = ProblemKind.IMPORT_UNREADABLE
            self._note_problem(Problem.of(kind, name=told_name(folder), reason=reason))
        self._tell()

    async def _work_side_by_side(self) -> None:
        """Nobody is left at work when this ends, so that what they have in hand gets its row."""
        ends = await asyncio.gather(*(self._work() for _ in range(AT_ONCE)), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    async def _work(self) -> None:
        """Take one file after the other until none is left, or something ends it for all."""
        while self._left and not self._stop.is_set and self._ended_by is None:
            number = self._total - len(self._left)
            self._in_hand.add(number)
            try:
                await self._take(self._left.popleft().path, number)
            except BadInputError as error:
                self._note_problem(error.problem)
            except StorageError as error:
                self._ended_by = error.problem
            finally:
                self._in_hand.discard(number)
            self._tell()
            if len(self._ready) >= TOGETHER or self._is_time:
                await self._commit()

    @property
    def _is_time(self) -> bool:
        """True where the last commit was a while ago."""
        return asyncio.get_running_loop().time() - self._committed_at > COMMIT_EVERY_S

    async def _take(self, path: str, number: int) -> None:
        """Bring one file to where only its row is wanting. BadInputError where it cannot be imported,
        StorageError where no file can."""
        if not self._wish.are_copied and (refusal := unkeepable(path)) is not None:
            raise refusal
        async with self._drives.turn(path):
            try:
                incoming = await self._stop.unless_set(self._drives.ask(path, partial(read, path)))
            except TimeoutError:
                raise silent(path) from None
            await self._take_content(incoming, number)

    async def _take_content(self, incoming: Incoming, number: int) -> None:
        """Whether the library has a content is told once its twin, where there is one, came to something."""
        while (twin := self._contents_in_hand.get(incoming.sha256)) is not None:
            await twin.wait()
        done = self._contents_in_hand[incoming.sha256] = asyncio.Event()
        try:
            await self._take_unless_known(incoming, number)
        finally:
            del self._contents_in_hand[incoming.sha256]
            done.set()

    async def _take_unless_known(self, incoming: Incoming, number: int) -> None:
        if self._known.has(incoming.sha256):
            is_binned = self._known.is_binned(incoming.sha256)
            self._counts = replace(
                self._counts, known=self._counts.known + 1, in_bin=self._counts.in_bin + is_binned
            )
            return
        missed, is_taken = self._known.claim(incoming.sha256), False
        try:
            examined = await self._imaging.run(partial(self._examine, incoming))
            image, is_copy = await self._placed(incoming, examined)
            if missed:
                await self._move(missed, image, is_copy=is_copy)
            else:
                job = self._job(incoming, examined, image)
                self._ready[number] = _Ready(job=job, is_copy=is_copy)
            is_taken = True
        finally:
            if not is_taken:
                self._known.give_back(incoming.sha256, missed)

    def _examine(self, incoming: Incoming) -> Examined:
        """In a thread that decodes: the picture, whose thumbnail is kept on the way."""
        examined = examine(incoming, THUMBNAIL_BOX, now=self._now)
        self._thumbnails.keep(incoming.sha256, examined.bitmap)
        return examined

    async def _placed(self, incoming: Incoming, examined: Examined) -> tuple[SavedImage, bool]:
        """The image at its path in the library, and whether that is a copy."""
        image = SavedImage(
            index=0,
            path=incoming.path,
            sha256=incoming.sha256,
            size_bytes=len(incoming.content),
            pixels=examined.pixels,
            format=examined.format,
        )
        if not self._wish.are_copied:
            return image, False
        group = self._groups.get(incoming.path) or time.strftime("%Y-%m-%d", time.localtime(self._now))
        return await begin_apart(partial(self._copied, incoming, image, group), "import")

    def _copied(self, incoming: Incoming, image: SavedImage, group: str) -> tuple[SavedImage, bool]:
        """In a thread of its own. What lies in the picture folder already is not copied."""
        if self._copies.holds(incoming.path) and unkeepable(incoming.path) is None:
            return image, False
        return self._copies.keep(incoming.content, image, group=group, title=incoming.title), True

    def _job(self, incoming: Incoming, examined: Examined, image: SavedImage) -> Job:
        made_at = examined.made_at
        if made_at is None:
            is_sane = sane_moment(incoming.modified_at, self._now)
            made_at = incoming.modified_at if is_sane else self._now
        job_id, pixels = uuid.uuid4().hex, examined.pixels
        return Job(
            id=job_id,
            run_id=job_id,
            service=IMPORTED,
            key_fingerprint="",
            request=GenerationRequest(prompt=incoming.title, size=pixels, tier=tier_of(pixels)),
            created_at=made_at,
            estimate=Decimal(0),
            state=JobState.SAVED,
            finished_at=self._now,
            images=(image,),
        )

    async def _commit(self) -> None:
        """Give rows to what is ready, in the order of the files: what comes after one that is in hand waits
        for it. Where the library refuses, the copies go again, and the import ends."""
        async with self._committing:
            self._committed_at = asyncio.get_running_loop().time()
            first_in_hand = min(self._in_hand, default=self._total)
            numbers = sorted(number for number in self._ready if number < first_in_hand)
            ready = [self._ready.pop(number) for number in numbers]
            for is_copy, group in groupby(ready, key=attrgetter("is_copy")):
                await self._add(tuple(each.job for each in group), are_copies=is_copy)

    async def _add(self, jobs: tuple[Job, ...], *, are_copies: bool) -> None:
        try:
            added = await self._places.add(jobs, are_copies=are_copies)
        except Exception as error:
            if are_copies:
                for job in jobs:
                    await begin_apart(partial(self._copies.remove, job.images[0]), "import")
            if not isinstance(error, StorageError):
                raise
            self._ended_by = error.problem
            return
        for job in added:
            self._counts = replace(self._counts, added=self._counts.added + 1)
            self._publish(job)
            await asyncio.sleep(0)  # the window goes first

    async def _move(self, missed: tuple[ImagePlace, ...], image: SavedImage, *, is_copy: bool) -> None:
        moves = [Move(place=each, path=image.path, is_copy=is_copy) for each in missed]
        changed = await self._places.move(moves)
        self._counts = replace(self._counts, found_again=self._counts.found_again + len(changed))
        self._moved(changed)

    async def _apart(self, work: Callable[[], T]) -> T:
        """The result of work that may wait for a drive, unless the user does not want to wait any more."""
        return await self._stop.unless_set(begin_apart(work, "import"))

    def _note_problem(self, problem: Problem) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)

    def _tell(self) -> None:
        done = self._total - len(self._left)
        self._report(Progress(errand=Errand.IMPORT, done=done, total=self._total))
