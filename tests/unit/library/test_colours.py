"""Colours that are not sRGB become it; those that are, or of which nothing usable is known, stay."""

from __future__ import annotations

import random

import pytest
from PIL import Image, ImageCms

from gptimg_desktop.services.library.imaging.colours import in_8_bits, to_srgb
from gptimg_desktop.services.library.imaging.readers import UnsupportedError
from tests.unit.library.profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    PROPHOTO,
    Gamut,
    grey_profile,
    in_srgb,
    ink_profile,
    rgb_profile,
)

COLOURS = [(128, 128, 128), (200, 120, 90), (60, 140, 100), (30, 40, 180), (255, 255, 255), (0, 0, 0)]


def shown(image: Image.Image, profile: bytes | None) -> Image.Image:
    step = to_srgb(image.mode, profile)
    return image if step is None else step(image)


def near(found: object, wanted: tuple[int, ...], most: int = 3) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= most for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("gamut", [ADOBE_RGB, DISPLAY_P3, PROPHOTO], ids=["Adobe RGB", "P3", "ProPhoto"])
@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_of_a_wide_gamut_is_the_same_colour_in_srgb(gamut: Gamut, colour: tuple[int, ...]) -> None:
    found = shown(Image.new("RGB", (3, 3), colour), rgb_profile(gamut))
    assert near(found.getpixel((1, 1)), in_srgb(colour, gamut)), found.getpixel((1, 1))


def test_what_shines_through_stays() -> None:
    found = shown(Image.new("RGBA", (3, 3), (200, 120, 90, 77)), rgb_profile(ADOBE_RGB))
    assert found.mode == "RGBA"
    assert near(found.getpixel((1, 1)), (*in_srgb((200, 120, 90), ADOBE_RGB), 77))


def test_a_palette_with_a_profile_is_converted_too() -> None:
    image = Image.new("RGB", (3, 3), (60, 140, 100)).quantize(4)
    assert to_srgb(image.mode, rgb_profile(ADOBE_RGB)) is not None
    found = shown(in_8_bits(image), rgb_profile(ADOBE_RGB))
    assert near(found.getpixel((1, 1)), in_srgb((60, 140, 100), ADOBE_RGB))


def test_srgb_under_any_name_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert to_srgb("RGB", profile) is None
    assert to_srgb("RGBA", profile.replace(b"s\0R\0G\0B", b"X\0Y\0Z\0W")) is None


def test_a_wide_gamut_that_calls_itself_srgb_is_none() -> None:
    assert to_srgb("RGB", rgb_profile(ADOBE_RGB).replace(b"CANARY screen", b"sRGB IEC61966")) is not None


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_of_another_brightness_stays_grey(mode: str) -> None:
    found = shown(Image.new(mode, (3, 3), (128, 77)[: len(mode)] if mode == "LA" else 128), grey_profile(1.0))
    assert found.mode == mode
    wanted = (188, 77) if mode == "LA" else (188,)
    pixel = found.getpixel((1, 1))
    assert near(pixel if isinstance(pixel, tuple) else (pixel,), wanted)


def test_inks_take_the_colours_of_their_profile() -> None:
    cyan = Image.new("CMYK", (3, 3), (255, 0, 0, 0))
    assert shown(cyan, None).getpixel((1, 1)) == (0, 255, 255)
    assert near(shown(cyan, ink_profile()).getpixel((1, 1)), (10, 150, 220), 30)


def test_lab_becomes_srgb() -> None:
    lab = Image.new("LAB", (1, 1), (140, 128, 128))
    assert near(shown(lab, None).getpixel((0, 0)), (131, 131, 131), 4)


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_a_broken_or_misplaced_profile_is_none(mode: str) -> None:
    dice = random.Random(7)
    plain = shown(Image.new(mode, (3, 3)), None).tobytes()
    useless = [b"", b"\0", dice.randbytes(3000), rgb_profile(ADOBE_RGB)[:200]]
    misplaced = {"RGB": ink_profile(), "CMYK": rgb_profile(ADOBE_RGB), "L": rgb_profile(ADOBE_RGB)}[mode]
    for profile in (*useless, misplaced):
        assert shown(Image.new(mode, (3, 3)), profile).tobytes() == plain


def test_damage_in_a_profile_is_borne() -> None:
    dice = random.Random(20261122)
    for whole in (rgb_profile(ADOBE_RGB), ink_profile(), grey_profile(1.8)):
        mode = {b"RGB ": "RGB", b"CMYK": "CMYK", b"GRAY": "L"}[whole[16:20]]
        for _ in range(200):
            content = bytearray(whole)
            for _ in range(dice.choice((1, 5, 20))):
                content[dice.randrange(len(content))] = dice.randrange(256)
            found = shown(Image.new(mode, (3, 3), 90 if mode == "L" else (90,) * len(mode)), bytes(content))
            assert found.mode in {"RGB", "L"}


@pytest.mark.parametrize(
    ("mode", "value", "grey"),
    [("I;16", 0x80FF, 0x80), ("I;16B", 0x80FF, 0x80), ("I;16", 0xFFFF, 255), ("1", 255, 255)],
)
def test_deep_grey_keeps_its_brightness(mode: str, value: int, grey: int) -> None:
    found = in_8_bits(Image.new(mode, (3, 3), value))
    assert found.mode == "L"
    assert abs(int(str(found.getpixel((1, 1)))) - grey) <= 1


@pytest.mark.parametrize(
    ("values", "greys"),
    [
        ((0.0, 0.5, 1.0), [0, 127, 255]),
        ((-5.0, 0.25, 5.0), [0, 63, 255]),
        ((0.2, 0.2, 0.2), [51, 51, 51]),
        ((float("inf"), 0.5, float("-inf")), [255, 127, 0]),
    ],
)
def test_fractions_are_cut_at_black_and_white_and_never_stretched(
    values: tuple[float, ...], greys: list[int]
) -> None:
    image = Image.new("F", (3, 1))
    for place, value in enumerate(values):
        image.putpixel((place, 0), value)
    assert list(in_8_bits(image).tobytes()) == greys


def test_whole_numbers_of_which_nobody_knows_what_is_white_are_not_guessed_at() -> None:
    with pytest.raises(UnsupportedError):
        in_8_bits(Image.new("I", (2, 2), 7))


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_a_key_among_16_bits_shines_through_and_its_neighbours_do_not(mode: str) -> None:
    image = Image.new(mode, (2, 1), 0x8001)
    image.putpixel((1, 0), 0x8000)
    image.info["transparency"] = 0x8000
    found = in_8_bits(image)
    assert (found.getpixel((0, 0)), found.getpixel((1, 0))) == ((0x80, 255), (0x80, 0))
