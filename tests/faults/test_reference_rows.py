"""Whatever is given as a reference is made ready for sending, or refused in words; nothing waits for it."""

from __future__ import annotations

import os
import socket
import struct
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.core.reference import Change
from gptimg_desktop.services.library.imaging import preparation
from gptimg_desktop.services.library.references.store import ReferenceStore
from gptimg_desktop.ui.messages import sentence
from tests.support.kept_references import add_file
from tests.support.telling import corners, four_corners, telling
from tests.unit.library.pictures import (
    chunk,
    encoded,
    flipped_png,
    gradient,
    grey_png,
    head,
    interlaced_png,
    png,
    tiff,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "a chair.png"
NO_FILE = "“a chair.png” is not a file. Drop a picture file, such as a PNG, JPEG or WebP."
NO_PICTURE = "“a chair.png” is not a picture that can be read. PNG, JPEG, WebP, TIFF, BMP, GIF and AVIF can."
DAMAGED = "“a chair.png” is damaged. Save it anew from the program it came from, then add it again."


@pytest.fixture
def store(tmp_path: Path) -> ReferenceStore:
    return ReferenceStore(tmp_path / "references")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / NAME


def told(store: ReferenceStore, path: Path) -> str:
    """The words with which a file is refused; nothing of it is kept."""
    with pytest.raises(BadInputError) as refused:
        add_file(store, path)
    folder = store.path("0" * 64).parent
    assert not folder.exists() or not list(folder.iterdir())
    return sentence(refused.value.problem)


@pytest.mark.row(112)
@pytest.mark.parametrize(("size", "words"), [(2_000_000_000, "2000 MB"), (100_000_000_000, "100000 MB")])
def test_a_file_too_large_is_refused_unread(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch, size: int, words: str
) -> None:
    source.write_bytes(png())
    os.truncate(source, size)

    def read(*_: object, **__: object) -> None:
        raise AssertionError("the file was read")

    for name in ("fdopen", "read", "pread"):
        monkeypatch.setattr(os, name, read)
    assert told(store, source) == (
        f"“a chair.png” is too large. It has {words}; files of up to 100 MB can be added."
    )


def _folder(path: Path) -> None:
    path.mkdir()


def _circle(path: Path) -> None:
    other = path.with_name("other")
    path.symlink_to(other)
    other.symlink_to(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    place = os.getcwd()  # noqa: PTH109 - a socket's path must be short
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(place)


@pytest.mark.row(113)
@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "make",
    [os.mkfifo, _device, _socket, _folder, _circle],
    ids=["pipe", "device", "socket", "folder", "circle"],
)
def test_what_is_no_file_is_told_at_once(
    store: ReferenceStore, source: Path, make: Callable[[Path], None]
) -> None:
    make(source)
    assert told(store, source) == NO_FILE


STRANGERS = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
    "xml": b"<?xml version='1.0'?><svg/>",
    "html": b"<!DOCTYPE html><img src='http://127.0.0.1/'>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "psd": b"8BPS\0\1" + bytes(100),
    "text": b"BMW 2002 tii, a car and no bitmap",
    "icon": encoded(gradient(), "ICO"),
    "fits": b"SIMPLE  =                    T",
    "jpeg 2000": encoded(gradient(), "JPEG2000"),
    "sound": b"RIFF\0\0\0\0WAVEfmt ",
    "film": b"\0\0\0\x18ftypmp42\0\0\0\0isommp41" + bytes(100),
    "zeros": bytes(4096),
    "raw file": encoded(gradient(), "TIFF", tiffinfo={254: 1}),
}


@pytest.mark.row(114)
@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS)
def test_what_is_no_picture_reaches_no_reader(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def guess(*_: object, **__: object) -> None:
        raise AssertionError("a reader was looked for")

    for name in ("open", "init", "preinit"):
        monkeypatch.setattr(Image, name, guess)
    source.write_bytes(content)
    assert told(store, source) == NO_PICTURE


@pytest.mark.row(114)
@pytest.mark.parametrize(
    ("came_as", "becomes"), [("tiff", "png"), ("bmp", "png"), ("gif", "png"), ("avif", "jpeg")]
)
def test_another_picture_is_converted_whatever_its_name(
    store: ReferenceStore, source: Path, came_as: str, becomes: str
) -> None:
    source.write_bytes(encoded(four_corners(), came_as.upper()))
    reference, _ = add_file(store, source)
    assert (reference.came_as, reference.media_type) == (came_as, f"image/{becomes}")
    assert reference.changes == (Change.CONVERTED,)
    with Image.open(store.path(reference.sha256)) as kept:
        assert corners(kept) == "RGBW"


@pytest.mark.row(114)
def test_a_format_without_a_decoder_says_what_to_do(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    source.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    assert told(store, source) == (
        "“a chair.png” cannot be read: HEIC needs a decoder that is not installed here. Save it as JPEG or "
        "PNG, then add that."
    )


def _large_jpeg() -> bytes:
    content = bytearray(encoded(Image.new("L", (16, 16)), "JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 9_000, 12_000)
    return bytes(content)


def _large_tiff() -> bytes:
    content = bytearray(encoded(gradient(), "TIFF"))
    for tag in (256, 257):
        entry = content.index(struct.pack("<HHI", tag, 4, 1))
        content[entry + 8 : entry + 12] = struct.pack("<I", 30_000)
    return bytes(content)


BOMBS = {
    "png": (
        head(30_000, 30_000) + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND"),
        30_000,
        30_000,
    ),
    "jpeg": (_large_jpeg(), 12_000, 9_000),
    "tiff": (_large_tiff(), 30_000, 30_000),
    "gif": (b"GIF89a" + struct.pack("<HH", 50_000, 50_000) + encoded(gradient(), "GIF")[10:], 50_000, 50_000),
    "just too many": (head(8_001, 8_000) + chunk(b"IDAT") + chunk(b"IEND"), 8_001, 8_000),
}


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be decoded."""

    def load(_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(preparation, "load", load)


@pytest.mark.row(115)
@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_by_its_head(
    store: ReferenceStore, source: Path, bomb: tuple[bytes, int, int]
) -> None:
    content, width, height = bomb
    source.write_bytes(content)
    assert told(store, source) == (
        f"“a chair.png” has too many pixels ({width} × {height}). Make it smaller, then add it again."
    )


BEGINNINGS = {
    "text": (b"zTXt", b"A\0\0"),
    "text of any alphabet": (b"iTXt", b"A\0\1\0\0\0"),
    "camera data": (b"zTXt", b"Raw profile type exif\0\0"),
    "editing history": (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0"),
    "profile": (b"iCCP", b"A\0\0"),
}


@pytest.mark.row(115)
@pytest.mark.parametrize(("name", "begins"), BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("where", [33, -12], ids=["before the pixels", "behind them"])
def test_what_unpacks_without_end_is_left_out_unread(
    store: ReferenceStore, name: bytes, begins: bytes, where: int
) -> None:
    bomb = chunk(name, begins + zlib.compress(bytes(200_000_000), 1))
    tracemalloc.start()
    try:
        reference, _ = store.add_bytes(png()[:where] + bomb * 2 + png()[where:], NAME)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert reference.changes == (() if name == b"iCCP" else (Change.STRIPPED,))
    assert store.path(reference.sha256).read_bytes() == png()


def _moving_gif() -> bytes:
    return encoded(gradient(), "GIF", save_all=True, append_images=[gradient().rotate(180)], duration=40)


def _cut_gif(place: int) -> bytes:
    whole = _moving_gif()
    return whole[: whole.rindex(b"!\xf9\x04") + place]


FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
WRECKS = {
    "empty": b"",
    "a beginning and no more": png()[:20],
    "a flipped bit": flipped_png(),
    "a PNG of half its rows": grey_png(64, 48, rows=24),
    "a PNG of three passes": interlaced_png(64, 48, passes=3),
    "a PNG with a wrong checksum": png()[:-16] + b"abcd" + png()[-12:],
    **{f"a GIF cut {place} bytes into its second frame": _cut_gif(place) for place in (1, 3, 17)},
    "a JPEG of nothing but marks": b"\xff\xd8" + b"\xff\x01" * 5_000_000,
    **{
        f"half a {name}": encoded(gradient(), name)[: len(encoded(gradient(), name)) // 2] for name in FORMATS
    },
    "most of a PNG": png()[:-40],
    "most of a JPEG": encoded(gradient(), "JPEG")[:-200],
    "a head of a JPEG": encoded(gradient(), "JPEG")[:100],
    "a JPEG that is cut behind its camera data": encoded(gradient(), "JPEG", exif=bytes(2000))[:2300],
}


@pytest.mark.row(116)
@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it makes of such data
@pytest.mark.parametrize("content", WRECKS.values(), ids=WRECKS)
def test_a_wreck_is_called_damaged(store: ReferenceStore, source: Path, content: bytes) -> None:
    source.write_bytes(content)
    assert told(store, source) == DAMAGED


def _deep_jpeg() -> bytes:
    content = bytearray(encoded(gradient(), "JPEG"))
    content[content.index(b"\xff\xc0") + 4] = 12
    return bytes(content)


def _jpeg_in_a_bitmap() -> bytes:
    fields = struct.pack("<IiiHHIIiiII", 40, 64, 48, 1, 0, 4, 50, 1, 1, 0, 0)
    return b"BM" + struct.pack("<IHHI", 2000, 0, 0, 54) + fields + encoded(gradient(), "JPEG")


def _bright_png() -> bytes:
    return png()[:33] + chunk(b"cICP", bytes((9, 16, 0, 1))) + png()[33:]


SOUND = {
    "inks with alpha": ("TIFF", tiff(bytes(16 * 8 * 5), (8,) * 5, meaning=5, more={338: 2})),
    "Lab of 16 bits": ("TIFF", tiff(bytes(16 * 8 * 6), (16,) * 3, meaning=8)),
    "fractions": ("TIFF", tiff(bytes(16 * 8 * 12), (32,) * 3, meaning=2, more={339: 3})),
    "grey of 16 bits with alpha": ("TIFF", tiff(bytes(16 * 8 * 4), (16, 16), more={338: 2})),
    "grey of 32 bits": ("TIFF", tiff(bytes(16 * 8 * 4), (32,))),
    "12 bits": ("JPEG", _deep_jpeg()),
    "a JPEG in a bitmap": ("BMP", _jpeg_in_a_bitmap()),
    "brighter than white": ("PNG", _bright_png()),
}


@pytest.mark.row(116)
@pytest.mark.parametrize(("image_format", "content"), SOUND.values(), ids=SOUND)
def test_a_rare_kind_is_not_called_damaged(
    store: ReferenceStore, source: Path, image_format: str, content: bytes
) -> None:
    source.write_bytes(content)
    assert told(store, source) == (
        f"“a chair.png” is a kind of {image_format} that cannot be read here. Save it as a PNG or JPEG in "
        "RGB with 8 bits a channel, then add that."
    )


def _ends_here(*_: object, **__: object) -> None:
    raise MemoryError


@pytest.mark.row(116)
@pytest.mark.parametrize("step", ["load", "as_jpeg"])
def test_what_there_is_no_memory_for_is_not_called_damaged(
    store: ReferenceStore, source: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    source.write_bytes(telling("jpeg", 6))
    monkeypatch.setattr(preparation, step, _ends_here)
    assert told(store, source) == (
        "“a chair.png” takes too much time or memory to be read here. Save it as a smaller PNG or JPEG, then "
        "add that."
    )


@pytest.mark.row(119)
@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF", "AVIF"])
def test_of_an_animation_the_first_frame_is_kept(
    store: ReferenceStore, source: Path, image_format: str
) -> None:
    others = [four_corners().rotate(180)] * 2
    source.write_bytes(
        encoded(four_corners(), image_format, save_all=True, append_images=others, duration=40)
    )
    reference, bitmap = add_file(store, source)
    assert Change.FIRST_FRAME in reference.changes
    assert corners(Image.frombytes("RGBA", (bitmap.width, bitmap.height), bitmap.rgba)) == "RGBW"
    with Image.open(store.path(reference.sha256)) as kept:
        assert corners(kept) == "RGBW"
        assert getattr(kept, "n_frames", 1) == 1


NAMES = {
    "backwards": ("photo\u202egnp.exe".encode(), "photognp.exe"),
    "lines": (b"two\nlines\r\x1b[31m.png", "twolines[31m.png"),
    "255 bytes": ("橡木椅子".encode() * 20 + b"chair-1.png.png", "橡木椅子" * 20 + "chair-1.png.png"),
    "no text": (b"bad\xff\xfebytes.png", "bad??bytes.png"),
    "nothing to see": ("\u200b\u2066\u2069".encode(), "?"),
}


@pytest.mark.row(123)
@pytest.mark.parametrize(("raw", "shown"), NAMES.values(), ids=NAMES)
def test_a_strange_name_is_shown_plainly_and_its_picture_used(
    store: ReferenceStore, tmp_path: Path, raw: bytes, shown: str
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    path.write_bytes(png())
    reference, _ = add_file(store, path)
    assert reference.name == shown
    assert store.path(reference.sha256).read_bytes() == png()
    assert reference.origin is not None
    assert Path(reference.origin.path) == path


@pytest.mark.row(123)
@pytest.mark.parametrize(("raw", "shown"), NAMES.values(), ids=NAMES)
def test_a_refusal_names_the_file_plainly(
    store: ReferenceStore, tmp_path: Path, raw: bytes, shown: str
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    path.write_bytes(b"")
    assert told(store, path) == DAMAGED.replace(NAME, shown)
