"""What a start made of a library that could not be used as it was, for the user to read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RestoreCause(StrEnum):
    """Why the library was not taken as it stood."""

    DAMAGED = "damaged"  # it cannot be read from end to end
    EMPTY = "empty"  # nothing is left in its file
    MISSING = "missing"  # its file is gone
    OLDER = "older"  # it is sound, and older than what the last run left
    ASKED = "asked"  # the user chose a backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`at` is when it was done, `backup_at` when the copy was made that it began with (Unix seconds; None
    where there was none to begin with). `jobs` are in the library now. Of these `read_back` came out of the
    file that was set aside, `found` have their pictures on disk although the copy did not know them yet,
    `adopted` are pictures without a job, `followed` are tasks whose ids were known, `doubted` waited in the
    copy and may have been sent since. `left_out` were imported after the copy was made, and the user wanted
    the library as it was before; their files are where they were. `task_ids` are paid tasks for which no job
    could be made. `set_aside` is the path of what was there before, "" where that was nothing."""

    cause: RestoreCause
    at: float
    backup_at: float | None = None
    jobs: int = 0
    read_back: int = 0
    found: int = 0
    adopted: int = 0
    followed: int = 0
    doubted: int = 0
    left_out: int = 0
    task_ids: tuple[str, ...] = ()
    set_aside: str = ""
