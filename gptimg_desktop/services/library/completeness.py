"""Whether an image file holds its whole picture.

Pillow reads a PNG with half its rows, in well-formed chunks, without a word; so the rows are counted here.
"""

from __future__ import annotations

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


def is_complete(path: Path, image_format: str) -> bool:
    """True where the file ends as its format says it must, and (PNG) holds every row it promises."""
    with path.open("rb") as file:
        if image_format == "png":
            return _is_complete_png(file)
        if image_format == "jpeg":
            return _ends_with_jpeg_marker(file)
        return _is_complete_webp(file)


def _is_complete_png(file: BinaryIO) -> bool:
    if file.read(8) != PNG_SIGNATURE:
        return False
    expected: int | None = None
    held = 0
    inflater = zlib.decompressobj()
    try:
        for name, data in _chunks(file):
            if name == b"IHDR":
                expected = _inflated_size(data)
            elif name == b"IDAT":
                held += _inflated(inflater, data, most=(expected or 0) - held)
            elif name == b"IEND":
                return expected is not None and inflater.eof and held == expected
    except (ValueError, KeyError, struct.error, zlib.error):
        return False
    return False


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


def _ends_with_jpeg_marker(file: BinaryIO) -> bool:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 64 * 1024))
    return b"\xff\xd9" in file.read()


def _is_complete_webp(file: BinaryIO) -> bool:
    header = file.read(12)
    if len(header) < 12:
        return False
    file.seek(0, 2)
    return file.tell() >= int(struct.unpack("<I", header[4:8])[0]) + 8
