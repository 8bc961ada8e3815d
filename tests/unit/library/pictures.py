"""Pictures made for tests: whole ones by Pillow, odd ones by hand, chunk by chunk."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def gradient(width: int = 64, height: int = 48) -> Image.Image:
    """An RGB picture without two equal rows."""
    picture = Image.new("RGB", (width, height))
    picture.putdata([(x * 3 % 256, y * 5 % 256, (x + y) % 256) for y in range(height) for x in range(width)])
    return picture


def encoded(picture: Image.Image, image_format: str, **more: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, image_format, **more)
    return file.getvalue()


def png(width: int = 64, height: int = 48) -> bytes:
    return encoded(gradient(width, height), "PNG")


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def head(width: int, height: int, *, depth: int = 8, colour: int = 0, interlaced: bool = False) -> bytes:
    """Signature and IHDR; grey unless told otherwise."""
    fields = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return SIGNATURE + chunk(b"IHDR", fields)


def grey_rows(width: int, height: int) -> bytes:
    """Unfiltered rows of a grey picture, each with its filter byte."""
    return b"".join(b"\0" + bytes((x + y) % 256 for x in range(width)) for y in range(height))


def grey_png(width: int, height: int, *, rows: int) -> bytes:
    """A grey picture with well-formed chunks and so many of its rows."""
    data = zlib.compress(grey_rows(width, rows))
    return head(width, height) + chunk(b"IDAT", data) + chunk(b"IEND")


def interlaced_png(width: int, height: int, *, passes: int = 7) -> bytes:
    """A grey Adam7 picture, with so many of its seven passes."""
    rows = b"".join(_pass_rows((width, height), *step) for step in ADAM7[:passes])
    return head(width, height, interlaced=True) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")


def _pass_rows(size: tuple[int, int], left: int, top: int, across: int, down: int) -> bytes:
    columns = range(left, size[0], across)
    rows: Iterable[int] = range(top, size[1], down) if columns else ()
    return b"".join(b"\0" + bytes((x + y) % 256 for x in columns) for y in rows)


def flipped_png() -> bytes:
    """A whole picture whose pixels have a changed bit, with the checksum of before."""
    whole = bytearray(png())
    whole[whole.index(b"IDAT") + 40] ^= 0x01
    return bytes(whole)


def tiff(
    samples: bytes, bits: tuple[int, ...], *, meaning: int = 1, more: dict[int, int] | None = None
) -> bytes:
    """A TIFF of 16 by 8 pixels, uncompressed; `meaning` is its PhotometricInterpretation."""
    place = 8 + 2 + 12 * (9 + len(more or {})) + 4
    depth = struct.pack(f"<{len(bits)}H", *bits)
    fields: dict[int, bytes] = {
        256: struct.pack("<HII", 4, 1, 16),
        257: struct.pack("<HII", 4, 1, 8),
        258: struct.pack("<HI", 3, len(bits)) + (depth.ljust(4, b"\0") if len(bits) < 3 else _long(place)),
        259: struct.pack("<HII", 3, 1, 1),
        262: struct.pack("<HII", 3, 1, meaning),
        273: struct.pack("<HII", 4, 1, place + len(depth)),
        277: struct.pack("<HII", 3, 1, len(bits)),
        278: struct.pack("<HII", 4, 1, 8),
        279: struct.pack("<HII", 4, 1, len(samples)),
        **{tag: struct.pack("<HII", 3, 1, value) for tag, value in (more or {}).items()},
    }
    entries = b"".join(struct.pack("<H", tag) + field for tag, field in sorted(fields.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(fields)) + entries + bytes(4) + depth + samples


def _long(value: int) -> bytes:
    return struct.pack("<I", value)
