"""The finished pictures in the gallery's order, one after the other."""

from __future__ import annotations

from bisect import bisect_left, insort
from math import inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.ui.gallery.model import Role, place_of
from gptimg_desktop.ui.viewer.viewed import ViewedPicture

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.model import JobListModel, Place

    Entry = tuple[int, str, float]


class PictureOrder(QObject):
    """Follows the model while it is open; a job with several pictures takes several places.

    A picture that the gallery does not show (any more) has neighbours all the same: those of the place where
    it would be. `changed`: pictures came or went.
    """

    changed = Signal()

    def __init__(self, model: JobListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_open = False
        self._entries: list[Entry] = []
        model.modelReset.connect(self._begin_again)
        model.rowsInserted.connect(self._put_in)
        model.rowsAboutToBeRemoved.connect(self._take_out)
        model.dataChanged.connect(self._look_again)

    def open(self) -> None:
        self._is_open = True
        self._begin_again()

    def close(self) -> None:
        self._is_open = False
        self._entries = []

    def __len__(self) -> int:
        return len(self._entries)

    def position(self, viewed: ViewedPicture) -> int | None:
        """Its number, the first being 1; None where the gallery does not show it."""
        entry = self._entry_of(viewed)
        at = bisect_left(self._entries, entry) if entry is not None else len(self._entries)
        return at + 1 if at < len(self._entries) and self._entries[at] == entry else None

    def after(self, viewed: ViewedPicture) -> ViewedPicture | None:
        entry = self._entry_of(viewed)
        if entry is None:
            return None
        at = bisect_left(self._entries, entry)
        return self._at(at + (self.position(viewed) is not None))

    def before(self, viewed: ViewedPicture) -> ViewedPicture | None:
        entry = self._entry_of(viewed)
        return None if entry is None else self._at(bisect_left(self._entries, entry) - 1)

    def _at(self, position: int) -> ViewedPicture | None:
        if not 0 <= position < len(self._entries):
            return None
        _, job_id, index = self._entries[position]
        return ViewedPicture(job_id=job_id, index=int(index))

    def _entry_of(self, viewed: ViewedPicture) -> Entry | None:
        job = self._model.job(viewed.job_id)
        return None if job is None else (*place_of(job), float(viewed.index))

    # What the model says

    def _begin_again(self) -> None:
        if not self._is_open:
            return
        self._entries = [
            (*place_of(job), float(index)) for job in self._model.shown() for index in range(len(job.images))
        ]
        self.changed.emit()

    def _put_in(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._read_rows(first, last)

    def _look_again(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        if list(roles) != [Role.THUMBNAIL]:
            self._read_rows(first.row(), last.row())

    def _read_rows(self, first: int, last: int) -> None:
        if not self._is_open:
            return
        before = len(self._entries)
        for row in range(first, last + 1):
            job = self._model.job_at(row)
            if job is not None:
                self._drop(place_of(job))
                self._add(job)
        if len(self._entries) != before:
            self.changed.emit()

    def _take_out(self, _parent: QModelIndex, first: int, last: int) -> None:
        if not self._is_open:
            return
        before = len(self._entries)
        for row in range(first, last + 1):
            place = self._model.place_at(row)
            if place is not None:
                self._drop(place)
        if len(self._entries) != before:
            self.changed.emit()

    def _add(self, job: Job) -> None:
        for index in range(len(job.images)):
            insort(self._entries, (*place_of(job), float(index)))

    def _drop(self, place: Place) -> None:
        first = bisect_left(self._entries, (*place, 0.0))
        del self._entries[first : bisect_left(self._entries, (*place, inf))]
