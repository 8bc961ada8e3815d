"""The rows of the gallery as numbers: which job stands where."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from gptimg_desktop.core.filter import Sort
from gptimg_desktop.core.sort_key import sort_key, time_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.listing import Listing

Place = tuple[float, int]
"""A key and a number with its sign turned: the smaller place comes first."""


class Rows:
    """A listing that changes: it takes the listing's arrays over, and knows jobs by their numbers."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    def __len__(self) -> int:
        return len(self._listing)

    @property
    def filter(self) -> JobFilter:
        return self._listing.filter

    def seq_at(self, row: int) -> int:
        return self._listing.seqs[row]

    def seqs_in(self, first: int, last: int) -> tuple[int, ...]:
        """The numbers of the rows from `first` to `last`, both included, as far as there are rows."""
        return tuple(self._listing.seqs[max(0, first) : last + 1])

    def key_at(self, row: int) -> float:
        return self._listing.keys[row]

    def row_of(self, seq: int, job: Job | None = None) -> int | None:
        """Where a number stands; None where it has no row. `job`, where somebody has read it, finds it faster
        in orders other than that of time."""
        if not len(self):
            return None
        if self.filter.sort is Sort.TIME:
            return self._at(self._listing.place_for(seq, time_key(seq, self.filter)), seq)
        if job is not None:
            row = self._at(self._listing.place_for(seq, sort_key(job, self.filter)), seq)
            if row is not None:
                return row
        try:
            return self._listing.seqs.index(seq)
        except ValueError:
            return None

    def room_for(self, places: list[Place]) -> tuple[int, int]:
        """The row where the first of some sorted places belongs, and how many of them go there together."""
        key, turned = places[0]
        row = self._listing.place_for(-turned, key)
        if row == len(self):
            return row, len(places)
        here = (self.key_at(row), -self.seq_at(row))
        return row, next((count for count, place in enumerate(places) if place > here), len(places))

    def insert(self, row: int, places: Iterable[Place]) -> None:
        fresh = list(places)
        self._listing.seqs[row:row] = array("q", (-turned for _, turned in fresh))
        self._listing.keys[row:row] = array("d", (key for key, _ in fresh))

    def remove(self, first: int, last: int) -> None:
        """Both included."""
        del self._listing.seqs[first : last + 1]
        del self._listing.keys[first : last + 1]

    def _at(self, row: int, seq: int) -> int | None:
        return row if row < len(self) and self._listing.seqs[row] == seq else None


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run among some rows, in their order."""
    found: list[tuple[int, int]] = []
    for row in sorted(rows):
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
