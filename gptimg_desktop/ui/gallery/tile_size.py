"""How wide tiles can be."""

from __future__ import annotations

from typing import Final

LEAST_TILE: Final = 96
TILE: Final = 200
MOST_TILE: Final = 384
"""In device-independent pixels."""
_STEP: Final = 1.15


def within(size: int) -> int:
    """The nearest width that is possible."""
    return min(max(size, LEAST_TILE), MOST_TILE)


def larger(size: int) -> int:
    """One step up."""
    return within(max(size + 1, round(size * _STEP)))


def smaller(size: int) -> int:
    """One step down."""
    return within(min(size - 1, round(size / _STEP)))
