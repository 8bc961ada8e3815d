"""What is looked at, so that it can stay where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from gptimg_desktop.ui.gallery.grid import Grid


@dataclass(slots=True, kw_only=True)
class _Held:
    row: int
    share: float
    """The way from the upper edge of what is seen to the tile, in heights of a cell."""
    column_of: dict[int, int] = field(default_factory=dict)
    """In how many columns it has stood so far, and in which of them each time."""


class Anchor:
    """Holds one row until it is let go: rows come and go around it, cells grow and shrink, and the tile stays
    in its column and at its height. It is held over many changes, so that these do not add up to a drift.

    Nothing is held at the very top: what is new is to be seen there.
    """

    def __init__(self) -> None:
        self._held: _Held | None = None

    @property
    def row(self) -> int | None:
        """The row that is held; None at the top."""
        return None if self._held is None else self._held.row

    def drop(self) -> None:
        """Hold nothing: the user has moved the view."""
        self._held = None

    def hold(self, grid: Grid, offset: int, *, near: QPoint | None = None) -> None:
        """Hold the first tile that is seen whole, or the one `near` a point, unless one is held already."""
        if self._held is None and grid.count and (offset > 0 or near is not None):
            line = -(-offset // grid.cell_height)
            row = None if near is None else grid.row_near(near)
            self.hold_row(grid, grid.ends_of(min(line, grid.lines - 1))[0] if row is None else row, offset)

    def hold_row(self, grid: Grid, row: int, offset: int) -> None:
        """Hold this row where it is, `offset` being the height at which the view begins."""
        share = (grid.cell(row).top() - offset) / grid.cell_height
        self._held = _Held(row=row, share=share, column_of={grid.columns: grid.column_of(row)})

    def put(self, row: int, share: float, *, column: int | None = None, columns: int = 0) -> None:
        """Hold a row that is to stand at a height, in cells below the upper edge, and in a column of so many;
        without one it stands where full lines bring it."""
        self._held = _Held(row=row, share=share, column_of={} if column is None else {columns: column})

    def note_inserted(self, first: int, count: int) -> None:
        if self._held is not None and first <= self._held.row:
            self._held.row += count

    def note_removed(self, first: int, last: int) -> None:
        """Where the row itself went, the one that comes into its place is held."""
        if self._held is None or first > self._held.row:
            return
        self._held.row = first if self._held.row <= last else self._held.row - (last - first + 1)

    def place(self, grid: Grid) -> tuple[Grid, int] | None:
        """The grid and the height at which the view has to begin; None where nothing is held.

        In a number of columns in which the tile has not stood yet the first line is full again; where that
        brings it, it stays.
        """
        held = self._held
        if held is None or not grid.count:
            return None
        held.row = min(held.row, grid.count - 1)
        column = held.column_of.setdefault(grid.columns, grid.column_of(held.row))
        grid = grid.with_lead((column - held.row) % grid.columns)
        return grid, round(grid.cell(held.row).top() - held.share * grid.cell_height)
