"""The gallery's way to the library: which jobs a filter lets through, the jobs in sight, their pictures."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable
    from typing import Any

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.listing import Listing
    from gptimg_desktop.library import Library
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow

AT_ONCE: Final = 64
"""Jobs that one question reads: few enough that a question that matters more need not wait long."""
BATCH: Final = 8
FIRST_SCREEN_S: Final = 0.25
"""How long a first screen of pictures is waited for: most come in a tenth of it, some have to be made."""
WORKERS: Final = 3
"""One more than there are threads that decode: none of them waits until the window has time for it."""


class Browsing(QObject):
    """Answers what the model wants, the newest wish first; what is wanted no more is not begun."""

    def __init__(self, *, library: Library, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._library = library
        self._window = window
        self._model = model
        self._tasks = tasks
        self._wanted = JobFilter()
        self._listing: asyncio.Task[None] | None = None
        self._is_outdated = False
        self._has_begun = False
        self._jobs_wanted: tuple[int, ...] = ()
        self._is_reading = False
        self._pictures_wanted: dict[int, None] = {}
        self._unmade: set[int] = set()
        self._in_hand: set[int] = set()
        self._workers = 0
        self._brought = asyncio.Event()

    # Which jobs

    def begin(self) -> None:
        """Bring what the gallery wants from now on, its first list to begin with."""
        model = self._model
        self._window.top_bar.filter_changed.connect(self.show)
        model.listing_wanted.connect(self.list_again)
        model.page_wanted.connect(self.bring_jobs)
        model.placement_wanted.connect(self.bring_places)
        model.thumbnails_wanted.connect(self.bring_thumbnails)
        self._wanted = self._window.top_bar.filter
        model.expect(self._wanted)
        self.list_again()

    async def listed(self) -> None:
        """Wait until the list that is wanted is there, or was told that it cannot be had."""
        while self._listing is not None:
            await asyncio.wait([self._listing])

    async def first_shown(self) -> None:
        """Wait until the first list is there and its pictures are, for a moment where those take longer."""
        await self.listed()
        if self._model.rowCount():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_SCREEN_S):
                    await self._brought.wait()

    def show(self, wanted: JobFilter) -> None:
        """Show what a filter lets through; of several the last one counts."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._model.expect(wanted)
            self._give_up_listing()
            self.list_again()

    def list_again(self) -> None:
        """The library's lists have changed behind the gallery."""
        self._is_outdated = True
        if self._listing is None:
            self._has_begun = False
            self._listing = self._run("list jobs", self._list_the_last())

    def _give_up_listing(self) -> None:
        """Nobody waits for a list that another filter has followed: its search ends in the library too."""
        if self._listing is not None and self._has_begun:  # else it takes the new filter by itself
            self._listing.cancel()
            self._listing = None

    async def _list_the_last(self) -> None:
        self._has_begun = True
        try:
            while self._is_outdated:
                self._is_outdated = False
                await self._list(self._wanted)
        finally:
            if self._listing is asyncio.current_task():
                self._listing = None

    async def _list(self, wanted: JobFilter) -> None:
        asked_at = self._model.moment
        listing = await self._library.history.listing(wanted)
        jobs = await self._library.history.jobs(self._first_of(listing))
        if wanted == self._wanted and not self._is_outdated:
            self._model.set_listing(listing, jobs, asked_at=asked_at)

    def _first_of(self, listing: Listing) -> tuple[int, ...]:
        """The numbers of the jobs that will be looked at first."""
        near = self._model.seqs_looked_at(listing)
        return tuple(seq for seq in near if self._model.job_of(seq) is None)

    # Where a job stands

    def bring_places(self, seqs: Iterable[int]) -> None:
        """Tell the model which of these jobs its filter lets through."""
        self._run("place jobs", self._bring_places(tuple(seqs)))

    async def _bring_places(self, seqs: tuple[int, ...]) -> None:
        wanted, asked_at = self._model.filter, self._model.moment
        listing = await self._library.history.among(wanted, seqs)
        unread = tuple(seq for seq in listing.seqs if self._model.job_of(seq) is None)
        if len(unread) <= AT_ONCE:  # of more than that hardly one is in sight
            self._model.take_page(await self._library.history.jobs(unread), asked_at=asked_at)
        self._model.place(seqs, listing, asked_at=asked_at)

    def refresh(self, seqs: Iterable[int]) -> None:
        """Rows of the library were changed behind the gallery: read those that are here anew, and look which
        of all belong into the list."""
        asked = tuple(seqs)
        self._run("read jobs anew", self._refresh(asked))
        self.bring_places(asked)

    async def _refresh(self, seqs: tuple[int, ...]) -> None:
        asked_at = self._model.moment
        here = [seq for seq in seqs if self._model.job_of(seq) is not None]
        for first in range(0, len(here), AT_ONCE):
            jobs = await self._library.history.jobs(tuple(here[first : first + AT_ONCE]))
            self._model.take_page(jobs, asked_at=asked_at)

    # Jobs

    def bring_jobs(self, seqs: Iterable[int]) -> None:
        """Read jobs, in this order; what was wanted before and is not named again is dropped."""
        self._jobs_wanted = tuple(seqs)
        if not self._is_reading:
            self._run("read jobs", self._read_wanted())

    async def _read_wanted(self) -> None:
        self._is_reading = True
        try:
            while wanted := self._jobs_wanted[:AT_ONCE]:
                self._jobs_wanted = self._jobs_wanted[AT_ONCE:]
                asked_at = self._model.moment
                self._model.take_page(await self._library.history.jobs(wanted), asked_at=asked_at)
        finally:
            self._is_reading = False

    async def job(self, job_id: str) -> Job | None:
        """A job, from here or from the library; it stays here for a while."""
        job = self._model.job(job_id)
        if job is None:
            asked_at = self._model.moment
            job = await self._library.history.job(job_id)
            if job is not None:
                self._model.take_page((job,), asked_at=asked_at)
        self._model.hold(job_id)
        return self._model.job(job_id)

    def show_job(self, job_id: str) -> None:
        """Go to a job's tile, whatever has to be read for it; the filter is taken away where it hides it."""
        self._run("show job", self._show_job(job_id))

    async def _show_job(self, job_id: str) -> None:
        job = await self.job(job_id)
        if job is None:
            return
        if self._model.row_of(job.seq) is None:
            where = View.ALL if job.binned_at is None else View.BIN
            wanted = replace(self._wanted, view=where, text="", collection=0)
            self._window.top_bar.set_filter(wanted)
            self.show(wanted)
        await self.listed()
        self._window.gallery.select(job_id)

    # Pictures

    def bring_thumbnails(self, seqs: Iterable[int]) -> None:
        """Bring small pictures, in this order; what was wanted before and is not named again is dropped."""
        self._pictures_wanted = dict.fromkeys(seqs)
        while self._workers < min(WORKERS, len(self._pictures_wanted)):
            self._workers += 1
            self._run("show thumbnails", self._show_wanted())

    def bring_anew(self, seqs: tuple[int, ...]) -> None:
        """The small pictures of these jobs were made anew; tiles that could show none try once more."""
        self._model.forget_thumbnails(seqs)

    async def _show_wanted(self) -> None:
        try:
            while jobs := self._next_jobs():
                seqs = {job.seq for job in jobs}
                self._in_hand |= seqs
                try:
                    await (self._make(jobs[0]) if seqs <= self._unmade else self._look_up(jobs))
                finally:
                    self._in_hand -= seqs
        finally:
            self._workers -= 1
            if not self._workers and not self._pictures_wanted:
                self._brought.set()

    def _next_jobs(self) -> list[Job]:
        """Some whose pictures may be remembered; where there are none, one whose picture has to be made."""
        wanted = [job for seq in self._pictures_wanted if (job := self._free(seq)) is not None]
        return [job for job in wanted if job.seq not in self._unmade][:BATCH] or wanted[:1]

    def _free(self, seq: int) -> Job | None:
        """A job whose picture nobody is bringing."""
        return None if seq in self._in_hand else self._model.job_of(seq)

    async def _look_up(self, jobs: list[Job]) -> None:
        """Show what is remembered; the rest stays where it is among what is wanted."""
        box = self._model.thumbnail_box
        known = await self._library.thumbnails.known([image for job in jobs for image in job.images[:1]], box)
        for job in jobs:
            bitmap = known.get(job.images[0].sha256) if job.images else None
            if bitmap is not None:
                self._pictures_wanted.pop(job.seq, None)
                self._model.set_thumbnail(job.id, bitmap, box)
            elif job.images:
                self._unmade.add(job.seq)
            else:
                self._pictures_wanted.pop(job.seq, None)

    async def _make(self, job: Job) -> None:
        box = self._model.thumbnail_box
        try:
            bitmap = await self._library.thumbnails.thumbnail(job.images[0], box)
        except StorageError as error:
            self._model.set_thumbnail_problem(job.id, error.problem)
        else:
            self._model.set_thumbnail(job.id, bitmap, box)
        finally:
            self._unmade.discard(job.seq)
            self._pictures_wanted.pop(job.seq, None)

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self._tasks.start(name, complaining(work, self._window.notices.show_problem))
