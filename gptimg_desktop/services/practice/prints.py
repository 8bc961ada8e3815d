"""Reference pictures taken up into a composition: prints, pinned to it side by side."""

from __future__ import annotations

import io
import math
import random
from typing import TYPE_CHECKING, Final

from PIL import Image

from gptimg_desktop.services.practice.canvas import Canvas
from gptimg_desktop.services.practice.outlines import circle, rectangle, turned
from gptimg_desktop.services.practice.palettes import CURATED, Palette
from gptimg_desktop.services.practice.posters import tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.services.practice.canvas import Point

_LEAST_EDGE: Final = 4


def placeholder(address: str, edge: int) -> bytes:
    """A small PNG that stands for a picture at an address nobody fetches; the same for the same address."""
    source = random.Random(f"{address}/print")  # noqa: S311 - a picture, no secret
    canvas = Canvas((edge, edge), (255, 255, 255))
    tiles(canvas, source.choice(list(CURATED.values())), source)
    file = io.BytesIO()
    canvas.image.save(file, "PNG")
    return file.getvalue()


def pin_up(canvas: Canvas, palette: Palette, source: random.Random, files: Sequence[bytes]) -> None:
    """Hang all pictures on the canvas, in rows as large as they go, each a little askew."""
    columns, rows = _grid(len(files), canvas.width / canvas.height)
    cell = (canvas.width * 0.92 / columns, canvas.height * 0.86 / rows)
    for index, file in enumerate(files):
        row, column = divmod(index, columns)
        in_row = min(columns, len(files) - row * columns)
        x = canvas.width / 2 + (column - (in_row - 1) / 2) * cell[0]
        y = canvas.height * 0.47 + (row - (rows - 1) / 2) * cell[1]
        with Image.open(io.BytesIO(file), formats=("PNG",)) as picture:
            _hang(canvas, palette, source, picture.convert("RGB"), ((x, y), cell))


def _grid(count: int, shape: float) -> tuple[int, int]:
    """Columns and rows that give the largest cells for a canvas of the shape (width / height)."""
    choices = [(columns, math.ceil(count / columns)) for columns in range(1, count + 1)]
    return max(choices, key=lambda grid: (min(shape / grid[0], 1 / grid[1]), -grid[0] * grid[1]))


def _hang(
    canvas: Canvas,
    palette: Palette,
    source: random.Random,
    picture: Image.Image,
    place: tuple[Point, tuple[float, float]],
) -> None:
    (x, y), cell = place
    scale = min(cell[0] * 0.84 / picture.width, cell[1] * 0.84 / picture.height)
    wide, high = (
        max(_LEAST_EDGE, round(picture.width * scale)),
        max(_LEAST_EDGE, round(picture.height * scale)),
    )
    border, angle = max(2.0, min(wide, high) * 0.045), source.uniform(-3.2, 3.2)
    sheet = rectangle(
        x - wide / 2 - border, y - high / 2 - border, x + wide / 2 + border, y + high / 2 + border
    )
    canvas.fill([turned(sheet, (x, y), angle)], (252, 250, 245), shadow=max(1.0, border * 0.9))
    _paste_turned(canvas, picture.resize((wide, high), Image.Resampling.BICUBIC), (x, y), angle)
    pin = turned([(x, y - high / 2 - border * 0.2)], (x, y), angle)[0]
    radius = max(1.5, border * 0.62)
    canvas.fill([circle(pin, radius)], source.choice((palette.accent, palette.spark)), shadow=radius * 0.6)


def _paste_turned(canvas: Canvas, picture: Image.Image, centre: Point, angle: float) -> None:
    padded = Image.new("RGBA", (picture.width + 4, picture.height + 4))
    padded.paste(picture, (2, 2))
    leaning = padded.rotate(-angle, Image.Resampling.BICUBIC, expand=True)
    left, top = round(centre[0] - leaning.width / 2), round(centre[1] - leaning.height / 2)
    canvas.image.paste(leaning.convert("RGB"), (left, top), leaning.getchannel("A"))
