"""Which jobs the gallery shows, and in which order."""

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

    def shows(self, job: Job) -> bool:
        """True where a job belongs into this view."""
        if self is View.BIN or job.binned_at is not None:
            return self is View.BIN and job.binned_at is not None
        return {
            View.ALL: True,
            View.PICKS: job.picked,
            View.RUNNING: job.is_running,
            View.NEEDS_YOU: job.needs_user,
        }[self]


class Sort(StrEnum):
    """What the gallery is sorted by; of equal ones the newer comes first."""

    TIME = "time"
    SIZE = "size"  # pixels
    COST = "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """A view, a search as the user typed it (`core.query` reads it), a collection (its number; 0 for all) and
    an order: newest, largest or dearest first, unless `reverse`."""

    view: View = View.ALL
    text: str = ""
    collection: int = 0
    sort: Sort = Sort.TIME
    reverse: bool = False

    @property
    def asks_library(self) -> bool:
        """True where only the library can tell whether a job belongs here."""
        return bool(self.text.strip() or self.collection)
