"""A user's picture made ready for sending: upright, sRGB, 8 bits a channel, a format that the service takes,
and nothing in the file but the picture.

What is so already keeps its very pixels: only what stands beside them goes. Everything else is decoded once
and encoded as near to what it was as can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from gptimg_desktop.core.reference import Change
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.colours import in_8_bits, to_srgb
from gptimg_desktop.services.library.encoding import (
    JPEG_LONGEST_EDGE,
    WEBP_LONGEST_EDGE,
    as_jpeg,
    as_lossless_webp,
    as_png,
    as_webp,
    has_alpha,
    without_idle_alpha,
)
from gptimg_desktop.services.library.formats import HEAD_BYTES, SENT, recognise
from gptimg_desktop.services.library.imaging import TURNS, bitmap, orientation, turned, watched
from gptimg_desktop.services.library.metadata import UnfollowableError, is_lossless_webp, stripped
from gptimg_desktop.services.library.readers import NoPictureError, load, opened, reading

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from PIL.ImageFile import ImageFile

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import Shrink
    from gptimg_desktop.services.library.metadata import Stripped

_OF_PIXELS: Final = frozenset({Change.TURNED, Change.TO_SRGB, Change.TO_8_BIT, Change.CONVERTED})
_ALWAYS_PNG: Final = frozenset({"png", "gif"})
_PHOTOGRAPHIC: Final = frozenset({"avif", "heic"})
_MUCH_HEAVIER: Final = 2
"""How many times a PNG of a photograph weighs what a fine JPEG of it does, at the least; drawings are lighter
as PNG."""
_BESIDE: Final = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop"})
_TELLING_TAGS: Final = frozenset(
    {270, 271, 272, 305, 306, 315, 316, 700, 33_432, 33_723, 34_377, 34_665, 34_853}
)
"""Of a TIFF: description, camera, program, date, artist, host, XMP, copyright, IPTC, Photoshop, EXIF, GPS."""
_PNG_DEPTH: Final = 24
"""Where in a PNG its bits a channel stand."""
_BITS: Final = 258
_ORIENTATION: Final = 274


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
    pixels. NoPictureError, DecoderMissingError, TooManyPixelsError, UnreadableImageError."""
    came_as = recognise(content[:HEAD_BYTES])
    if came_as is None:
        raise NoPictureError("no known format")
    found = watched(content, partial(_decoded, content, came_as, box))
    if isinstance(found, Prepared):
        return found
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
    made, image_format = _light(picture, came_as, shrink.quality)
    return made, image_format, PixelSize(*picture.size)


# Decoding


def _decoded(content: bytes, came_as: str, box: int) -> Prepared | _Unencoded:
    cleaned = _taken_apart(content, came_as)
    with opened(content, came_as) as image, reading():
        whole = PixelSize(*image.size)
        changes = _known_from_head(image, came_as)
        if came_as == "jpeg" and cleaned and not (changes | _needed(image, content)) & _OF_PIXELS:
            image.draft(image.mode, (box, box))  # its head says it all, so that a small decoding will do
        load(image)  # before anything may pass over damage, such as looking for the orientation
        changes |= _needed(image, content)
        if _tells(image) if cleaned is None else cleaned.told:
            changes.add(Change.STRIPPED)
        if cleaned is None or changes & _OF_PIXELS:
            picture = turned(_in_srgb(image), orientation(image))
            return _Unencoded(picture=picture, changes=_in_order(changes))
        return Prepared(
            content=cleaned.content,
            format=came_as,
            pixels=whole,
            came_as=came_as,
            changes=_in_order(changes),
            bitmap=bitmap(in_8_bits(image), box),
        )


def _in_order(changes: AbstractSet[Change]) -> tuple[Change, ...]:
    return tuple(change for change in Change if change in changes)


def _taken_apart(content: bytes, came_as: str) -> Stripped | None:
    """The file without what stands beside its picture; None where it has to be encoded anew for that."""
    try:
        return stripped(content, came_as) if came_as in SENT else None
    except UnfollowableError:
        return None


def _known_from_head(image: ImageFile, came_as: str) -> set[Change]:
    """What is certain before the pixels are read, and for some formats no longer told after it."""
    changes = set() if came_as in SENT else {Change.CONVERTED}
    if getattr(image, "is_animated", False):
        changes.add(Change.FIRST_FRAME)
    if isinstance(image, TiffImageFile) and image.tag_v2.get(_ORIENTATION) in TURNS:
        changes.add(Change.TURNED)  # its reader turns it
    return changes


def _needed(image: ImageFile, content: bytes) -> set[Change]:
    """What has to be done to the pixels."""
    found = {
        Change.TURNED: orientation(image) in TURNS,
        Change.TO_SRGB: to_srgb(image.mode, image.info.get("icc_profile")) is not None,
        Change.TO_8_BIT: _is_deep(image, content),
    }
    return {change for change, is_needed in found.items() if is_needed}


def _is_deep(image: ImageFile, content: bytes) -> bool:
    """Whether a channel has more than 8 bits; Pillow brings some to 8 without a word."""
    bits = image.info.get("bit_depth", 8)
    if isinstance(image, PngImageFile):
        bits = content[_PNG_DEPTH]
    elif isinstance(image, TiffImageFile):
        bits = max(image.tag_v2.get(_BITS, (8,)))
    return bool(bits > 8)


def _tells(image: ImageFile) -> bool:
    """Whether something about the picture stands beside it, in a file that is encoded anew in any case."""
    if isinstance(image, TiffImageFile):
        return not _TELLING_TAGS.isdisjoint(image.tag_v2)
    return any(image.info.get(name) for name in _BESIDE)


def _in_srgb(image: ImageFile) -> Image.Image:
    picture = in_8_bits(image)
    step = to_srgb(picture.mode, image.info.get("icc_profile"))
    return picture if step is None else step(picture)


def _within(content: bytes, came_as: str, longest_edge: int) -> Image.Image:
    """The pixels of a picture, shrunk smoothly where an edge is longer."""
    with opened(content, came_as) as image, reading():
        whole = PixelSize(*image.size)
        image.draft(image.mode, (2 * longest_edge, 2 * longest_edge))
        load(image)
        picture = without_idle_alpha(_in_srgb(image))
        size = _fitted(whole, longest_edge)
        if size != picture.size:
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        return turned(picture, orientation(image))


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
