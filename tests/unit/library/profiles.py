"""Colour profiles, made field by field, and what their colours are in sRGB by the textbook."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

Colour = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamut:
    """Three primaries as XYZ under D50, and the exponent of all three curves."""

    red: tuple[float, float, float]
    green: tuple[float, float, float]
    blue: tuple[float, float, float]
    gamma: float


ADOBE_RGB: Final = Gamut(
    red=(0.60974, 0.31111, 0.01947),
    green=(0.20528, 0.62567, 0.06087),
    blue=(0.14919, 0.06322, 0.74457),
    gamma=2.2,
)
DISPLAY_P3: Final = Gamut(
    red=(0.51512, 0.24120, -0.00105),
    green=(0.29198, 0.69225, 0.04189),
    blue=(0.15710, 0.06657, 0.78407),
    gamma=2.2,
)
PROPHOTO: Final = Gamut(
    red=(0.79767, 0.28804, 0.0), green=(0.13519, 0.71188, 0.0), blue=(0.03134, 0.00009, 0.82491), gamma=1.8
)
_TO_LINEAR_SRGB: Final = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)


def rgb_profile(gamut: Gamut) -> bytes:
    curve = _curve(gamut.gamma)
    return _profile(
        b"mntr",
        b"RGB ",
        b"XYZ ",
        {
            b"rXYZ": _xyz(gamut.red),
            b"gXYZ": _xyz(gamut.green),
            b"bXYZ": _xyz(gamut.blue),
            b"rTRC": curve,
            b"gTRC": curve,
            b"bTRC": curve,
        },
    )


def grey_profile(gamma: float) -> bytes:
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _curve(gamma)})


def ink_profile() -> bytes:
    """Inks duller than the pure colours that CMYK stands for without a profile."""
    inks = ((55, -37, -50), (48, 74, -3), (89, -5, 93), (16, 0, 0))
    corners = b"".join(
        _mixed([ink for ink, is_on in zip(inks, corner, strict=True) if is_on]) for corner in _corners()
    )
    straight = bytes(range(256))
    identity = struct.pack(">9i", *(65_536 if place in {0, 4, 8} else 0 for place in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + corners + straight * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def in_srgb(colour: Colour, gamut: Gamut) -> Colour:
    """What an RGB colour of a gamut is in sRGB, 8 bits a channel; outside of that the nearest."""
    linear = [(value / 255) ** gamut.gamma for value in colour]
    primaries = (gamut.red, gamut.green, gamut.blue)
    xyz = [
        sum(share * primary[axis] for share, primary in zip(linear, primaries, strict=True))
        for axis in range(3)
    ]
    return tuple(_encoded(sum(a * b for a, b in zip(row, xyz, strict=True))) for row in _TO_LINEAR_SRGB)


def _encoded(linear: float) -> int:
    value = min(1.0, max(0.0, linear))
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _corners() -> list[tuple[int, ...]]:
    return [tuple(number >> bit & 1 for bit in (3, 2, 1, 0)) for number in range(16)]


def _mixed(inks: list[tuple[int, int, int]]) -> bytes:
    """Inks printed over each other, roughly: the darkest of them, half as colourful."""
    if not inks:
        return bytes((255, 128, 128))
    light = min(ink[0] for ink in inks) / len(inks)
    return bytes(
        (round(light * 2.55), *(128 + round(sum(ink[axis] for ink in inks) / len(inks)) for axis in (1, 2)))
    )


def _profile(kind: bytes, colours: bytes, space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {
        b"desc": _description(b"CANARY screen"),
        b"cprt": b"text\0\0\0\0CANARY\0",
        b"wtpt": _xyz(_D50),
    } | tags
    place, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", place + len(data), len(content))
        data += padded
    size = place + len(data)
    head = (
        struct.pack(
            ">I4sI4s4s4s6H", size, bytes(4), 0x0210_0000, kind, colours, space, 2026, 11, 22, 10, 11, 12
        )
        + b"acsp"
        + bytes(28)
        + struct.pack(">3i", *(round(value * 65_536) for value in _D50))
    )
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


_D50: Final = (0.9642, 1.0, 0.8249)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65_536) for value in values))


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def _description(text: bytes) -> bytes:
    return b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(12 + 67)
