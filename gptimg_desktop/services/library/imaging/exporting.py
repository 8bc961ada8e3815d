"""A picture in another format: upright, sRGB, 8 bits a channel, nothing in the file but the pixels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PIL import Image

from gptimg_desktop.core.export_format import ExportFormat
from gptimg_desktop.services.library.imaging.encoding import (
    JPEG_LONGEST_EDGE,
    WEBP_LONGEST_EDGE,
    as_jpeg,
    as_png,
    as_webp,
    has_alpha,
)
from gptimg_desktop.services.library.imaging.imaging import giving_up, watched
from gptimg_desktop.services.library.imaging.preparation import all_pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    Encoder = Callable[[Image.Image], bytes]

_LONGEST_EDGE: Final = {ExportFormat.JPEG: JPEG_LONGEST_EDGE, ExportFormat.WEBP: WEBP_LONGEST_EDGE}


class UnfitError(Exception):
    """The picture is larger than its new format can hold."""


def exported(content: bytes, wanted: ExportFormat) -> bytes:
    """A picture of any format that can be read, in the wanted one. UnfitError, UnreadableImageError.

    PNG keeps every pixel; JPEG and WebP are of a quality at which nobody sees the difference. What shines
    through in a JPEG stands on white.
    """
    picture = watched(content, partial(all_pixels, content))
    longest_edge = _LONGEST_EDGE.get(wanted)
    if longest_edge is not None and max(picture.size) > longest_edge:
        raise UnfitError(wanted.name)
    with giving_up():
        return _ENCODERS[wanted](picture)


def _jpeg(picture: Image.Image) -> bytes:
    return as_jpeg(_on_white(picture) if has_alpha(picture) else picture)


def _on_white(picture: Image.Image) -> Image.Image:
    mode = picture.mode[:-1]
    ground = Image.new(mode, picture.size, "white")
    ground.paste(picture.convert(mode), mask=picture.getchannel("A"))
    return ground


_ENCODERS: Final[dict[ExportFormat, Encoder]] = {
    ExportFormat.PNG: as_png,
    ExportFormat.JPEG: _jpeg,
    ExportFormat.WEBP: as_webp,
}
