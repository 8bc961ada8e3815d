"""The few full pictures that the viewer keeps at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from gptimg_desktop.ui.viewer.viewed import ViewedPicture

MOST_PICTURES: Final = 3
MOST_BYTES: Final = 256 * 1024 * 1024


class PictureCache:
    """Images by what they are of. Only what was named in `keep_only` is taken in; the first named is the most
    important one and is kept even where it alone is over the bound."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._wanted: tuple[ViewedPicture, ...] = ()
        self._images: dict[ViewedPicture, QImage] = {}

    def __len__(self) -> int:
        return len(self._images)

    @property
    def size_in_bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._images.values())

    def keep_only(self, wanted: Sequence[ViewedPicture]) -> None:
        """Let everything else go; of these, up to three are kept."""
        self._wanted = tuple(wanted)[:MOST_PICTURES]
        self._images = {viewed: image for viewed, image in self._images.items() if viewed in self._wanted}

    def has_room_for(self, size_in_bytes: int) -> bool:
        """True where that much more leaves everything in its place."""
        return self.size_in_bytes + size_in_bytes <= self._most_bytes

    def get(self, viewed: ViewedPicture) -> QImage | None:
        return self._images.get(viewed)

    def put(self, viewed: ViewedPicture, image: QImage) -> None:
        """Keep a picture that is wanted; the least important ones go where it gets too much."""
        if viewed not in self._wanted:
            return
        self._images[viewed] = image
        for least in reversed(self._wanted[1:]):
            if self.size_in_bytes > self._most_bytes:
                self._images.pop(least, None)
