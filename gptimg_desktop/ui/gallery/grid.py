"""Where tiles stand: arithmetic on uniform cells, which costs the same however many there are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QSize

from gptimg_desktop.ui.theme import UNIT

GAP = UNIT
"""Between two tiles; half of it round them all."""
_HALF = GAP // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`count` cells of one size in `columns`, `left` from the edge. Points and rectangles are those of the
    whole content, in device-independent pixels.

    `lead` cells at the end of the first line stay empty, so that rows that come or go above what is looked at
    need not move it into another column.
    """

    columns: int = 1
    cell_width: int = 1
    cell_height: int = 1
    left: int = 0
    count: int = 0
    lead: int = 0

    @classmethod
    def fitting(cls, width: int, tile: int, foot: int, count: int) -> Grid:
        """Columns that fill a width with cells about `tile` wide: a square with `foot` below."""
        columns = max(1, round(width / max(1, tile)))
        cell_width = max(1, width // columns)
        return cls(
            columns=columns,
            cell_width=cell_width,
            cell_height=cell_width + foot,
            left=max(0, (width - columns * cell_width) // 2),
            count=count,
        )

    @property
    def lines(self) -> int:
        return -(-(self.count + self.lead) // self.columns) if self.count else 0

    @property
    def height(self) -> int:
        return self.lines * self.cell_height + GAP if self.count else 0

    @property
    def tile_size(self) -> QSize:
        return QSize(self.cell_width - GAP, self.cell_height - GAP)

    def with_lead(self, lead: int) -> Grid:
        return self if lead == self.lead else replace(self, lead=lead % self.columns)

    def line_of(self, row: int) -> int:
        return 0 if row < self._first_line else (row + self.lead) // self.columns

    def column_of(self, row: int) -> int:
        return row if row < self._first_line else (row + self.lead) % self.columns

    def cell(self, row: int) -> QRect:
        """A row's cell with its share of the gaps."""
        return QRect(
            self.left + self.column_of(row) * self.cell_width,
            _HALF + self.line_of(row) * self.cell_height,
            self.cell_width,
            self.cell_height,
        )

    def tile(self, row: int, shift: int = 0) -> QRect:
        """The part of the cell that belongs to the tile, so much further down."""
        return QRect(
            self.left + self.column_of(row) * self.cell_width + _HALF,
            GAP + self.line_of(row) * self.cell_height + shift,
            self.cell_width - GAP,
            self.cell_height - GAP,
        )

    def row_at(self, point: QPoint) -> int | None:
        """The row whose tile has a point in it; None in the gaps and outside."""
        row = self.row_near(point)
        return row if row is not None and self.tile(row).contains(point) else None

    def row_near(self, point: QPoint) -> int | None:
        """The row whose cell has a point in it, or is the nearest of its line; None with no row at all."""
        if not self.count:
            return None
        line = min(max(0, (point.y() - _HALF) // self.cell_height), self.lines - 1)
        column = min(max(0, (point.x() - self.left) // self.cell_width), self.columns - 1)
        return self.row_in(line, column)

    def row_in(self, line: int, column: int) -> int:
        """The row at a place, or the last one of its line where that is shorter."""
        first, last = self.ends_of(line)
        return min(first + column, last)

    def ends_of(self, line: int) -> tuple[int, int]:
        """First and last row of a line."""
        first = max(0, line * self.columns - self.lead)
        last = (line + 1) * self.columns - self.lead - 1
        return min(first, self.count - 1), max(0, min(last, self.count - 1))

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows whose cells touch a band of heights, `bottom` included."""
        if not self.count or bottom < top:
            return range(0)
        above = max(0, (top - _HALF) // self.cell_height)
        below = min(self.lines - 1, max(0, (bottom - _HALF) // self.cell_height))
        if above > below:
            return range(0)
        return range(self.ends_of(above)[0], self.ends_of(below)[1] + 1)

    def runs_in(self, area: QRect) -> list[tuple[int, int]]:
        """First and last of each unbroken run of rows whose tiles a rectangle touches."""
        runs: list[tuple[int, int]] = []
        left, right = self._columns_in(area)
        top, bottom = self._lines_in(area)
        for line in range(top, bottom + 1):
            first, last = self.ends_of(line)
            start, end = first + left, min(first + right, last)
            if start > end:
                continue
            if runs and runs[-1][1] == start - 1:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((start, end))
        return runs

    @property
    def _first_line(self) -> int:
        """How many rows the first line has room for."""
        return self.columns - self.lead

    def _columns_in(self, area: QRect) -> tuple[int, int]:
        left = -(-(area.left() - self.left - self.cell_width + _HALF + 1) // self.cell_width)
        right = (area.right() - self.left - _HALF) // self.cell_width
        return max(0, left), min(right, self.columns - 1)

    def _lines_in(self, area: QRect) -> tuple[int, int]:
        top = -(-(area.top() + 1 - self.cell_height) // self.cell_height)
        bottom = (area.bottom() - GAP) // self.cell_height
        return max(0, top), min(bottom, self.lines - 1)
