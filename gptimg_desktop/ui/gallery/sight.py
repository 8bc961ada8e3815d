"""What the gallery would like to have next: what is in sight, then what was asked for, then what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gptimg_desktop.ui.gallery.pages import Pages
    from gptimg_desktop.ui.gallery.rows import Rows

BLOCK: Final = 32
"""A row that was asked for by itself brings the others of its block along."""
MOST_ASKED: Final = 256


class Sight:
    """The rows that are looked at, and the numbers that somebody asked for elsewhere, newest first."""

    def __init__(self) -> None:
        self._rows = range(0)
        self._asked: dict[int, None] = {}

    def look_at(self, first: int, last: int) -> bool:
        """These rows are in sight, both included; True where that is new."""
        rows = range(max(0, first), max(first, last + 1))
        is_new, self._rows = rows != self._rows, rows
        return is_new

    def ask(self, seq: int) -> None:
        self._asked.pop(seq, None)
        self._asked[seq] = None
        if len(self._asked) > MOST_ASKED:
            del self._asked[next(iter(self._asked))]

    def satisfy(self, seq: int) -> None:
        self._asked.pop(seq, None)

    def shows(self, row: int) -> bool:
        return row in self._rows

    def rows(self) -> range:
        return self._rows

    def asked(self) -> Iterator[int]:
        return reversed(self._asked)

    def near(self, rows: Rows) -> tuple[int, ...]:
        """The numbers of a screen below and a screen above, the nearest first."""
        first, stop, screen = self._rows.start, self._rows.stop, len(self._rows)
        return rows.seqs_in(stop, stop + screen - 1) + rows.seqs_in(first - screen, first - 1)[::-1]


def block_around(rows: Rows, row: int) -> tuple[int, ...]:
    """The numbers of the block that a row belongs to."""
    first = row - row % BLOCK
    return rows.seqs_in(first, first + BLOCK - 1)


def lacking_jobs(rows: Rows, pages: Pages, sight: Sight) -> tuple[int, ...]:
    """The numbers of the jobs that are wanted and not here, the most urgent first."""
    wanted = dict.fromkeys(rows.seqs_in(sight.rows().start, sight.rows().stop - 1))
    for seq in sight.asked():
        row = None if seq in pages else rows.row_of(seq)
        if row is not None:
            wanted.update(dict.fromkeys(block_around(rows, row)))
    wanted.update(dict.fromkeys(sight.near(rows)))
    return tuple(seq for seq in wanted if seq not in pages)


def in_sight_and_near(rows: Rows, sight: Sight, most: int) -> tuple[int, ...]:
    """The numbers whose pictures are wanted, the most urgent first; those near as far as `most` allows."""
    wanted = dict.fromkeys(rows.seqs_in(sight.rows().start, sight.rows().stop - 1))
    wanted.update(dict.fromkeys(sight.asked()))
    wanted.update(dict.fromkeys(sight.near(rows)[: max(0, most - len(sight.rows()))]))
    return tuple(wanted)
