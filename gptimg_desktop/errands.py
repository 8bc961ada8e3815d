"""What the window asks for that takes a while: references, pictures to show, copies, drafts."""

from __future__ import annotations

import asyncio
import logging
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.filenames import numbered
from gptimg_desktop.services.library.imaging import encode_png
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from gptimg_desktop.core.request import FileReference
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.compose.wishes import PastedPicture
    from gptimg_desktop.ui.details.wishes import SaveAs
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow
    from gptimg_desktop.ui.viewer.viewed import ViewedPicture

logger = logging.getLogger(__name__)

DRAFT_PAUSE_MS: Final = 400


class Errands(QObject):
    """Runs each errand as a task and brings its result, or its problem, to the place that asked."""

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._tasks = tasks
        self._references_in_order = asyncio.Lock()
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_timer.timeout.connect(self.keep_draft)

    # References

    def take_files(self, paths: tuple[str, ...]) -> None:
        """Keep copies of picture files and give them to the composer, in their order."""
        adds = [(path, partial(self._engine.references.add_file, Path(path))) for path in paths]
        self._run("take files", self._take(adds), self._window.compose.show_problem)

    def take_picture(self, pasted: PastedPicture) -> None:
        """Keep a picture from the clipboard and give it to the composer."""
        adds = [(pasted.source, partial(self._add_picture, pasted, self._window.tr("Pasted picture")))]
        self._run("take picture", self._take(adds), self._window.compose.show_problem)

    def _add_picture(self, pasted: PastedPicture, name: str) -> tuple[FileReference, Bitmap]:
        picture = pasted.content()
        content = encode_png(picture) if isinstance(picture, Bitmap) else picture
        return self._engine.references.add_bytes(content, name)

    async def _take(self, adds: Sequence[tuple[str, Callable[[], tuple[FileReference, Bitmap]]]]) -> None:
        """Fill the places that the composer keeps, named by their sources."""
        found: list[Problem] = []
        awaited = [source for source, _ in adds]
        try:
            async with self._references_in_order:
                for source, add in adds:
                    try:
                        reference, bitmap = await self._engine.imaging.run(add)
                    except AppError as error:
                        self._window.compose.drop_pending(source)
                        found.append(error.problem)
                    else:
                        self._window.compose.add_reference(reference, bitmap, source=source)
                    awaited.remove(source)
        finally:
            for source in awaited:
                self._window.compose.drop_pending(source)
        self._window.compose.show_problems(tuple(found))

    def show_reference(self, reference: FileReference) -> None:
        """Bring the picture of a reference that the composer has only by name."""
        self._run("show reference", self._show_reference(reference), self._window.compose.show_problem)

    async def _show_reference(self, reference: FileReference) -> None:
        bitmap = await self._engine.imaging.run(partial(self._engine.references.thumbnail, reference))
        self._window.compose.set_thumbnail(reference.sha256, bitmap)

    # Pictures

    def show_thumbnail(self, job_id: str) -> None:
        complain = partial(self._model.set_thumbnail_problem, job_id)
        self._run("show thumbnail", self._show_thumbnail(job_id), complain)

    async def _show_thumbnail(self, job_id: str) -> None:
        job = self._model.job(job_id)
        if job is not None and job.images:
            self._model.set_thumbnail(job_id, await self._engine.thumbnails.thumbnail(job.images[0]))

    def show_preview(self, job_id: str) -> None:
        complain = partial(self._window.details.set_preview_problem, job_id)
        self._run("show preview", self._show_preview(job_id), complain)

    async def _show_preview(self, job_id: str) -> None:
        job = self._model.job(job_id)
        if job is not None and job.images:
            self._window.details.set_preview(job_id, await self._engine.thumbnails.preview(job.images[0]))
            self._model.forget_thumbnail_problem(job_id)

    def show_whole(self, viewed: ViewedPicture) -> None:
        """Bring a picture with all its pixels to the viewer."""
        complain = partial(self._window.viewer.show_problem, viewed)
        self._run("show whole picture", self._show_whole(viewed), complain)

    async def _show_whole(self, viewed: ViewedPicture) -> None:
        job = self._model.job(viewed.job_id)
        if job is None or viewed.index >= len(job.images):
            raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=""))
        bitmap = await self._engine.thumbnails.whole(job.images[viewed.index])
        self._window.viewer.set_picture(viewed, bitmap)

    def save_as(self, wish: SaveAs) -> None:
        """Copy a picture to where the user wants another one."""
        self._run("save as", self._save_as(wish), self._window.details.show_problem)

    async def _save_as(self, wish: SaveAs) -> None:
        source = Path(wish.source)
        target = await asyncio.to_thread(_honest_name, source, Path(wish.target))
        await asyncio.to_thread(_copy, source, target)
        self._window.details.clear_problem()
        message = self._window.tr("Saved as {name}").format(name=target.name)
        self._window.status.set_message(message)

    # The composer's text

    def keep_draft_soon(self) -> None:
        """Keep the composer's content at the next pause."""
        self._draft_timer.start()

    def keep_draft(self) -> None:
        self._run("keep draft", self.save_draft(), self._window.notices.show_problem)

    async def save_draft(self) -> None:
        self._draft_timer.stop()
        await self._engine.store.save_draft(self._window.compose.draft())

    def _run(self, name: str, work: Coroutine[Any, Any, None], complain: Callable[[Problem], None]) -> None:
        self._tasks.start(name, complaining(work, complain))


def _honest_name(source: Path, wished: Path) -> Path:
    """The wished path, with the ending that the bytes have; where that makes it another name, a free one."""
    if wished.suffix.lower() == source.suffix.lower():
        return wished
    copy = 1
    while (path := Path(numbered(f"{wished}{source.suffix}", copy))).exists():
        copy += 1
    return path


def _copy(source: Path, target: Path) -> None:
    """Copy a picture; StorageError tells a missing source from a target that takes nothing."""
    if not source.is_file():
        raise StorageError(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=str(source)))
    try:
        if not (target.exists() and target.samefile(source)):
            shutil.copyfile(source, target)
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder=str(target.parent), reason=reason)
        raise StorageError(problem) from error
