"""Where a picture came from, what was made of it, and what was asked for together with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Of the job `job_id`: the jobs whose pictures were its references, those that had its picture as theirs,
    and its run (itself included, in the order of asking). Each at most a few; the counts tell of all."""

    job_id: str
    came_from: tuple[Job, ...] = ()
    led_to: tuple[Job, ...] = ()
    led_to_count: int = 0
    run: tuple[Job, ...] = ()
    run_count: int = 0
