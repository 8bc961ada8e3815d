"""The bytes that a server receives: upright, in sRGB, and nothing but the picture."""

from __future__ import annotations

import base64
import io
import os
import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageOps

from gptimg_desktop.core.reference import Change
from tests.support.bench import bench
from tests.support.exiftool import told_by, why_not
from tests.support.kept_references import add_file
from tests.support.parts import BARE, parts
from tests.support.scripted_server import scripted_server
from tests.support.telling import CANARY, HELD, corners, four_corners, telling
from tests.unit.library.pictures import chunk, encoded, head
from tests.unit.library.profiles import ADOBE_RGB, DISPLAY_P3, PROPHOTO, in_srgb, ink_profile, rgb_profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import FileReference

pytestmark = pytest.mark.anyio


async def sent(home: Path, pictures: Sequence[bytes]) -> list[tuple[FileReference, Bitmap, bytes]]:
    """Give pictures as files, press once, and take from the server what it was sent for each."""
    async with scripted_server() as server, bench(home / "data", server) as desk:
        given = []
        for number, content in enumerate(pictures):
            path = home / f"{number}.picture"
            path.write_bytes(content)
            add = partial(add_file, desk.engine.references, path)
            given.append(await desk.engine.imaging.run(add))
        desk.generate(references=tuple(reference for reference, _ in given))
        await desk.until_states("saved")
        (submit,) = server.of_kind("submit")
        found = []
        for (reference, bitmap), address in zip(given, submit.json()["image_urls"], strict=True):
            before, _, text = address.partition(",")
            assert before == f"data:{reference.media_type};base64"
            found.append((reference, bitmap, base64.b64decode(text)))
        return found


def shown(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


# Turned and cleaned


@pytest.mark.row(117)
@pytest.mark.parametrize("image_format", ["jpeg", "png", "webp"])
async def test_pictures_arrive_upright_and_tell_nothing(home: Path, image_format: str) -> None:
    given = [telling(image_format, orientation) for orientation in HELD]
    arrived = await sent(home, given)
    for (orientation, upright), (reference, bitmap, content) in zip(HELD.items(), arrived, strict=True):
        assert corners(shown(content)) == upright
        seen = Image.frombytes("RGBA", (bitmap.width, bitmap.height), bitmap.rgba)
        assert corners(seen) == upright
        assert shown(content).size == (reference.width, reference.height)
        assert (Change.TURNED in reference.changes) == (orientation > 1)
        assert Change.STRIPPED in reference.changes
        assert set(parts(content)) <= BARE[image_format]
        assert CANARY not in content
    _exiftool_finds_nothing(home, given, [content for *_, content in arrived])


@pytest.mark.row(117)
async def test_other_formats_arrive_upright_and_tell_nothing(home: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "CANARY WORKS", "CANARY"
    given = [encoded(four_corners(), name, exif=exif) for name in ("TIFF", "AVIF")]
    arrived = await sent(home, given)
    for reference, _, content in arrived:
        assert corners(shown(content)) == HELD[6]
        assert reference.changes == (Change.TURNED, Change.STRIPPED, Change.CONVERTED)
        assert CANARY not in content
    _exiftool_finds_nothing(home, given, [content for *_, content in arrived])


def _exiftool_finds_nothing(home: Path, given: Sequence[bytes], arrived: Sequence[bytes]) -> None:
    """Somebody else's eyes; only where CI is not set may they be missing."""
    if reason := why_not():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    files = []
    for number, content in enumerate([*given, *arrived]):
        files.append(home / f"exiftool {number}")
        files[-1].write_bytes(content)
    told = told_by(*files)
    assert all(any(name.startswith(("IFD0:", "EXIF:")) for name in one) for one in told[: len(given)])
    assert told[len(given) :] == [set()] * len(arrived)


# Colours

GREEN = (60, 140, 100)
PLAIN = (8, 8)


def flat(mode: str = "RGB", colour: Any = GREEN) -> Image.Image:
    return Image.new(mode, (48, 32), colour)


def ycck() -> bytes:
    """A JPEG of inks whose first three are stored as brightness and two colours."""
    stored = ImageOps.invert(flat()).convert("YCbCr").split()
    inks = Image.merge("CMYK", [*map(ImageOps.invert, stored), Image.new("L", (48, 32), 0)])
    content = bytearray(encoded(inks, "JPEG", quality=98, subsampling=0))
    content[content.index(b"Adobe") + 11] = 2
    return bytes(content)


def deep_png() -> bytes:
    row = b"\0" + struct.pack(">HHH", *(value * 257 for value in GREEN)) * 48
    return head(48, 32, depth=16, colour=2) + chunk(b"IDAT", zlib.compress(row * 32)) + chunk(b"IEND")


def see_through_palette() -> bytes:
    picture = flat("P", 1)
    picture.putpalette([0, 0, 0, *GREEN])
    picture.paste(0, (24, 0, 48, 32))
    return encoded(picture, "PNG", transparency=bytes((0, 128)))


SRGB, DEEP = (Change.TO_SRGB,), (Change.TO_8_BIT,)
COLOURS: dict[str, tuple[bytes, tuple[Change, ...], tuple[int, ...]]] = {
    "CMYK": (encoded(flat().convert("CMYK"), "JPEG", quality=98), SRGB, GREEN),
    "YCCK": (ycck(), SRGB, GREEN),
    "CMYK with a profile": (
        encoded(flat("CMYK", (255, 0, 0, 0)), "JPEG", quality=98, icc_profile=ink_profile()),
        SRGB,
        (10, 150, 220),
    ),
    "16 bits": (deep_png(), DEEP, GREEN),
    "palette with alpha": (see_through_palette(), (), (*GREEN, 128)),
    "Adobe RGB JPEG": (
        encoded(flat(), "JPEG", quality=98, icc_profile=rgb_profile(ADOBE_RGB)),
        SRGB,
        in_srgb(GREEN, ADOBE_RGB),
    ),
    "P3 WebP": (
        encoded(flat(), "WEBP", lossless=True, icc_profile=rgb_profile(DISPLAY_P3)),
        SRGB,
        in_srgb(GREEN, DISPLAY_P3),
    ),
    "ProPhoto PNG with alpha": (
        encoded(flat("RGBA", (*GREEN, 99)), "PNG", icc_profile=rgb_profile(PROPHOTO)),
        SRGB,
        (*in_srgb(GREEN, PROPHOTO), 99),
    ),
    "a broken profile": (encoded(flat(), "PNG", icc_profile=b"not a profile"), (), GREEN),
    "a profile of other colours": (encoded(flat(), "PNG", icc_profile=ink_profile()), (), GREEN),
}


@pytest.mark.row(118)
async def test_colours_arrive_as_srgb_of_8_bits(home: Path) -> None:
    arrived = await sent(home, [content for content, *_ in COLOURS.values()])
    for (name, (_, changes, wanted)), (reference, _, content) in zip(COLOURS.items(), arrived, strict=True):
        assert reference.changes == changes, name
        image = shown(content)
        assert not image.info.get("icc_profile"), name
        assert image.mode in {"RGB", "RGBA", "P"}, name
        pixel = image.convert("RGBA").getpixel(PLAIN)
        assert isinstance(pixel, tuple)
        most = 30 if name == "CMYK with a profile" else 5
        assert all(abs(a - b) <= most for a, b in zip(pixel, (*wanted, 255)[:4], strict=True)), (name, pixel)
    assert arrived[list(COLOURS).index("16 bits")][2][24] == 8
