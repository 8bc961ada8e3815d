"""The light that moves over tiles that are being worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.grid_view import GridView
    from gptimg_desktop.ui.gallery.model import JobListModel

_FRAME_MS: Final = 50
_WORKING: Final = frozenset({JobState.SENDING, JobState.ACCEPTED, JobState.READY})


class Light(QTimer):
    """Moves only while a tile at work can be seen; whatever may bring one into sight wakes it."""

    def __init__(self, view: GridView, model: JobListModel) -> None:
        super().__init__(view, interval=_FRAME_MS)
        self._view = view
        self._jobs = model
        self.timeout.connect(self._show_next_frame)

    def wake(self) -> None:
        if self._view.isVisible() and not self.isActive():
            self.start()

    def _show_next_frame(self) -> None:
        working = [row for row in self._view.rows_in_sight() if self._is_working(row)]
        for row in working:
            self._view.update(self._jobs.index(row))
        if not working or self._view.window().isMinimized():
            self.stop()

    def _is_working(self, row: int) -> bool:
        job = self._jobs.job_of(self._jobs.seq_at(row))
        return job is not None and job.state in _WORKING
