"""Where the arrows and the other keys that move lead in a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.grid import Grid

Action = QAbstractItemView.CursorAction


def step(grid: Grid, row: int, action: Action, page: int) -> int:
    """The row where a key leads from `row` (-1 for none), `page` lines being seen at once.

    At an edge it stays; below a row that is shorter it goes to its end.
    """
    last = grid.count - 1
    if row < 0:
        return last if action is Action.MoveEnd else 0
    by_one = {Action.MoveLeft: -1, Action.MovePrevious: -1, Action.MoveRight: 1, Action.MoveNext: 1}
    by_line = {Action.MoveUp: -1, Action.MoveDown: 1, Action.MovePageUp: -page, Action.MovePageDown: page}
    if action in by_line:
        return _line(grid, row, by_line[action])
    to_end = {Action.MoveHome: 0, Action.MoveEnd: last}
    return to_end.get(action, min(max(0, row + by_one.get(action, 0)), last))


def _line(grid: Grid, row: int, lines: int) -> int:
    here = grid.line_of(row)
    line = min(max(0, here + lines), grid.lines - 1)
    if line == here and abs(lines) == 1:
        return row
    if line == here:  # a page beyond the edge
        return 0 if lines < 0 else grid.count - 1
    return grid.row_in(line, grid.column_of(row))
