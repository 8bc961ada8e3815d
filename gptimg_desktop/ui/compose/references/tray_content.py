"""What is in the tray: references in their places, how they are sent, and what is asked for to have them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from gptimg_desktop.core.reference import FileReference, Reference, Shrink, ShrinkWish
from gptimg_desktop.ui.compose.references.intake import Intake
from gptimg_desktop.ui.compose.references.offer import Item, OfferedFile
from gptimg_desktop.ui.compose.references.place import Place
from gptimg_desktop.ui.compose.references.places import Places
from gptimg_desktop.ui.compose.references.shrinking import Shrinking
from gptimg_desktop.ui.images import image_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.ui.compose.references.places import PlacesStep


class TrayContent(QObject):
    """Knows no widgets. Every step of the user's can be undone, also while others are still being read.

    `shown_changed`: something else is to be seen. `left_over` carries a tuple of `Item`, which found no room.
    `overflowed`: what was brought back did not all fit. `files_wanted` (a tuple of paths), `picture_wanted`
    (a `PastedPicture`), `thumbnail_wanted` (a `FileReference`) and `shrink_wanted` (a `ShrinkWish`) ask for
    what is missing, once.
    """

    shown_changed = Signal()
    left_over = Signal(object)
    overflowed = Signal()
    files_wanted = Signal(object)
    picture_wanted = Signal(object)
    thumbnail_wanted = Signal(object)
    shrink_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = Places(self)
        self._shrinking = Shrinking(self)
        self._intake = Intake(self)
        self._asked_for: set[str] = set()  # pictures, by content
        self._places.rearranged.connect(self._tell)
        self._places.overflowed.connect(self.overflowed)
        self._shrinking.wanted.connect(self.shrink_wanted)
        self._intake.files_wanted.connect(self.files_wanted)
        self._intake.picture_wanted.connect(self.picture_wanted)

    # What is there

    @property
    def places(self) -> tuple[Place, ...]:
        """In the order that is shown."""
        return self._places.shown

    @property
    def room(self) -> int:
        """How many more fit."""
        return self._places.room

    @property
    def shrink(self) -> Shrink | None:
        return self._shrinking.shrink

    @property
    def references(self) -> tuple[Reference, ...]:
        """As they were given."""
        return tuple(place.reference for place in self.places if place.reference is not None)

    @property
    def references_as_sent(self) -> tuple[Reference, ...]:
        """Each as light as it is sent."""
        return tuple(map(self.as_sent, self.references))

    @property
    def being_shrunk(self) -> int:
        """How many lighter copies are still to be made."""
        return sum(map(self.is_being_shrunk, self.references))

    @property
    def waiting(self) -> int:
        """How many are still being read or made lighter."""
        return self._places.waiting + self.being_shrunk

    def as_sent(self, reference: Reference) -> Reference:
        return self._shrinking.as_sent(reference)

    def is_being_shrunk(self, reference: Reference) -> bool:
        return self._shrinking.is_awaited(reference)

    def places_of(self, references: tuple[FileReference, ...]) -> tuple[Place, ...]:
        """Where these are, as they were given or as they are sent."""
        return tuple(
            place
            for place in self.places
            if place.file is not None and (place.file in references or self.as_sent(place.file) in references)
        )

    # What the user does, each a step to be undone

    def insert(self, items: Iterable[Item], at: int | None = None) -> None:
        """Give items places before number `at` from 0, or at the end, as many as fit, and ask for them."""
        coming = tuple(items)
        room = self.room
        fitting = tuple(map(self._intake.place_for, coming[:room]))
        if fitting:
            self._places.insert(fitting, _step("Added {name}", fitting[0]), at)
            self._intake.ask(fitting)
        self._leave_over(coming[room:])

    def replace(self, old: Place, item: Item) -> str:
        """Let an item have the place of another reference; tells the step in words, "" where that is gone."""
        if not self._places.is_shown(old):
            return ""
        new = self._intake.place_for(item, instead_of=old)
        text = _step("Replaced {name}", old)
        self._places.replace(old, new, text)
        self._intake.ask((new,))
        return text

    def remove(self, places: tuple[Place, ...]) -> str:
        """Take places out; tells the step in words."""
        text = _step("Removed {name}", places[0])
        if len(places) > 1:
            text = _tr("Removed {count} references").format(count=len(places))
        self._places.remove(places, text)
        return text

    def move(self, place: Place, index: int) -> None:
        """Give a place another number, from 0; numbers that there are not, are ignored."""
        self._places.move(place, index, _step("Moved {name}", place))

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """What is done meanwhile is undone together."""
        with self._places.one_step():
            yield

    def undo(self) -> bool:
        return self._places.undo()

    def redo(self) -> bool:
        return self._places.redo()

    # What it is told

    def set_references(self, references: tuple[Reference, ...]) -> None:
        """Hold exactly these, with the pictures that are known already; no step before can be undone."""
        places = self._places_for(references)
        self._asked_for.clear()
        self._places.reset(places)

    def take_over(self, references: tuple[Reference, ...]) -> PlacesStep | None:
        """Hold exactly these, with the pictures that are known already, as a step that can be undone; None
        where nothing changes."""
        return self._places.exchange(self._places_for(references), _tr("Took over references"))

    def add(self, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Add one at the end; False where there is no room."""
        if self.room < 1:
            return False
        place = Place(reference, None if bitmap is None else image_of(bitmap))
        self._places.insert((place,), _step("Added {name}", place))
        return True

    def put_first(self, references: tuple[Reference, ...]) -> bool:
        """Put references before all others, as many as fit; False where some did not."""
        places = tuple(map(Place, references))
        fitting = places[: self.room]
        if fitting:
            self._places.insert(fitting, _step("Added {name}", fitting[0]), 0)
        return len(fitting) == len(places)

    def fill(self, source: str, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Put a reference into the first place kept for its source; False where it is not to be seen."""
        place = self._places.awaited(source)
        if place is None:
            return False
        place.fill(reference, None if bitmap is None else image_of(bitmap))
        self._places.settle(place)
        self._tell()
        return self._places.is_shown(place)

    def give_up(self, source: str) -> bool:
        """Take away the first place kept for a source; what it was to replace comes back. False where it was
        not to be seen."""
        place = self._places.awaited(source)
        if place is None:
            return False
        was_shown = self._places.is_shown(place)
        place.give_up()
        self._places.settle(place)
        return was_shown

    def expand(self, folder: str, paths: tuple[str, ...]) -> None:
        """Let the place kept for a folder become those of its pictures, as many as fit, and ask for these. A
        folder without any gives its place up."""
        place = self._places.awaited(folder)
        if place is None:
            return
        if not paths:
            self.give_up(folder)
        elif self._places.is_shown(place):
            self._expand(place, paths)
        else:
            place.listing = paths  # for the moment when it is brought back

    def replace_reference(self, old: FileReference, new: FileReference, bitmap: Bitmap | None) -> bool:
        """The file behind a reference had changed: its places follow. `old` may be the reference as it was
        sent. False where it is not there any more."""
        image = None if bitmap is None else image_of(bitmap)
        places = self.places_of((old,))
        for place in places:
            place.was_read_anew = place.file is not None and place.file.sha256 != new.sha256
            place.fill(new, image)
        self._tell()
        return bool(places)

    def note_seen(self) -> None:
        """The user goes on: what was read anew is nothing new any more."""
        for place in self.places:
            place.was_read_anew = False

    def settle(self, references: tuple[FileReference, ...]) -> None:
        """From now on these are what was copied, whatever becomes of their files."""
        for place in self.places_of(references):
            if place.file is not None:
                place.content = place.file.settled()

    def set_thumbnail(self, sha256: str, bitmap: Bitmap) -> bool:
        """Give every place of this content its picture; False where there is none."""
        self._asked_for.discard(sha256)
        places = [place for place in self.places if place.file and place.file.sha256 == sha256]
        image = image_of(bitmap) if places else None
        for place in places:
            place.image = image
        return bool(places)

    def set_shrink(self, shrink: Shrink | None) -> None:
        self._shrinking.set_shrink(shrink)
        self._tell()

    def set_shrunk(self, wish: ShrinkWish, shrunk: FileReference) -> None:
        self._shrinking.put(wish, shrunk)
        self._tell()

    # Inside

    def _places_for(self, references: tuple[Reference, ...]) -> tuple[Place, ...]:
        known = {place.file.sha256: place.image for place in self.places if place.file and place.image}
        return tuple(
            Place(each, known.get(each.sha256) if isinstance(each, FileReference) else None)
            for each in references
        )

    def _expand(self, folder: Place, paths: tuple[str, ...]) -> None:
        room = self.room + 1  # its own place
        folder.listing = ()
        items = tuple(OfferedFile(path=path) for path in paths)
        first = self._intake.place_for(items[0], instead_of=folder.instead_of)
        inside = (first, *map(self._intake.place_for, items[1:room]))
        self._places.expand(folder, inside)
        self._intake.ask(inside)
        self._leave_over(items[room:])

    def _leave_over(self, items: tuple[Item, ...]) -> None:
        if items:
            self.left_over.emit(items)

    def _tell(self) -> None:
        self.shown_changed.emit()
        for place in self.places:
            self._ask_for_picture(place)
        QTimer.singleShot(0, self, self._ask_for_more)

    def _ask_for_picture(self, place: Place) -> None:
        if place.file and place.image is None and place.file.sha256 not in self._asked_for:
            self._asked_for.add(place.file.sha256)
            self.thumbnail_wanted.emit(place.file)

    def _ask_for_more(self) -> None:
        """Once it is settled what is shown, and how it is sent: the inside of folders, lighter copies."""
        for place in self.places:
            if place.listing:
                self._expand(place, place.listing)
            self._shrinking.ask(place.reference)


def _step(template: str, place: Place) -> str:
    """A step in words, on one line."""
    return _tr(template).format(name=" ".join(place.title.split()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrayContent", text)
