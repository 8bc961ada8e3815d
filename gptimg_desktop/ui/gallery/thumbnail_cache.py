"""Pictures for tiles, bounded in bytes, the longest unused going first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from gptimg_desktop.ui.images import image_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap

MOST_BYTES: Final = 128 * 1024 * 1024
_NO_BOX: Final = 0


class ThumbnailCache:
    """Images by the number of their job, each with the box that it was made for. The newest image is kept
    even where it alone is over the bound."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._images: OrderedDict[int, tuple[QImage, int]] = OrderedDict()

    def get(self, seq: int) -> QImage | None:
        kept = self._images.get(seq)
        if kept is None:
            return None
        self._images.move_to_end(seq)
        return kept[0]

    def has(self, seq: int, box: int) -> bool:
        """True where the image is here and was made for this box."""
        kept = self._images.get(seq)
        return kept is not None and kept[1] == box

    def put(self, seq: int, bitmap: Bitmap, box: int) -> None:
        self.drop(seq)
        image = image_of(bitmap)
        self._images[seq] = (image, box)
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._images) > 1:
            self.drop(next(iter(self._images)))

    def outdate(self, seq: int) -> None:
        """Show an image only until there is another one."""
        if seq in self._images:
            self._images[seq] = (self._images[seq][0], _NO_BOX)

    def drop(self, seq: int) -> None:
        kept = self._images.pop(seq, None)
        if kept is not None:
            self._bytes -= kept[0].sizeInBytes()

    @property
    def bytes(self) -> int:
        """What all images weigh together."""
        return self._bytes

    def room_for(self, box: int) -> int:
        """How many opaque images of a box fit into half of the bound."""
        return self._most_bytes // 2 // (4 * box * box)
