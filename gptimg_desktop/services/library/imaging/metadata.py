"""Taking out of a picture's file what stands beside the picture, without touching the picture.

The file is walked piece by piece (segments of JPEG, chunks of PNG and WebP) and put together again from what
a decoder needs; the compressed pixels are copied as they are. What is not known to be needed goes: place,
camera, thumbnails, comments, editing histories, further pictures, and whatever follows the end. Colour
profiles go too: who calls this has seen to it that the pixels are sRGB, which is what a picture without a
profile is taken for, and a profile names devices and dates.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.library.imaging import png_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class UnfollowableError(Exception):
    """The file is not built as its format says, or holds an animation: it cannot be taken apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A file without what stood beside its picture; `told` says that this was more than filling and colour
    profiles: something about the picture or its maker."""

    content: bytes
    told: bool


class _Fate(Enum):
    """What becomes of a piece of a file."""

    STAYS = auto()
    IDLE = auto()  # goes, and told nothing about anybody
    TOLD = auto()  # goes, and may have told something


_Piece = tuple[_Fate, bytes]

MOST_PIECES: Final = 2 * png_chunks.MOST_PIECES
"""A file of more is not worth taking apart."""


def stripped(content: bytes, image_format: str) -> Stripped:
    """A "png", "jpeg" or "webp" file, cleaned; UnfollowableError where it cannot be taken apart."""
    try:
        pieces = list(islice(_WALKS[image_format](content), MOST_PIECES + 1))
    except (ValueError, IndexError, struct.error) as error:
        raise UnfollowableError(str(error)) from error
    if len(pieces) > MOST_PIECES:
        raise UnfollowableError("too many pieces")
    return Stripped(
        content=b"".join(data for fate, data in pieces if fate is _Fate.STAYS),
        told=any(fate is _Fate.TOLD for fate, _ in pieces),
    )


def is_lossless_webp(content: bytes) -> bool:
    """Whether the first picture in a WebP file is compressed without loss; False where nothing tells."""
    try:
        for name, place, end in _riff_chunks(content, len(content)):
            inner = content[place + _ANMF_HEAD : end] if name == b"ANMF" else b""
            if name in _WEBP_PICTURES or inner:
                return name == b"VP8L" or _first_picture(inner) == b"VP8L"
    except (ValueError, struct.error):
        pass
    return False


def _behind(content: bytes, end: int) -> Iterator[_Piece]:
    """What follows the end of the picture; zeros only fill a block."""
    if rest := content[end:]:
        yield (_Fate.TOLD if rest.strip(b"\0") else _Fate.IDLE), rest


# PNG

_PNG_IDLE: Final = frozenset(
    {b"gAMA", b"cHRM", b"sRGB", b"cICP", b"iCCP", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"pHYs", b"PLTE"}
    | {b"acTL", b"fcTL", b"fdAT", b"mDCV", b"cLLI"}
)
"""What says how colours are meant, drawing aids, and the further frames of an animation: without them it is
its first frame."""


def _png(content: bytes) -> Iterator[_Piece]:
    yield _Fate.STAYS, content[: png_chunks.HEAD]
    end = png_chunks.HEAD
    for name, start, end in png_chunks.chunks(content):
        part = png_chunks.picture_part(content, name, start, end)
        yield _Fate.STAYS, part
        if len(part) < end - start:
            yield (_Fate.IDLE if name in _PNG_IDLE else _Fate.TOLD), b""
    yield from _behind(content, end)


# JPEG

_START: Final = 0xD8
_END: Final = 0xD9
_SCAN: Final = 0xDA
_APP0: Final = 0xE0
_APP2: Final = 0xE2
_APP14: Final = 0xEE
_WITHOUT_CONTENT: Final = frozenset(range(0xD0, 0xD8))
_SENSELESS: Final = frozenset({0x01, _START})
_JFIF_BYTES: Final = 12
_JFIF_THUMBNAIL: Final = 2
"""The two numbers behind the fields: how wide and high the thumbnail is."""
_ADOBE_BYTES: Final = 12
_MARKER: Final = re.compile(rb"\xff([\x01-\xfe])")
# Within a scan FF 00 is a byte of data and FF D0 to FF D7 only count its parts.
_AFTER_SCAN: Final = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_SEARCH_BYTES: Final = 1 << 20
"""A scan is searched in steps: one search of all of it would hold up every other thread."""


def _jpeg(content: bytes) -> Iterator[_Piece]:
    if content[:2] != bytes((0xFF, _START)):
        raise ValueError("no beginning")
    yield _Fate.STAYS, content[:2]
    place, marker = 2, 0
    while marker != _END:
        found = _next_marker(content, place, is_scan=marker == _SCAN or marker in _WITHOUT_CONTENT)
        if found.start() > place:  # a scan's data, or bytes that belong to nothing
            yield (_Fate.STAYS if marker == _SCAN else _Fate.TOLD), content[place : found.start()]
        marker, place = found[1][0], found.end()
        if marker in _WITHOUT_CONTENT or marker == _END:
            yield _Fate.STAYS, found[0]
            continue
        if marker in _SENSELESS:
            raise ValueError("a marker that means nothing here")
        (length,) = struct.unpack_from(">H", content, place)
        segment, place = content[place + 2 : place + length], place + length
        if length < 2 or place > len(content):
            raise ValueError("a segment is cut")
        yield from _of_segment(marker, segment)
    yield from _behind(content, place)


def _next_marker(content: bytes, place: int, *, is_scan: bool) -> re.Match[bytes]:
    pattern = _AFTER_SCAN if is_scan else _MARKER
    for start in range(place, len(content), _SEARCH_BYTES):
        # One byte more than a step, so that no marker lies across two.
        if found := pattern.search(content, start, start + _SEARCH_BYTES + 1):
            return found
    raise ValueError("no end")


def _of_segment(marker: int, segment: bytes) -> Iterator[_Piece]:
    """What becomes of a segment; of the two that say how colours are meant, the part that says it, where it
    is whole."""
    needed = b""
    if marker == _APP0 and segment.startswith(b"JFIF\0") and len(segment) >= _JFIF_BYTES + _JFIF_THUMBNAIL:
        needed = segment[:_JFIF_BYTES] + bytes(_JFIF_THUMBNAIL)  # 0 by 0 pixels
    elif marker == _APP14 and segment.startswith(b"Adobe") and len(segment) >= _ADOBE_BYTES:
        needed = segment[:_ADOBE_BYTES]
    if needed:
        yield _Fate.STAYS, _segment(marker, needed)
        if len(segment) > len(needed):
            yield _Fate.TOLD, segment[len(needed) :]
    elif marker == _APP2 and segment.startswith(b"ICC_PROFILE\0"):
        yield _Fate.IDLE, segment
    else:
        yield (_Fate.STAYS if marker < _APP0 else _Fate.TOLD), _segment(marker, segment)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


# WebP

_RIFF_HEAD: Final = 12
_ANMF_HEAD: Final = 16
_WEBP_PICTURES: Final = frozenset({b"VP8 ", b"VP8L"})
_WEBP_ANIMATED: Final = frozenset({b"ANIM", b"ANMF"})
_WEBP_ALPHA: Final = 0x10
"""The only flag of the extended head that still holds: no profile, no EXIF, no XMP, no animation."""


def _webp(content: bytes) -> Iterator[_Piece]:
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content):
        raise ValueError("the file is cut")
    pieces = [_of_chunk(name, content[start:stop]) for name, start, stop in _riff_chunks(content, end)]
    body = sum(len(data) for fate, data in pieces if fate is _Fate.STAYS)
    yield _Fate.STAYS, struct.pack("<4sI4s", b"RIFF", 4 + body, b"WEBP")
    yield from pieces
    yield from _behind(content, end)


def _of_chunk(name: bytes, data: bytes) -> _Piece:
    if name in _WEBP_ANIMATED:
        raise ValueError("an animation")
    if name == b"VP8X":
        return _Fate.STAYS, _chunk(name, bytes((data[0] & _WEBP_ALPHA, 0, 0, 0)) + data[4:10])
    if name in _WEBP_PICTURES or name == b"ALPH":
        return _Fate.STAYS, _chunk(name, data)
    return (_Fate.IDLE if name == b"ICCP" else _Fate.TOLD), data


def _riff_chunks(content: bytes, end: int, place: int = _RIFF_HEAD) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the data of each chunk; ValueError where one goes beyond `end`."""
    while place < end:
        name, length = struct.unpack_from("<4sI", content, place)
        start = place + 8
        if start + length > end:
            raise ValueError("a chunk is cut")
        yield name, start, start + length
        place = start + length + length % 2  # the byte that evens it out may be missing at the very end


def _first_picture(frame: bytes) -> bytes:
    """The name of the chunk that holds the pixels of a frame; empty where there is none."""
    chunks = _riff_chunks(frame, len(frame), place=0)
    return next((name for name, *_ in chunks if name in _WEBP_PICTURES), b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2)


_WALKS: Final[dict[str, Callable[[bytes], Iterator[_Piece]]]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
