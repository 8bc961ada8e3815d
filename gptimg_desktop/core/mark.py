"""Marks that the user puts on jobs; none of them changes a job's state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """Picked and rejected exclude each other; binned is out of sight, and can be brought back."""

    PICKED = "picked"
    REJECTED = "rejected"
    PLAIN = "plain"  # neither picked nor rejected
    BINNED = "binned"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """One mark for many jobs, named by their numbers in the library (`Job.seq`): as many as there are,
    whether or not anybody has read them."""

    seqs: tuple[int, ...]
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A marking that is committed, and those that would undo it: one for each mark that jobs had before.

    `marking.seqs` are those that changed by it.
    """

    marking: Marking
    undo: tuple[Marking, ...]
