"""Which contents the library has already, as one import sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.services.library.image_places import ImagePlace, ImagePlaces
    from gptimg_desktop.services.stop import Stop


class KnownPictures:
    """Contents by their hashes. What the import claims for a file is known from then on."""

    def __init__(self) -> None:
        self._present: set[str] = set()
        self._binned: set[str] = set()
        self._missing: dict[str, list[ImagePlace]] = {}

    async def load(self, places: ImagePlaces, stop: Stop) -> None:
        """Read them page by page, so that nobody else waits long for the library."""
        page = await places.page()
        while page and not stop.is_set:
            for each in page:
                self._note(each)
            page = await places.page(before=page[-1].row)

    def _note(self, place: ImagePlace) -> None:
        if place.is_missing:
            self._missing.setdefault(place.sha256, []).append(place)
        else:
            (self._binned if place.is_binned else self._present).add(place.sha256)

    def is_binned(self, sha256: str) -> bool:
        return sha256 in self._binned and sha256 not in self._present

    def has(self, sha256: str) -> bool:
        return sha256 in self._present or sha256 in self._binned

    def claim(self, sha256: str) -> tuple[ImagePlace, ...]:
        """Take a content for one file, so that its twin is none any more; the pictures that miss it."""
        self._present.add(sha256)
        return tuple(self._missing.pop(sha256, ()))

    def give_back(self, sha256: str, missed: tuple[ImagePlace, ...]) -> None:
        """It came to nothing: a twin may do."""
        self._present.discard(sha256)
        if missed:
            self._missing[sha256] = list(missed)
