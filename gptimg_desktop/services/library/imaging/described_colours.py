"""Colours that a file describes by numbers instead of a profile: gAMA, cHRM and cICP of a PNG, code points of
AVIF and HEIC. Where they are not sRGB they become a profile, so that there is one way on from here."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.library.imaging import png_chunks
from gptimg_desktop.services.library.imaging.readers import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageFile import ImageFile

    Triple = tuple[float, float, float]
    Matrix = tuple[Triple, Triple, Triple]

_SRGB_CURVE: Final = 0.0
"""Stands in the place of an exponent."""
_D65: Final = (0.3127, 0.3290)
_BT709: Final = (_D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_PRIMARIES: Final = {
    1: _BT709,
    2: _BT709,  # not said
    5: (_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: (_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07)),
    7: (_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07)),
    9: (_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: (_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
}
"""White, red, green and blue by the code points of ITU-T H.273."""
# What films are coded by (1, 6, 14, 15) is looked at on the same screens as sRGB.
_CURVES: Final = {**dict.fromkeys((1, 2, 6, 13, 14, 15), _SRGB_CURVE), 4: 2.2, 5: 2.8, 8: 1.0}
_USUAL_GAMMA: Final = 1 / 2.2
_NEAR: Final = 0.05
"""So far from it, as a share, PNGs are written by programs that mean sRGB."""
_BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_D50: Final = (0.9642, 1.0, 0.8249)
_NCLX: Final = b"colrnclx"
_GREY_TYPES: Final = frozenset({0, 4})


@dataclass(frozen=True, slots=True)
class _Colours:
    """What the numbers of a picture's pixels mean: the chromaticities of white, red, green and blue, and an
    exponent."""

    points: Sequence[tuple[float, float]] = _BT709
    gamma: float = _SRGB_CURVE


def profile_of(image: ImageFile, content: bytes, image_format: str) -> bytes | None:
    """The profile of a picture, the one that it holds or one made from its description; None where nothing
    usable says that it is not sRGB. UnsupportedError for brightness beyond what a screen's white is."""
    held: bytes | None = image.info.get("icc_profile")
    if image_format == "png":
        return _of_png(content, held)
    if image_format in {"avif", "heic"} and not held and (place := content.find(_NCLX)) >= 0:
        return _profile(_coded(*struct.unpack_from(">HH", content, place + len(_NCLX))), is_grey=False)
    return held


def _of_png(content: bytes, held: bytes | None) -> bytes | None:
    """What counts of all that a PNG may say, in the order that its standard gives."""
    said = {
        name: png_chunks.data_of(content, start, end)
        for name, start, end in png_chunks.chunks(content)
        if name in {b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"}
    }
    is_grey = content[25] in _GREY_TYPES
    if len(said.get(b"cICP", b"")) >= 4:
        primaries, curve, matrix, is_full = said[b"cICP"][:4]
        if matrix or not is_full:
            raise UnsupportedError("colours as in films")
        return _profile(_coded(primaries, curve), is_grey=is_grey)
    if b"iCCP" in said or b"sRGB" in said:
        return held
    return _profile(_measured(said.get(b"gAMA", b""), said.get(b"cHRM", b"")), is_grey=is_grey)


def _coded(primaries: int, curve: int) -> _Colours:
    if primaries not in _PRIMARIES or curve not in _CURVES:
        raise UnsupportedError(f"colours of kind {primaries}, {curve}")
    return _Colours(_PRIMARIES[primaries], _CURVES[curve])


def _measured(gama: bytes, chrm: bytes) -> _Colours:
    found = _Colours()
    gamma = int.from_bytes(gama[:4]) / 100_000 if len(gama) >= 4 else 0.0
    if gamma and abs(gamma / _USUAL_GAMMA - 1) > _NEAR:
        found = _Colours(gamma=1 / gamma)
    if len(chrm) >= 32:
        values = [value / 100_000 for value in struct.unpack_from(">8I", chrm)]
        found = _Colours(tuple(zip(values[::2], values[1::2], strict=True)), found.gamma)
    return found


# The profile


def _profile(colours: _Colours, *, is_grey: bool) -> bytes | None:
    """The colours as a profile; None for those of sRGB, and for numbers that can be none."""
    if colours == _Colours() or (is_grey and colours.gamma == _SRGB_CURVE):
        return None
    curve = _curve(colours.gamma)
    if is_grey:
        return _file(b"GRAY", {b"wtpt": _xyz(_D50), b"kTRC": curve})
    try:
        columns = _to_d50(colours.points)
        tags = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, zip(*columns, strict=True)), strict=True))
    except (ArithmeticError, struct.error):
        return None
    return _file(b"RGB ", {b"wtpt": _xyz(_D50), **tags, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


def _to_d50(points: Sequence[tuple[float, float]]) -> Matrix:
    """What turns linear red, green and blue into XYZ as seen under the white of all profiles."""
    white, *primaries = ((x / y, 1.0, (1 - x - y) / y) for x, y in points)
    columns = _transposed(primaries)
    shares = _times(_inverse(columns), white)
    seen = [a / b for a, b in zip(_times(_BRADFORD, _D50), _times(_BRADFORD, white), strict=True)]
    lit = [
        _times(_BRADFORD, [value * share for value in each])
        for each, share in zip(primaries, shares, strict=True)
    ]
    back = _inverse(_BRADFORD)
    return _transposed(
        [_times(back, [value * by for value, by in zip(each, seen, strict=True)]) for each in lit]
    )


def _times(matrix: Matrix, column: Sequence[float]) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix)
    return first, second, third


def _transposed(rows: Sequence[Sequence[float]]) -> Matrix:
    first, second, third = ((one, two, three) for one, two, three in zip(*rows, strict=True))
    return first, second, third


def _inverse(rows: Matrix) -> Matrix:
    """ZeroDivisionError where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = rows
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )


def _file(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile of a screen, of what a colour engine needs alone."""
    table, data = struct.pack(">I", len(tags)), b""
    place = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(data), len(content))
        data += content
    head = struct.pack(">I4xI4s4s4s12x4s", place + len(data), 0x0430_0000, b"mntr", space, b"XYZ ", b"acsp")
    return (head.ljust(68, b"\0") + _fixed(*_D50)).ljust(128, b"\0") + table + data


def _curve(gamma: float) -> bytes:
    if gamma == _SRGB_CURVE:
        return (
            b"para" + struct.pack(">4xHH", 3, 0) + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
        )
    return b"para" + struct.pack(">4xHH", 0, 0) + _fixed(min(gamma, 10.0))


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65_536) for value in values))
