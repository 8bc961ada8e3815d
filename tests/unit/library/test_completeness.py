"""An image counts as here when every row of it is."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from gptimg_desktop.services.library.imaging.completeness import picture_end
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
    return picture_end(file, image_format) is not None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (13, 7), (64, 48)])
def test_every_mode_of_png_that_pillow_writes_is_complete(
    file: Path, mode: str, size: tuple[int, int]
) -> None:
    assert complete(file, encoded(Image.new(mode, size), "PNG"))


@pytest.mark.parametrize("colours", [2, 4, 16])
def test_palettes_of_a_few_bits_are_counted_in_bits(file: Path, colours: int) -> None:
    assert complete(file, encoded(gradient(13, 7).quantize(colours), "PNG"))


@pytest.mark.row(61)
def test_half_the_rows_are_not_the_picture_although_pillow_reads_it(file: Path) -> None:
    file.write_bytes(grey_png(64, 48, rows=24))
    with Image.open(file) as picture:
        picture.load()
    assert picture_end(file, "png") is None


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


@pytest.mark.row(62)
def test_a_missing_end_mark_is_noticed(file: Path) -> None:
    assert not complete(file, png().removesuffix(chunk(b"IEND")))


@pytest.mark.row(62)
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


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("extra", [b"", b"\0", b"trailing garbage", b"\xff\xd9"])
def test_the_end_of_a_picture_is_found_whatever_follows(file: Path, image_format: str, extra: bytes) -> None:
    whole = encoded(gradient(), image_format.upper())
    file.write_bytes(whole + extra)
    assert picture_end(file, image_format) == len(whole)


# JPEG

JPEGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "in several scans": {"progressive": True},
    "with restarts": {"restart_marker_rows": 1},
    "with a remark": {"comment": b"\xff\xd9" * 10},
    "fine": {"quality": 100, "subsampling": 0},
}


def jpeg(**more: Any) -> bytes:
    return encoded(gradient(200, 100), "JPEG", **more)


def with_preview() -> bytes:
    """What a camera makes: a small whole JPEG, end mark and all, lies before the picture's own data."""
    small = jpeg()
    head = b"\xff\xe1" + struct.pack(">H", len(small) + 8) + b"Exif\0\0" + small
    return jpeg()[:2] + head + jpeg()[2:]


@pytest.mark.parametrize("way", JPEGS)
def test_a_jpeg_is_whole_with_its_last_byte_and_not_before(file: Path, way: str) -> None:
    whole = jpeg(**JPEGS[way])
    assert complete(file, whole, "jpeg")
    for length in (*range(0, len(whole), 37), len(whole) - 2, len(whole) - 1):
        assert not complete(file, whole[:length], "jpeg"), f"cut to {length} bytes"


@pytest.mark.row(62)
def test_the_end_mark_of_a_preview_is_not_the_pictures(file: Path) -> None:
    whole = with_preview()
    assert complete(file, whole, "jpeg")
    for length in range(2, len(whole), 101):
        assert not complete(file, whole[:length], "jpeg"), f"cut to {length} bytes"


def test_a_jpeg_without_any_data_before_its_end_is_none(file: Path) -> None:
    whole = jpeg()
    scan = whole.index(b"\xff\xda")
    assert not complete(file, whole[:scan] + b"\xff\xd9", "jpeg")


def test_a_jpeg_that_lacks_the_scan_of_a_colour_is_not_whole(file: Path) -> None:
    """Three colours are promised; a scan of the first alone, then the end."""
    whole = jpeg()
    scan = whole.index(b"\xff\xda")
    only_first = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00"
    rest = whole[scan + 2 + struct.unpack(">H", whole[scan + 2 : scan + 4])[0] :]
    assert not complete(file, whole[:scan] + only_first + rest, "jpeg")


def test_bytes_between_the_parts_of_a_jpeg_are_borne_as_readers_bear_them(file: Path) -> None:
    whole = jpeg()
    scan = whole.index(b"\xff\xda")
    odd = whole[:scan] + b"\0\0" + b"\xff" * 5 + whole[scan:]
    file.write_bytes(odd)
    with Image.open(file) as picture:
        picture.load()
    assert complete(file, odd, "jpeg")


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe0\0\1"])
def test_no_nonsense_is_a_jpeg(file: Path, content: bytes) -> None:
    assert not complete(file, content, "jpeg")


# WebP


def webp(**more: Any) -> bytes:
    return encoded(gradient(), "WEBP", **more)


def animated() -> bytes:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "teal", "white")]
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=40)


WEBPS = {
    "lossy": webp(),
    "lossless": webp(lossless=True),
    "with a profile": webp(icc_profile=b"x" * 11),
    "see-through": encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 4)), "WEBP"),
    "animated": animated(),
}


@pytest.mark.parametrize("kind", WEBPS)
def test_a_webp_is_whole_with_its_last_byte_and_not_before(file: Path, kind: str) -> None:
    whole = WEBPS[kind]
    assert complete(file, whole, "webp")
    for length in range(len(whole)):
        assert not complete(file, whole[:length], "webp"), f"cut to {length} bytes"


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "content",
    [
        b"RIFF",
        riff(),
        riff((b"EXIF", b"x")),
        riff((b"VP8X", bytes(10))),
        riff((b"VP8X", b"\2" + bytes(9)), (b"ANIM", bytes(6))),
        riff((b"VP8X", b"\2" + bytes(9)), (b"ANMF", bytes(16))),
        riff((b"VP8X", b"\2" + bytes(9)), (b"ANMF", bytes(16) + b"VP8 " + struct.pack("<I", 99))),
        riff((b"VP8 ", b"xx")).replace(struct.pack("<I", 2), struct.pack("<I", 3)),
    ],
)
def test_a_webp_without_a_whole_picture_in_it_is_none(file: Path, content: bytes) -> None:
    """Its lengths add up, or nearly; what they hold is no picture."""
    assert not complete(file, content, "webp")
