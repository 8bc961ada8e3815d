"""The real window scrolls through pictures that have no thumbnail yet, a screen as soon as the last is full.

Usage: python -m tests.bench.gallery_fresh DATA_DIR WATCH_MS

Tells how many thumbnails were made, how long that took, and the longest gaps of the GUI thread.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import qasync
from PySide6.QtCore import QModelIndex, QObject

from gptimg_desktop.app import open_app
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application
from gptimg_desktop.ui.gallery.model import Role
from tests.bench.child import tell
from tests.bench.gallery_tiles import is_full
from tests.bench.gap import measured_gaps

if TYPE_CHECKING:
    from gptimg_desktop.app import App

PATIENCE_S: Final = 300.0


class Screens(QObject):
    """Goes on by a screen whenever the one in sight is full; `is_over` at the end of the list."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.is_over = asyncio.Event()
        self._view = app.window.gallery.view
        app.model.dataChanged.connect(self._note)

    def go_on(self) -> None:
        bar = self._view.verticalScrollBar()
        while not self.is_over.is_set() and is_full(self._view):
            if bar.value() == bar.maximum():
                self.is_over.set()
            bar.setValue(bar.value() + self._view.viewport().height())

    def _note(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        if Role.THUMBNAIL in roles:
            self.go_on()


async def main(data_dir: Path, watch_ms: float) -> None:
    async with open_app(Options(data_dir=data_dir, practice=True)) as app:
        gc.freeze()  # as `gptimg_desktop.start` does
        app.window.resize(1400, 900)
        await asyncio.sleep(1.0)  # the start is measured elsewhere
        app.window.gallery.view.verticalScrollBar().setValue(0)
        seqs = app.model.seqs_in(0, app.model.rowCount())
        app.model.forget_thumbnails(seqs)
        screens = Screens(app)
        with measured_gaps(watch_ms=watch_ms) as meter:
            began = time.perf_counter()
            screens.go_on()
            async with asyncio.timeout(PATIENCE_S):
                await screens.is_over.wait()
            found: dict[str, Any] = {"wall_s": time.perf_counter() - began}
        tell(found | {"gaps": meter.as_json(), "count": len(seqs)})


if __name__ == "__main__":
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1]), float(sys.argv[2])))
