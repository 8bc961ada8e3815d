"""Jobs into a gallery model as the library would list them, for tests without a library."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.core.listing import Listing
from gptimg_desktop.core.sort_key import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.model import JobListModel


def listing_of(jobs: Iterable[Job], wanted: JobFilter | None = None) -> Listing:
    """What a filter lets through, in its order; a search or a collection counts for nothing here."""
    wanted = wanted or JobFilter()
    places = sorted((sort_key(job, wanted), -job.seq) for job in jobs if wanted.view.shows(job))
    return Listing(
        filter=wanted,
        seqs=array("q", (-turned for _, turned in places)),
        keys=array("d", (key for key, _ in places)),
    )


def put(model: JobListModel, job: Job) -> None:
    """A job that is new or has changed, at once."""
    model.upsert_in_frame(job)
    model.show_now()


def fill(model: JobListModel, jobs: Iterable[Job], wanted: JobFilter | None = None) -> None:
    """These jobs and no others, all of them read."""
    known = list(jobs)
    model.set_listing(listing_of(known, wanted), known)
