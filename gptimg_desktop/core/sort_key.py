"""What a gallery sorts jobs by, as numbers that rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.filter import Sort

if TYPE_CHECKING:
    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.job import Job


def sort_key(job: Job, wanted: JobFilter) -> float:
    """What a filter sorts a job by: the same number that the library gives for it (`Listing.keys`)."""
    if wanted.sort is Sort.TIME:
        return time_key(job.seq, wanted)
    value = float(job.area if wanted.sort is Sort.SIZE else job.price)
    return value if wanted.reverse else -value


def time_key(seq: int, wanted: JobFilter) -> float:
    """The key of a number where a filter sorts by time: nobody has to read the job for it."""
    return float(seq if wanted.reverse else -seq)
