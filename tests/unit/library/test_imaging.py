"""The gate for foreign image bytes: three formats, bounded, upright."""

from __future__ import annotations

import io
import random
import struct
import threading
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging.formats import sniff
from gptimg_desktop.services.library.imaging.imaging import (
    Imaging,
    Inspection,
    decode,
    encode,
    encode_png,
    inspect,
)
from gptimg_desktop.services.library.imaging.readers import TooManyPixelsError, UnreadableImageError
from tests.unit.library.pictures import chunk, encoded, gradient, head, png

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ["png", "jpeg", "webp"]
ORIENTATION = 0x0112
RED, GREEN, BLUE, WHITE = (250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 250)


def pixel(bitmap: Bitmap, x: int, y: int) -> tuple[int, ...]:
    start = 4 * (y * bitmap.width + x)
    return tuple(bitmap.rgba[start : start + 4])


def near(found: tuple[int, ...], wanted: tuple[int, ...], most: int = 40) -> bool:
    return all(abs(one - other) <= most for one, other in zip(found, wanted, strict=False))


def corners(bitmap: Bitmap) -> str:
    """The colours of the four corners, from the top left, clockwise."""
    right, bottom = bitmap.width - 3, bitmap.height - 3
    names = {RED: "R", GREEN: "G", BLUE: "B", WHITE: "W"}
    points = [(2, 2), (right, 2), (right, bottom), (2, bottom)]
    return "".join(
        next((name for colour, name in names.items() if near(pixel(bitmap, *point), colour)), "?")
        for point in points
    )


def four_corners(width: int = 60, height: int = 40) -> Image.Image:
    """Red and green above, white and blue below: R G B W, clockwise."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (width // 2, height // 2, width, height))
    picture.paste(WHITE, (0, height // 2, width // 2, height))
    return picture


def held(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_format_is_known_by_its_first_bytes(image_format: str) -> None:
    content = encoded(gradient(), image_format.upper())
    assert sniff(content[:16]) == image_format
    assert inspect(content) == Inspection(format=image_format, pixels=PixelSize(64, 48))


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_file_is_read_like_its_bytes(tmp_path: Path, image_format: str) -> None:
    content = encoded(gradient(), image_format.upper())
    (tmp_path / "picture").write_bytes(content)
    assert inspect(tmp_path / "picture") == inspect(content)
    assert decode(tmp_path / "picture", 32) == decode(content, 32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><img src='http://127.0.0.1/'>",
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"8BPS\0\1" + bytes(40),
        encoded(gradient(), "TIFF"),
        encoded(gradient(), "GIF"),
        encoded(gradient(), "BMP"),
        b"RIFF\0\0\0\0WAVEfmt ",
        bytes(4096),
    ],
    ids=lambda content: repr(content[:8]),
)
def test_anything_else_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    for source in (content, path):
        with pytest.raises(UnreadableImageError):
            inspect(source)
        with pytest.raises(UnreadableImageError):
            decode(source, 64)


def test_a_name_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    path.write_bytes(png())
    assert inspect(path).format == "png"


@pytest.mark.parametrize(
    ("size", "box", "shown"),
    [
        ((64, 48), 32, (32, 24)),
        ((48, 64), 32, (24, 32)),
        ((64, 48), 200, (64, 48)),
        ((300, 100), 30, (30, 10)),
        ((500, 1), 100, (100, 1)),
    ],
)
@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
def test_a_picture_shrinks_into_the_box_and_never_grows(
    size: tuple[int, int], box: int, shown: tuple[int, int], image_format: str
) -> None:
    bitmap = decode(encoded(gradient(*size), image_format), box)
    assert (bitmap.width, bitmap.height) == shown
    assert len(bitmap.rgba) == bitmap.width * bitmap.height * 4


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "seen"),
    list(enumerate(["RGBW", "GRWB", "BWRG", "WBGR", "RWBG", "WRGB", "BGRW", "GBWR"], 1)),
)
def test_a_picture_is_shown_as_the_camera_was_held(image_format: str, orientation: int, seen: str) -> None:
    content = encoded(four_corners(480, 320), image_format, exif=held(orientation))
    small = decode(content, 30)
    assert corners(small) == seen
    assert (small.width > small.height) == (orientation < 5)


def test_an_orientation_that_makes_no_sense_is_none() -> None:
    content = encoded(four_corners(), "PNG", exif=held(77))
    assert corners(decode(content, 30)) == "RGBW"


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it makes of such data
@pytest.mark.parametrize(
    ("kind", "count", "value"),
    [(3, 999_999, 999_999), (2, 2, 0x78), (3, 2, 0x0077_0077), (5, 1, 26), (12, 1, 34)],
)
def test_a_picture_with_broken_exif_is_shown_all_the_same(kind: int, count: int, value: int) -> None:
    entry = struct.pack("<HHHIII", 1, ORIENTATION, kind, count, value, 0)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + entry + struct.pack("<II", 1, 0) + struct.pack("<d", float("inf"))
    assert corners(decode(encoded(four_corners(), "JPEG", exif=exif), 30)) == "RGBW"


def test_what_shines_through_stays() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 200, 0, 255))
    picture.paste((200, 0, 0, 0), (0, 0, 20, 40))
    bitmap = decode(encoded(picture, "PNG"), 20)
    assert pixel(bitmap, 2, 10)[3] == 0
    assert pixel(bitmap, 17, 10) == (0, 200, 0, 255)


def test_an_invisible_colour_does_not_bleed_into_the_edge() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 200, 0, 255))
    picture.paste((255, 0, 0, 0), (0, 0, 21, 40))
    bitmap = decode(encoded(picture, "PNG"), 10)
    edge = [pixel(bitmap, x, 5) for x in range(10)]
    assert all(red < 30 for red, _, _, alpha in edge if alpha > 30)


def test_a_palette_is_shrunk_smoothly_with_its_transparent_colour() -> None:
    picture = Image.new("P", (64, 64))
    picture.putpalette([0, 0, 0, 255, 255, 255, 0, 0, 255])
    picture.putdata([x % 2 if x < 32 else 2 for _ in range(64) for x in range(64)])
    bitmap = decode(encoded(picture, "PNG", transparency=2), 16)
    assert near(pixel(bitmap, 3, 8), (128, 128, 128, 255), 20)
    assert pixel(bitmap, 13, 8)[3] == 0


@pytest.mark.parametrize("grey", [0, 64, 128, 255])
def test_16_bits_a_channel_keep_their_brightness(grey: int) -> None:
    picture = Image.new("I;16", (40, 40), grey * 257)
    assert near(pixel(decode(encoded(picture, "PNG"), 20), 5, 5), (grey, grey, grey, 255), 1)


def test_16_bit_colours_keep_theirs() -> None:
    row = b"\0" + struct.pack(">HHH", 0xFFFF, 0x8000, 0) * 8
    content = head(8, 8, depth=16, colour=2) + chunk(b"IDAT", zlib.compress(row * 8)) + chunk(b"IEND")
    assert near(pixel(decode(content, 8), 4, 4), (255, 128, 0, 255), 1)


def test_a_cmyk_jpeg_is_shown_in_its_colours() -> None:
    content = encoded(four_corners().convert("CMYK"), "JPEG", quality=95)
    assert corners(decode(content, 30)) == "RGBW"


def test_a_bomb_is_refused_by_its_head_alone() -> None:
    bomb = head(30_000, 30_000) + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND")
    assert inspect(bomb).pixels == PixelSize(30_000, 30_000)
    with pytest.raises(TooManyPixelsError) as refused:
        decode(bomb, 64)
    assert refused.value.pixels == PixelSize(30_000, 30_000)


def test_108_megapixels_of_jpeg_are_refused_too() -> None:
    content = bytearray(encoded(Image.new("L", (16, 16)), "JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 9_000, 12_000)
    assert inspect(bytes(content)).pixels == PixelSize(12_000, 9_000)
    with pytest.raises(TooManyPixelsError):
        decode(bytes(content), 64)


def test_compressed_text_of_a_gigabyte_is_refused() -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 1))
    whole = png()
    with pytest.raises(UnreadableImageError):
        inspect(whole[:33] + text + whole[33:])


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_cut_picture_is_found_out(image_format: str) -> None:
    whole = encoded(gradient(200, 200), image_format.upper())
    for part in (0.3, 0.6, 0.9):
        with pytest.raises(UnreadableImageError):
            decode(whole[: int(len(whole) * part)], 16)


@pytest.mark.parametrize("box", [16, 64])
def test_a_flipped_bit_is_found_out(box: int) -> None:
    content = bytearray(png())
    content[content.index(b"IDAT") + 20] ^= 0xFF
    with pytest.raises(UnreadableImageError):
        decode(bytes(content), box)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("image_format", FORMATS)
def test_damage_of_any_kind_is_a_picture_or_a_refusal(image_format: str) -> None:
    """Anything but UnreadableImageError would reach the user as a bug of ours."""
    dice = random.Random(20261122)
    whole = encoded(gradient(48, 40), image_format.upper(), exif=held(6))
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 2, 5, 20))):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        for read in (inspect, lambda source: decode(source, 16)):
            try:
                read(_with_right_sums(bytes(content)) if image_format == "png" else bytes(content))
            except UnreadableImageError:
                continue


def _with_right_sums(content: bytes) -> bytes:
    """The PNG with checksums that fit, so that damage gets past them."""
    made, place = bytearray(content[:8]), 8
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        if place + 12 + length > len(content):
            break
        made += chunk(content[place + 4 : place + 8], content[place + 8 : place + 8 + length])
        place += 12 + length
    return bytes(made) + content[place:]


def test_a_bitmap_is_kept_as_jpeg_unless_something_shines_through() -> None:
    solid = Bitmap(width=2, height=1, rgba=bytes([200, 0, 0, 255] * 2))
    clear = Bitmap(width=2, height=1, rgba=bytes([200, 0, 0, 255, 0, 200, 0, 128]))
    assert inspect(encode(solid)) == Inspection(format="jpeg", pixels=PixelSize(2, 1))
    assert decode(encode(clear), 16) == clear


@pytest.mark.parametrize(("alpha", "mode"), [(255, "RGB"), (254, "RGBA")])
def test_a_bitmap_becomes_a_png_pixel_for_pixel(alpha: int, mode: str) -> None:
    noise = bytes(value for number in range(700) for value in (*(number * k % 256 for k in (3, 5, 7)), alpha))
    content = encode_png(Bitmap(width=35, height=20, rgba=noise))
    assert inspect(content).format == "png"
    with Image.open(io.BytesIO(content)) as image:
        assert image.mode == mode
        assert image.convert("RGBA").tobytes() == noise


@pytest.mark.anyio
async def test_work_is_done_off_the_calling_thread() -> None:
    imaging = Imaging()
    try:
        assert await imaging.run(threading.current_thread) is not threading.current_thread()
        assert (await imaging.run(lambda: decode(png(), 16))).width == 16
    finally:
        imaging.close()
