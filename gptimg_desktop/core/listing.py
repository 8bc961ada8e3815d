"""Which jobs a gallery shows, in their order, without the jobs themselves."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import neg
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.core.filter import JobFilter


def _numbers() -> array[int]:
    return array("q")


def _keys() -> array[float]:
    return array("d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The numbers (`Job.seq`) of all jobs that a filter lets through, in the order in which they are shown.

    `keys[i]` is what `seqs[i]` is sorted by: keys rise, and of equal keys the higher number comes first (the
    key is negative where the largest comes first). Eight bytes each, so that 100 000 rows weigh little.
    """

    filter: JobFilter
    seqs: array[int] = field(default_factory=_numbers)
    keys: array[float] = field(default_factory=_keys)

    def __len__(self) -> int:
        return len(self.seqs)

    def place_for(self, seq: int, key: float) -> int:
        """The row where a job stands, or would."""
        first = bisect_left(self.keys, key)
        end = bisect_right(self.keys, key, first)
        return bisect_left(self.seqs, -seq, first, end, key=neg)
