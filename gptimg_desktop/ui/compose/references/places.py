"""The places of the tray in their order, with everything that the user did to them to be undone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.compose.references.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Arrangement = tuple[Place, ...]
_MOST_STEPS: Final = 100


class Places(QObject):
    """Holds up to MOST_REFERENCES places. What is awaited is found by its source wherever it is, also where
    the user took it out meanwhile: it may be brought back.

    `rearranged`: others are shown, or in another order. `overflowed`: what was brought back did not all fit.
    """

    rearranged = Signal()
    overflowed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Arrangement = ()
        self._awaited: list[Place] = []
        self._steps = QUndoStack(self)
        self._steps.setUndoLimit(_MOST_STEPS)

    @property
    def shown(self) -> Arrangement:
        return self._shown

    @property
    def room(self) -> int:
        """How many more fit."""
        return MOST_REFERENCES - len(self._shown)

    @property
    def waiting(self) -> int:
        """How many of those shown are still being read."""
        return sum(bool(place.source) for place in self._shown)

    # What the user does, each a step to be undone

    def insert(self, places: Iterable[Place], text: str, at: int | None = None) -> None:
        """Put places before the one that is number `at` from 0, or at the end."""
        coming = tuple(places)
        if coming:
            index = len(self._shown) if at is None else max(0, min(at, len(self._shown)))
            self._await(coming)
            self._do((*self._shown[:index], *coming, *self._shown[index:]), text)

    def remove(self, places: Iterable[Place], text: str) -> None:
        going = set(places)
        self._do(tuple(place for place in self._shown if place not in going), text)

    def replace(self, old: Place, new: Place, text: str) -> None:
        self._await((new,))
        self._do(tuple(new if place is old else place for place in self._shown), text)

    def move(self, place: Place, index: int, text: str) -> None:
        """Give a place another number, from 0; numbers that there are not, are ignored."""
        if place in self._shown and 0 <= index < len(self._shown):
            others = [each for each in self._shown if each is not place]
            self._do((*others[:index], place, *others[index:]), text)

    def exchange(self, places: Iterable[Place], text: str) -> PlacesStep | None:
        """Show exactly these; None where they are shown already. The step tells whether it is done."""
        after = tuple(places)
        if [place.reference for place in after] == [place.reference for place in self._shown]:
            return None
        step = PlacesStep(self, after, text)
        self._steps.push(step)
        return step

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """What is done meanwhile is undone together."""
        self._steps.beginMacro("")
        try:
            yield
        finally:
            self._steps.endMacro()

    def undo(self) -> bool:
        """Take back the last step that makes a difference; False where there is none."""
        before = self._shown
        while self._steps.canUndo() and self._shown == before:
            self._steps.undo()
        return self._shown != before

    def redo(self) -> bool:
        """Do again what was taken back last."""
        before = self._shown
        while self._steps.canRedo() and self._shown == before:
            self._steps.redo()
        return self._shown != before

    # What happens meanwhile

    def reset(self, places: Iterable[Place]) -> None:
        """Show exactly these and forget every step."""
        self._steps.clear()
        self._shown = tuple(places)
        self._awaited = [place for place in self._shown if place.source]
        self.rearranged.emit()

    def awaited(self, source: str) -> Place | None:
        """The first place kept for a source, one that is shown before one that was taken out."""
        kept = (*self._shown, *self._awaited)
        return next((place for place in kept if source and place.source == source), None)

    def is_shown(self, place: Place) -> bool:
        return place in self._shown

    def settle(self, place: Place) -> None:
        """A place was filled, or gave way: nothing is awaited for it any more."""
        self._awaited = [each for each in self._awaited if each is not place]
        self.apply(self._shown)

    def expand(self, folder: Place, places: Iterable[Place]) -> None:
        """Let a folder's place become those of its files."""
        inside = tuple(places)
        folder.become(inside)
        self._await(inside)
        self.settle(folder)

    def apply(self, arrangement: Arrangement) -> None:
        """Show an arrangement, each place as what it has become meanwhile."""
        present = tuple(dict.fromkeys(place for each in arrangement for place in each.present))
        if len(present) > MOST_REFERENCES:
            present = present[:MOST_REFERENCES]
            self.overflowed.emit()
        if present != self._shown:
            self._shown = present
            self.rearranged.emit()

    def _await(self, places: Arrangement) -> None:
        self._awaited += [place for place in places if place.source]

    def _do(self, after: Arrangement, text: str) -> None:
        if after != self._shown:
            self._steps.push(PlacesStep(self, after, text))


class PlacesStep(QUndoCommand):
    """One arrangement after another; `is_done` while it is not taken back. Places know what became of them,
    so both arrangements stay true."""

    def __init__(self, places: Places, after: Arrangement, text: str) -> None:
        super().__init__(text)
        self._places = places
        self._before = places.shown
        self._after = after
        self.is_done = False

    def redo(self) -> None:
        self.is_done = True
        self._places.apply(self._after)

    def undo(self) -> None:
        self.is_done = False
        self._places.apply(self._before)
