"""Which picture is looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewedPicture:
    """One picture of a job: `job.images[index]`."""

    job_id: str
    index: int
