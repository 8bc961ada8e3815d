"""Small pictures of our own making, on their way from a cache to the screen: nobody need stand beside."""

from __future__ import annotations

from PIL import Image

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.services.library.imaging.formats import sniff
from gptimg_desktop.services.library.imaging.readers import NoPictureError, load, opened, reading


def shown(picture: bytes, box: int) -> Bitmap:
    """A picture that `imaging.encode` made, shrunk to fit a square of `box` pixels; UnreadableImageError
    where it is damaged."""
    found = sniff(picture)
    if found is None:
        raise NoPictureError("no known format")
    with opened(picture, found) as image, reading():
        image.draft("RGB", _fitting(image, box))
        load(image)
        return _within(image, box)


def smaller(large: Bitmap, box: int) -> Bitmap:
    """A bitmap, shrunk to fit a square of `box` pixels."""
    if max(large.width, large.height) <= box:
        return large
    return _within(Image.frombytes("RGBA", (large.width, large.height), large.rgba), box)


def _within(image: Image.Image, box: int) -> Bitmap:
    """Less than half as small at most: a quick filter does as well as a slow one."""
    size = _fitting(image, box)
    small = image if size == image.size else image.resize(size, Image.Resampling.HAMMING)
    shown = small.convert("RGBA")
    return Bitmap(width=shown.width, height=shown.height, rgba=shown.tobytes())


def _fitting(image: Image.Image, box: int) -> tuple[int, int]:
    """The size that fits the box: a JPEG is read no larger than a little more than that."""
    scale = min(1.0, box / max(image.size))
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))
