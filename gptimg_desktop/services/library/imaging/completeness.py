"""Whether an image file holds its whole picture, and where in the file that ends.

Decoding does not tell: Pillow reads a PNG with half its rows, in well-formed chunks, without a word. Nor does
an end mark alone: a JPEG may carry a small one, end mark and all, before its own data begins.
"""

from __future__ import annotations

import io
import mmap
import re
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_LONGEST_CHUNK: Final = 2**31 - 1
_INFLATE_STEP: Final = 1024 * 1024

_START_OF_IMAGE: Final = 0xD8
_END_OF_IMAGE: Final = 0xD9
_START_OF_SCAN: Final = 0xDA
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_CONTENT: Final = frozenset({0x01, *range(0xD0, _START_OF_SCAN)})
# Readers bear bytes that belong to nothing before a marker, so these are no damage.
_MARKER: Final = re.compile(rb"\xff([\x01-\xfe])")
# Within a scan FF 00 is a byte of data and FF D0 to FF D7 only count its parts.
_AFTER_SCAN: Final = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")

_WEBP_PICTURES: Final = frozenset({b"VP8 ", b"VP8L"})
_WEBP_ANIMATED: Final = 0x02
_ANMF_HEAD: Final = 16

_DAMAGED: Final = (ValueError, LookupError, struct.error, zlib.error)


def picture_end(path: Path, image_format: str) -> int | None:
    """How many bytes of a file its picture takes, from the first on; None where not all of it is there.

    "png" must hold every row that it promises, "jpeg" scans of every channel and its own end mark, "webp" a
    whole picture, or whole frames, within its length. What follows the end is not looked at.
    """
    with path.open("rb") as file:
        try:
            return _ENDS[image_format](file)
        except _DAMAGED:
            return None


def is_whole_png(content: bytes) -> bool:
    """Whether a PNG holds every row that it promises, undamaged."""
    try:
        return _end_of_png(io.BytesIO(content)) is not None
    except _DAMAGED:
        return False


# PNG


def _end_of_png(file: BinaryIO) -> int | None:
    if file.read(8) != PNG_SIGNATURE:
        return None
    expected: int | None = None
    held = 0
    inflater = zlib.decompressobj()
    for name, data in _chunks(file):
        if name == b"IHDR":
            expected = _inflated_size(data)
        elif name == b"IDAT":
            held += _inflated(inflater, data, most=(expected or 0) - held)
        elif name == b"IEND":
            is_whole = expected is not None and inflater.eof and held == expected
            return file.tell() if is_whole else None
    return None


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Name and data of each chunk; ValueError at the first that is cut or fails its checksum."""
    while header := file.read(8):
        length, name = struct.unpack(">I4s", header)
        if length > _LONGEST_CHUNK:
            raise ValueError("chunk too long")
        data, checksum = file.read(length), file.read(4)
        if len(data) != length or checksum != struct.pack(">I", zlib.crc32(data, zlib.crc32(name))):
            raise ValueError("chunk damaged")
        yield name, data


def _inflated(inflater: zlib._Decompress, data: bytes, *, most: int) -> int:
    """How many bytes of picture a chunk adds, without holding them; stops soon after there are too many."""
    held = 0
    while data and not inflater.eof and held <= most:
        held += len(inflater.decompress(data, _INFLATE_STEP))
        data = inflater.unconsumed_tail
    return held


def _inflated_size(header: bytes) -> int:
    """Bytes of all rows, each with its filter byte, as IHDR promises."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * _CHANNELS[colour]
    if not interlaced:
        return _rows_size(width, height, bits)
    passes = (
        (-(-(width - left) // across), -(-(height - top) // down)) for left, top, across, down in _ADAM7
    )
    return sum(_rows_size(columns, rows, bits) for columns, rows in passes if columns > 0 and rows > 0)


def _rows_size(width: int, height: int, bits: int) -> int:
    return height * (1 + (width * bits + 7) // 8)


# JPEG


def _end_of_jpeg(file: BinaryIO) -> int | None:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:2] != bytes((0xFF, _START_OF_IMAGE)):
            return None
        promised: set[int] = set()
        scanned: set[int] = set()
        for marker, content, end in _segments(data):
            if marker in _FRAMES:
                promised |= set(content[6 : 6 + 3 * content[5] : 3])
            elif marker == _START_OF_SCAN:
                scanned |= set(content[1 : 1 + 2 * content[0] : 2])
            elif marker == _END_OF_IMAGE:
                return end if promised and promised <= scanned else None
    return None


def _segments(data: mmap.mmap) -> Iterator[tuple[int, bytes, int]]:
    """Marker and content of each segment after the start, and where it ends; what follows a scan's header is
    stepped over. ValueError where there is no marker, or not all of a segment."""
    place, is_scan = 2, False
    while True:
        found = (_AFTER_SCAN if is_scan else _MARKER).search(data, place)
        if found is None:
            raise ValueError("no end")
        marker, place = found[1][0], found.end()
        content = b""
        if marker not in _WITHOUT_CONTENT:
            content = _content(data, place)
            place += 2 + len(content)
        is_scan = marker == _START_OF_SCAN
        yield marker, content, place


def _content(data: mmap.mmap, place: int) -> bytes:
    (length,) = struct.unpack(">H", data[place : place + 2])
    content = data[place + 2 : place + length]
    if length < 2 or len(content) != length - 2:
        raise ValueError("segment cut")
    return content


# WebP


def _end_of_webp(file: BinaryIO) -> int | None:
    riff, length, kind = struct.unpack("<4sI4s", file.read(12))
    end = 8 + length
    if riff != b"RIFF" or kind != b"WEBP" or end > file.seek(0, 2):
        return None
    chunks = list(_riff_chunks(file, 12, end))
    return end if _holds_webp_picture(file, chunks) else None


def _holds_webp_picture(file: BinaryIO, chunks: list[tuple[bytes, int, int]]) -> bool:
    """True where there is a picture, or in an animation nothing but whole frames."""
    first, start, _ = chunks[0]
    if first in _WEBP_PICTURES:
        return True
    if first != b"VP8X":
        return False
    file.seek(start)
    if not file.read(1)[0] & _WEBP_ANIMATED:
        return any(name in _WEBP_PICTURES for name, _, _ in chunks)
    frames = [_riff_chunks(file, at + _ANMF_HEAD, end) for name, at, end in chunks if name == b"ANMF"]
    return bool(frames) and all(any(name in _WEBP_PICTURES for name, *_ in frame) for frame in frames)


def _riff_chunks(file: BinaryIO, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the data of each chunk between two places; ValueError where one goes beyond."""
    while place < end:
        file.seek(place)
        name, length = struct.unpack("<4sI", file.read(8))
        start = place + 8
        if start + length > end:
            raise ValueError("chunk cut")
        yield name, start, start + length
        place = start + length + length % 2  # the byte that evens it out may be missing at the very end


_ENDS: Final = {"png": _end_of_png, "jpeg": _end_of_jpeg, "webp": _end_of_webp}
