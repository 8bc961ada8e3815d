"""What the composer asks for that takes a while: references, the press of Generate, its content kept."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.errors import AppError, Problem
from gptimg_desktop.services.library.imaging import encode_png
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.compose.wishes import PastedPicture
    from gptimg_desktop.ui.main_window import MainWindow

DRAFT_PAUSE_MS: Final = 400


class Composing(QObject):
    """Runs each wish of the composer as a task and brings its result, or its problem, back to it."""

    def __init__(self, *, engine: Engine, window: MainWindow, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = tasks
        self._references_in_order = asyncio.Lock()
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_timer.timeout.connect(self.keep_draft)

    def generate(self, draft: Draft) -> None:
        """Hand one press of Generate to the queue."""
        self._engine.submit(draft)

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
