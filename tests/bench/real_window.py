"""The program as its users start it, practising on a fresh data folder; closed after its first paint.

Usage: python -m tests.bench.real_window STARTED FOLDER  (STARTED: the parent's time.monotonic() before)
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import gptimg_desktop.app
from gptimg_desktop.cli import main
from gptimg_desktop.ui.main_window import MainWindow
from tests.bench.first_paint import FirstPaint

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.model import JobListModel


class WatchedWindow(MainWindow):
    """The real window, with somebody who looks at the clock."""

    def __init__(self, model: JobListModel) -> None:
        super().__init__(model)
        FirstPaint(self, float(sys.argv[1]))


if __name__ == "__main__":
    vars(gptimg_desktop.app)["MainWindow"] = WatchedWindow
    sys.exit(main(["--practice", "--data-dir", sys.argv[2]]))
