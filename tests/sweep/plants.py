"""Bugs that a harness has to catch. Each is planted into the subject's process, nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.queue import recovery
from tests.support.plants import plant_in_place, plant_no_write_ahead, plant_row_before_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.submitter import Submitter


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
    "no-write-ahead": plant_no_write_ahead,
    "naive-retry": naive_retry,
    "row-before-file": plant_row_before_file,
    "in-place": plant_in_place,
    "lazy-commits": lazy_commits,
    "forgotten-folders": forgotten_folders,
}
