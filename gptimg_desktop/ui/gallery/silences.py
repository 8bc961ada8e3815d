"""Since when the service says nothing usable about jobs that it took."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gptimg_desktop.ui.gallery.caption import is_silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.job import Job


class Silences:
    """Remembers for this run since when nothing is heard of a job. `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}

    def note(self, job: Job) -> None:
        """A job has changed."""
        if not is_silent(job):
            self._since.pop(job.id, None)
        elif job.id not in self._since:
            self._since[job.id] = self._clock()

    def since(self, job_id: str) -> float | None:
        """When a job fell silent (Unix seconds); None where it has not, or not in this run."""
        return self._since.get(job_id)
