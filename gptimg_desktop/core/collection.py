"""A collection: jobs that the user keeps together under a name; and the wishes about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """`number` is the library's; `count` how many jobs are in it that are not in the bin. New runs go into
    the one that is current, of which there is one at most."""

    number: int
    name: str
    count: int = 0
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Jobs (`Job.seq`) for a collection: for one that is there by its `number`, or for a new one by its
    `name`."""

    seqs: tuple[int, ...] = ()
    number: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Another name for a collection."""

    number: int
    name: str


def clean_name(text: str) -> str:
    """A name as it is kept: one line, single blanks, no longer than it may be; "" where nothing is left."""
    readable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(readable.split())[:LONGEST_NAME].rstrip()


def is_same_name(one: str, other: str) -> bool:
    """True for names that nobody could tell apart by reading them out."""
    return clean_name(one).casefold() == clean_name(other).casefold()
