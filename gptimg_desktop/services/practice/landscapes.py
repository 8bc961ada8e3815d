"""Scenes with a horizon: hills, mountains, the sea, a town."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gptimg_desktop.services.practice.outlines import bow, circle, ellipse, rectangle, skyline
from gptimg_desktop.services.practice.palettes import Colour, Palette, mixed

if TYPE_CHECKING:
    import random

    from gptimg_desktop.services.practice.canvas import Canvas, Outline, Point


def hills(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Soft hills in mist, one behind the other."""
    _land(canvas, palette, source, rough=source.uniform(0.0, 0.15), height=0.16)


def mountains(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Sharp ridges that fade with distance."""
    _land(canvas, palette, source, rough=source.uniform(0.65, 0.9), height=0.36)


def sea(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Rows of waves under a low sun."""
    horizon = source.uniform(0.36, 0.5)
    light = sky(canvas, palette, source, horizon=horizon, lowest=0.0)
    top, count = horizon * canvas.height, source.randint(11, 14)
    for index in range(count):
        near = index / (count - 1)
        level = top + (canvas.height - top) * near**1.7 * 0.93
        line = _wave(canvas, level, canvas.unit * (0.15 + 4.6 * near), canvas.unit * (9 + 44 * near), source)
        shade = mixed(mixed(palette.middle, palette.soft, 0.45 * (1 - near)), palette.ink, near * 0.7)
        foam = _down_to_bottom(canvas, _lifted(line, canvas.unit * (0.2 + near * 0.6)))
        canvas.fill([foam], mixed(palette.paper, palette.soft, 0.4), opacity=0.5)
        canvas.fill([_down_to_bottom(canvas, line)], [mixed(shade, palette.soft, 0.16), shade, palette.ink])
        _glitter(canvas, palette, (light[0], level + canvas.unit * (1 + near * 4)), near, source)


def town(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Blocks of houses at dusk, some windows lit."""
    sky(canvas, palette, source, horizon=0.85, lowest=0.55)
    for row, (level, tone) in enumerate(((0.5, 0.55), (0.36, 0.3), (0.2, 0.06))):
        shade = palette.step(tone)
        left = -source.uniform(0, 8) * canvas.unit
        while left < canvas.width:
            wide = canvas.unit * source.uniform(9, 17) * (0.75 + 0.25 * row)
            high = canvas.height * level * source.uniform(0.62, 1.12)
            _house(
                canvas,
                (left, canvas.height - high, left + wide, float(canvas.height)),
                shade,
                source,
                palette,
            )
            left += wide + canvas.unit * source.choice((0, 0, 0.6, 2))
        if row < 2:
            haze = (palette.step(tone + 0.15), palette.step(tone + 0.3))
            canvas.glow(canvas.at(0.5, 1.05), canvas.width * 0.7, haze[row], 0.35)


def sky(canvas: Canvas, palette: Palette, source: random.Random, *, horizon: float, lowest: float) -> Point:
    """A sky with its sun or moon; the answer is where that stands. Dark palettes get stars."""
    zenith = (
        palette.ink if palette.is_night else mixed(palette.soft, palette.middle, source.uniform(0.25, 0.8))
    )
    bottom = round(canvas.height * (horizon + 0.12))
    canvas.gradient(
        (zenith, mixed(zenith, palette.paper, 0.35 if palette.is_night else 0.6), palette.paper),
        (0, 0, canvas.width, bottom),
    )
    canvas.gradient((palette.paper, palette.paper), (0, bottom, canvas.width, canvas.height))
    if palette.is_night:
        _stars(canvas, palette, source, horizon)
    lowest_y = horizon * (0.7 if lowest else 0.9)
    centre = canvas.at(source.uniform(0.22, 0.78), source.uniform(horizon * 0.35, lowest_y))
    radius = canvas.unit * source.uniform(7, 13)
    canvas.glow(centre, radius * 5, mixed(palette.accent, palette.paper, 0.35), 0.75)
    lamp = mixed(palette.accent, (255, 255, 255), 0.25)
    canvas.fill([circle(centre, radius)], [lamp, mixed(lamp, palette.accent, 0.8)])
    return centre


def _land(canvas: Canvas, palette: Palette, source: random.Random, *, rough: float, height: float) -> None:
    tall = canvas.height / canvas.width
    horizon = source.uniform(0.42, 0.55)
    sky(canvas, palette, source, horizon=horizon, lowest=0.2)
    count = 5 if tall < 0.6 else 6 if tall < 1.2 else 7
    rise = min(height * canvas.height, canvas.width * (0.2 + height * 0.9))
    for index in range(count):
        near = index / (count - 1)
        level = canvas.height * (horizon + (1.02 - horizon) * near**1.15 * 0.86)
        edge = skyline(canvas.width, level, rise * (1 - 0.45 * near), source, rough=rough * (1 - 0.55 * near))
        shade = palette.step(0.72 - 0.72 * near)
        foot = mixed(shade, palette.paper, 0.42 * (1 - near) + 0.06)
        canvas.fill([_down_to_bottom(canvas, edge)], [shade, mixed(shade, foot, 0.7), foot])
    if tall < 1.4:
        _birds(canvas, palette, source, horizon)


def _stars(canvas: Canvas, palette: Palette, source: random.Random, horizon: float) -> None:
    light = mixed(palette.accent, (255, 255, 255), 0.7)
    for _ in range(round(70 * canvas.diagonal / (canvas.unit * 141))):
        place = canvas.at(source.random(), source.random() ** 1.4 * horizon)
        canvas.fill(
            [circle(place, canvas.unit * source.uniform(0.08, 0.26))], light, opacity=source.uniform(0.4, 1)
        )


def _birds(canvas: Canvas, palette: Palette, source: random.Random, horizon: float) -> None:
    x, y = source.uniform(0.2, 0.7), horizon * source.uniform(0.3, 0.6)
    for _ in range(source.randint(0, 4)):
        span = canvas.unit * source.uniform(1.1, 2.0)
        place = canvas.at(x + source.uniform(-0.09, 0.09), y + source.uniform(-0.05, 0.05))
        for side in (-1, 1):
            wing = (place[0] + side * span * 0.86, place[1])
            canvas.fill([bow(wing, span, span * 0.84, 205, 335)], palette.ink, opacity=0.75)


def _glitter(canvas: Canvas, palette: Palette, centre: Point, near: float, source: random.Random) -> None:
    """The light's path over one row of waves; `near` is 0 at the horizon, 1 at the lower edge."""
    glint = mixed(palette.accent, palette.paper, 0.35)
    for _ in range(3):
        wide = canvas.unit * (1.2 + 5 * near) * source.uniform(0.5, 1.2)
        x = centre[0] + canvas.unit * source.uniform(-1, 1) * (3 + 7 * near)
        spot = (x, centre[1] + canvas.unit * source.uniform(-0.4, 0.8) * (0.5 + 4 * near))
        canvas.fill([ellipse(spot, wide, canvas.unit * (0.14 + 0.3 * near))], glint, opacity=0.7 - 0.3 * near)


def _wave(canvas: Canvas, level: float, height: float, length: float, source: random.Random) -> list[Point]:
    phase, count = source.uniform(0, math.tau), max(200, min(1200, round(canvas.width / length * 90)))
    points = []
    for index in range(count + 1):
        x = canvas.width * index / count
        turn = math.tau * x / length + phase
        points.append((x, level - height * (0.5 + 0.5 * math.sin(turn + 0.6 * math.sin(turn))) ** 1.6))
    return points


def _lifted(line: list[Point], by: float) -> list[Point]:
    return [(x, y - by) for x, y in line]


def _down_to_bottom(canvas: Canvas, line: list[Point]) -> Outline:
    """The area from a line to the lower edge, a little wider than the sheet."""
    floor = canvas.height + 2.0
    return [
        (-2.0, floor),
        (-2.0, line[0][1]),
        *line,
        (canvas.width + 2.0, line[-1][1]),
        (canvas.width + 2.0, floor),
    ]


def _house(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    shade: Colour,
    source: random.Random,
    palette: Palette,
) -> None:
    left, top, right, bottom = box
    shade = mixed(shade, palette.soft, source.uniform(0, 0.12))
    canvas.fill([rectangle(*box)], [shade, mixed(shade, palette.deep, 0.3)])
    roof = source.random()
    if roof < 0.25:
        canvas.fill([[(left, top), (right, top), ((left + right) / 2, top - (right - left) * 0.45)]], shade)
    elif roof < 0.5:
        canvas.fill([rectangle(left + (right - left) * 0.3, top - canvas.unit * 3, right, top + 1)], shade)
    pane, gap = canvas.unit * 1.1, canvas.unit * 2.6
    across = max(1, int((right - left - gap) / gap))
    inset = (right - left - across * gap + gap - pane) / 2
    for row in range(int(min(bottom - top, canvas.unit * 60) / (gap * 1.25))):
        for column in range(across):
            if source.random() < 0.3:
                x, y = left + inset + column * gap, top + gap + row * gap * 1.25
                canvas.fill(
                    [rectangle(x, y, x + pane, y + pane * 1.4)],
                    palette.accent,
                    opacity=source.uniform(0.5, 1),
                )
