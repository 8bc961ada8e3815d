"""The arithmetic of the grid, beside a reading that looks at every row."""

from __future__ import annotations

import random
from typing import Final

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractItemView

from gptimg_desktop.ui.gallery.grid import GAP, Grid
from gptimg_desktop.ui.gallery.steps import step

Action = QAbstractItemView.CursorAction
GRIDS: Final = [
    Grid.fitting(width, tile, foot, count).with_lead(lead)
    for width, tile, foot in ((700, 200, 40), (900, 96, 0), (300, 384, 40), (701, 130, 21))
    for count in (1, 2, 7, 8, 9, 100)
    for lead in (0, 1, 2)
]


def every_tile(grid: Grid) -> dict[int, QRect]:
    return {row: grid.tile(row) for row in range(grid.count)}


@pytest.mark.parametrize("grid", GRIDS)
def test_tiles_do_not_touch_each_other_and_stay_inside(grid: Grid) -> None:
    tiles = list(every_tile(grid).values())
    for place, tile in enumerate(tiles):
        assert not any(tile.adjusted(-1, -1, 1, 1).intersects(other) for other in tiles[place + 1 :])
        assert tile.top() >= GAP
        assert tile.bottom() < grid.height - GAP + 1
    assert len({tile.size().toTuple() for tile in tiles}) == 1


@pytest.mark.parametrize("grid", GRIDS)
def test_points_and_areas_find_the_rows_that_are_there(grid: Grid) -> None:
    chance = random.Random(grid.count * 7 + grid.columns)
    tiles, width = every_tile(grid), grid.left + grid.columns * grid.cell_width
    for _ in range(60):
        point = QPoint(chance.randrange(-20, width + 20), chance.randrange(-20, grid.height + 20))
        found = [row for row, tile in tiles.items() if tile.contains(point)]
        assert ([] if (row := grid.row_at(point)) is None else [row]) == found
        area = QRect(point, QSize(chance.randrange(1, width), chance.randrange(1, grid.height)))
        touched = [row for row, tile in tiles.items() if tile.intersects(area)]
        assert [row for first, last in grid.runs_in(area) for row in range(first, last + 1)] == touched
        band = grid.rows_between(area.top(), area.bottom())
        crossed = {
            row for row, tile in tiles.items() if tile.top() <= area.bottom() and tile.bottom() >= area.top()
        }
        assert crossed <= set(band)


@pytest.mark.parametrize("grid", GRIDS)
def test_keys_lead_to_the_neighbour_that_the_eye_sees(grid: Grid) -> None:
    tiles = every_tile(grid)
    for row, tile in tiles.items():
        below = step(grid, row, Action.MoveDown, 3)
        straight = [
            other
            for other, there in tiles.items()
            if there.left() == tile.left() and there.top() == tile.top() + grid.cell_height
        ]
        if straight:
            assert below == straight[0]
        else:  # the end of a shorter line, or nothing below
            assert below in {row, grid.ends_of(grid.line_of(row))[1], *_last_of_next_line(grid, row)}
        assert step(grid, row, Action.MoveRight, 3) == min(row + 1, grid.count - 1)
        assert step(grid, row, Action.MoveHome, 3) == 0
        assert step(grid, row, Action.MoveEnd, 3) == grid.count - 1
        assert 0 <= step(grid, row, Action.MovePageUp, 3) <= row


def _last_of_next_line(grid: Grid, row: int) -> set[int]:
    line = grid.line_of(row) + 1
    return {grid.ends_of(line)[1]} if line < grid.lines else set()


def test_one_line_of_runs_is_one_run_where_it_has_every_column() -> None:
    grid = Grid.fitting(800, 200, 40, 100_000)
    assert grid.runs_in(QRect(0, 0, 800, grid.height)) == [(0, 99_999)]


def test_nothing_is_nowhere() -> None:
    grid = Grid.fitting(700, 200, 40, 0)
    assert (grid.height, grid.lines, grid.row_at(QPoint(20, 20))) == (0, 0, None)
    assert list(grid.rows_between(0, 900)) == []
    assert grid.runs_in(QRect(0, 0, 700, 900)) == []
