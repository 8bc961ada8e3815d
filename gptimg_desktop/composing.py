"""What the composer asks for that takes a while: references, the press of Generate, its content kept."""

from __future__ import annotations

import asyncio
import contextlib
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.pressing import Pressing
from gptimg_desktop.services.library.imaging import encode_png
from gptimg_desktop.services.library.kept_copies import KeptCopies
from gptimg_desktop.services.library.picture_files import is_folder, pictures_in
from gptimg_desktop.services.library.references import shown_name
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from typing import Any

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference, ShrinkWish
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.pressing import Read
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.compose.wishes import PastedPicture
    from gptimg_desktop.ui.main_window import MainWindow

DRAFT_PAUSE_MS: Final = 400
READ_AT_ONCE: Final = 2
"""As many as there are threads for pictures: what waits in line for one of them holds nothing in memory."""


class Composing(QObject):
    """Runs each wish of the composer as a task and brings its result, or its problem, back to it."""

    def __init__(self, *, engine: Engine, window: MainWindow, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = tasks
        self._reading = asyncio.Semaphore(READ_AT_ONCE)
        self._copies = KeptCopies(engine.references.path)
        self.pressing = Pressing(
            engine=engine, compose=window.compose, tasks=tasks, copies=self._copies, read_file=self._read_file
        )
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_timer.timeout.connect(self.keep_draft)

    # The press

    def generate(self, draft: Draft) -> None:
        """One press of Generate."""
        self.pressing.press(draft)

    def stop(self) -> None:
        """The window is closed: every press that was made is queued now."""
        self.pressing.stop()

    # References

    def take_files(self, paths: tuple[str, ...]) -> None:
        """Keep copies of picture files and give them to the composer. A folder's place becomes those of its
        pictures, which the composer then asks for by their names."""
        self._run("take files", self._take_files(paths), self._window.compose.show_problem)

    def take_picture(self, pasted: PastedPicture) -> None:
        """Keep a picture from the clipboard and give it to the composer."""
        read = partial(self._read_picture, pasted, self._window.tr("Pasted picture"))
        self._run("take picture", self._take([(pasted.source, read)]), self._window.compose.show_problem)

    def shrink(self, wish: ShrinkWish) -> None:
        """Make a kept picture lighter for sending."""
        self._run("shrink", self._shrink(wish), self._window.compose.show_problem)

    def show_reference(self, reference: FileReference) -> None:
        """Bring the picture of a reference that the composer has only by name."""
        self._run("show reference", self._show_reference(reference), self._window.compose.show_problem)

    async def _take_files(self, paths: tuple[str, ...]) -> None:
        folders = await asyncio.to_thread(lambda: frozenset(filter(is_folder, paths)))
        found = [problem for path in paths if path in folders and (problem := await self._expand(path))]
        self._window.compose.show_problems(tuple(found))
        await self._take([(path, partial(self._read_file, path)) for path in paths if path not in folders])

    async def _expand(self, folder: str) -> Problem | None:
        """Let a folder's place become those of its pictures; a problem where it has none."""
        inside = await asyncio.to_thread(pictures_in, Path(folder))
        self._window.compose.expand_pending(folder, tuple(map(str, inside)))
        if inside:
            return None
        return Problem.of(ProblemKind.FOLDER_WITHOUT_PICTURES, name=shown_name(Path(folder).name))

    async def _take(self, reads: Iterable[tuple[str, Callable[[], Awaitable[Read]]]]) -> None:
        """Fill the places that the composer keeps, named by their sources; tell together what went wrong."""
        found = await asyncio.gather(*(self._take_one(source, read) for source, read in reads))
        self._window.compose.show_problems(tuple(problem for problem in found if problem is not None))

    async def _take_one(self, source: str, read: Callable[[], Awaitable[Read]]) -> Problem | None:
        is_filled = False
        try:
            async with self._reading:
                reference, bitmap = await read()
            self._window.compose.add_reference(reference, bitmap, source=source)
            is_filled = True
        except AppError as error:
            return error.problem
        finally:
            if not is_filled:
                self._window.compose.drop_pending(source)
        return None

    async def _read_file(self, path: str) -> Read:
        """Keep a copy of a picture file as it is now; where it is a result, it knows of which job."""
        reference, bitmap = await self._keep(partial(self._engine.references.add_file, Path(path)))
        names = {path, await asyncio.to_thread(os.path.realpath, path)}
        with contextlib.suppress(AppError):  # a reference without its past is as good
            reference = reference.made_by(await self._engine.store.job_of_file(*names))
        return reference, bitmap

    async def _read_picture(self, pasted: PastedPicture, name: str) -> Read:
        return await self._keep(partial(self._add_picture, pasted, name))

    def _add_picture(self, pasted: PastedPicture, name: str) -> Read:
        picture = pasted.content()
        content = encode_png(picture) if isinstance(picture, Bitmap) else picture
        return self._engine.references.add_bytes(content, name)

    async def _keep(self, add: Callable[[], Read]) -> Read:
        def work() -> Read:
            added = add()
            self._copies.trust(added[0])
            return added

        return await self._engine.imaging.run(work)

    async def _shrink(self, wish: ShrinkWish) -> None:
        """Answer a wish; where it cannot be fulfilled the picture goes as it is."""
        shrunk = wish.reference
        try:
            work = partial(self._engine.references.shrunk, wish.reference, wish.shrink)
            shrunk = await self._engine.imaging.run(work)
        finally:
            self._window.compose.set_shrunk(wish, shrunk)

    async def _show_reference(self, reference: FileReference) -> None:
        bitmap = await self._engine.imaging.run(partial(self._engine.references.thumbnail, reference))
        self._window.compose.set_thumbnail(reference.sha256, bitmap)

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
