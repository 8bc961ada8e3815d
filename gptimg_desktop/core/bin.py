"""The bin: how long it keeps things, what is in it, and what emptying it came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gptimg_desktop.core.errors import Problem

KEPT_DAYS: Final = 30
KEPT_S: Final = KEPT_DAYS * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BinContents:
    """`count` jobs can be removed, whose files have `size_bytes`, and of which `paid` brought a picture for
    money; `held` cannot yet, since they are in flight, unconfirmed, or failed so shortly ago that a picture
    may still come."""

    count: int = 0
    paid: int = 0
    size_bytes: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """A wish to remove jobs that are in the bin: those of `seqs`, or all that came there before the time
    `before` (Unix seconds), or all of them. `forever`: past the system's trash, as the user said in so many
    words."""

    seqs: tuple[int, ...] | None = None
    before: float | None = None
    forever: bool = False


class Fate(StrEnum):
    """What became of a picture's file when its job was removed."""

    IN_TRASH = "in_trash"
    DELETED = "deleted"
    MISSING = "missing"  # there was none any more
    NOT_OURS = "not_ours"  # imported where it lies, outside the picture folder, or reached through a link
    SHARED = "shared"  # another job has it too
    CHANGED = "changed"  # somebody worked on it since


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a clearing came to. `removed` and `refused` are jobs: the files of the latter could not be put
    into the trash, for `reason`, and so they are in the bin as before. `files` counts the fates of files.
    `ended_by`: why the library took no more."""

    removed: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    reason: str = ""
    files: Mapping[Fate, int] = field(default_factory=dict)
    was_stopped: bool = False
    ended_by: Problem | None = None

    @property
    def left_in_place(self) -> int:
        """How many files are still where they were."""
        return sum(self.files.get(fate, 0) for fate in (Fate.NOT_OURS, Fate.SHARED, Fate.CHANGED))
