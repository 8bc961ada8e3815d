"""Pictures for tiles, bounded in bytes, the longest unused going first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from gptimg_desktop.ui.images import image_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap

MOST_BYTES: Final = 128 * 1024 * 1024


class ThumbnailCache:
    """Images by job id. The newest image is kept even where it alone is over the bound."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._images: OrderedDict[str, QImage] = OrderedDict()

    def get(self, job_id: str) -> QImage | None:
        image = self._images.get(job_id)
        if image is not None:
            self._images.move_to_end(job_id)
        return image

    def put(self, job_id: str, bitmap: Bitmap) -> tuple[str, ...]:
        """Keep a picture; tells the ids whose pictures had to go."""
        self.drop(job_id)
        image = image_of(bitmap)
        self._images[job_id] = image
        self._bytes += image.sizeInBytes()
        gone = []
        while self._bytes > self._most_bytes and len(self._images) > 1:
            oldest = next(iter(self._images))
            self.drop(oldest)
            gone.append(oldest)
        return tuple(gone)

    def drop(self, job_id: str) -> None:
        image = self._images.pop(job_id, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()
