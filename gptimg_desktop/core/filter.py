"""Which jobs the gallery shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gptimg_desktop.core.sizes import outcomes

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
    """A view and a search text; every word of it must occur in the prompt, the size, the tier, or the pixels
    that were promised or delivered."""

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
        sizes = outcomes(request.size, request.tier) + tuple(image.pixels for image in job.images)
        shown = " ".join(str(size) for size in sizes)
        searched = f"{request.prompt}\n{request.size}\n{request.tier}\n{shown}".casefold()
        return all(word in searched for word in self.text.casefold().replace("×", "x").split())
