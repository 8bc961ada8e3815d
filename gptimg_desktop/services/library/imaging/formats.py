"""What kind of picture bytes are, told by their first ones alone: a name says nothing."""

from __future__ import annotations

from typing import Final

HEAD_BYTES: Final = 64
"""As many first bytes as any of the formats needs to be told by."""
SENT: Final = frozenset({"png", "jpeg", "webp"})
"""The formats that the service takes, and the only ones that its answers are read as."""
_BEGINNINGS: Final = (
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_BMP_HEADS: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""The sizes of header that there are: two letters alone would call many a text a picture."""
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


def sniff(head: bytes) -> str | None:
    """The format that the first 16 bytes show; None for anything but the three that are sent."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return None


def recognise(head: bytes) -> str | None:
    """The format of a user's picture, of those that are sent and those that can be made into one of them."""
    found = sniff(head)
    if found is None:
        found = next((name for start, name in _BEGINNINGS if head.startswith(start)), None)
    if found is None and head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADS:
        found = "bmp"
    return found or _by_brands(head[:HEAD_BYTES])


def _by_brands(head: bytes) -> str | None:
    """AVIF and HEIC are one container: a box that names what it holds, first of all or among others."""
    if head[4:8] != b"ftyp":
        return None
    box = head[: max(16, int.from_bytes(head[:4]))]
    brands = {box[place : place + 4] for place in (8, *range(16, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & _HEIC_BRANDS else None
