"""Bugs that a harness has to catch. Each is planted into the subject's process, nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services import durable
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.files import PartFile, PictureFolder
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.queue import recovery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.api.body import RequestBody
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.submitter import Submitter


def no_write_ahead() -> None:
    """The whole request leaves, and only then it is committed that it may."""
    submit = ApiClient.submit

    async def submit_then_arm(
        self: ApiClient, body: RequestBody, arm: Callable[[], Awaitable[None]]
    ) -> Evidence:
        async def nothing() -> None:
            pass

        evidence = await submit(self, body, nothing)
        await arm()
        return evidence

    ApiClient.submit = submit_then_arm  # type: ignore[method-assign]


def naive_retry() -> None:
    """A start sends again what it finds half sent."""
    resolve = recovery._resolve

    async def send_again(job: Job, ledger: Ledger, submitter: Submitter) -> None:
        if await ledger.store.answer(job) is None:
            note = Problem.of(ProblemKind.PROGRAM_ENDED)
            await ledger.step(job.id, lambda job: job.requeue(note))
        else:
            await resolve(job, ledger, submitter)

    recovery._resolve = send_again


def row_before_file() -> None:
    """The library says that a picture is saved, and then its file gets its name."""
    place, advance = PictureFolder.place, JobStore.advance
    waiting: list[tuple[PictureFolder, PartFile, Path]] = []

    def wait(self: PictureFolder, part: PartFile, path: Path) -> None:
        waiting.append((self, part, path))

    async def advance_then_place(self: JobStore, before: Job, after: Job, **more: Any) -> Job:
        done = await advance(self, before, after, **more)
        if after.state is JobState.SAVED:
            while waiting:
                place(*waiting.pop())
        return done

    PictureFolder.place = wait  # type: ignore[method-assign]
    JobStore.advance = advance_then_place  # type: ignore[method-assign]


def in_place() -> None:
    """A picture is written where the user sees it, from its first byte on."""
    begun: list[Path] = []

    def begin(self: PictureFolder, job_id: str, index: int) -> PartFile:
        durable.make_folder(self.folder)
        begun.append(self.folder / f"{job_id}-{index}.png")
        return PartFile(begun[-1], begun[-1].open("wb"))

    def where_it_is(self: PictureFolder, relative: str) -> Path:
        return begun[-1]

    def nothing(self: PictureFolder, part: PartFile, path: Path) -> None:
        pass

    PictureFolder.begin = begin  # type: ignore[method-assign]
    PictureFolder.free_path = where_it_is  # type: ignore[method-assign]
    PictureFolder.place = nothing  # type: ignore[method-assign]


def lazy_commits() -> None:
    """Commits return before they are on the disk."""
    open_database = Database._open

    def open_lazily(self: Database) -> None:
        open_database(self)
        assert self._writing is not None
        self._writing.execute("PRAGMA synchronous = NORMAL")

    Database._open = open_lazily  # type: ignore[method-assign]


def forgotten_folders() -> None:
    """Names are never made durable."""

    def nothing(folder: Path) -> None:
        pass

    for name, module in tuple(sys.modules.items()):
        if name.startswith("gptimg_desktop.services") and hasattr(module, "sync_folder"):
            vars(module)["sync_folder"] = nothing


PLANTS: Final[dict[str, Callable[[], None]]] = {
    "no-write-ahead": no_write_ahead,
    "naive-retry": naive_retry,
    "row-before-file": row_before_file,
    "in-place": in_place,
    "lazy-commits": lazy_commits,
    "forgotten-folders": forgotten_folders,
}
