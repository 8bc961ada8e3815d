"""What has to be done to a picture of the user's before it can be sent, told by its file and its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from gptimg_desktop.core.reference import Change
from gptimg_desktop.services.library.imaging.colours import to_srgb
from gptimg_desktop.services.library.imaging.formats import SENT
from gptimg_desktop.services.library.imaging.imaging import TURNS, orientation
from gptimg_desktop.services.library.imaging.readers import STUMBLES, reading

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

OF_PIXELS: Final = frozenset({Change.TURNED, Change.TO_SRGB, Change.TO_8_BIT, Change.CONVERTED})
"""Changes that a picture has to be encoded anew for."""
_BESIDE: Final = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop"})
_TELLING_TAGS: Final = frozenset(
    {270, 271, 272, 305, 306, 315, 316, 700, 33_432, 33_723, 34_377, 34_665, 34_853}
)
"""Of a TIFF: description, camera, program, date, artist, host, XMP, copyright, IPTC, Photoshop, EXIF, GPS."""
_PNG_DEPTH: Final = 24
"""Where in a PNG its bits a channel stand."""
_BITS: Final = 258
_ORIENTATION: Final = 274


def known_from_head(image: ImageFile, came_as: str) -> set[Change]:
    """What is certain before the pixels are read, and for some formats no longer told after it;
    UnreadableImageError where further frames are damaged so that nobody can count them."""
    changes = set() if came_as in SENT else {Change.CONVERTED}
    with reading(*STUMBLES):
        if getattr(image, "is_animated", False):
            changes.add(Change.FIRST_FRAME)
        if isinstance(image, TiffImageFile) and image.tag_v2.get(_ORIENTATION) in TURNS:
            changes.add(Change.TURNED)  # its reader turns it
    return changes


def needed(image: ImageFile, content: bytes, profile: bytes | None) -> set[Change]:
    """What has to be done to the pixels; `profile` says what their numbers mean."""
    found = {
        Change.TURNED: orientation(image) in TURNS,
        Change.TO_SRGB: to_srgb(image.mode, profile) is not None,
        Change.TO_8_BIT: is_deep(image, content),
    }
    return {change for change, is_needed in found.items() if is_needed}


def is_deep(image: ImageFile, content: bytes) -> bool:
    """Whether a channel has more than 8 bits; Pillow brings some to 8 without a word."""
    with reading(*STUMBLES):
        bits = image.info.get("bit_depth", 8)
        if isinstance(image, PngImageFile):
            bits = content[_PNG_DEPTH]
        elif isinstance(image, TiffImageFile):
            bits = max(image.tag_v2.get(_BITS, (8,)))
        return bool(bits > 8)


def tells(image: ImageFile) -> bool:
    """Whether something about the picture stands beside it, in a file that is encoded anew in any case."""
    if isinstance(image, TiffImageFile):
        return not _TELLING_TAGS.isdisjoint(image.tag_v2)
    return any(image.info.get(name) for name in _BESIDE)
