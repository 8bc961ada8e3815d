"""The program as its users start it, on a library that is there; closed once the first screen was full.

Usage: python -m tests.bench.gallery_start STARTED DATA_DIR  (STARTED: the parent's time.monotonic() before)

Tells when every tile in sight showed its picture, what the process weighs some time later, and the shape of
the grid, so that a bare one can be made like it.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

import gptimg_desktop.app
from gptimg_desktop.cli import main
from gptimg_desktop.ui.main_window import MainWindow
from tests.bench.bare_grid import CALM_MS
from tests.bench.child import tell
from tests.bench.effort import memory_mib
from tests.bench.gallery_tiles import is_full, shape

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.model import JobListModel


class FirstScreen(QObject):
    """Looks after every paint of the tiles whether one of them still waits for its picture."""

    def __init__(self, window: MainWindow, started: float) -> None:
        super().__init__(window)
        self._window = window
        self._started = started
        self._took = 0.0
        window.gallery.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._look)
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if not self._took and is_full(self._window.gallery.view):
            self._took = time.monotonic() - self._started
            QTimer.singleShot(CALM_MS, self, self._tell)

    def _tell(self) -> None:
        grid = shape(self._window.gallery.view)
        tell({"first_screen_s": self._took, "memory_mib": memory_mib("VmRSS"), "grid": grid})
        self._window.close()


class WatchedWindow(MainWindow):
    """The real window, with somebody who looks at the clock."""

    def __init__(self, model: JobListModel) -> None:
        super().__init__(model)
        FirstScreen(self, float(sys.argv[1]))


if __name__ == "__main__":
    vars(gptimg_desktop.app)["MainWindow"] = WatchedWindow
    sys.exit(main(["--practice", "--data-dir", sys.argv[2]]))
