"""Changes of jobs, no faster than an eye can follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QObject

    from gptimg_desktop.core.job import Job

_FRAME_MS: Final = 33


class Frames(QTimer):
    """Gives jobs to `show`, by their ids: at once where nothing came for a while, else together with what
    comes until the next frame. Of a job that comes more than once the last counts."""

    def __init__(self, parent: QObject, show: Callable[[Mapping[str, Job]], None]) -> None:
        super().__init__(parent, singleShot=True, interval=_FRAME_MS)
        self._show = show
        self._waiting: dict[str, Job] = {}
        self.timeout.connect(self._go_on)

    def put(self, job: Job) -> None:
        self._waiting[job.id] = job
        if not self.isActive():
            self._go_on()

    def show_now(self) -> None:
        """Show what waits for the next frame."""
        jobs, self._waiting = self._waiting, {}
        self._show(jobs)

    def _go_on(self) -> None:
        if self._waiting:
            self.start()
            self.show_now()
