"""Bugs that more than one proof plants, each into the process that it kills, nowhere else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.library.files.picture_folder import PartFile, PictureFolder
from gptimg_desktop.services.library.jobs import JobStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.api.body import RequestBody


async def nothing() -> None:
    """What is done in the place of something that matters."""


def plant_no_write_ahead() -> None:
    """The whole request leaves, and only once there is an answer it is committed that it may."""
    submit = ApiClient.submit

    async def submit_then_arm(
        self: ApiClient, body: RequestBody, arm: Callable[[], Awaitable[None]]
    ) -> Evidence:
        evidence = await submit(self, body, nothing)
        await arm()
        return evidence

    ApiClient.submit = submit_then_arm  # type: ignore[method-assign]


def plant_row_before_file(slow_disk_s: float = 0.0) -> None:
    """The library says that a picture is saved, and then its file gets its name, on a disk that slow."""
    place, advance = PictureFolder.place, JobStore.advance
    waiting: list[tuple[PictureFolder, PartFile, Path]] = []

    def wait(self: PictureFolder, part: PartFile, path: Path) -> None:
        waiting.append((self, part, path))

    async def advance_then_place(self: JobStore, before: Job, after: Job, **more: Any) -> Job:
        done = await advance(self, before, after, **more)
        if after.state is JobState.SAVED:
            await asyncio.sleep(slow_disk_s)
            while waiting:
                place(*waiting.pop())
        return done

    PictureFolder.place = wait  # type: ignore[method-assign]
    JobStore.advance = advance_then_place  # type: ignore[method-assign]


def plant_in_place() -> None:
    """A download is written under a picture's name, where the user sees it, from its first byte on."""
    begin = PictureFolder.begin

    def begin_in_sight(self: PictureFolder, job_id: str, index: int) -> PartFile:
        part = begin(self, job_id, index)
        part.path = part.path.rename(self.folder / f"{job_id}-{index}.png")
        return part

    PictureFolder.begin = begin_in_sight  # type: ignore[method-assign]
