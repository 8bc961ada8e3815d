"""Compositions without a horizon: geometry, cut paper, orbits, arches, a figure, a mark, plants."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gptimg_desktop.services.practice.outlines import (
    arc,
    blob,
    bow,
    circle,
    ellipse,
    leaf,
    rectangle,
    slice_of,
    turned,
)
from gptimg_desktop.services.practice.palettes import Colour, Palette, mixed

if TYPE_CHECKING:
    import random

    from gptimg_desktop.services.practice.canvas import Canvas, Point


def tiles(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """A grid of quarter circles, dots, stripes and rings."""
    short = source.choice((3, 4, 5))
    edge = min(canvas.width, canvas.height) / short
    columns, rows = max(1, round(canvas.width / edge)), max(1, round(canvas.height / edge))
    across, down = canvas.width / columns, canvas.height / rows
    for row in range(rows):
        for column in range(columns):
            cell = (column * across, row * down, (column + 1) * across, (row + 1) * down)
            _tile(canvas, cell, palette, source)


def _tile(
    canvas: Canvas, cell: tuple[float, float, float, float], palette: Palette, source: random.Random
) -> None:
    left, top, right, bottom = cell
    ground = source.choice(
        (palette.paper, palette.paper, palette.soft, palette.deep, palette.accent, palette.ink)
    )
    ink = source.choice([tone for tone in (*palette.lively, palette.paper) if _differ(tone, ground)])
    canvas.gradient((ground, ground), (round(left), round(top), round(right), round(bottom)))
    centre, size = ((left + right) / 2, (top + bottom) / 2), min(right - left, bottom - top)
    turn, kind = source.choice((0, 90, 180, 270)), source.randrange(7)
    corner = {0: (left, top), 90: (right, top), 180: (right, bottom), 270: (left, bottom)}[turn]
    if kind <= 1:
        canvas.fill([slice_of(corner, size, turn, turn + 90)], ink)
        if kind:
            canvas.fill([slice_of(corner, size * 0.5, turn, turn + 90)], ground)
    elif kind == 2:
        canvas.fill([circle(centre, size * 0.36), circle(centre, size * 0.18)], ink)
    elif kind == 3:
        for place in range(4):
            bar = rectangle(
                left, top + (bottom - top) * place / 4, right, top + (bottom - top) * (place + 0.5) / 4
            )
            canvas.fill([bar], ink)
    elif kind == 4:
        half = slice_of((centre[0], bottom if turn < 180 else centre[1]), size / 2, 180, 360)
        canvas.fill([half], ink)
    elif kind == 5:
        for x in range(3):
            for y in range(3):
                dot = (left + (right - left) * (x + 0.5) / 3, top + (bottom - top) * (y + 0.5) / 3)
                canvas.fill([circle(dot, size * 0.09)], ink)
    else:
        canvas.fill([[(left, bottom), (right, top), (right, bottom)]], ink)


def _differ(one: Colour, other: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 120


def paper(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Sheets of cut paper, one above the other, each with a larger hole than the next."""
    canvas.gradient((palette.paper, mixed(palette.paper, palette.soft, 0.5)))
    centre = canvas.at(source.uniform(0.38, 0.62), source.uniform(0.42, 0.58))
    count = source.randint(6, 8)
    order = 1 if source.random() < 0.6 else -1
    shape = blob((0, 0), 1.0, source, 0.55)
    stretch = (canvas.width * 0.62, canvas.height * 0.62)
    for index in range(count):
        place = index / (count - 1)
        tone = palette.step(place if order > 0 else 1 - place)
        turn = index * source.uniform(3, 9)
        line = turned(shape(1.08 - place * 0.82), (0, 0), turn)
        outline = [(centre[0] + x * stretch[0], centre[1] + y * stretch[1]) for x, y in line]
        lit = mixed(tone, (255, 255, 255), 0.08)
        canvas.fill([outline], [lit, tone], shadow=canvas.unit * 1.5)
    radius = canvas.unit * source.uniform(5, 9)
    canvas.fill([circle(centre, radius)], [palette.accent, mixed(palette.accent, palette.spark, 0.5)],
                shadow=canvas.unit)  # fmt: skip


def orbits(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """A large planet, its rings, small moons."""
    canvas.gradient((palette.ink, palette.deep, mixed(palette.deep, palette.middle, 0.6)))
    centre = canvas.at(source.uniform(0.35, 0.65), source.uniform(0.4, 0.6))
    radius = canvas.unit * source.uniform(21, 28)
    for _ in range(60):
        place = canvas.at(source.random(), source.random())
        dot = circle(place, canvas.unit * source.uniform(0.08, 0.24))
        canvas.fill([dot], palette.paper, opacity=source.uniform(0.3, 0.9))
    canvas.glow(centre, radius * 2.6, palette.middle, 0.8)
    tilt, flat = source.uniform(-30, 30), source.uniform(0.26, 0.4)
    for index in range(5):
        _orbit(canvas, palette, source, (centre, radius * (1.45 + index * 0.42), flat, tilt))
    reach = radius * 1.45
    ring = [
        ellipse(centre, reach, reach * flat, tilt),
        ellipse(centre, reach * 0.92, reach * flat * 0.88, tilt),
    ]
    canvas.fill(ring, mixed(palette.paper, palette.soft, 0.4))
    canvas.fill([circle(centre, radius)], [palette.accent, palette.spark, palette.deep])
    canvas.glow((centre[0] - radius * 0.35, centre[1] - radius * 0.45), radius * 0.6, palette.paper, 0.35)
    front = [line[: len(line) // 2 + 1] for line in ring]
    canvas.fill([front[0] + front[1][::-1]], palette.paper)


def _orbit(
    canvas: Canvas, palette: Palette, source: random.Random, track: tuple[Point, float, float, float]
) -> None:
    centre, reach, flat, tilt = track
    thin = canvas.unit * 0.16
    outer = ellipse(centre, reach, reach * flat, tilt)
    canvas.fill([outer, ellipse(centre, reach - thin, reach * flat - thin, tilt)], palette.soft, opacity=0.6)
    moon = outer[source.randrange(len(outer))]
    size = canvas.unit * source.uniform(0.9, 2.6)
    tone = source.choice((palette.soft, palette.accent, palette.spark, palette.paper))
    canvas.fill([circle(moon, size)], [mixed(tone, (255, 255, 255), 0.3), tone])


def arches(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Nested arches, a sun and a few leaves, in flat warm colours."""
    canvas.gradient((palette.paper, mixed(palette.paper, palette.soft, 0.35)))
    sun = canvas.at(source.choice((0.24, 0.76)), source.uniform(0.2, 0.3))
    canvas.fill([circle(sun, canvas.unit * source.uniform(8, 12))], palette.accent)
    wide = max(1, round(canvas.width / canvas.height))
    for place in range(wide):
        x = canvas.width * (place + source.uniform(0.42, 0.58)) / wide
        _arch(canvas, palette, source, (x, canvas.height * source.uniform(0.62, 0.74)))
    ground = canvas.height * 0.9
    hill = ellipse((canvas.width * source.uniform(0.3, 0.7), ground + canvas.unit * 40),
                   canvas.width * 0.9, canvas.unit * 46)  # fmt: skip
    canvas.fill([hill], palette.deep)
    for _ in range(source.randint(4, 6) * wide):
        base = (canvas.width * source.random(), canvas.height + canvas.unit)
        tone = source.choice((palette.middle, palette.spark, palette.ink))
        size = canvas.unit * source.uniform(18, 32)
        canvas.fill([leaf(base, size, size * 0.3, source.uniform(-35, 35))], tone)


def _arch(canvas: Canvas, palette: Palette, source: random.Random, foot: Point) -> None:
    band, count = canvas.unit * source.uniform(5.2, 6.4), 5
    tones = list(palette.lively)
    source.shuffle(tones)
    for index in range(count):
        outer = band * (count - index) + canvas.unit * 4
        inner = outer - band * 0.82
        legs = canvas.height * 1.02
        line = [*arc(foot, outer, 180, 360), (foot[0] + outer, legs), (foot[0] + inner, legs)]
        line += [*arc(foot, inner, 360, 180), (foot[0] - inner, legs), (foot[0] - outer, legs)]
        canvas.fill([line], tones[index % len(tones)])


def figure(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """A head and shoulders built of simple shapes, before a halo."""
    canvas.gradient((palette.soft, mixed(palette.soft, palette.paper, 0.7)))
    unit = min(canvas.unit * 1.25, canvas.height / 100)
    x, base, side = canvas.width * source.uniform(0.43, 0.57), float(canvas.height), source.choice((-1, 1))
    head = (x, base - unit * 57)
    skin = source.choice(((241, 205, 176), (222, 170, 133), (176, 120, 84), (122, 78, 56)))
    halo = mixed(palette.accent, palette.paper, 0.4)
    canvas.fill([circle((x, head[1] + unit * 2), unit * 34)], [palette.accent, halo])
    hair = mixed(palette.ink, palette.deep, source.random() * 0.6)
    long = source.choice((16, 22, 29))
    canvas.fill([ellipse((x, head[1] + unit * (long - 20)), unit * 20, unit * long)], hair)
    canvas.fill([ellipse((x, base + unit * 9), unit * 38, unit * 35)], [palette.middle, palette.deep])
    shaded = mixed(skin, palette.deep, 0.3)
    canvas.fill(
        [[(x - unit * 9, base - unit * 25), (x + unit * 9, base - unit * 25), (x, base - unit * 9)]], shaded
    )
    canvas.fill([rectangle(x - unit * 5.8, head[1] + unit * 8, x + unit * 5.8, base - unit * 24)], shaded)
    canvas.fill([ellipse(head, unit * 14, unit * 18)], [mixed(skin, (255, 255, 255), 0.12), skin])
    shade = turned(
        [(px, py) for px, py in ellipse(head, unit * 18, unit * 14, 90) if px >= x],
        head,
        0 if side > 0 else 180,
    )
    canvas.fill([shade], palette.deep, opacity=0.16)
    fringe = [
        (px, py) for px, py in ellipse((x, head[1] - unit), unit * 15.6, unit * 19) if py < head[1] - unit * 8
    ]
    canvas.fill([turned(fringe, head, side * source.uniform(4, 14))], hair)
    _face(canvas, palette, (head, unit), mixed(skin, palette.ink, 0.65))


def _face(canvas: Canvas, palette: Palette, place: tuple[Point, float], tone: Colour) -> None:
    head, unit = place
    for side in (-1, 1):
        eye = (head[0] + side * unit * 5.2, head[1] + unit * 0.6)
        canvas.fill([bow(eye, unit * 2.1, unit * 1.75, 20, 160)], tone)
        canvas.fill([bow((eye[0], eye[1] - unit * 2.2), unit * 2.8, unit * 2.3, 215, 325)], tone)
        canvas.fill(
            [circle((head[0] + side * unit * 7, head[1] + unit * 5.4), unit * 2.1)],
            palette.spark,
            opacity=0.3,
        )
    canvas.fill([bow((head[0], head[1] + unit * 7.4), unit * 3, unit * 2.5, 25, 155)], palette.spark)


def mark(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """One emblem in the middle of a calm sheet, the same shape turned round a centre."""
    light = source.random() < 0.65
    ground = palette.paper if light else palette.ink
    canvas.gradient((ground, mixed(ground, palette.soft if light else palette.deep, 0.35)))
    centre, radius = canvas.at(0.5, 0.47), canvas.unit * 27
    count, kind = source.choice((3, 4, 5, 6, 8)), source.randrange(4)
    tones = [palette.middle, palette.accent, palette.spark, palette.deep if light else palette.soft]
    for index in range(count):
        turn = 360 * index / count
        tone = (
            tones[index % len(tones)]
            if count % 2 == 0
            else mixed(palette.middle, palette.accent, index / count)
        )
        _petal(canvas, (kind, turn, 360 / count), (centre, radius), tone)
    if kind != 2:
        canvas.fill([circle(centre, radius * 0.2)], ground)
    rule = palette.ink if light else palette.paper
    below = centre[1] + radius * 1.42
    canvas.fill(
        [rectangle(centre[0] - radius * 0.62, below, centre[0] + radius * 0.62, below + canvas.unit * 1.5)],
        rule,
    )
    thin = rectangle(
        centre[0] - radius * 0.36,
        below + canvas.unit * 3,
        centre[0] + radius * 0.36,
        below + canvas.unit * 3.7,
    )
    canvas.fill([thin], rule, opacity=0.55)


def _petal(canvas: Canvas, form: tuple[int, float, float], place: tuple[Point, float], tone: Colour) -> None:
    (kind, turn, share), (centre, radius) = form, place
    if kind == 0:
        canvas.fill([leaf(centre, radius, radius * 0.62 * share / 72, turn)], tone, opacity=0.88)
    elif kind == 1:
        away = math.radians(turn - 90)
        spot = (centre[0] + radius * 0.52 * math.cos(away), centre[1] + radius * 0.52 * math.sin(away))
        canvas.fill([circle(spot, radius * 0.48)], tone, opacity=0.72)
    elif kind == 2:
        canvas.fill([bow(centre, radius, radius * 0.52, turn, turn + share * 0.86)], tone)
    else:
        canvas.fill([slice_of(centre, radius, turn, turn + share * 0.5)], tone)
        canvas.fill([slice_of(centre, radius * 0.72, turn + share * 0.5, turn + share)], tone, opacity=0.6)


def plants(canvas: Canvas, palette: Palette, source: random.Random) -> None:
    """Stems with leaves and flowers before a large pale disc."""
    canvas.gradient((mixed(palette.paper, palette.soft, 0.2), palette.paper))
    disc = canvas.at(source.uniform(0.4, 0.6), source.uniform(0.4, 0.5))
    canvas.fill(
        [circle(disc, canvas.unit * 33)], [palette.accent, mixed(palette.accent, palette.paper, 0.55)]
    )
    count = max(3, min(11, round(4 * canvas.width / canvas.height)))
    for index in range(count):
        foot = canvas.width * (index + source.uniform(0.3, 0.7)) / count
        _stem(canvas, palette, source, foot)


def _stem(canvas: Canvas, palette: Palette, source: random.Random, foot: float) -> None:
    unit, lean = canvas.unit, source.uniform(-9, 9)
    length = min(canvas.height * source.uniform(0.5, 0.78), unit * 150)
    tone = source.choice((palette.deep, palette.ink, mixed(palette.deep, palette.middle, 0.5)))
    base = (foot, canvas.height + unit)
    stalk = turned(rectangle(foot - unit * 0.4, base[1] - length, foot + unit * 0.4, base[1]), base, lean)
    canvas.fill([stalk], tone)
    pairs = max(4, round(length / (unit * 11)))
    for index in range(pairs):
        along = 0.25 + 0.68 * index / pairs
        node = turned([(foot, base[1] - length * along)], base, lean)[0]
        size = unit * (17 - 9 * along)
        for side in (-1, 1):
            canvas.fill([leaf(node, size, size * 0.42, lean + side * source.uniform(42, 62))],
                        [mixed(tone, palette.middle, 0.5), tone])  # fmt: skip
    _flower(canvas, palette, source, turned([(foot, base[1] - length)], base, lean)[0])


def _flower(canvas: Canvas, palette: Palette, source: random.Random, centre: Point) -> None:
    size, count = canvas.unit * source.uniform(8, 12), source.choice((5, 6, 8))
    tone = source.choice((palette.spark, palette.middle, palette.paper))
    for index in range(count):
        petal = leaf(centre, size, size * 2.6 / count + size * 0.18, 360 * index / count)
        canvas.fill([petal], [mixed(tone, (255, 255, 255), 0.2), tone], opacity=0.95)
    canvas.fill([circle(centre, size * 0.24)], palette.ink if tone == palette.accent else palette.accent)
