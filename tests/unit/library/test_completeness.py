"""An image counts as here when every row of it is."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.services.library.completeness import is_complete
from tests.unit.library.pictures import (
    SIGNATURE,
    chunk,
    encoded,
    gradient,
    grey_png,
    grey_rows,
    head,
    interlaced_png,
    png,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "picture"


def complete(file: Path, content: bytes, image_format: str = "png") -> bool:
    file.write_bytes(content)
    return is_complete(file, image_format)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (13, 7), (64, 48)])
def test_every_mode_of_png_that_pillow_writes_is_complete(
    file: Path, mode: str, size: tuple[int, int]
) -> None:
    assert complete(file, encoded(Image.new(mode, size), "PNG"))


@pytest.mark.parametrize("colours", [2, 4, 16])
def test_palettes_of_a_few_bits_are_counted_in_bits(file: Path, colours: int) -> None:
    assert complete(file, encoded(gradient(13, 7).quantize(colours), "PNG"))


def test_half_the_rows_are_not_the_picture_although_pillow_reads_it(file: Path) -> None:
    file.write_bytes(grey_png(64, 48, rows=24))
    with Image.open(file) as picture:
        picture.load()
    assert not is_complete(file, "png")


def test_all_the_rows_in_the_same_chunks_are(file: Path) -> None:
    assert complete(file, grey_png(64, 48, rows=48))


def test_one_row_less_is_not_the_picture(file: Path) -> None:
    assert not complete(file, grey_png(64, 48, rows=47))


def test_rows_may_be_spread_over_many_chunks(file: Path) -> None:
    data = zlib.compress(grey_rows(64, 48))
    chunks = b"".join(chunk(b"IDAT", data[start : start + 7]) for start in range(0, len(data), 7))
    assert complete(file, head(64, 48) + chunks + chunk(b"IEND"))


def test_a_large_even_picture_is_counted_to_its_last_byte(file: Path) -> None:
    assert complete(file, encoded(Image.new("RGB", (3840, 2160), "white"), "PNG"))


def test_a_missing_end_mark_is_noticed(file: Path) -> None:
    assert not complete(file, png().removesuffix(chunk(b"IEND")))


def test_a_flipped_bit_is_noticed_wherever_it_is(file: Path) -> None:
    whole = png(9, 7)
    for position in range(8, len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 0x10
        assert not complete(file, bytes(flipped)), f"bit of byte {position}"


def test_a_cut_is_noticed_wherever_it_is(file: Path) -> None:
    whole = png(9, 7)
    for length in range(len(whole)):
        assert not complete(file, whole[:length]), f"cut to {length} bytes"


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (5, 1), (9, 7), (64, 48)])
def test_interlaced_pictures_are_counted_pass_by_pass(file: Path, size: tuple[int, int]) -> None:
    assert complete(file, interlaced_png(*size))


def test_an_interlaced_picture_without_its_last_pass_is_not_complete(file: Path) -> None:
    assert not complete(file, interlaced_png(64, 48, passes=6))


def test_bytes_after_the_end_are_no_harm(file: Path) -> None:
    assert complete(file, png() + b"\0trailing garbage")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        SIGNATURE,
        SIGNATURE + chunk(b"IEND"),
        head(4, 4) + chunk(b"IEND"),
        SIGNATURE + chunk(b"IDAT", zlib.compress(grey_rows(4, 4))) + chunk(b"IEND"),
        SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND"),
        head(4, 4, colour=5) + chunk(b"IEND"),
        head(4, 4) + chunk(b"IDAT", b"no zlib") + chunk(b"IEND"),
        head(4, 4) + chunk(b"IDAT", zlib.compress(grey_rows(4, 4))[:-4]) + chunk(b"IEND"),
        SIGNATURE + struct.pack(">I4s", 2**32 - 1, b"IHDR"),
        b"<html>" + png(),
    ],
)
def test_nonsense_is_not_complete(file: Path, content: bytes) -> None:
    assert not complete(file, content)


def test_a_picture_with_far_more_than_it_promises_is_refused(file: Path) -> None:
    endless = zlib.compress(bytes(300_000_000), 1)
    assert not complete(file, head(4, 4) + chunk(b"IDAT", endless) + chunk(b"IEND"))


def test_a_jpeg_needs_its_end_mark(file: Path) -> None:
    whole = encoded(gradient(), "JPEG")
    assert complete(file, whole, "jpeg")
    assert complete(file, whole + b"\0" * 100, "jpeg")
    assert not complete(file, whole[:-2], "jpeg")
    assert not complete(file, whole[: len(whole) // 2], "jpeg")


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_must_be_as_long_as_it_says(file: Path, lossless: bool) -> None:
    whole = encoded(gradient(), "WEBP", lossless=lossless)
    assert complete(file, whole, "webp")
    assert complete(file, whole + b"\0", "webp")
    assert not complete(file, whole[:-1], "webp")
    assert not complete(file, whole[:9], "webp")
