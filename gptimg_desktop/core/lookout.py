"""How looking after the files of a library ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class FileState(IntEnum):
    """What is known of a picture's file, as the library keeps it."""

    AS_SAVED = 0
    MISSING = 1  # nothing is where it was saved
    CHANGED = 2  # something else is there than what was saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a round through all files found: `looked_at` were asked for, `missing` of them are not where they
    were saved, `in_bin` of these lie in the bin, `came_back` had been missing before. `changed` are there,
    and not as they were saved. `unseen` lie on drives that did not answer."""

    looked_at: int = 0
    missing: int = 0
    in_bin: int = 0
    came_back: int = 0
    changed: int = 0
    unseen: int = 0
    was_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """What a search through a folder brought: `found` of the `missing` files. `unkeepable` were found under
    names that are no text."""

    missing: int = 0
    found: int = 0
    unkeepable: int = 0
    was_cancelled: bool = False
