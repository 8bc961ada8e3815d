"""Brings finished pictures home: download, check, make durable, and only then call them saved."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import (
    ApiError,
    AppError,
    DownloadError,
    NetworkError,
    Problem,
    ProblemKind,
    StorageError,
    UnknownTaskError,
)
from gptimg_desktop.core.filenames import image_path
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.schedule import TRANSIENT
from gptimg_desktop.core.task import TaskState, all_links, first_expiry
from gptimg_desktop.services.library.files import NameTakenError
from gptimg_desktop.services.queue.unknown_tasks import UnknownTasks
from gptimg_desktop.services.queue.wake import Wake
from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gptimg_desktop.services.library.files import PartFile, PictureFolder
    from gptimg_desktop.services.library.imaging import Imaging
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
UNSAFE_TRIES: Final = 3
LINK_LIFE_S: Final = 86_400.0
RETENTION_S: Final = 7 * 86_400.0


class Collector:
    """Fetches the images of READY jobs, two at a time, nearest expiry first.

    `pace` scales the pauses between tries.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        gates: Gates,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        imaging: Imaging,
        clock: Clock,
        pace: float = 1.0,
    ) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._folder_for = folder_for
        self._imaging = imaging
        self._clock = clock
        self._backoff = TRANSIENT.scaled(pace)
        self._tasks = Tasks(failed=gates.close_for_bug)
        self._unknown = UnknownTasks(clock)
        self._fetching: set[str] = set()
        self._failures: dict[str, int] = {}
        self._asked_anew: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._wake = Wake()
        ledger.on_change(self._wake.call)
        gates.on_change(self._wake.call)

    async def run(self) -> None:
        """Fetch what is ready, for ever."""
        while True:
            self._gates.pass_due()
            job, wait_s = self._next()
            if job is None:
                await self._wake.wait(wait_s)
                continue
            self._fetching.add(job.id)
            self._tasks.start(f"collect {job.id}", self._collect(job))

    async def aclose(self) -> None:
        """Stop; what is on its way is fetched again at the next start."""
        await self._tasks.cancel()

    def _next(self) -> tuple[Job | None, float | None]:
        """The job to fetch now, or the seconds until there may be one (None: until something changes)."""
        if len(self._fetching) >= AT_ONCE or self._gates.holds_saves():
            return None, self._gates.next_due_s()
        now = self._clock.monotonic()
        ready = [
            (self._not_before.get(job.id, 0.0), job)
            for job in self._ledger.in_state(JobState.READY)
            if job.id not in self._fetching and self._connections.get(job.service) is not None
        ]
        free = [job for not_before, job in ready if not_before <= now]
        if free:
            return min(free, key=_expiry), 0
        return None, min((not_before - now for not_before, _ in ready), default=None)

    async def _collect(self, job: Job) -> None:
        try:
            await self._try(job)
        except StorageError as error:
            self._gates.close_for_storage(error.problem)
        except Exception:
            self._later(job)
            raise
        finally:
            self._fetching.discard(job.id)
            self._wake.call()

    async def _try(self, job: Job) -> None:
        connection = self._connections.for_job(job)
        if connection is None:
            return
        try:
            await self._save(job, connection)
        except DownloadError as error:
            self._later(job)
            await self._after_bad_download(job, error, connection)
        except NetworkError as error:
            self._later(job)
            await self._note(job, error)

    async def _save(self, job: Job, connection: ServiceConnection) -> None:
        images, missing = await self._images(job, connection)
        self._failures.pop(job.id, None)
        self._asked_anew.pop(job.id, None)
        self._not_before.pop(job.id, None)
        now = self._clock.now()
        await self._ledger.step(job.id, lambda job: job.save(images, now).annotate(missing))
        self._gates.folder_works()

    async def _images(
        self, job: Job, connection: ServiceConnection
    ) -> tuple[tuple[SavedImage, ...], Problem | None]:
        """All images of a job, and why one will never be there. What can be had is on disk even where another
        one is not yet, whose error comes out then."""
        images: list[SavedImage] = []
        failures: list[DownloadError | NetworkError] = []
        for index in range(len(job.links)):
            try:
                images.append(await self._image(job, index, connection))
            except (DownloadError, NetworkError) as error:
                failures.append(error)
        if failures and not (images and self._are_hopeless(job, failures)):
            raise failures[0]
        return tuple(images), failures[0].problem if failures else None

    def _are_hopeless(self, job: Job, failures: list[DownloadError | NetworkError]) -> bool:
        """True where the service, asked anew, still names addresses that are never fetched from: then what
        could be had is all there is."""
        unsafe = all(failure.problem.kind is ProblemKind.LINK_UNSAFE for failure in failures)
        return unsafe and self._asked_anew[job.id] >= UNSAFE_TRIES

    async def _image(self, job: Job, index: int, connection: ServiceConnection) -> SavedImage:
        """One image, safe on disk; an earlier try that came as far as its file is taken up."""
        folder = self._folder_for(job)
        planned = await self._ledger.store.planned_image(job, index)
        if planned is not None and await asyncio.to_thread(folder.adopt, planned):
            return planned
        part = await asyncio.to_thread(folder.begin, job.id, index)
        try:
            await connection.downloader.fetch(job.links[index], _writer(part))
            host = urlsplit(job.links[index]).hostname or ""
            image = await self._imaging.run(partial(part.finish, index=index, host=host))
            return await self._place(job, folder, part, image)
        except BaseException:
            await asyncio.to_thread(part.discard)
            raise

    async def _place(self, job: Job, folder: PictureFolder, part: PartFile, image: SavedImage) -> SavedImage:
        """Plan the name, then take it; where something was quicker, plan the next one."""
        made = datetime.fromtimestamp(job.created_at).astimezone()
        wished = image_path(job.request.prompt, made, job.seq, image.format)
        while True:
            path = await asyncio.to_thread(folder.free_path, wished)
            image = image.at(str(path))
            await self._ledger.store.plan_image(job, image)
            try:
                await asyncio.to_thread(folder.place, part, path)
            except NameTakenError:
                continue
            return image

    async def _after_bad_download(
        self, job: Job, error: DownloadError, connection: ServiceConnection
    ) -> None:
        await self._note(job, error)
        if not error.dead_link or self._gates.holds_reads(job.service):
            return
        try:
            await self._fresh_links(job, connection)
            self._asked_anew[job.id] += error.problem.kind is ProblemKind.LINK_UNSAFE
        except UnknownTaskError:
            await self._perhaps_lost(job, error, connection)
        except (ApiError, NetworkError) as nothing:
            logger.info("job %s: no fresh link: %s", job.id, nothing.problem.kind)
            if self._connections.is_current(connection):
                self._gates.close_for_refusal(nothing, job.service)

    async def _fresh_links(self, job: Job, connection: ServiceConnection) -> None:
        reports = await connection.ask(job)
        self._unknown.known(job.id)
        links, expires_at = all_links(reports), first_expiry(reports)
        if links and all(report.state is TaskState.COMPLETED for report in reports):
            await self._ledger.step(
                job.id,
                lambda job: job.deliver(links, expires_at=expires_at, cost=None).annotate(job.note),
                reports=reports,
            )

    async def _perhaps_lost(self, job: Job, error: DownloadError, connection: ServiceConnection) -> None:
        """The link is dead and the task unknown: lost once both had their full time."""
        now = self._clock.now()
        if connection.sent(job) and self._unknown.heard(job) and now > _expiry(job) + RETENTION_S:
            await self._ledger.step(job.id, lambda job: job.lose(error.problem, now))

    async def _note(self, job: Job, error: AppError) -> None:
        await self._ledger.step(job.id, lambda job: job.annotate(error.problem))

    def _later(self, job: Job) -> None:
        self._failures[job.id] = self._failures.get(job.id, 0) + 1
        pause = self._backoff.delay(self._failures[job.id], self._clock.chance())
        self._not_before[job.id] = self._clock.monotonic() + pause


def _expiry(job: Job) -> float:
    """When a job's link probably dies (Unix seconds)."""
    accepted_at = job.accepted_at or job.created_at
    day_after = accepted_at + LINK_LIFE_S
    told = job.expires_at
    return day_after if told is None or told < accepted_at else min(told, day_after)


def _writer(part: PartFile) -> Callable[[bytes], Awaitable[None]]:
    async def write(piece: bytes) -> None:
        await asyncio.to_thread(part.write, piece)

    return write
