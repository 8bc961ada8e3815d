"""Bringing pictures into the library that were made elsewhere: the wish, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.sizes import TABLE, PixelSize, Tier

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """Files and folders (with the folders inside them) by their paths. `are_copied`: into the picture folder;
    else they stay where they are."""

    paths: tuple[str, ...]
    are_copied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How an import ended. `added` are new; `known` were in the library already, `in_bin` of these in the
    bin; `found_again` are known pictures whose files had been missing. `problems` are of single files and
    folders; `ended_by` is what made it end early for all."""

    added: int = 0
    known: int = 0
    in_bin: int = 0
    found_again: int = 0
    problems: tuple[Problem, ...] = ()
    ended_by: Problem | None = None
    was_cancelled: bool = False


def tier_of(pixels: PixelSize) -> Tier:
    """The tier whose pictures are about as large."""
    return next((tier for tier in Tier if pixels.pixels <= _LARGEST[tier]), Tier.K4)


_LARGEST: Final = {
    tier: max(size.pixels for sizes in TABLE.values() for size in sizes[tier]) for tier in Tier
}
