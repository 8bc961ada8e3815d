"""Colours that a file describes by numbers mean what a profile would say."""

from __future__ import annotations

import io
import struct
from dataclasses import replace

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from gptimg_desktop.core.reference import Change, Shrink
from gptimg_desktop.services.library.imaging.described_colours import profile_of
from gptimg_desktop.services.library.imaging.preparation import lighter, prepare
from gptimg_desktop.services.library.imaging.readers import UnsupportedError
from tests.unit.library.pictures import chunk, encoded
from tests.unit.library.profiles import ADOBE_RGB, DISPLAY_P3, Gamut, in_srgb, rgb_profile

COLOUR = (60, 140, 100)
P3_POINTS = (31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000)
SRGB_POINTS = (31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000)
ADOBE_POINTS = (31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000)
SRGB = Gamut(
    red=(0.43607, 0.22249, 0.01392),
    green=(0.38515, 0.71687, 0.09708),
    blue=(0.14307, 0.06061, 0.71410),
    gamma=2.2,
)


def gamma(exponent: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(100_000 / exponent)))


def points(values: tuple[int, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *values))


def coded(primaries: int, curve: int, matrix: int = 0, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes((primaries, curve, matrix, full)))


def png(*described: bytes, mode: str = "RGB", **more: object) -> bytes:
    picture = Image.new("RGB", (20, 16), COLOUR).convert(mode)
    content = encoded(picture, "PNG", **more)
    return content[:33] + b"".join(described) + content[33:]


def near(content: bytes, wanted: tuple[int, ...], most: int = 4) -> bool:
    with Image.open(io.BytesIO(content)) as image:
        pixel = image.convert("RGB").getpixel((9, 9))
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= most for one, other in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("described", "gamut"),
    [
        (gamma(1.8), replace(SRGB, gamma=1.8)),
        (gamma(1.0), replace(SRGB, gamma=1.0)),
        (points(ADOBE_POINTS) + gamma(1.4), replace(ADOBE_RGB, gamma=1.4)),
        (points(P3_POINTS) + gamma(1.8), replace(DISPLAY_P3, gamma=1.8)),
        (points(P3_POINTS) + gamma(2.2), DISPLAY_P3),
        (points(P3_POINTS), DISPLAY_P3),
        (coded(12, 13), DISPLAY_P3),
        (coded(12, 13) + points(SRGB_POINTS) + gamma(1.0), DISPLAY_P3),
        (coded(12, 8), replace(DISPLAY_P3, gamma=1.0)),
        (coded(1, 4) + gamma(1.0), SRGB),
    ],
)
def test_numbers_are_brought_to_srgb(described: bytes, gamut: Gamut) -> None:
    found = prepare(png(described), 8)
    assert near(found.content, in_srgb(COLOUR, gamut))
    assert found.changes == (Change.TO_SRGB,)


def test_grey_becomes_as_bright_as_it_was_meant() -> None:
    grey = Image.new("RGB", (1, 1), COLOUR).convert("L").tobytes()[0]
    found = prepare(png(gamma(1.0), mode="L"), 8)
    assert near(found.content, in_srgb((grey,) * 3, replace(SRGB, gamma=1.0)))
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.mode == "L"


@pytest.mark.parametrize(
    "described",
    [
        gamma(2.2),
        points(SRGB_POINTS),
        points(SRGB_POINTS) + gamma(2.2),
        chunk(b"sRGB", b"\0") + gamma(1.0) + points(P3_POINTS),
        coded(1, 13) + gamma(1.0) + points(P3_POINTS),
        coded(2, 2),
        points((0,) * 8),
        points((1,) * 8),
        chunk(b"gAMA", bytes(4)),
    ],
)
def test_what_is_srgb_or_makes_no_sense_changes_nothing(described: bytes) -> None:
    found = prepare(png(described), 8)
    assert (found.content, found.changes) == (png(), ())


def test_a_profile_counts_for_more_than_numbers_beside_it_and_code_points_for_most() -> None:
    profile = rgb_profile(ADOBE_RGB)
    found = prepare(png(gamma(1.0), points(P3_POINTS), icc_profile=profile), 8)
    assert near(found.content, in_srgb(COLOUR, ADOBE_RGB))
    assert prepare(png(coded(1, 13), icc_profile=profile), 8).content == png()


@pytest.mark.parametrize("described", [gamma(1.0), points(P3_POINTS) + gamma(2.2), coded(12, 13)])
def test_a_picture_means_the_same_however_it_is_made_ready(described: bytes) -> None:
    held = Image.Exif()
    held[0x0112] = 3
    plain, turned = prepare(png(described), 8), prepare(png(described, exif=held), 8)
    with Image.open(io.BytesIO(plain.content)) as one, Image.open(io.BytesIO(turned.content)) as other:
        assert one.tobytes() == other.tobytes()
    small, *_ = lighter(png(described), Shrink(longest_edge=10, quality=95))
    with Image.open(io.BytesIO(plain.content)) as image:
        pixel = image.getpixel((9, 9))
    assert isinstance(pixel, tuple)
    with Image.open(io.BytesIO(small)) as image:
        seen = image.convert("RGB").getpixel((4, 4))
    assert isinstance(seen, tuple)
    assert all(abs(one - other) <= 4 for one, other in zip(seen, pixel, strict=True))


@pytest.mark.parametrize("described", [coded(9, 16), coded(9, 18), coded(12, 13, 1), coded(1, 13, 0, 0)])
def test_colours_that_a_screen_does_not_have_are_not_guessed_at(described: bytes) -> None:
    with pytest.raises(UnsupportedError):
        prepare(png(described), 8)


def avif(primaries: int, curve: int, **more: object) -> bytes:
    content = bytearray(encoded(Image.new("RGB", (32, 32), COLOUR), "AVIF", quality=95, **more))
    place = content.index(b"nclx") + 4
    content[place : place + 4] = struct.pack(">HH", primaries, curve)
    return bytes(content)


def test_an_avif_says_it_in_the_same_way() -> None:
    found = prepare(avif(12, 13), 8)
    assert near(found.content, in_srgb(COLOUR, DISPLAY_P3))
    assert found.changes == (Change.TO_SRGB, Change.CONVERTED)
    assert prepare(avif(1, 13), 8).changes == (Change.CONVERTED,)
    with pytest.raises(UnsupportedError):
        prepare(avif(9, 16), 8)


def test_a_profile_in_an_avif_counts_for_more_than_numbers_beside_it() -> None:
    found = prepare(avif(9, 16, icc_profile=rgb_profile(ADOBE_RGB)), 8)
    assert near(found.content, in_srgb(COLOUR, ADOBE_RGB))


def test_no_numbers_at_all_are_no_profile() -> None:
    with PngImageFile(io.BytesIO(png())) as image:
        assert profile_of(image, png(), "png") is None
