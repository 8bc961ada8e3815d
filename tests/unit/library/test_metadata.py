"""What stands beside a picture goes, and the picture stays as it was to the last bit."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
from typing import Any

import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from gptimg_desktop.services.library.imaging import metadata
from gptimg_desktop.services.library.imaging.metadata import UnfollowableError, is_lossless_webp, stripped
from gptimg_desktop.services.library.imaging.png_chunks import for_reading
from tests.support.parts import BARE, parts
from tests.support.telling import CANARY, chunk, riff, saved, segment, telling
from tests.unit.library.pictures import gradient
from tests.unit.library.profiles import ADOBE_RGB, rgb_profile

PICTURES: dict[str, tuple[str, Image.Image, dict[str, Any]]] = {
    "a JPEG": ("jpeg", gradient(), {}),
    "a progressive JPEG": ("jpeg", gradient(), {"progressive": True}),
    "a JPEG in restarted parts": ("jpeg", gradient(), {"restart_marker_rows": 1}),
    "a grey JPEG": ("jpeg", gradient().convert("L"), {}),
    "a JPEG of inks": ("jpeg", gradient().convert("CMYK"), {}),
    "a JPEG with a profile": ("jpeg", gradient(), {"icc_profile": rgb_profile(ADOBE_RGB) * 100}),
    "a PNG": ("png", gradient(), {}),
    "a PNG with alpha": ("png", gradient().convert("RGBA"), {}),
    "a PNG with a palette": ("png", gradient().quantize(16), {"transparency": 3}),
    "a PNG with a profile": ("png", gradient(), {"icc_profile": rgb_profile(ADOBE_RGB)}),
    "a lossy WebP": ("webp", gradient(), {}),
    "a lossless WebP": ("webp", gradient(), {"lossless": True}),
    "a WebP with alpha": ("webp", Image.merge("RGBA", [*gradient().split(), gradient().split()[0]]), {}),
    "a WebP with a profile": ("webp", gradient(), {"icc_profile": rgb_profile(ADOBE_RGB)}),
}


def pixels(content: bytes) -> tuple[str, bytes, bytes]:
    """The mode and the samples of a picture, and its palette's transparency."""
    file = io.BytesIO(content)
    with JpegImageFile(file) if content.startswith(b"\xff\xd8") else Image.open(file) as image:
        image.load()
        return image.mode, image.tobytes(), repr(image.info.get("transparency")).encode()


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("is_telling", [True, False], ids=["telling", "bare"])
def test_the_picture_stays_and_nothing_beside_it(name: str, is_telling: bool) -> None:
    image_format, picture, more = PICTURES[name]
    bare = saved(picture, image_format.upper(), quality=95, **more)
    content = telling(image_format, picture=picture, **more) if is_telling else bare
    found = stripped(content, image_format)
    assert set(parts(found.content)) <= BARE[image_format]
    assert CANARY not in found.content
    assert pixels(found.content) == pixels(content)
    assert found.told is is_telling


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_what_is_bare_stays_byte_for_byte(image_format: str) -> None:
    content = saved(gradient(), image_format.upper())
    assert stripped(content, image_format).content == content


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_cleaning_twice_is_cleaning_once(image_format: str) -> None:
    once = stripped(telling(image_format), image_format)
    again = stripped(once.content, image_format)
    assert (again.content, again.told) == (once.content, False)


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize(("behind", "told"), [(b"\0" * 100, False), (b"more", True)])
def test_what_follows_the_end_goes(image_format: str, behind: bytes, told: bool) -> None:
    content = saved(gradient(), image_format.upper())
    found = stripped(content + behind, image_format)
    assert (found.content, found.told) == (content, told)


def test_the_thumbnail_in_the_first_segment_of_a_jpeg_goes() -> None:
    plain = saved(gradient(), "JPEG")
    small = segment(0xE0, plain[6:18] + bytes((2, 2)) + b"CANARYCANARY")
    found = stripped(plain[:2] + small + plain[20:], "jpeg")
    assert (found.content, found.told) == (plain, True)


def test_a_jpeg_tells_nothing_between_its_scans_and_in_the_colour_segment() -> None:
    content = saved(gradient().convert("CMYK"), "JPEG", progressive=True)
    adobe = content.index(b"Adobe") - 4
    content = (
        content[:adobe] + segment(0xEE, content[adobe + 4 : adobe + 16] + CANARY) + content[adobe + 16 :]
    )
    second = content.index(b"\xff\xda", content.index(b"\xff\xda") + 2)
    found = stripped(content[:second] + segment(0xFE, CANARY) + content[second:], "jpeg")
    assert found.told
    assert set(parts(found.content)) <= BARE["jpeg"]
    assert pixels(found.content) == pixels(content)


def test_of_several_pictures_in_a_jpeg_the_first_stays() -> None:
    content = saved(gradient(), "MPO", save_all=True, append_images=[gradient().rotate(180)])
    found = stripped(content, "jpeg")
    assert found.told
    assert set(parts(found.content)) <= BARE["jpeg"]
    assert pixels(found.content) == pixels(content)


def test_filling_before_a_marker_is_followed() -> None:
    plain = saved(gradient(), "JPEG")
    filled = plain[:20] + b"\xff\xff\xff" + plain[20:-2] + b"\xff" + plain[-2:]
    assert pixels(stripped(filled, "jpeg").content) == pixels(plain)


@pytest.mark.parametrize("step", range(2, 40))
def test_a_scan_is_searched_in_steps_without_missing_its_end(
    monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(metadata, "_SEARCH_BYTES", step)
    for progressive in (True, False):
        content = saved(gradient(200, 150), "JPEG", progressive=progressive)
        assert stripped(content + b"more", "jpeg").content == content


def test_of_a_moving_png_the_first_frame_stays() -> None:
    content = saved(
        gradient(), "PNG", save_all=True, append_images=[gradient().rotate(90), gradient().rotate(180)]
    )
    found = stripped(content, "png")
    assert set(parts(found.content)) <= BARE["png"]
    assert pixels(found.content) == pixels(saved(gradient(), "PNG"))


NUMBERS = {
    b"gAMA": struct.pack(">I", 45_455),
    b"cHRM": struct.pack(">8I", 31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000),
    b"sRGB": b"\0",
    b"cICP": bytes((1, 13, 0, 1)),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_say_how_colours_are_meant_go_and_told_nothing(name: bytes) -> None:
    plain = saved(gradient(), "PNG")
    found = stripped(plain[:33] + chunk(name, NUMBERS[name]) + plain[33:], "png")
    assert (found.content, found.told) == (plain, False)


@pytest.mark.parametrize(
    ("picture", "name", "most"),
    [
        (gradient(), b"IEND", 0),
        (gradient().quantize(16), b"IEND", 0),
        (gradient(), b"tRNS", 6),
        (gradient().convert("L"), b"tRNS", 2),
        (gradient().convert("RGBA"), b"tRNS", None),
        (gradient(), b"PLTE", None),
        (gradient().quantize(256), b"PLTE", 768),
        (gradient().quantize(256), b"tRNS", 256),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else repr(value),
)
def test_nothing_hides_behind_what_a_chunk_means(picture: Image.Image, name: bytes, most: int | None) -> None:
    plain = saved(picture, "PNG")
    filling = b"\1" * (most or 0)
    place = -12 if name == b"IEND" else plain.index(b"IDAT") - 4
    behind = plain[-12:] if name != b"IEND" else b""
    rest = plain[place:-12] if name != b"IEND" else b""
    found = stripped(plain[:place] + chunk(name, filling + CANARY) + rest + behind, "png")
    wanted = chunk(name, filling) if most is not None else b""
    assert found.content == plain[:place] + wanted + rest + behind
    Image.open(io.BytesIO(found.content)).load()


@pytest.mark.parametrize("short", [b"JFIF\0", b"JFIF\0\1\1\0\0\1\0\1\0", b"Adobe\0\x64\0\0\0\0"])
def test_a_segment_that_is_too_short_to_say_anything_goes(short: bytes) -> None:
    plain = saved(gradient(), "JPEG")
    found = stripped(plain[:20] + segment(0xE0 if short[:1] == b"J" else 0xEE, short) + plain[20:], "jpeg")
    assert found.content == plain


@pytest.mark.parametrize("marker", [b"\xff\x01", b"\xff\xfe\0\2"], ids=["empty", "comments"])
def test_a_file_of_nothing_but_marks_is_not_taken_apart(
    marker: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "MOST_PIECES", 2_000)
    plain = saved(gradient(), "JPEG")
    content = plain[:2] + marker * 40_000 + plain[2:]
    tracemalloc.start()
    try:
        with pytest.raises(UnfollowableError):
            stripped(content, "jpeg")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_mark_that_means_nothing_within_the_pixels_is_not_followed() -> None:
    plain = saved(gradient(), "JPEG")
    with pytest.raises(UnfollowableError):
        stripped(plain[:-40] + b"\xff\x01" + plain[-40:], "jpeg")


@pytest.mark.timeout(10)
def test_a_png_of_far_too_many_chunks_is_not_taken_apart() -> None:
    plain = saved(gradient(), "PNG")
    content = plain[:33] + chunk(b"abCd") * 100_000 + plain[33:]
    with pytest.raises(UnfollowableError):
        stripped(content, "png")
    with pytest.raises(ValueError, match="too many"):
        for_reading(content)


@pytest.mark.parametrize(
    ("content", "image_format"),
    [
        (b"", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"RIFF", "webp"),
        (saved(gradient(), "PNG")[:-12], "png"),
        (saved(gradient(), "JPEG")[:-2], "jpeg"),
        (saved(gradient(), "WEBP")[:-2], "webp"),
        (saved(gradient(), "PNG")[:33] + chunk(b"CgBI") + saved(gradient(), "PNG")[33:], "png"),
        (saved(gradient(), "WEBP", save_all=True, append_images=[gradient().rotate(90)]), "webp"),
    ],
)
def test_what_cannot_be_followed_is_told(content: bytes, image_format: str) -> None:
    with pytest.raises(UnfollowableError):
        stripped(content, image_format)


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_damage_is_followed_or_told(image_format: str) -> None:
    dice = random.Random(20261123)
    whole = telling(image_format)
    for _ in range(1500):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 3, 10))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            found = stripped(
                bytes(content[: dice.randrange(len(content) // 2, len(content) + 1)]), image_format
            )
        except UnfollowableError:
            continue
        assert len(found.content) <= len(whole)


@pytest.mark.parametrize("moves", [True, False])
@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("exif", [b"", b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"])
def test_a_webp_without_loss_is_known(moves: bool, lossless: bool, exif: bytes) -> None:
    more = {"save_all": True, "append_images": [gradient().rotate(90)]} if moves else {}
    content = saved(gradient(), "WEBP", lossless=lossless, exif=exif, **more)
    assert is_lossless_webp(content) is lossless


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WEBP" + riff(b"ANMF", b"short"), b"x" * 40])
def test_of_a_broken_webp_nothing_is_known(content: bytes) -> None:
    assert not is_lossless_webp(content)
