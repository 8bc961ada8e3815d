"""Which jobs the gallery shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job


class View(StrEnum):
    """The filters beside the search field. The value is also the end of the button's object name."""

    ALL = "all"
    PICKS = "picks"
    RUNNING = "running"
    NEEDS_YOU = "needs_you"
    BIN = "bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """A view and a search text; every word of the text must occur in the prompt, the size or the tier."""

    view: View = View.ALL
    text: str = ""

    def matches(self, job: Job) -> bool:
        return self._in_view(job) and self._in_text(job)

    def _in_view(self, job: Job) -> bool:
        if self.view is View.BIN or job.binned_at is not None:
            return self.view is View.BIN and job.binned_at is not None
        return {
            View.ALL: True,
            View.PICKS: job.picked,
            View.RUNNING: job.is_running,
            View.NEEDS_YOU: job.needs_user,
        }[self.view]

    def _in_text(self, job: Job) -> bool:
        request = job.request
        searched = f"{request.prompt}\n{request.size}\n{request.tier}".casefold()
        return all(word in searched for word in self.text.casefold().split())
