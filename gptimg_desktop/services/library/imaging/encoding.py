"""Pixels as bytes to send: the same pixels always make the same bytes, and nothing stands beside them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from PIL import Image

FINE: Final = 95
"""The quality at which nobody sees that a picture was compressed anew."""
_FULL_COLOUR: Final = 90
"""From this quality on a JPEG keeps the colour of every pixel."""
_PNG_EFFORT: Final = 3
"""A third of the time of the usual level, for a file larger by a fifteenth."""
_WEBP_EFFORT: Final = 2
_WEBP_LOSSLESS_EFFORT: Final = 0
WEBP_LONGEST_EDGE: Final = 16_383
JPEG_LONGEST_EDGE: Final = 65_500


def as_jpeg(picture: Image.Image, quality: int = FINE) -> bytes:
    """An L or RGB picture. Not with `optimize`: three times as long, for a file lighter by a fifteenth."""
    return _saved(picture, "JPEG", quality=quality, subsampling=0 if quality >= _FULL_COLOUR else 2)


def as_png(picture: Image.Image) -> bytes:
    """An L, LA, RGB or RGBA picture, pixel for pixel."""
    return _saved(picture, "PNG", compress_level=_PNG_EFFORT)


def as_webp(picture: Image.Image, quality: int = FINE) -> bytes:
    """Any picture, its colours by half; without loss where it has more detail than the format can hold."""
    try:
        return _saved(picture, "WEBP", quality=quality, method=_WEBP_EFFORT)
    except ValueError:  # the part of a file that describes its blocks has a limit
        return as_lossless_webp(picture)


def as_lossless_webp(picture: Image.Image) -> bytes:
    """Pixel for pixel, the colour of those that nobody sees too."""
    return _saved(picture, "WEBP", lossless=True, quality=0, method=_WEBP_LOSSLESS_EFFORT, exact=True)


def has_alpha(picture: Image.Image) -> bool:
    return picture.mode in {"LA", "RGBA"}


def without_idle_alpha(picture: Image.Image) -> Image.Image:
    """A picture without its alpha channel where every pixel is opaque."""
    if has_alpha(picture) and picture.getchannel("A").getextrema()[0] == 255:
        return picture.convert(picture.mode[:-1])
    return picture


def _saved(picture: Image.Image, image_format: str, **more: Any) -> bytes:
    picture.info = {}  # Pillow writes profiles, comments and more of it by itself
    with _file() as file:
        picture.save(file, image_format, **more)
        file.seek(0)
        return file.read()


def _file() -> BinaryIO:
    """A file in memory, where the system has such files: into what has a number, encoders write by themselves
    and let other threads go on meanwhile."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.fdopen(os.memfd_create("picture"), "w+b")
    return io.BytesIO()
