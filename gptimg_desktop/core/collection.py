"""A collection: jobs that the user keeps together under a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """`number` is the library's; `count` how many jobs are in it that are not in the bin. New runs go into
    the one that is current, of which there is one at most."""

    number: int
    name: str
    count: int = 0
    is_current: bool = False
