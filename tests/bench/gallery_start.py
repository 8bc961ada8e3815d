"""The program as its users start it, on a library that is there; closed once the first screen was full.

Usage: python -m tests.bench.gallery_start STARTED DATA_DIR  (STARTED: the parent's time.monotonic() before)

Tells when every tile in sight showed its picture and what all threads had computed by then, what the process
weighs some time later, and the shape of the grid, so that a bare one can be made like it.

Nothing of the program is imported here but what its command line imports first: the rest has to come when it
comes for its users.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from gptimg_desktop.cli import main
from gptimg_desktop.ui.desktop import application
from tests.bench.bare_grid import CALM_MS
from tests.bench.child import tell
from tests.bench.effort import memory_mib

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.ui.main_window import MainWindow


class FirstScreen(QObject):
    """Looks after every paint of the tiles whether one of them still waits for its picture."""

    def __init__(self, window: MainWindow, started: float) -> None:
        super().__init__(window)
        self._window = window
        self._started = started
        self._took = self._computed = 0.0
        window.gallery.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._look)
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        from tests.bench.gallery_tiles import is_full  # noqa: PLC0415 - brings the gallery

        if not self._took and is_full(self._window.gallery.view):
            self._took, self._computed = time.monotonic() - self._started, time.process_time()
            QTimer.singleShot(CALM_MS, self, self._tell)

    def _tell(self) -> None:
        from tests.bench.gallery_tiles import shape  # noqa: PLC0415 - brings the gallery

        found = {"first_screen_s": self._took, "cpu_s": self._computed}
        grid = shape(self._window.gallery.view)
        tell(found | {"memory_mib": memory_mib("VmRSS"), "grid": grid})
        self._window.close()


class WatchedApplication(application.Application):
    """The real application, with somebody who looks at the clock as soon as there is a window."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(arguments)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        for window in QApplication.topLevelWidgets():
            if window.objectName() == "mainWindow":
                self._timer.stop()
                FirstScreen(window, float(sys.argv[1]))  # type: ignore[arg-type]


if __name__ == "__main__":
    vars(application)["Application"] = WatchedApplication
    sys.exit(main(["--practice", "--data-dir", sys.argv[2]]))
