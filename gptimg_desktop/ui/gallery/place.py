"""Where a view was left: over a list that is read anew, over another list, and over a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QListView

if TYPE_CHECKING:
    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.ui.gallery.grid_view import GridView
    from gptimg_desktop.ui.gallery.model import JobListModel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """The number at the upper edge (None at the very top), its column, and how far it stood below the edge in
    heights of a cell; and the number of the current tile."""

    filter: JobFilter
    top: int | None
    column: int
    share: float
    current: int | None


class Place:
    """Remembers where a view is and brings it back there, by the numbers of jobs: rows change."""

    def __init__(self, view: GridView, model: JobListModel) -> None:
        self._view = view
        self._jobs = model
        self._left: _Left | None = None
        self._to_restore: tuple[int, float] | None = None

    def state(self) -> dict[str, Any]:
        """What `restore` takes; empty at the top."""
        place = self._to_restore or self._top()
        return {} if place is None else {"top": place[0], "share": place[1]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go where it was left as soon as the rows are here; what is no place is ignored."""
        top, share = state.get("top"), state.get("share")
        if type(top) is int and isinstance(share, int | float) and -2.0 <= share <= 2.0:
            self._to_restore = (top, float(share))
            self._jobs.look_first_at(top)
            self.enter()

    def leave(self) -> None:
        """The list is about to be another, or the same anew."""
        place, current = self._top(), self._view.currentIndex().row()
        grid = self._view.grid
        self._left = _Left(
            filter=self._jobs.filter,
            top=None if place is None else place[0],
            column=grid.column_of(self._top_row()),
            share=0.0 if place is None else place[1],
            current=self._jobs.seq_at(current) if 0 <= current < grid.count else None,
        )

    def enter(self) -> bool:
        """The same list anew stays where it was; another one begins at the current tile, or at its top where
        something was searched for. True for another one."""
        left, self._left = self._left, None
        if self._to_restore is not None and self._jobs.rowCount():
            (top, share), self._to_restore = self._to_restore, None
            self._go_to(top, share)
            return True
        if left is None:
            return False
        if left.filter == self._jobs.filter:
            if left.top is not None:
                self._go_to(left.top, left.share, column=left.column)
            return False
        if left.current is not None and not self._jobs.filter.text:
            self._show(self._jobs.row_of(left.current))
        return True

    def _top(self) -> tuple[int, float] | None:
        """The number at the upper edge, and how far it stands below it; None at the very top."""
        offset, row, grid = self._view.verticalScrollBar().value(), self._top_row(), self._view.grid
        if offset == 0 or not grid.count:
            return None
        share = (grid.cell(row).top() - offset) / grid.cell_height
        return self._jobs.seq_at(row), round(share, 4)

    def _top_row(self) -> int:
        """The first row that is seen whole: never one of the first line, which alone may be short, unless the
        view is at its top."""
        grid = self._view.grid
        line = -(-self._view.verticalScrollBar().value() // grid.cell_height)
        return max(0, grid.ends_of(min(line, grid.lines - 1))[0])

    def _go_to(self, seq: int, share: float, *, column: int | None = None) -> None:
        row = self._jobs.row_of(seq)
        if row is not None:
            self._view.go_to(row, share, column=column)

    def _show(self, row: int | None) -> None:
        if row is not None and row not in self._view.rows_whole_in_sight():
            self._view.scrollTo(self._jobs.index(row), QListView.ScrollHint.PositionAtCenter)
