"""Picture files that callers send: what they are, and the small copies that pictures are drawn with."""

from __future__ import annotations

import io
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
)
"""By Pillow's name of a kind; MPO is a JPEG with a second picture behind it, as some cameras write it."""

UNREADABLE: Final = (
    OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What reading bytes that are no whole picture may raise."""

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")


def small_copy(file: io.BytesIO, edge: int) -> bytes:
    """The picture, upright, as a PNG of at most `edge` × `edge` pixels, on white where it is transparent.

    Raises one of `UNREADABLE` where the file is no whole picture.
    """
    with Image.open(file, formats=_FORMATS) as picture:
        picture.draft("RGB", (edge * 2, edge * 2))
        picture.thumbnail((edge, edge))
        rgba = ImageOps.exif_transpose(picture).convert("RGBA")
    flat = Image.new("RGB", rgba.size, "white")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    small = io.BytesIO()
    flat.save(small, "PNG")
    return small.getvalue()


def media_type(content: bytes) -> str:
    """What a file is, by its bytes; raises one of `UNREADABLE` where it is no whole picture."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        picture.load()
        return MEDIA_TYPES[picture.format or ""]
