"""What the composer asks for that needs more than one word to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gptimg_desktop.ui.compose.references.data_uri import decoded

if TYPE_CHECKING:
    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.sizes import PixelSize


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeWish:
    """The next image is to have the shape of a picture of so many pixels; `like` says whose in words."""

    pixels: PixelSize
    like: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedPicture:
    """A picture without a file: a picture file's bytes, pixels that are still to be encoded, or base64 text.
    `source` names the place in the tray that is kept for it; `name` is empty where nobody named it."""

    source: str
    picture: bytes | Bitmap | str
    name: str = ""

    def content(self) -> bytes | Bitmap:
        """The bytes or the pixels; BadInputError where base64 text is damaged. To be called in a thread."""
        return decoded(self.picture) if isinstance(self.picture, str) else self.picture
