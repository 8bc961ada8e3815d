"""Outlines of the shapes that the pictures are made of, as lists of points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from gptimg_desktop.services.practice.canvas import Outline, Point


def circle(centre: Point, radius: float) -> Outline:
    return arc(centre, radius, 0, 360)


def ellipse(centre: Point, across: float, down: float, turned: float = 0.0) -> Outline:
    """An ellipse with half axes `across` and `down`, turned by degrees."""
    angle = math.radians(turned)
    cosine, sine = math.cos(angle), math.sin(angle)
    unit = circle((0, 0), 1) if across < 40 else arc((0, 0), across, 0, 360)
    scale = 1 if across < 40 else 1 / across
    return [
        (
            centre[0] + x * scale * across * cosine - y * scale * down * sine,
            centre[1] + x * scale * across * sine + y * scale * down * cosine,
        )
        for x, y in unit
    ]


def arc(centre: Point, radius: float, start: float, end: float) -> Outline:
    """Points along a circle from one angle to another; degrees, 0 to the right, clockwise."""
    count = max(12, min(720, round(math.sqrt(abs(radius)) * 14 * abs(end - start) / 360)))
    angles = [math.radians(start + (end - start) * index / count) for index in range(count + 1)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def slice_of(centre: Point, radius: float, start: float, end: float) -> Outline:
    """A piece of a circle with its tip at the centre."""
    return [centre, *arc(centre, radius, start, end)]


def bow(centre: Point, outer: float, inner: float, start: float, end: float) -> Outline:
    """A part of a ring between two angles."""
    return arc(centre, outer, start, end) + arc(centre, inner, end, start)


def rectangle(left: float, top: float, right: float, bottom: float) -> Outline:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def turned(line: Outline, centre: Point, degrees: float) -> Outline:
    """The outline turned round a point."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [
        (
            centre[0] + (x - centre[0]) * cosine - (y - centre[1]) * sine,
            centre[1] + (x - centre[0]) * sine + (y - centre[1]) * cosine,
        )
        for x, y in line
    ]


def leaf(base: Point, length: float, width: float, degrees: float) -> Outline:
    """A leaf that grows from its base in a direction (0 is upwards)."""
    right, left = [], []
    for index in range(65):
        along = index / 64
        bulge = math.sin(math.pi * along**0.8) * width / 2
        right.append((base[0] + bulge, base[1] - along * length))
        left.append((base[0] - bulge, base[1] - along * length))
    return turned(right + left[::-1], base, degrees)


def blob(
    centre: Point, radius: float, source: random.Random, unrest: float = 0.2
) -> Callable[[float], Outline]:
    """A soft closed shape; the answer gives its outline at any scale, so that copies nest."""
    parts = [
        (count, source.uniform(0, math.tau), unrest * source.uniform(0.3, 1) / count) for count in (2, 3, 5)
    ]

    def outline(scale: float) -> Outline:
        points = []
        for index in range(360):
            angle = math.tau * index / 360
            wobble = sum(depth * math.sin(count * angle + phase) for count, phase, depth in parts)
            reach = radius * scale * (1 + wobble * (0.6 + 0.4 * scale))
            points.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
        return points

    return outline


def skyline(width: float, level: float, height: float, source: random.Random, *, rough: float) -> list[Point]:
    """The upper edge of a land: smooth hills at `rough` 0, crags at 1. Runs over the whole width."""
    count = 481
    phases = [(source.uniform(0.5, 1.4) * 2**octave, source.uniform(0, math.tau)) for octave in range(5)]
    points = []
    for index in range(count):
        x = index / (count - 1)
        rise = 0.0
        for octave, (pace, phase) in enumerate(phases):
            wave = math.sin(pace * math.tau * x * 0.6 + phase)
            peak = 1 - 2 * abs(wave)
            rise += (wave * (1 - rough) * 0.42**octave) + (peak * rough * 0.5**octave)
        points.append((x * width, level - height * rise * 0.5))
    return points
