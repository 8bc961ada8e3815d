"""Where among the chips something would land that is held above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

COLUMNS: Final = 4
GAP: Final = UNIT // 2
_MARK: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Before number `at` from 0, to be marked at `mark`; or `on` the chip with that number."""

    at: int
    mark: QRect
    on: bool = False


def aim_at(chips: Sequence[QWidget], point: QPoint, *, may_replace: bool, is_full: bool = False) -> Aim:
    """Between the two chips that are nearest; in the middle of one, on it, where that may be replaced. Where
    nothing more fits, there is only the nearest chip to be replaced, or nothing to be marked."""
    row = _row_at(chips, point)
    if is_full and row:
        nearest = min(row, key=lambda each: abs(each[1].geometry().center().x() - point.x()))
        return Aim(at=nearest[0], on=may_replace, mark=QRect())
    for index, chip in row:
        place = chip.geometry()
        edge = place.width() // 4
        if may_replace and place.adjusted(edge, 0, -edge, 0).contains(point):
            return Aim(at=index, on=True, mark=QRect())
        if point.x() < place.center().x():
            left = max(0, place.left() - _MARK)
            return Aim(at=index, mark=QRect(left, place.top(), _MARK, place.height()))
    return _behind(*row[-1]) if row else Aim(at=len(chips), mark=QRect())


def _row_at(chips: Sequence[QWidget], point: QPoint) -> list[tuple[int, QWidget]]:
    """The chips of the row at that height, with their numbers; below all rows, of the last one."""
    last = len(chips) - 1
    start = next((index for index, chip in enumerate(chips) if chip.geometry().bottom() >= point.y()), last)
    start -= max(0, start) % COLUMNS
    return list(enumerate(chips))[max(0, start) : max(0, start) + COLUMNS]


def _behind(index: int, chip: QWidget) -> Aim:
    parent = chip.parentWidget()
    end = parent.width() if parent is not None else chip.geometry().right()
    place = chip.geometry()
    left = min(place.right() + 1, end - _MARK)
    return Aim(at=index + 1, mark=QRect(left, place.top(), _MARK, place.height()))
