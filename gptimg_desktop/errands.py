"""What the gallery and its panels ask for that takes a while: pictures to show, copies."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.library.exports import Exports
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.details.wishes import SaveAs
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow
    from gptimg_desktop.ui.viewer.viewed import ViewedPicture


class Errands(QObject):
    """Runs each errand as a task and brings its result, or its problem, to the place that asked.

    `opened` tells the paths of pictures' files that were shown, `copied` of those that were saved elsewhere.
    """

    opened = Signal(object)  # tuple[str, ...]
    copied = Signal(object)  # tuple[str, ...]

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._exports = Exports(engine.imaging)
        self._window = window
        self._model = model
        self._tasks = tasks

    # Pictures

    def show_preview(self, job_id: str) -> None:
        complain = partial(self._window.details.set_preview_problem, job_id)
        self._run("show preview", self._show_preview(job_id), complain)

    async def _show_preview(self, job_id: str) -> None:
        job = self._model.job(job_id)
        if job is None or not job.images:
            return
        thumbnails, image = self._engine.thumbnails, job.images[0]
        try:
            preview = await thumbnails.preview(image)
        except StorageError as error:
            if error.problem.kind is ProblemKind.IMAGE_FILE_MISSING:
                small = (await thumbnails.known([image], self._model.thumbnail_box)).get(image.sha256)
                if small is not None:  # what is remembered of it is better than nothing
                    self._window.details.set_preview(job_id, small)
            raise
        finally:
            self.opened.emit((image.path,))
        self._window.details.set_preview(job_id, preview)
        self._model.forget_thumbnail_problem(job_id)

    def show_whole(self, viewed: ViewedPicture) -> None:
        """Bring a picture with all its pixels to the viewer."""
        complain = partial(self._window.viewer.show_problem, viewed)
        self._run("show whole picture", self._show_whole(viewed), complain)

    async def _show_whole(self, viewed: ViewedPicture) -> None:
        job = self._model.job(viewed.job_id)
        if job is None or viewed.index >= len(job.images):
            raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=""))
        image = job.images[viewed.index]
        try:
            bitmap = await self._engine.thumbnails.whole(image)
        finally:
            self.opened.emit((image.path,))
        self._window.viewer.set_picture(viewed, bitmap)

    def save_as(self, wish: SaveAs) -> None:
        """Copy a picture to where the user wants another one, in the format that its name says."""
        self._run("save as", self._save_as(wish), self._window.details.show_problem)

    async def _save_as(self, wish: SaveAs) -> None:
        target = await self._exports.save(Path(wish.source), Path(wish.target))
        self._window.details.clear_problem()
        message = self._window.tr("Saved as {name}").format(name=target.name)
        self._window.status.set_message(message)
        self.copied.emit((wish.source,))

    def _run(self, name: str, work: Coroutine[Any, Any, None], complain: Callable[[Problem], None]) -> None:
        self._tasks.start(name, complaining(work, complain))
