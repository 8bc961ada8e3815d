"""Bringing the colours of a picture to what everybody takes a picture for: sRGB, 8 bits a channel."""

from __future__ import annotations

import io
import itertools
from functools import partial
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageCms, ImageOps

from gptimg_desktop.services.library.imaging.readers import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    Step = Callable[[Image.Image], Image.Image]

_DEEP: Final = ("I", "F")
"""How Pillow's names of modes with more than 8 bits a channel begin."""
_BASES: Final = {"RGB": "RGB", "CMYK": "CMYK", "L": "L", "LAB": "LAB", "LA": "L", "1": "L", "La": "L"}
_BITS: Final = 258
_MEANING: Final = 262
_WHITE_IS_ZERO: Final = 0
"""Of TIFF fields: how many bits a channel has, and what the numbers mean."""
_UNSEEN: Final = 3
"""So far, of 255, the colours of two profiles may lie apart without anybody seeing it: many are called sRGB,
and rounded in ways of their own."""
_STEPS: Final = (0, 16, 32, 64, 96, 128, 160, 192, 224, 255)


def in_8_bits(image: Image.Image) -> Image.Image:
    """The pixels without palette and key colour, as L, LA, RGB, RGBA, CMYK or LAB."""
    if image.mode.startswith(_DEEP):
        return _flattened(image)
    if "transparency" in image.info:
        return image.convert("LA" if image.mode in {"1", "L"} else "RGBA")
    if image.mode == "P":
        return image.convert("RGB" if image.palette is None or image.palette.mode == "RGB" else "RGBA")
    if image.mode == "PA":
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK", "LAB"} else image.convert("RGB")


def _flattened(image: Image.Image) -> Image.Image:
    """Grey of up to 16 bits by its upper ones, with the key colour that it may have; fractions from 0 to 1.
    UnsupportedError for whole numbers of other sizes: nobody can tell which of them is white."""
    if image.mode == "F":
        return image.point(lambda grey: grey * 255.0 + 0.0).convert("L")
    if not image.mode.startswith("I;16"):
        raise UnsupportedError("grey of more than 16 bits")
    whole = image if image.mode == "I;16" else image.convert("I")
    tags = getattr(image, "tag_v2", {})
    step = 2 ** max(0, tags.get(_BITS, (16,))[0] - 8)
    flat = whole.point(lambda grey: grey / step).convert("L")  # converting alone would cut at 255
    if tags.get(_MEANING) == _WHITE_IS_ZERO:
        flat = ImageOps.invert(flat)
    key = image.info.get("transparency")
    if isinstance(key, int):
        flat.putalpha(image.convert("I").point([255 * (grey != key) for grey in range(65_536)], "L"))
    return flat


def to_srgb(mode: str, profile: bytes | None) -> Step | None:
    """What turns pixels of a mode, as `in_8_bits` leaves them, into sRGB; None where they are sRGB, or where
    nothing usable says otherwise. A profile that is broken or of another kind of colours is none."""
    base = _BASES.get(mode, "L" if mode.startswith(_DEEP) else "RGB")
    transform = _transform(base, profile) if profile else None
    if transform is not None and (base == "CMYK" or not _changes_nothing(transform, base)):
        return partial(_applied, transform, base)
    if base == "LAB":
        return partial(_applied, _built(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), base), base)
    return _plainly if base == "CMYK" else None


def _transform(base: str, profile: bytes) -> ImageCms.ImageCmsTransform | None:
    try:
        return _built(ImageCms.getOpenProfile(io.BytesIO(profile)), base)  # refuses one of other colours
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _built(profile: ImageCms.ImageCmsProfile, base: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        base,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _changes_nothing(transform: ImageCms.ImageCmsTransform, base: str) -> bool:
    """Whether a spread of colours comes out as it went in, as far as eyes can tell."""
    greys = bytes(range(256))
    colours = bytes(itertools.chain.from_iterable(itertools.product(_STEPS, repeat=3)))
    given = greys if base == "L" else colours
    image = Image.frombytes(base, (1, len(given) // len(base)), given)
    found = transform.apply(image).tobytes()
    wanted = image.convert("RGB").tobytes()
    return all(abs(one - other) <= _UNSEEN for one, other in zip(found, wanted, strict=True))


def _applied(transform: ImageCms.ImageCmsTransform, base: str, image: Image.Image) -> Image.Image:
    """The picture in sRGB; grey stays grey, and what shines through goes on to."""
    made = transform.apply(image if image.mode == base else image.convert(base))
    made = made.convert("L") if base == "L" else made
    if image.mode in {"LA", "RGBA"}:
        made.putalpha(image.getchannel("A"))
    return made


def _plainly(image: Image.Image) -> Image.Image:
    """Inks whose profile nobody knows."""
    return image.convert("RGB")
