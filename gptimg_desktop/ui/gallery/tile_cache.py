"""Tiles that were painted before: while the view moves, the same ones are painted in every frame."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QPixmap

    from gptimg_desktop.core.job import Job

MOST_BYTES: Final = 32 * 1024 * 1024
_BYTES_PER_PIXEL: Final = 4


class TileCache:
    """Drawings by the number of their job: each is good for just that state of the job and that look. With
    room for nothing, nothing is kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[int, tuple[Job, Hashable, QPixmap]] = OrderedDict()

    def get(self, seq: int, job: Job, look: Hashable) -> QPixmap | None:
        """The drawing of a job; None where there is none of this state and look."""
        found = self._kept.get(seq)
        if found is None or found[0] is not job or found[1] != look:
            return None
        self._kept.move_to_end(seq)
        return found[2]

    def put(self, seq: int, job: Job, look: Hashable, drawing: QPixmap) -> None:
        """Keep a drawing; the longest unused go where there are too many."""
        self.drop(seq)
        self._kept[seq] = (job, look, drawing)
        self._bytes += _weight(drawing)
        while self._bytes > self._most_bytes and self._kept:
            self.drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Everything may look otherwise."""
        self._kept.clear()
        self._bytes = 0

    def drop(self, seq: int) -> None:
        """What a job's tile shows is another."""
        found = self._kept.pop(seq, None)
        if found is not None:
            self._bytes -= _weight(found[2])


def _weight(drawing: QPixmap) -> int:
    return drawing.width() * drawing.height() * _BYTES_PER_PIXEL
