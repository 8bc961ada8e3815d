"""A sheet to draw on: smooth gradients, glows, and shapes with clean edges, at any size.

Positions and lengths are in pixels of the finished picture, (0, 0) at the top left. Smooth things are made
small and enlarged. Shapes are drawn at four times their size and reduced, only inside their own bounding
box and in bands, so that no single call is long.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from gptimg_desktop.services.practice.palettes import Colour

Point = tuple[float, float]
Outline = list[Point]
Box = tuple[int, int, int, int]

_FINER: Final = 4
_BAND: Final = 128
_GRAIN_TILE: Final = 256


class Canvas:
    """One picture in the making. `unit` is a hundredth of its shorter edge, `image` what was drawn so far."""

    def __init__(self, size: tuple[int, int], ground: Colour) -> None:
        self.image = Image.new("RGB", size, ground)
        self.width, self.height = size
        self.unit = min(size) / 100
        self.diagonal = math.hypot(*size)

    def at(self, x: float, y: float) -> Point:
        """The point at shares of width and height."""
        return x * self.width, y * self.height

    def gradient(self, stops: Sequence[Colour], box: Box | None = None, *, across: bool = False) -> None:
        """Fill a box with colours that run into each other, downwards or across."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        if right > left and bottom > top:
            self.image.paste(ramp(stops, (right - left, bottom - top), across=across), (left, top))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Soft light round a point, fading to nothing at the radius."""
        left, top = round(centre[0] - radius), round(centre[1] - radius)
        edge = max(1, round(radius * 2))
        box = self._clipped((left, top, left + edge, top + edge))
        if box is None:
            return
        light = _falloff().point([round(value * strength) for value in range(256)])
        scale = 256 / edge
        part = (
            (box[0] - left) * scale,
            (box[1] - top) * scale,
            (box[2] - left) * scale,
            (box[3] - top) * scale,
        )
        mask = light.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC, box=part)
        self.image.paste(colour, box, mask)

    def fill(
        self,
        outlines: Sequence[Outline],
        paint: Colour | Sequence[Colour],
        *,
        opacity: float = 1.0,
        shadow: float = 0.0,
    ) -> None:
        """Fill outlines, each second one of them a hole in what is already filled.

        `paint` is a colour, or several that run downwards over the shape; `shadow` is how far (pixels) a soft
        shadow falls.
        """
        if shadow:
            self._shade(outlines, shadow)
        box = self._clipped(bounds(outlines))
        if box is None:
            return
        sheet = None if isinstance(paint[0], int) else ramp(paint, _height_of(outlines))  # type: ignore[arg-type]
        first = round(bounds(outlines)[1])
        for top in range(box[1], box[3], _BAND):
            band = (box[0], top, box[2], min(top + _BAND, box[3]))
            mask = coverage(outlines, band)
            if opacity < 1:
                mask = mask.point([round(value * opacity) for value in range(256)])
            if sheet is None:
                self.image.paste(paint, band, mask)  # type: ignore[arg-type]
            else:
                strip = sheet.crop((0, top - first, 1, band[3] - first))
                self.image.paste(strip.resize(mask.size, Image.Resampling.NEAREST), band[:2], mask)

    def _shade(self, outlines: Sequence[Outline], distance: float) -> None:
        """The soft shadow of a shape, made at a fraction of the size."""
        factor = max(1.0, distance / 4)
        reach = distance * 3
        left, top, right, bottom = bounds(outlines)
        box = self._clipped(
            (left - round(reach), top - round(reach), right + round(reach), bottom + round(reach))
        )
        if box is None:
            return
        small = [
            [((x - box[0]) / factor, (y + distance * 0.6 - box[1]) / factor) for x, y in line]
            for line in outlines
        ]
        size = (max(1, math.ceil((box[2] - box[0]) / factor)), max(1, math.ceil((box[3] - box[1]) / factor)))
        mask = coverage(small, (0, 0, *size)).filter(ImageFilter.GaussianBlur(distance * 0.8 / factor))
        mask = mask.point([round(value * 0.42) for value in range(256)])
        wide = mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC)
        self.image.paste((10, 10, 24), box, wide)

    def grain(self, source: random.Random) -> None:
        """A trace of noise, one step of brightness, that keeps gradients from showing bands."""
        steps = source.randbytes(_GRAIN_TILE * _GRAIN_TILE).translate(
            bytes(value % 3 for value in range(256))
        )
        tile = Image.frombytes("L", (_GRAIN_TILE, _GRAIN_TILE), steps)
        row = Image.new("L", (self.width, _GRAIN_TILE))
        for left in range(0, self.width, _GRAIN_TILE):
            row.paste(tile, (left, 0))
        sheet = Image.merge("RGB", (row, row, row))
        for top in range(0, self.height, _GRAIN_TILE):
            box = (0, top, self.width, min(top + _GRAIN_TILE, self.height))
            part = self.image.crop(box)
            self.image.paste(ImageChops.add(part, sheet.crop((0, 0, *part.size)), 1, -1), box)

    def _clipped(self, box: Box) -> Box | None:
        left, top = max(0, box[0]), max(0, box[1])
        right, bottom = min(self.width, box[2]), min(self.height, box[3])
        return (left, top, right, bottom) if right > left and bottom > top else None


def ramp(stops: Sequence[Colour], size: tuple[int, int] | int, *, across: bool = False) -> Image.Image:
    """Colours that run into each other over a size; a number gives a column of that height."""
    width, height = (1, size) if isinstance(size, int) else size
    length = width if across else height
    line = bytearray()
    for index in range(length):
        place = index / max(1, length - 1) * (len(stops) - 1)
        first = min(int(place), max(0, len(stops) - 2))
        share, other = place - first, stops[min(first + 1, len(stops) - 1)]
        line += bytes(round(a + (b - a) * share) for a, b in zip(stops[first], other, strict=True))
    thin = Image.frombytes("RGB", (length, 1) if across else (1, length), bytes(line))
    return thin.resize((width, height), Image.Resampling.NEAREST)


def coverage(outlines: Sequence[Outline], box: Box) -> Image.Image:
    """How much of each pixel of a box lies inside the outlines (mode L)."""
    width, height = box[2] - box[0], box[3] - box[1]
    mask = Image.new("L", (width * _FINER, height * _FINER))
    draw = ImageDraw.Draw(mask)
    for index, line in enumerate(outlines):
        draw.polygon(
            [((x - box[0]) * _FINER, (y - box[1]) * _FINER) for x, y in line], fill=0 if index % 2 else 255
        )
    return mask.reduce(_FINER)


def bounds(outlines: Sequence[Outline]) -> Box:
    """The box round outlines, a pixel wider on each side."""
    across = [x for line in outlines for x, _ in line]
    down = [y for line in outlines for _, y in line]
    return (
        math.floor(min(across)) - 1,
        math.floor(min(down)) - 1,
        math.ceil(max(across)) + 1,
        math.ceil(max(down)) + 1,
    )


def _height_of(outlines: Sequence[Outline]) -> int:
    _, top, _, bottom = bounds(outlines)
    return bottom - top


@functools.lru_cache(maxsize=1)
def _falloff() -> Image.Image:
    """Light that fades softly from the centre of a 256 × 256 square to its inner circle."""
    fade = [round(255 * (1 - min(1.0, value / 180)) ** 2.2) for value in range(256)]
    return Image.radial_gradient("L").point(fade)
