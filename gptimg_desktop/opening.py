"""The library on its way to be open, in a thread of its own while the window is made.

Nothing heavy is imported here: what the library stands on, Pillow above all, comes in that thread too.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.library import Library


def _nobody_hears() -> None:
    """Where nobody waits at a window."""


class Opening:
    """Opens one library; the loop may be busy with something else meanwhile.

    `complain` hears of a wanted backup that is no good, `restoring` that the library is made anew, which can
    take long; both are called in the loop. `former_folders` are those where pictures went
    before: a restore takes them up from there too. `begin` starts a try, `library` waits for it.
    """

    def __init__(
        self,
        data_dir: Path,
        pictures_folder: Path,
        complain: Callable[[Problem], None],
        *,
        now: Callable[[], float],
        former_folders: tuple[Path, ...] = (),
        restoring: Callable[[], None] = _nobody_hears,
    ) -> None:
        loop = asyncio.get_running_loop()
        self._open = partial(
            _opened,
            data_dir,
            pictures_folder,
            complain=partial(_in_loop, loop, complain),
            restoring=partial(_in_loop, loop, restoring),
            former_folders=former_folders,
            now=now,
        )
        self._loop = loop
        self._library: asyncio.Future[Library] | None = None

    def begin(self) -> asyncio.Future[Library]:
        """Let a thread do it; again where the last try came to nothing."""
        self._library = self._loop.run_in_executor(None, self._open)
        return self._library

    async def library(self) -> Library:
        """The open library; StorageError where it cannot be had. Who stops waiting stops nothing."""
        return await asyncio.shield(self._library or self.begin())

    async def aclose(self) -> None:
        """Close what was opened, also what nobody waited for; safe to call twice."""
        opened, self._library = self._library, None
        if opened is None:
            return
        await asyncio.wait([opened])
        if opened.exception() is None:
            await opened.result().aclose()


def _in_loop(loop: asyncio.AbstractEventLoop, hears: Callable[..., None], *told: Problem) -> None:
    loop.call_soon_threadsafe(hears, *told)


def _opened(
    data_dir: Path,
    pictures_folder: Path,
    *,
    complain: Callable[[Problem], object],
    restoring: Callable[[], object],
    former_folders: tuple[Path, ...],
    now: Callable[[], float],
) -> Library:
    from gptimg_desktop.library import Library  # noqa: PLC0415 - brings Pillow

    library = Library(data_dir, pictures_folder, former_folders=former_folders, now=now)
    try:
        library.open(complain, restoring)
    except BaseException:
        library.close()
        raise
    return library


@contextlib.asynccontextmanager
async def open_library(
    data_dir: Path,
    pictures_folder: Path,
    complain: Callable[[Problem], None],
    *,
    now: Callable[[], float],
    former_folders: tuple[Path, ...] = (),
) -> AsyncIterator[Library]:
    """An open library where there is nothing else to do meanwhile; StorageError where it cannot be had."""
    opening = Opening(data_dir, pictures_folder, complain, now=now, former_folders=former_folders)
    try:
        yield await opening.library()
    finally:
        await opening.aclose()
