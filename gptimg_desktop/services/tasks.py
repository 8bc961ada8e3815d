"""The only place that starts asyncio tasks: each is named, referenced, reported when it fails, and ended."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gptimg_desktop.core.errors import Problem

logger = logging.getLogger(__name__)


async def complaining(work: Coroutine[Any, Any, Any], complain: Callable[[Problem], None]) -> None:
    """Await a piece of work; what the world did wrong in it is told to `complain`."""
    try:
        await work
    except AppError as error:
        complain(error.problem)


class Tasks:
    """A family of tasks. `failed` is told the name of each that ended with an exception of ours."""

    def __init__(self, failed: Callable[[str], None] | None = None) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failed = failed

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def cancel(self) -> None:
        """Cancel what runs and wait until all of it has ended."""
        while running := tuple(self._tasks):
            for task in running:
                task.cancel()
            await asyncio.wait(running)

    async def finish(self) -> None:
        """Wait until everything has ended by itself."""
        while running := tuple(self._tasks):
            await asyncio.wait(running)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        logger.error("task %s failed", task.get_name(), exc_info=error)
        if self._failed is not None:
            self._failed(task.get_name())
