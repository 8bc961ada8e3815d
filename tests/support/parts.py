"""What a picture file is made of, read by rules of its own: nothing here is the program's."""

from __future__ import annotations

import struct
from typing import Final

BARE: Final = {
    "png": {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"},
    "jpeg": {"SOI", "JFIF", "Adobe", "DQT", "DHT", "DRI", "SOF", "SOS", "EOI"},
    "webp": {"RIFF", "VP8X", "ALPH", "VP8 ", "VP8L"},
}
"""The parts of each format that a decoder needs; anything else tells something."""


def parts(content: bytes) -> list[str]:
    """The names of all parts of a PNG, JPEG or WebP in their order; what follows the end is "behind"."""
    if content[:4] == b"\x89PNG":
        return _of_png(content)
    return _of_webp(content) if content[:4] == b"RIFF" else _of_jpeg(content)


def _of_png(content: bytes) -> list[str]:
    names, place = [], 8
    while place < len(content) and "IEND" not in names:
        (length,) = struct.unpack_from(">I", content, place)
        names.append(content[place + 4 : place + 8].decode("latin-1"))
        place += length + 12
    return [*names, *(["behind"] if place != len(content) else [])]


_NAMES: Final = {0xD8: "SOI", 0xC4: "DHT", 0xDB: "DQT", 0xDD: "DRI", 0xDA: "SOS", 0xFE: "COM"}


def _of_jpeg(content: bytes) -> list[str]:
    names, place = ["SOI"], 2
    while content[place : place + 2] != b"\xff\xd9":
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        assert content[place] == 0xFF
        names.append(_jpeg_name(marker, content[place + 4 : place + 2 + length]))
        place += 2 + length
        if marker == 0xDA:
            while content[place] != 0xFF or content[place + 1] in {0, *range(0xD0, 0xD8)}:
                place += 1
    return [*names, "EOI", *(["behind"] if place + 2 != len(content) else [])]


def _jpeg_name(marker: int, data: bytes) -> str:
    if marker == 0xE0 and data[:5] == b"JFIF\0":
        return "JFIF" if len(data) == 14 and data[12:] == b"\0\0" else "JFIF with a thumbnail"
    if marker == 0xEE and data[:5] == b"Adobe":
        return "Adobe" if len(data) == 12 else "Adobe with more"
    if marker in {0xC0, 0xC1, 0xC2}:
        return "SOF"
    return _NAMES.get(marker, f"APP{marker - 0xE0} {data[:12]!r}")


def _of_webp(content: bytes) -> list[str]:
    names, place = ["RIFF"], 12
    while place < 8 + int.from_bytes(content[4:8], "little"):
        name, length = struct.unpack_from("<4sI", content, place)
        names.append(name.decode("latin-1"))
        if name == b"VP8X" and content[place + 8] & ~0x10:
            names.append("flags of what is not there")
        place += 8 + length + length % 2
    return [*names, *(["behind"] if place != len(content) else [])]
