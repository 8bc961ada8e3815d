"""The chunks of a PNG: which of them make up its picture, and which a reader of the picture has to see."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD: Final = 8
"""How many bytes stand before the first chunk."""
MOST_PIECES: Final = 100_000
"""More pieces than this are in no picture's file; each costs far more to look at than its bytes."""
_FRAME: Final = 12
"""What a chunk has around its data: length, name, checksum."""
_COLOUR_TYPE: Final = 25
_GREY, _RGB, _PALETTE = 0, 2, 3
_NEEDED: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_CRITICAL: Final = 0x20
"""Not set in the first letter of a chunk that nobody can decode the picture without."""
_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_SAYS_ORIENTATION: Final = (b"Raw profile type exif\0", b"XML:com.adobe.xmp\0")
_MOST_UNPACKED: Final = 1024 * 1024
"""What the reader unpacks of one chunk at the most, before it gives up the whole picture."""


def chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name of each chunk, and where it begins and ends in the file, IEND the last; ValueError or struct.error
    where one is cut, or where there are far too many."""
    place, name = HEAD, b""
    for _ in range(MOST_PIECES):
        length, name = struct.unpack_from(">I4s", content, place)
        start, place = place, place + _FRAME + length
        if place > len(content):
            raise ValueError("a chunk is cut")
        yield name, start, place
        if name == b"IEND":
            return
    raise ValueError("too many chunks")


def data_of(content: bytes, start: int, end: int) -> bytes:
    return content[start + 8 : end - 4]


def picture_part(content: bytes, name: bytes, start: int, end: int) -> bytes:
    """A chunk as far as it makes up the picture, without what may be hidden behind its fields; empty where it
    is none. ValueError for one that nobody knows and that the picture needs."""
    if name == b"IDAT":
        return content[start:end]
    if name in _NEEDED:
        most = _most_data(name, content[_COLOUR_TYPE])
        if end - start - _FRAME <= most:
            return content[start:end]
        return _chunk(name, content[start + 8 : start + 8 + most]) if most or name == b"IEND" else b""
    if not name[0] & _CRITICAL:
        raise ValueError("a chunk that is not known and needed")
    return b""


def for_reading(content: bytes) -> bytes:
    """The file without what its reader would unpack and nobody looks at: all texts but the first of each kind
    that may say how the camera was held, and whatever unpacks to too much. Same errors as `chunks`."""
    view = memoryview(content)  # nothing is copied where all of it stays
    kept, heads, is_whole = [view[:HEAD]], set(_SAYS_ORIENTATION), True
    for name, start, end in chunks(content):
        if name == b"iCCP":
            stays = _unpacks_to_little(name, data_of(content, start, end))
        elif name in _TEXTS:
            head = next((each for each in heads if content.startswith(each, start + 8)), None)
            heads.discard(head or b"")
            stays = head is not None and _unpacks_to_little(name, data_of(content, start, end))
        else:
            stays = True
        if stays:
            kept.append(view[start:end])
        is_whole = is_whole and stays
    return content if is_whole else b"".join(kept)


def _most_data(name: bytes, colour: int) -> int:
    """How many bytes of data mean something; a palette beside colours of their own is a drawing aid."""
    if name == b"PLTE":
        return 3 * 256 if colour == _PALETTE else 0
    if name == b"tRNS":
        return {_GREY: 2, _RGB: 6, _PALETTE: 256}.get(colour, 0)
    return 13 if name == b"IHDR" else 0


def _unpacks_to_little(name: bytes, data: bytes) -> bool:
    """Whether what a chunk holds is small; found out without unpacking more than that."""
    key, _, rest = data.partition(b"\0")
    packed = rest[1:]
    if name == b"tEXt" or (name == b"iTXt" and rest[:1] == b"\0"):
        return len(data) <= _MOST_UNPACKED
    if name == b"iTXt":
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(packed, _MOST_UNPACKED)
    except zlib.error:
        return name == b"iCCP" and bool(key)  # its reader takes a broken profile for none
    return not inflater.unconsumed_tail


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
