"""The pictures of the tiles: those that are here, and why others cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.thumbnail_cache import ThumbnailCache

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job

_FIRST_BOX: Final = 384


class TilePictures:
    """By job number. `box` is the square, in device pixels, that pictures are drawn in at present."""

    def __init__(self) -> None:
        self.box = _FIRST_BOX
        self._cache = ThumbnailCache()
        self._unseen: dict[int, Problem] = {}

    def image(self, seq: int) -> QImage | None:
        """The picture that is here, of whatever size."""
        return self._cache.get(seq)

    def problem(self, seq: int) -> Problem | None:
        return self._unseen.get(seq)

    def is_settled(self, seq: int) -> bool:
        """True where the picture is here in the present size, or why it cannot be."""
        return seq in self._unseen or self._cache.has(seq, self.box)

    def lacks(self, job: Job | None) -> bool:
        """True where a job has a picture that could be here in the present size, and is not."""
        return (
            job is not None
            and job.state is JobState.SAVED
            and bool(job.images)
            and not self.is_settled(job.seq)
        )

    def put(self, seq: int, bitmap: Bitmap, box: int | None) -> None:
        """A picture that was made for `box`, None for the present one."""
        self._cache.put(seq, bitmap, self.box if box is None else box)
        self._unseen.pop(seq, None)

    def fail(self, seq: int, problem: Problem) -> None:
        self._unseen[seq] = problem

    def forgive(self, seq: int) -> bool:
        """Try once more what could not be shown; True where it is that."""
        return self._unseen.pop(seq, None) is not None

    def forget(self, seq: int) -> None:
        self._cache.drop(seq)
        self._unseen.pop(seq, None)

    def outdate(self, seq: int) -> None:
        """There is a newer picture; a reason why there was none counts no more."""
        self._cache.outdate(seq)
        self._unseen.pop(seq, None)

    def forget_stale(self, before: Job | None, after: Job) -> None:
        """What is here of a job whose files are others now is of no use."""
        if before is not None and before.images != after.images:
            self.forget(after.seq)

    def room(self) -> int:
        """How many pictures may be fetched ahead and seen together."""
        return self._cache.room_for(self.box)
