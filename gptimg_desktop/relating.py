"""What the details tell about other jobs: where a picture came from, what was made of it, its run."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from gptimg_desktop.core.errors import AppError
from gptimg_desktop.core.lineage import Lineage

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow

SMALL_BOX: Final = 192
"""Device pixels: enough for the middle of a wide picture at a scale of two."""
AGAIN_MS: Final = 150
"""A run of a hundred comes as a hundred jobs; its relatives are asked for once they are there."""


class Relating(QObject):
    """Answers the details, the newest wish alone; what cannot be read is left out."""

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._tasks = tasks
        self._wanted = ""
        self._last = ""
        self._pictures: tuple[Job, ...] = ()
        self._is_telling = False
        self._is_bringing = False
        self._is_stopped = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._begin)

    def stop(self) -> None:
        """The window is closed: nobody looks any more."""
        self._is_stopped = True
        self._again.stop()

    def tell(self, job_id: str) -> None:
        """Bring the relatives of a job; those of the same one again after a short rest."""
        if self._is_stopped:
            return
        is_same = job_id == self._last
        self._wanted = job_id
        if not is_same:
            self._again.stop()
            self._begin()
        elif not self._again.isActive():
            self._again.start()

    def bring_pictures(self, jobs: tuple[Job, ...]) -> None:
        """Bring the small pictures of jobs; what was wanted before is wanted no more."""
        self._pictures = jobs
        if not self._is_bringing and not self._is_stopped:
            self._tasks.start("show relatives", self._bring())

    def note(self, job_id: str) -> None:
        """A job is new or has changed."""
        job = self._model.job(job_id)
        if job is not None:
            self._window.details.note_job(job)

    def _begin(self) -> None:
        if not self._is_telling:
            self._tasks.start("find relatives", self._tell())

    async def _tell(self) -> None:
        self._is_telling = True
        try:
            while wanted := self._wanted:
                self._wanted, self._last = "", wanted
                try:
                    lineage = await self._engine.history.lineage(wanted)
                except AppError:
                    lineage = Lineage(job_id=wanted)
                self._window.details.set_lineage(lineage)
        finally:
            self._is_telling = False

    async def _bring(self) -> None:
        self._is_bringing = True
        try:
            while jobs := self._pictures:
                self._pictures = ()
                await self._bring_these(jobs)
        finally:
            self._is_bringing = False

    async def _bring_these(self, jobs: tuple[Job, ...]) -> None:
        """Those that are remembered come at once, the others one by one."""
        images = {job.id: job.images[0] for job in jobs if job.images}
        known = await self._engine.thumbnails.known(tuple(images.values()), SMALL_BOX)
        for job_id, image in images.items():
            bitmap = known.get(image.sha256)
            if bitmap is None:
                if self._pictures:
                    continue
                with contextlib.suppress(AppError):
                    bitmap = await self._engine.thumbnails.thumbnail(image, SMALL_BOX)
            if bitmap is not None:
                self._window.details.set_small_picture(job_id, bitmap)
