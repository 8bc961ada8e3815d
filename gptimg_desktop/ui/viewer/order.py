"""The finished pictures in the gallery's order, one after the other, also where nobody has read them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.ui.viewer.viewed import ViewedPicture

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from gptimg_desktop.ui.gallery.model import JobListModel

_FARTHEST: Final = 2_000
"""So many tiles without a picture are passed over at one go."""


class PictureOrder(QObject):
    """Walks over the model's rows while it is open; a job with several pictures has several places in it.

    A picture that the gallery does not show (any more) has neighbours all the same: those of the place where
    it last was. Where the way leads to a row whose job is not here, it is asked for, `is_reading` is True,
    and `changed` tells when looking again may help: then, and whenever pictures came or went.
    """

    changed = Signal()

    def __init__(self, model: JobListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_open = False
        self._last_id = ""
        self._last_row = 0
        self.is_reading = False
        model.modelReset.connect(self._tell)
        model.rowsInserted.connect(self._make_room)
        model.rowsRemoved.connect(self._close_gap)
        model.dataChanged.connect(self._look_again)

    def open(self) -> None:
        self._is_open = True

    def close(self) -> None:
        self._is_open = False
        self._last_id, self._last_row = "", 0

    def __len__(self) -> int:
        """How many tiles there are, with a picture or without."""
        return self._model.rowCount()

    def position(self, viewed: ViewedPicture) -> int | None:
        """The number of its tile, the first being 1; None where the gallery does not show it."""
        index = self._model.index_of(viewed.job_id)
        if not index.isValid():
            return None
        self._last_id, self._last_row = viewed.job_id, index.row()
        return index.row() + 1

    def after(self, viewed: ViewedPicture) -> ViewedPicture | None:
        """The next picture; None at the end, and while it is not known yet (`is_reading`)."""
        self.is_reading = False
        job = self._model.job(viewed.job_id)
        if job is not None and viewed.index + 1 < len(job.images):
            return ViewedPicture(job_id=viewed.job_id, index=viewed.index + 1)
        position = self.position(viewed)
        if position is not None:
            return self._seek(position, 1)
        return self._seek(self._last_row, 1) if viewed.job_id == self._last_id else None

    def before(self, viewed: ViewedPicture) -> ViewedPicture | None:
        """The picture before it; None at the beginning, and while it is not known yet (`is_reading`)."""
        self.is_reading = False
        if viewed.index:
            return ViewedPicture(job_id=viewed.job_id, index=viewed.index - 1)
        position = self.position(viewed)
        if position is not None:
            return self._seek(position - 2, -1)
        return self._seek(self._last_row - 1, -1) if viewed.job_id == self._last_id else None

    def _seek(self, row: int, step: int) -> ViewedPicture | None:
        """The first picture from a row on, in one direction."""
        for _ in range(_FARTHEST):
            if not 0 <= row < self._model.rowCount():
                return None
            job = self._model.job_at(row)
            if job is None:
                self.is_reading = True
                return None
            if job.images:
                return ViewedPicture(job_id=job.id, index=0 if step > 0 else len(job.images) - 1)
            row += step
        return None

    # What the model says

    def _make_room(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first <= self._last_row:
            self._last_row += last - first + 1
        self._tell()

    def _close_gap(self, _parent: QModelIndex, first: int, last: int) -> None:
        if last < self._last_row:
            self._last_row -= last - first + 1
        elif first <= self._last_row:
            self._last_row = first
        self._tell()

    def _look_again(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        if not roles:  # else only a small picture came
            self._tell()

    def _tell(self) -> None:
        if self._is_open:
            self.changed.emit()
