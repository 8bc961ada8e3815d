"""The two lines below a tile, worded before: a job says the same in every frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gptimg_desktop.ui.gallery.caption import state_line, title

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job

_MOST: Final = 512


class Words:
    """By the number of the job, each good for just that state of the job. What the bin still keeps for a
    while says how long, and is worded every time."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Job, tuple[str, str]]] = {}

    def of(self, job: Job, now: float) -> tuple[str, str]:
        """The beginning of the prompt, and what came or where it stands. `now` is in Unix seconds."""
        kept = self._kept.get(job.seq)
        if kept is not None and kept[0] is job and job.binned_at is None:
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        words = title(job), state_line(job, now, has_sign=True)
        self._kept[job.seq] = job, words
        return words
