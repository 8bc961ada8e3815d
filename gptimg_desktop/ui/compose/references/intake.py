"""From what is offered to places in the tray, and to the wishes to have them filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.ui.compose.references.offer import Item, OfferedFile, name_of
from gptimg_desktop.ui.compose.references.place import Awaited, Place
from gptimg_desktop.ui.compose.wishes import PastedPicture

if TYPE_CHECKING:
    from collections.abc import Iterable


class Intake(QObject):
    """`files_wanted` carries a tuple of local paths to be read, `picture_wanted` a `PastedPicture`."""

    files_wanted = Signal(object)
    picture_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._pictures: dict[str, PastedPicture] = {}

    def place_for(self, item: Item, *, instead_of: Place | None = None) -> Place:
        """A place of its own; what it replaces comes back where it cannot be filled."""
        if isinstance(item, UrlReference):
            return Place(item, instead_of=instead_of)
        if isinstance(item, OfferedFile):
            return Place(Awaited(source=item.path, name=name_of(item)), instead_of=instead_of)
        self._count += 1
        pasted = PastedPicture(source=f"pasted:{self._count}", picture=item.picture, name=item.name)
        self._pictures[pasted.source] = pasted
        return Place(Awaited(source=pasted.source, name=name_of(item)), instead_of=instead_of)

    def ask(self, places: Iterable[Place]) -> None:
        """Wish that these are filled; all files at once."""
        sources = [place.source for place in places if place.source]
        pictures = [self._pictures.pop(source) for source in sources if source in self._pictures]
        taken = {picture.source for picture in pictures}
        paths = tuple(source for source in sources if source not in taken)
        if paths:
            self.files_wanted.emit(paths)
        for picture in pictures:
            self.picture_wanted.emit(picture)
