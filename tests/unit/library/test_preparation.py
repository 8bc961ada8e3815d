"""A picture is changed as far as sending it asks for, and no further; and it can be made lighter."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import warnings
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from gptimg_desktop.core.reference import Change, Shrink
from gptimg_desktop.services.library.imaging import encoding
from gptimg_desktop.services.library.imaging.preparation import Prepared, lighter, prepare
from gptimg_desktop.services.library.imaging.readers import (
    DecoderMissingError,
    NoPictureError,
    TooManyPixelsError,
    UnreadableImageError,
)
from tests.support.parts import BARE, parts
from tests.support.telling import CANARY, HELD, corners, four_corners, telling
from tests.unit.library.pictures import chunk, encoded, gradient, head, png, tiff
from tests.unit.library.profiles import ADOBE_RGB, in_srgb, ink_profile, rgb_profile

if TYPE_CHECKING:
    from pathlib import Path

SENT = ["png", "jpeg", "webp"]


def prepared(content: bytes) -> Prepared:
    """A prepared picture that is what it says it is, bare, and the same every time."""
    found = prepare(content, 64)
    image = shown(found.content)
    assert (image.format or "").lower() == found.format
    assert image.size == (found.pixels.width, found.pixels.height)
    assert image.mode in {"L", "LA", "RGB", "RGBA", "P", "1"}
    assert set(parts(found.content)) <= BARE[found.format]
    assert CANARY not in found.content
    assert prepare(content, 64) == found
    return found


def shown(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def photograph(width: int = 300, height: int = 200) -> Image.Image:
    """Grain over a gradient, as a camera makes it."""
    grain = Image.frombytes("L", (width, height), random.Random(7).randbytes(width * height))
    return Image.blend(gradient(width, height), grain.convert("RGB"), 0.2)


def see_through(width: int = 300, height: int = 200) -> Image.Image:
    picture = photograph(width, height).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    return picture


def wide_png(*rows: bytes, depth: int = 16, colour: int = 2) -> bytes:
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return head(8, len(rows), depth=depth, colour=colour) + chunk(b"IDAT", data) + chunk(b"IEND")


# What stays


@pytest.mark.parametrize("image_format", SENT)
def test_a_picture_that_is_ready_stays_byte_for_byte(image_format: str) -> None:
    content = encoded(gradient(300, 200), image_format.upper())
    found = prepared(content)
    assert (found.content, found.changes, found.came_as) == (content, (), image_format)
    assert (found.bitmap.width, found.bitmap.height) == (64, 43)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_a_png_of_any_kind_stays(mode: str) -> None:
    content = encoded(see_through().convert(mode), "PNG")
    assert prepared(content).content == content


@pytest.mark.parametrize("image_format", SENT)
def test_a_profile_that_says_srgb_goes_and_the_pixels_stay(image_format: str) -> None:
    plain = encoded(gradient(), image_format.upper())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = prepared(encoded(gradient(), image_format.upper(), icc_profile=profile))
    assert found.changes == ()
    assert shown(found.content).tobytes() == shown(plain).tobytes()


@pytest.mark.parametrize("profile", [b"no profile at all", ink_profile()], ids=["broken", "of inks"])
@pytest.mark.parametrize("image_format", SENT)
def test_a_profile_that_makes_no_sense_is_passed_over(image_format: str, profile: bytes) -> None:
    found = prepared(encoded(gradient(), image_format.upper(), icc_profile=profile))
    assert found.changes == ()
    assert found.format == image_format


# What is changed


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", SENT)
def test_a_picture_is_turned_upright_and_tells_nothing(image_format: str, orientation: int) -> None:
    found = prepared(telling(image_format, orientation))
    assert corners(shown(found.content)) == HELD[orientation]
    assert (found.pixels.width < found.pixels.height) == (orientation > 4)
    assert (found.bitmap.width < found.bitmap.height) == (orientation > 4)
    turned = (Change.TURNED,) if orientation > 1 else ()
    assert found.changes == (*turned, Change.STRIPPED)


@pytest.mark.parametrize("image_format", SENT)
def test_turning_costs_nothing_that_can_be_seen(image_format: str) -> None:
    given = prepare(telling(image_format, 1, photograph(), lossless=True), 64)
    found = prepared(telling(image_format, 3, photograph(), lossless=True))
    before = shown(given.content).convert("RGB")
    after = shown(found.content).convert("RGB").transpose(Image.Transpose.ROTATE_180)
    worst = max(abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True))
    assert worst <= (16 if image_format == "jpeg" else 0)


def test_a_turned_jpeg_keeps_the_colour_of_every_pixel() -> None:
    with JpegImageFile(io.BytesIO(prepared(telling("jpeg", 6)).content)) as image:
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_stays_as_lossy_as_it_was(lossless: bool) -> None:
    found = prepared(telling("webp", 6, see_through(), lossless=lossless))
    assert (b"VP8L" in found.content) is lossless
    assert shown(found.content).mode == "RGBA"


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA"])
def test_grey_and_alpha_outlive_turning(mode: str) -> None:
    assert shown(prepared(telling("png", 8, see_through().convert(mode))).content).mode == mode


def test_a_grey_jpeg_stays_grey() -> None:
    assert shown(prepared(telling("jpeg", 8, gradient().convert("L"))).content).mode == "L"


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [("png", "RGB"), ("png", "RGBA"), ("jpeg", "RGB"), ("webp", "RGB"), ("webp", "RGBA")],
)
def test_a_wide_gamut_becomes_srgb(image_format: str, mode: str) -> None:
    picture = Image.new(mode, (64, 48), (60, 140, 100, 200)[: len(mode)])
    content = encoded(picture, image_format.upper(), icc_profile=rgb_profile(ADOBE_RGB), quality=95)
    found = prepared(content)
    assert found.changes == (Change.TO_SRGB,)
    pixel = shown(found.content).getpixel((9, 9))
    assert isinstance(pixel, tuple)
    wanted = (*in_srgb((60, 140, 100), ADOBE_RGB), 200)[: len(mode)]
    assert all(abs(one - other) <= 5 for one, other in zip(pixel, wanted, strict=True)), pixel
    assert abs(found.bitmap.rgba[0] - wanted[0]) <= 5


@pytest.mark.parametrize("profile", [None, ink_profile()], ids=["plain", "with a profile"])
def test_inks_become_srgb(profile: bytes | None) -> None:
    content = encoded(four_corners().convert("CMYK"), "JPEG", quality=95, icc_profile=profile)
    found = prepared(content)
    assert (found.format, found.changes) == ("jpeg", (Change.TO_SRGB,))
    assert shown(found.content).mode == "RGB"
    if profile is None:
        assert corners(shown(found.content)) == "RGBW"


def test_16_bits_become_8() -> None:
    row = struct.pack(">HHH", 0xFFFF, 0x8000, 0x0123) * 8
    found = prepared(wide_png(row, row))
    assert found.changes == (Change.TO_8_BIT,)
    assert shown(found.content).getpixel((3, 1)) == (255, 128, 1)
    assert found.content[24] == 8


def test_16_bits_of_grey_become_8() -> None:
    found = prepared(wide_png(struct.pack(">H", 0x8000) * 8, colour=0))
    assert found.changes == (Change.TO_8_BIT,)
    assert shown(found.content).mode == "L"
    assert shown(found.content).getpixel((3, 0)) == 128


@pytest.mark.parametrize(
    ("key", "pixels", "wanted"),
    [
        ((0x1234, 0x5678, 0x9ABC), (0x1234, 0x5678, 0x9ABC), (0x12, 0x56, 0x9A, 0)),
        ((0, 0, 5), (0, 0, 0x0500), (0, 0, 5, 255)),
    ],
)
def test_a_key_of_16_bits_is_brought_to_8_too(
    key: tuple[int, ...], pixels: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    plain = wide_png(struct.pack(">HHH", *pixels) * 8)
    found = prepared(plain[:33] + chunk(b"tRNS", struct.pack(">HHH", *key)) + plain[33:])
    assert shown(found.content).getpixel((3, 0)) == wanted


def test_a_key_of_8_bits_stays_what_it_is() -> None:
    colour, profile = (60, 140, 100), rgb_profile(ADOBE_RGB)
    content = encoded(Image.new("RGB", (20, 20), colour), "PNG", transparency=colour, icc_profile=profile)
    pixel = shown(prepared(content).content).getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


def test_a_key_of_16_bits_of_grey_shines_through() -> None:
    plain = wide_png(struct.pack(">HH", 0, 0xFFFF) * 4, colour=0)
    found = prepared(plain[:33] + chunk(b"tRNS", bytes(2)) + plain[33:])
    image = shown(found.content)
    assert (image.getpixel((0, 0)), image.getpixel((1, 0))) == ((0, 0), (255, 255))
    assert (found.bitmap.rgba[3], found.bitmap.rgba[7]) == (0, 255)


@pytest.mark.parametrize(
    ("samples", "bits", "meaning", "grey"),
    [
        (b"\xff" * (16 * 8 * 3 // 2), 12, 1, 255),
        (b"\x80\x08\x00" * (16 * 8 // 2), 12, 1, 128),
        (struct.pack("<H", 0xE000) * 128, 16, 0, 31),
        (struct.pack("<H", 0xE000) * 128, 16, 1, 224),
        (b"\xe0" * 128, 8, 0, 31),
    ],
)
def test_grey_of_a_tiff_is_as_bright_as_it_says(samples: bytes, bits: int, meaning: int, grey: int) -> None:
    found = prepared(tiff(samples, (bits,), meaning=meaning))
    assert shown(found.content).getpixel((3, 3)) == grey
    assert (Change.TO_8_BIT in found.changes) == (bits > 8)


def _with_history(size: int, **more: Any) -> bytes:
    info = PngInfo()
    info.add_text("workflow", "x" * size, zip=True)
    info.add_itxt("also", "x" * size, zip=True)
    for number in range(70):
        info.add_text(f"part {number}", "x" * 1_000_000, zip=True)
    return encoded(four_corners(), "PNG", pnginfo=info, **more)


def test_a_png_with_long_texts_is_taken_without_them() -> None:
    found = prepared(_with_history(1_500_000))
    assert found.content == encoded(four_corners(), "PNG")
    assert found.changes == (Change.STRIPPED,)


def test_of_many_histories_one_is_read() -> None:
    info = PngInfo()
    for _ in range(70):
        info.add_itxt("XML:com.adobe.xmp", "x" * 1_000_000, zip=True)
    assert prepared(encoded(four_corners(), "PNG", pnginfo=info)).changes == (Change.STRIPPED,)


def test_a_profile_too_long_to_be_one_is_passed_over() -> None:
    found = prepared(encoded(gradient(), "PNG", icc_profile=bytes(1_500_000)))
    assert (found.content, found.changes) == (png(), ())


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("kind", ["raw profile", "editing history"])
def test_texts_that_say_how_the_camera_was_held_are_heard(kind: str, zipped: bool) -> None:
    info = PngInfo()
    if kind == "raw profile":
        held = Image.Exif()
        held[0x0112] = 6
        words = held.tobytes().hex()
        info.add_text("Raw profile type exif", f"\nexif\n{len(words) // 2}\n{words}\n", zip=zipped)
    else:
        info.add_itxt("XML:com.adobe.xmp", '<rdf tiff:Orientation="6"/>', zip=zipped)
    found = prepared(encoded(four_corners(), "PNG", pnginfo=info))
    assert corners(shown(found.content)) == HELD[6]
    assert found.changes == (Change.TURNED, Change.STRIPPED)


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF", "AVIF"])
def test_of_an_animation_the_first_frame_is_sent(image_format: str) -> None:
    others = [four_corners().rotate(180), four_corners().rotate(180)]
    content = encoded(four_corners(), image_format, save_all=True, append_images=others, duration=50)
    found = prepared(content)
    assert Change.FIRST_FRAME in found.changes
    assert corners(shown(found.content)) == "RGBW"
    assert getattr(shown(found.content), "n_frames", 1) == 1


def test_of_a_file_of_pages_the_first_is_sent() -> None:
    content = encoded(four_corners(), "TIFF", save_all=True, append_images=[four_corners().rotate(180)])
    found = prepared(content)
    assert found.changes == (Change.FIRST_FRAME, Change.CONVERTED)
    assert corners(shown(found.content)) == "RGBW"


# What becomes another format


@pytest.mark.parametrize(
    ("came_as", "picture", "becomes"),
    [
        ("tiff", four_corners(), "png"),
        ("tiff", photograph(), "jpeg"),
        ("tiff", see_through(), "png"),
        ("tiff", photograph().convert("CMYK"), "jpeg"),
        ("bmp", four_corners(), "png"),
        ("bmp", photograph(), "jpeg"),
        ("gif", four_corners(), "png"),
        ("avif", photograph(), "jpeg"),
        ("avif", see_through(), "png"),
    ],
)
def test_another_format_becomes_one_that_is_sent(came_as: str, picture: Image.Image, becomes: str) -> None:
    found = prepared(encoded(picture, came_as.upper()))
    assert (found.came_as, found.format) == (came_as, becomes)
    assert Change.CONVERTED in found.changes
    assert (Change.TO_SRGB in found.changes) == (picture.mode == "CMYK")
    assert ("A" in shown(found.content).mode) == (picture.mode == "RGBA")


def test_drawings_become_png_pixel_for_pixel() -> None:
    for came_as in ("TIFF", "BMP", "GIF"):
        found = prepared(encoded(four_corners(), came_as))
        assert shown(found.content).convert("RGB").tobytes() == four_corners().tobytes()


def test_a_gif_keeps_what_shines_through() -> None:
    picture = Image.new("P", (20, 20), 1)
    picture.putpalette([250, 0, 0, 0, 0, 250])
    picture.paste(0, (0, 0, 10, 20))
    found = shown(prepared(encoded(picture, "GIF", transparency=0)).content)
    assert (found.getpixel((2, 2)), found.getpixel((15, 2))) == ((250, 0, 0, 0), (0, 0, 250, 255))


@pytest.mark.parametrize("image_format", ["tiff", "avif"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_other_formats_are_turned_and_cleaned_too(image_format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CANARY WORKS"
    found = prepared(encoded(four_corners(), image_format.upper(), exif=exif, comment=CANARY))
    assert corners(shown(found.content)) == HELD[orientation]
    turned = (Change.TURNED,) if orientation > 1 else ()
    assert found.changes == (*turned, Change.STRIPPED, Change.CONVERTED)


def test_a_tiff_of_16_bits_says_so() -> None:
    found = prepared(encoded(Image.new("I;16", (20, 20), 0x8000), "TIFF"))
    assert found.changes == (Change.TO_8_BIT, Change.CONVERTED)
    assert shown(found.content).getpixel((3, 3)) == 128


@pytest.mark.parametrize("tag", [{254: 1}, {50706: b"\1\4\0\0"}], ids=["preview", "DNG"])
def test_a_raw_file_of_a_camera_is_not_taken_for_its_preview(tag: dict[int, Any]) -> None:
    info = ImageFileDirectory_v2()
    for number, value in tag.items():
        info[number] = value
    with pytest.raises(NoPictureError):
        prepare(encoded(gradient(), "TIFF", tiffinfo=info), 64)


def test_a_picture_for_which_no_decoder_is_here_is_told_by_its_format(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(DecoderMissingError) as missing:
        prepare(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), 64)
    assert missing.value.format == "heic"


def test_heic_is_read_where_there_is_a_decoder() -> None:
    decoder = pytest.importorskip("pillow_heif", reason="no decoder for HEIC is installed")
    file = io.BytesIO()
    decoder.from_pillow(photograph()).save(file)
    found = prepared(file.getvalue())
    assert (found.came_as, found.format, found.changes) == ("heic", "jpeg", (Change.CONVERTED,))


# What is refused


@pytest.mark.parametrize(
    "content",
    [
        head(30_000, 30_000) + chunk(b"IDAT", b"") + chunk(b"IEND"),
        encoded(gradient(), "BMP")[:18]
        + struct.pack("<ii", 30_000, 30_000)
        + encoded(gradient(), "BMP")[26:],
        b"GIF89a" + struct.pack("<HH", 30_000, 30_000) + encoded(gradient(), "GIF")[10:],
    ],
    ids=["png", "bmp", "gif"],
)
def test_too_many_pixels_are_refused_unread(content: bytes) -> None:
    with pytest.raises(TooManyPixelsError) as refused:
        prepare(content, 64)
    assert refused.value.pixels.width == 30_000


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp", "tiff", "bmp", "gif", "avif"])
def test_damage_is_a_picture_or_a_refusal(image_format: str) -> None:
    """Anything but UnreadableImageError would reach the user as a bug of ours."""
    dice = random.Random(20261122)
    whole = encoded(gradient(48, 40), image_format.upper())
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 2, 5, 20))):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow says what it makes of such data
            try:
                prepare(bytes(content[: dice.randrange(len(content) // 2, len(content) + 1)]), 16)
            except UnreadableImageError:
                continue


# Lighter


def made_lighter(content: bytes, longest_edge: int = 100, quality: int = 70) -> tuple[Image.Image, str, int]:
    made, image_format, pixels = lighter(content, Shrink(longest_edge=longest_edge, quality=quality))
    image = shown(made)
    assert image.size == (pixels.width, pixels.height)
    assert (image.format or "").lower() == image_format
    assert set(parts(made)) <= BARE[image_format]
    assert lighter(content, Shrink(longest_edge=longest_edge, quality=quality))[0] == made
    return image, image_format, len(made)


@pytest.mark.parametrize(
    ("image_format", "picture", "becomes"),
    [
        ("jpeg", photograph(), "jpeg"),
        ("jpeg", photograph().convert("L"), "jpeg"),
        ("webp", photograph(), "webp"),
        ("webp", see_through(), "webp"),
        ("png", photograph(), "jpeg"),
        ("png", photograph().convert("RGBA"), "jpeg"),
        ("png", see_through(), "webp"),
        ("png", four_corners(3000, 2000), "png"),
        ("png", photograph().quantize(200), "jpeg"),
    ],
)
def test_a_picture_is_made_lighter(image_format: str, picture: Image.Image, becomes: str) -> None:
    content = encoded(picture, image_format.upper())
    image, found, size = made_lighter(content)
    assert found == becomes
    assert image.size == (100, 67)
    assert size < len(content)
    assert ("A" in image.mode) == (picture.mode == "RGBA" and becomes == "webp")


def test_quality_alone_makes_lighter_and_nothing_is_enlarged() -> None:
    content = encoded(photograph(), "JPEG", quality=95)
    image, _, size = made_lighter(content, longest_edge=4000, quality=40)
    assert image.size == (300, 200)
    assert size < len(content) / 2


@pytest.mark.parametrize(
    ("size", "shrunk"), [((1000, 10), (100, 1)), ((3, 1000), (1, 100)), ((901, 900), (100, 100))]
)
def test_a_shape_stays_as_near_as_pixels_can_be(size: tuple[int, int], shrunk: tuple[int, int]) -> None:
    for image_format in ("PNG", "JPEG"):
        assert made_lighter(encoded(gradient(*size), image_format))[0].size == shrunk


def test_shrinking_is_smooth() -> None:
    stripes = Image.new("RGB", (400, 400))
    stripes.putdata([(255, 255, 255) if x % 2 else (0, 0, 0) for _ in range(400) for x in range(400)])
    image, *_ = made_lighter(encoded(stripes, "PNG"), quality=95)
    assert all(110 < grey < 145 for grey in image.convert("L").tobytes())


def test_a_jpeg_is_never_shrunk_from_fewer_pixels_than_it_ends_with() -> None:
    stripes = Image.new("L", (800, 800))
    for start in range(0, 800, 4):
        stripes.paste(255, (start, 0, start + 2, 800))
    image, *_ = made_lighter(encoded(stripes, "JPEG", quality=95), longest_edge=400, quality=95)
    greys = image.crop((100, 100, 300, 300)).tobytes()
    assert (min(greys) < 60, max(greys) > 195) == (True, True)


PEAK = """
import re, sys
from pathlib import Path
from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.services.library.imaging import preparation
content = Path(sys.argv[1]).read_bytes()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
before = peak()
preparation._within(content, "png", int(sys.argv[2]))
print((peak() - before) / (4000 * 4000 * 4))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts in units of its own")
@pytest.mark.parametrize(("longest_edge", "most"), [(1000, 2.3), (3999, 3.4)])
def test_shrinking_holds_no_more_pictures_than_it_needs(
    tmp_path: Path, longest_edge: int, most: float
) -> None:
    path = tmp_path / "large.png"
    Image.new("RGBA", (4000, 4000), (1, 2, 3, 128)).save(path, compress_level=1)
    command = [sys.executable, "-c", PEAK, str(path), str(longest_edge)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert float(told.stdout) < most


def test_an_old_copy_that_was_not_made_ready_is_upright_when_it_is_lighter() -> None:
    image, *_ = made_lighter(telling("jpeg", 6, four_corners(960, 640)), quality=90)
    assert image.size == (67, 100)
    assert corners(image) == HELD[6]


def test_more_detail_than_lossy_webp_can_hold_goes_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    really = encoding._saved

    def full(picture: Image.Image, image_format: str, **more: Any) -> bytes:
        if not more.get("lossless"):
            raise ValueError("encoding error 6")
        return really(picture, image_format, **more)

    monkeypatch.setattr(encoding, "_saved", full)
    assert shown(encoding.as_webp(gradient())).convert("RGB").tobytes() == gradient().tobytes()


def test_fields_of_another_kind_than_expected_are_damage() -> None:
    content = bytearray(encoded(gradient(), "TIFF"))
    entry = content.index(struct.pack("<HHI", 273, 4, 1))  # where its pixels begin
    content[entry + 2] = 2  # called a text
    with pytest.raises(UnreadableImageError):
        prepare(bytes(content), 64)
