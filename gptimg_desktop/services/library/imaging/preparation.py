"""A user's picture made ready for sending: upright, sRGB, 8 bits a channel, a format that the service takes,
and nothing in the file but the picture.

What is so already keeps its very pixels: only what stands beside them goes. Everything else is decoded once
and encoded as near to what it was as can be.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PIL import Image

from gptimg_desktop.core.reference import Change
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging.colours import in_8_bits, to_srgb
from gptimg_desktop.services.library.imaging.completeness import is_whole_png
from gptimg_desktop.services.library.imaging.described_colours import profile_of
from gptimg_desktop.services.library.imaging.encoding import (
    JPEG_LONGEST_EDGE,
    WEBP_LONGEST_EDGE,
    as_jpeg,
    as_lossless_webp,
    as_png,
    as_webp,
    has_alpha,
    without_idle_alpha,
)
from gptimg_desktop.services.library.imaging.formats import HEAD_BYTES, SENT, recognise
from gptimg_desktop.services.library.imaging.imaging import bitmap, giving_up, orientation, turned, watched
from gptimg_desktop.services.library.imaging.metadata import UnfollowableError, is_lossless_webp, stripped
from gptimg_desktop.services.library.imaging.needed_changes import (
    OF_PIXELS,
    is_deep,
    known_from_head,
    needed,
    tells,
)
from gptimg_desktop.services.library.imaging.png_chunks import for_reading
from gptimg_desktop.services.library.imaging.readers import (
    NoPictureError,
    UnreadableImageError,
    load,
    opened,
    reading,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from PIL.ImageFile import ImageFile

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import Shrink
    from gptimg_desktop.services.library.imaging.metadata import Stripped

_ALWAYS_PNG: Final = frozenset({"png", "gif"})
_PHOTOGRAPHIC: Final = frozenset({"avif", "heic"})
_MUCH_HEAVIER: Final = 2
"""How many times a PNG of a photograph weighs what a fine JPEG of it does, at the least; drawings are lighter
as PNG."""
_ALL: Final = 1 << 20
"""A box that no picture is larger than."""
_REDUCING_GAP: Final = 3.0
"""From how many times its size on a picture is first brought near it in whole steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture as it is sent: `format` is "png", "jpeg" or "webp", `came_as` what it was given as, `changes`
    in the order of `Change`, `bitmap` the picture small."""

    content: bytes
    format: str
    pixels: PixelSize
    came_as: str
    changes: tuple[Change, ...]
    bitmap: Bitmap


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unencoded:
    """A picture that cannot go as it came: its pixels, upright and in sRGB."""

    picture: Image.Image
    changes: tuple[Change, ...]


def prepare(content: bytes, box: int) -> Prepared:
    """A picture in any of the known formats, ready for sending, with a bitmap that fits a square of `box`
    pixels. NoPictureError, DecoderMissingError, UnsupportedError, UndecodedError (TooManyPixelsError),
    UnreadableImageError."""
    came_as = recognise(content[:HEAD_BYTES])
    if came_as is None:
        raise NoPictureError("no known format")
    found = watched(content, partial(_decoded, content, came_as, box))
    if isinstance(found, Prepared):
        return found
    with giving_up():
        made, image_format = _encoded(found.picture, came_as, is_lossless=is_lossless_webp(content))
        return Prepared(
            content=made,
            format=image_format,
            pixels=PixelSize(*found.picture.size),
            came_as=came_as,
            changes=found.changes,
            bitmap=bitmap(found.picture, box),
        )


def lighter(content: bytes, shrink: Shrink) -> tuple[bytes, str, PixelSize]:
    """A prepared picture with its longest edge and quality bounded, never enlarged: bytes, format, pixels.

    JPEG stays JPEG and WebP becomes lossy WebP. A PNG stays what it is where that is the lightest; if not, it
    becomes JPEG, or lossy WebP where anything shines through. Whether the result is any lighter is for the
    caller to see.
    """
    came_as = recognise(content[:HEAD_BYTES])
    if came_as not in SENT:
        raise NoPictureError("not a prepared picture")
    picture = watched(content, partial(_within, content, came_as, shrink.longest_edge))
    with giving_up():
        made, image_format = _light(picture, came_as, shrink.quality)
    return made, image_format, PixelSize(*picture.size)


def all_pixels(content: bytes) -> Image.Image:
    """A picture in any of the known formats, upright and in sRGB, as L, LA, RGB or RGBA. The errors of
    `prepare`. Not watched: the caller's part."""
    came_as = recognise(content[:HEAD_BYTES])
    if came_as is None:
        raise NoPictureError("no known format")
    picture, _, turn = _drafted(content, came_as, _ALL)
    return turned(picture, turn)


# Decoding


def _decoded(content: bytes, came_as: str, box: int) -> Prepared | _Unencoded:
    with _opened(content, came_as) as image, reading():
        whole = PixelSize(*image.size)
        changes = known_from_head(image, came_as)
        profile = profile_of(image, content, came_as)
        cleaned = _taken_apart(content, came_as)
        if came_as == "jpeg" and cleaned and not (changes | needed(image, content, profile)) & OF_PIXELS:
            image.draft(image.mode, (box, box))  # its head says it all, so that a small decoding will do
        _load(image, content, came_as)
        changes |= needed(image, content, profile)
        if tells(image) if cleaned is None else cleaned.told:
            changes.add(Change.STRIPPED)
        if cleaned is None or changes & OF_PIXELS:
            picture = turned(_in_srgb(image, profile), orientation(image))
            return _Unencoded(picture=picture, changes=_in_order(changes))
        return Prepared(
            content=cleaned.content,
            format=came_as,
            pixels=whole,
            came_as=came_as,
            changes=_in_order(changes),
            bitmap=bitmap(in_8_bits(image), box),
        )


@contextlib.contextmanager
def _opened(content: bytes, came_as: str) -> Iterator[ImageFile]:
    """The picture, its head read; of a PNG without what would be unpacked for nobody."""
    if came_as == "png":
        with reading():
            content = for_reading(content)
    with opened(content, came_as) as image:
        yield image


def _load(image: ImageFile, content: bytes, came_as: str) -> None:
    """Decode the pixels, before anything may pass over damage, such as looking for the orientation."""
    if came_as == "png" and not is_whole_png(content):
        raise UnreadableImageError("not all of it is there")
    load(image)
    key = image.info.get("transparency")
    if isinstance(key, tuple) and is_deep(image, content):
        image.info["transparency"] = tuple(value >> 8 for value in key)  # as its reader did with the pixels


def _in_order(changes: AbstractSet[Change]) -> tuple[Change, ...]:
    return tuple(change for change in Change if change in changes)


def _taken_apart(content: bytes, came_as: str) -> Stripped | None:
    """The file without what stands beside its picture; None where it has to be encoded anew for that."""
    try:
        return stripped(content, came_as) if came_as in SENT else None
    except UnfollowableError:
        return None


def _in_srgb(image: ImageFile, profile: bytes | None) -> Image.Image:
    picture = in_8_bits(image)
    step = to_srgb(picture.mode, profile)
    return picture if step is None else step(picture)


def _within(content: bytes, came_as: str, longest_edge: int) -> Image.Image:
    """The pixels of a picture, shrunk smoothly where an edge is longer."""
    picture, whole, turn = _drafted(content, came_as, 2 * longest_edge)
    size = _fitted(whole, longest_edge)
    if size != picture.size:
        mode = picture.mode
        if has_alpha(picture):  # in steps of our own, so that each lets go of the picture before it
            picture = picture.convert({"LA": "La", "RGBA": "RGBa"}[mode])
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
        picture = picture.convert(mode)
    return turned(picture, turn)


def _drafted(content: bytes, came_as: str, box: int) -> tuple[Image.Image, PixelSize, int]:
    """The pixels in sRGB, smaller where that is free but never within the box; the size; orientation."""
    with _opened(content, came_as) as image, reading():
        whole = PixelSize(*image.size)
        image.draft(image.mode, (box, box))
        _load(image, content, came_as)
        profile = profile_of(image, content, came_as)
        return without_idle_alpha(_in_srgb(image, profile)), whole, orientation(image)


def _fitted(whole: PixelSize, longest_edge: int) -> tuple[int, int]:
    scale = min(1.0, longest_edge / max(whole.width, whole.height))
    return max(1, round(whole.width * scale)), max(1, round(whole.height * scale))


# Encoding


def _encoded(picture: Image.Image, came_as: str, *, is_lossless: bool) -> tuple[bytes, str]:
    """A picture as it came, where the service takes that; else as PNG, or a photograph as JPEG."""
    if came_as == "webp":
        return (as_lossless_webp if is_lossless else as_webp)(picture), "webp"
    if came_as == "jpeg":
        return as_jpeg(picture), "jpeg"
    if came_as in _ALWAYS_PNG:
        return as_png(picture), "png"
    picture = without_idle_alpha(picture)
    if has_alpha(picture) or max(picture.size) > JPEG_LONGEST_EDGE:
        return as_png(picture), "png"
    photograph = as_jpeg(picture)
    if came_as not in _PHOTOGRAPHIC and len(drawing := as_png(picture)) <= _MUCH_HEAVIER * len(photograph):
        return drawing, "png"
    return photograph, "jpeg"


def _light(picture: Image.Image, came_as: str, quality: int) -> tuple[bytes, str]:
    if came_as == "webp":
        return as_webp(picture, quality), "webp"
    if came_as == "jpeg":
        return as_jpeg(picture, quality), "jpeg"
    lossless = as_png(picture)
    if has_alpha(picture):
        other = (as_webp, "webp", WEBP_LONGEST_EDGE)
    else:
        other = (as_jpeg, "jpeg", JPEG_LONGEST_EDGE)
    encode, image_format, longest_edge = other
    if max(picture.size) <= longest_edge and len(lossy := encode(picture, quality)) < len(lossless):
        return lossy, image_format
    return lossless, "png"
