"""Sizes that upstream's rule has nothing against: the nearest to a free one, and one of a given shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.sizes import (
    GRID,
    LEAST_PIXELS,
    LONGEST_EDGE,
    MOST_OF_1K,
    MOST_OF_2K,
    MOST_PIXELS,
    NARROWEST,
    TABLE,
    PixelSize,
    Ratio,
    Tier,
    advice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gptimg_desktop.core.sizes import Size

SAME_SHAPE: Final = 0.02
"""How far a shape may be off a named ratio and still be called by its name."""

_LONGEST: Final = LONGEST_EDGE // GRID
_SHAPE_COUNTS: Final = 16.0  # how much more a wrong shape weighs than a wrong number of pixels
_LEAST_OF: Final = {Tier.K1: LEAST_PIXELS, Tier.K2: MOST_OF_1K + 1, Tier.K4: MOST_OF_2K + 1}
_MOST_OF: Final = {Tier.K1: MOST_OF_1K, Tier.K2: MOST_OF_2K, Tier.K4: MOST_PIXELS}


def nearest_good(size: PixelSize) -> PixelSize:
    """The good size that is nearest: the size itself, or its edges rounded, where that is good already; else
    the one whose shape, and then whose number of pixels, is least off. There is one for any size."""
    if not advice(size):
        return size
    rounded = PixelSize(_on_grid(size.width), _on_grid(size.height))
    if not advice(rounded):
        return rounded
    return _least_off(size, LEAST_PIXELS, MOST_PIXELS)


def matching(shape: PixelSize, tier: Tier) -> Size:
    """What to ask for at a tier to get the shape of a picture: a ratio with a name where it is within 2 %,
    else a good free size with about the tier's pixels that is billed as that tier. A shape beyond 3:1 becomes
    the longest there is."""
    wanted = _ratio(shape)
    named = min(Ratio, key=lambda ratio: _off(ratio.value_as_float, wanted))
    if _off(named.value_as_float, wanted) <= math.log1p(SAME_SHAPE):
        return named
    pixels = min(max(TABLE[named][tier][0].pixels, _LEAST_OF[tier]), _MOST_OF[tier])
    return _least_off(_with_pixels(wanted, pixels), _LEAST_OF[tier], _MOST_OF[tier])


def _least_off(size: PixelSize, least: int, most: int) -> PixelSize:
    """The best of all good sizes of so many pixels. A tall one is found as its wide twin."""
    if size.width < size.height:
        twin = _least_off(size.swapped(), least, most)
        return twin.swapped()
    ratio = min(NARROWEST, _ratio(size))
    pixels = min(max(size.pixels, least), most, LONGEST_EDGE * LONGEST_EDGE / ratio)
    return min(_wide_ones(ratio, least, most), key=lambda found: _badness(found, ratio, pixels))


def _wide_ones(ratio: float, least: int, most: int) -> Iterator[PixelSize]:
    """The good wide sizes on either side of a shape, one pair for each width."""
    for width in range(1, _LONGEST + 1):
        below = math.floor(width / ratio)
        for height in (below, below + 1):
            is_good = 0 < height <= width <= NARROWEST * height
            if is_good and least <= width * height * GRID * GRID <= most:
                yield PixelSize(width * GRID, height * GRID)


def _badness(found: PixelSize, ratio: float, pixels: float) -> float:
    return _SHAPE_COUNTS * _off(found.ratio, ratio) ** 2 + math.log(found.pixels / pixels) ** 2


def _off(one: float, other: float) -> float:
    """How far two ratios are apart, the same whichever way they are turned."""
    return abs(math.log(one / other))


def _ratio(size: PixelSize) -> float:
    """Width by height, of sizes that have neither as well."""
    return max(1, size.width) / max(1, size.height)


def _with_pixels(ratio: float, pixels: int) -> PixelSize:
    height = math.sqrt(pixels / ratio)
    return PixelSize(round(height * ratio), max(1, round(height)))


def _on_grid(edge: int) -> int:
    return (edge + GRID // 2) // GRID * GRID
