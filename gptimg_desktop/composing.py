"""What the composer asks for that takes a while: references, the press of Generate, its content kept."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.errors import AppError, BadInputError, Problem, ProblemKind
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.pressing import Pressing
from gptimg_desktop.services.library.files.drives import Drives
from gptimg_desktop.services.library.files.folder_content import folder_content
from gptimg_desktop.services.library.imaging.imaging import encode_png
from gptimg_desktop.services.library.references.kept_copies import KeptCopies
from gptimg_desktop.services.library.references.store import read_regular
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from typing import Any, TypeVar

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference, Origin, ShrinkWish
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.settling import Read
    from gptimg_desktop.ui.compose.wishes import PastedPicture
    from gptimg_desktop.ui.main_window import MainWindow

    T = TypeVar("T")

logger = logging.getLogger(__name__)

DRAFT_PAUSE_MS: Final = 400
TOGETHER_S: Final = 2.0
"""What goes wrong with several files within this time is told at once, the rest when all are over."""


class Composing(QObject):
    """Runs each wish of the composer as a task and brings its result, or its problem, back to it."""

    def __init__(self, *, engine: Engine, window: MainWindow, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = tasks
        self.drives = Drives()
        self._copies = KeptCopies(engine.references.path)
        settling = Settling(
            engine=engine, compose=window.compose, copies=self._copies, read_file=self._read_file
        )
        self.pressing = Pressing(engine=engine, compose=window.compose, tasks=tasks, settling=settling)
        self._knows_draft = False
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_timer.timeout.connect(self.keep_draft)

    # The press

    def generate(self, draft: Draft) -> None:
        """One press of Generate."""
        self.pressing.press(draft)

    def stop(self) -> None:
        """The window is closed: every press that can be settled in time still is, and the composer's content
        is kept once more by whoever ends the program."""
        self._draft_timer.stop()
        self.pressing.stop()

    # References

    def take_files(self, paths: tuple[str, ...]) -> None:
        """Keep copies of picture files and give them to the composer. A folder's place becomes those of its
        pictures, which the composer then asks for by their names."""
        self._run("take files", self._take_files(paths), self._window.compose.show_problem)

    def take_picture(self, pasted: PastedPicture) -> None:
        """Keep a picture from the clipboard and give it to the composer."""
        read = partial(self._read_picture, pasted, pasted.name or self._window.tr("Pasted picture"))
        self._run(
            "take picture",
            self._take([self._take_one(pasted.source, read)]),
            self._window.compose.show_problem,
        )

    def shrink(self, wish: ShrinkWish) -> None:
        """Make a kept picture lighter for sending."""
        self._run("shrink", self._shrink(wish), self._window.compose.show_problem)

    def show_reference(self, reference: FileReference) -> None:
        """Bring the picture of a reference that the composer has only by name."""
        self._run("show reference", self._show_reference(reference), self._window.compose.show_problem)

    async def _take_files(self, paths: tuple[str, ...]) -> None:
        await self._take(self._take_one(path, partial(self._read_path, path)) for path in paths)

    async def _take(self, takes: Iterable[Coroutine[Any, Any, Problem | None]]) -> None:
        """Fill places of the composer, side by side; tell together what went wrong."""
        tasks = [self._tasks.start("take a reference", take) for take in takes]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=TOGETHER_S)
        self._tell(tasks)
        if late:
            await asyncio.wait(late)
            self._tell(tasks)

    def _tell(self, takes: Iterable[asyncio.Task[Problem | None]]) -> None:
        ended = (take for take in takes if take.done() and not take.cancelled() and not take.exception())
        problems = (take.result() for take in ended)
        self._window.compose.show_problems(tuple(problem for problem in problems if problem is not None))

    async def _take_one(self, source: str, read: Callable[[], Awaitable[Read | None]]) -> Problem | None:
        """Fill a place with what is read, unless that has seen to it; it is given up where that fails."""
        is_filled = False
        try:
            found = await read()
            if found is not None:
                self._window.compose.add_reference(*found, source=source)
            is_filled = True
        except AppError as error:
            return error.problem
        except Exception as error:
            logger.exception("a picture could not be taken")
            return Problem.of(ProblemKind.INTERNAL, name=type(error).__name__)
        finally:
            if not is_filled:
                self._window.compose.drop_pending(source)
        return None

    async def _read_path(self, path: str) -> Read | None:
        """The picture in a file; None for a folder, whose place becomes those of its pictures."""
        async with self.drives.turn(path):
            inside = await self._ask_drive(path, partial(folder_content, path))
        if inside is None:
            return await self._read_file(path)
        if not inside:
            name = shown_name(Path(path).name)
            raise BadInputError(Problem.of(ProblemKind.FOLDER_WITHOUT_PICTURES, name=name))
        self._window.compose.expand_pending(path, tuple(map(str, inside)))
        return None

    async def _read_file(self, path: str) -> Read:
        """Keep a copy of a picture file as it is now; where it is a result, it knows of which job."""
        async with self.drives.turn(path):
            content, origin, real = await self._ask_drive(path, partial(_read, path))
            add = partial(self._engine.references.add_bytes, content, Path(path).name, origin=origin)
            reference, bitmap = await self._keep(add)
        with contextlib.suppress(AppError):  # a reference without its past is as good
            reference = reference.made_by(await self._engine.store.job_of_file(*{path, real}))
        return reference, bitmap

    async def _ask_drive(self, path: str, work: Callable[[], T]) -> T:
        """The result of work on a file; BadInputError where its drive does not answer."""
        try:
            return await self.drives.ask(path, work)
        except TimeoutError:
            name = shown_name(Path(path).name)
            raise BadInputError(Problem.of(ProblemKind.REFERENCE_SILENT, name=name)) from None

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

    async def bring_draft(self) -> Draft:
        """Show what was kept of the composer; StorageError where the library does not give it."""
        draft = await self._engine.store.draft()
        self._knows_draft = True
        self._window.compose.resume(draft)
        return draft

    def keep_draft(self) -> None:
        """Keep the composer's content, unless what is kept has not come yet."""
        if self._knows_draft:
            self._run("keep draft", self.save_draft(), self._window.notices.show_problem)

    async def save_draft(self) -> None:
        """Keep the composer's content. What was kept and did not come at the start is asked for once more,
        and stays as it is where the user did nothing."""
        self._draft_timer.stop()
        draft = self._window.compose.draft()
        if not self._knows_draft:
            if self._window.compose.is_untouched:
                return
            with contextlib.suppress(AppError):
                draft = (await self._engine.store.draft()).resumed(draft)
        await self._engine.store.save_draft(draft)

    def _run(self, name: str, work: Coroutine[Any, Any, None], complain: Callable[[Problem], None]) -> None:
        self._tasks.start(name, complaining(work, complain))


def _read(path: str) -> tuple[bytes, Origin, str]:
    """The content of a picture file, what is known of the file, and where it really lies."""
    content, origin = read_regular(Path(path))
    return content, origin, os.path.realpath(path)
