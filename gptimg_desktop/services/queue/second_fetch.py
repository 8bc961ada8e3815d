"""A picture whose file is gone is fetched once more while its link lives. Nothing is asked for anew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import BadInputError, DownloadError, NetworkError, Problem, ProblemKind
from gptimg_desktop.services.queue.fetcher import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.queue.connections import Connections
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)


class SecondFetch:
    """One try for each wish of the user. The job is saved before and after it: where nothing comes, all that
    is known of its file stays, so that it can still be found where it was moved."""

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
        self._fetcher = Fetcher(store=ledger.store, folder_for=folder_for, imaging=imaging)
        self._in_hand: set[str] = set()

    async def fetch(self, job_id: str) -> None:
        """Bring back what is gone of a job's files; an AppError says why one stays gone."""
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
        there = [image for image in job.images if not image.is_missing]
        try:
            for gone in job.gone_with_links:
                fetched = await self._fetcher.fetch(job, gone.index, connection.downloader, there)
                await self._ledger.store.note_there(job, fetched.image)
                await self._ledger.reload(job.id)
                there.append(fetched.image)
        except (DownloadError, NetworkError) as error:
            logger.info("job %s: not fetched again: %s", job.id, error.problem.kind)
            is_dead = isinstance(error, DownloadError) and error.dead_link
            kind = ProblemKind.LINK_GIVES_NOTHING if is_dead else ProblemKind.NOT_FETCHED_AGAIN
            raise DownloadError(Problem.of(kind)) from error
        finally:
            await self._fetcher.forget(job)
