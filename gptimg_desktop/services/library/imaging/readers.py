"""A reader for each format of pictures, reached by the first bytes of a file alone, never by its name or by
trying one reader after the other; and what they say of bytes that they cannot read."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import struct
from typing import TYPE_CHECKING, Final

from PIL import AvifImagePlugin, Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from gptimg_desktop.core.sizes import PixelSize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PIL.ImageFile import ImageFile

MOST_PIXELS: Final = 64_000_000
_KIND_OF_PAGE: Final = 254
_REDUCED: Final = 1
_RAW_VERSION: Final = 50_706


class UnreadableImageError(Exception):
    """The bytes are no picture that can be read."""


class UndecodedError(UnreadableImageError):
    """The picture was left undecoded, or the decoder gave up: nothing is known against its bytes.

    `is_set_aside`: decoding it ended the program before.
    """

    def __init__(self, reason: str, *, is_set_aside: bool = False) -> None:
        super().__init__(reason)
        self.is_set_aside = is_set_aside


class NoPictureError(UnreadableImageError):
    """The bytes are of no format that is read here."""


class DecoderMissingError(UnreadableImageError):
    """The bytes may well be a picture, but this installation cannot read its format."""

    def __init__(self, image_format: str) -> None:
        super().__init__(image_format)
        self.format = image_format


class TooManyPixelsError(UndecodedError):
    """The picture is larger than anything that is decoded here."""

    def __init__(self, pixels: PixelSize) -> None:
        super().__init__(pixels.label)
        self.pixels = pixels


class UnsupportedError(UnreadableImageError):
    """The picture is of a rare kind of its format, which is not read here: nothing is known against it."""


_UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
)


STUMBLES: Final = (TypeError, LookupError, ArithmeticError, AttributeError)
"""How Pillow's readers, of TIFF above all, stumble over fields of another kind than they expect."""


_OF_A_RARE_KIND: Final = re.compile(
    "unknown pixel mode|cannot handle|unsupported|not yet supported", re.IGNORECASE
)
"""How Pillow's readers say that a kind of pixels, and no damage, is what they stop at."""


@contextlib.contextmanager
def reading(*more: type[Exception]) -> Iterator[None]:
    """Around whatever reads pixels: what Pillow says of bytes it cannot read is an UnreadableImageError."""
    errors: tuple[type[Exception], ...] = (*_UNREADABLE, RuntimeError, *more)
    try:
        yield
    except RecursionError:
        raise  # says nothing against the bytes
    except errors as error:
        is_sound = _OF_A_RARE_KIND.search(str(error)) is not None
        raise (UnsupportedError if is_sound else UnreadableImageError)(str(error)) from error


def load(image: ImageFile) -> None:
    """Decode the pixels of a picture that is open; UnreadableImageError where they are damaged."""
    with reading(*STUMBLES):
        image.load()


@contextlib.contextmanager
def opened(source: Path | bytes, image_format: str) -> Iterator[ImageFile]:
    """A file of one format, its head read, not too large to be decoded; UnreadableImageError."""
    with headed(source, image_format) as image:
        pixels = PixelSize(*image.size)
        if pixels.pixels > MOST_PIXELS:
            raise TooManyPixelsError(pixels)
        yield image


def headed(source: Path | bytes, image_format: str) -> ImageFile:
    """A file of one format, its head read. Not `Image.open`: that refuses even to tell a huge size."""
    with reading(*STUMBLES):
        return _READERS[image_format](io.BytesIO(source) if isinstance(source, bytes) else source)


def _tiff(source: Path | io.BytesIO) -> ImageFile:
    """A TIFF; NoPictureError for what is built like one: raw files of cameras begin with a small preview."""
    image = TiffImageFile(source)
    if image.tag_v2.get(_KIND_OF_PAGE, 0) & _REDUCED or _RAW_VERSION in image.tag_v2:
        raise NoPictureError("a raw file")
    return image


def _avif(source: Path | io.BytesIO) -> ImageFile:
    if not AvifImagePlugin.SUPPORTED:
        raise DecoderMissingError("avif")
    return AvifImagePlugin.AvifImageFile(source)


def _heic(source: Path | io.BytesIO) -> ImageFile:
    """An HEIC picture, where somebody has installed a decoder for Pillow."""
    try:
        reader = importlib.import_module("pillow_heif").HeifImageFile
    except (ImportError, AttributeError):
        raise DecoderMissingError("heic") from None
    image: ImageFile = reader(source)
    return image


_READERS: Final[dict[str, Callable[[Path | io.BytesIO], ImageFile]]] = {
    "png": PngImageFile,
    "jpeg": JpegImageFile,
    "webp": WebPImageFile,
    "tiff": _tiff,
    "bmp": BmpImageFile,
    "gif": GifImageFile,
    "avif": _avif,
    "heic": _heic,
}
