"""The whole program with its real window takes in heavy files that are dropped; its GUI thread is measured.

Usage: python -m tests.bench.drop FILES FOLDER WATCH_MS  (FILES: the folder of the pictures)

Tells the longest gaps from the drop until the last picture has its chip, how long that took, and by how much
memory grew.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path

import qasync
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop.app import open_app
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application
from tests.bench.child import tell
from tests.bench.effort import Effort
from tests.bench.gap import measured_gaps
from tests.support.desk import Desk
from tests.ui.compose.hands import drop, files

TAIL_S = 0.5
"""How long is still measured after the last one, while it is being shown."""


async def main(pictures: list[Path], folder: Path, watch_ms: float) -> None:
    async with open_app(Options(data_dir=folder, practice=True)) as app:
        gc.freeze()  # as `gptimg_desktop.start` does
        app.window.resize(1400, 900)
        desk = Desk(app)
        await desk.until(desk.find(QAbstractButton, "generateButton").isEnabled)
        await asyncio.sleep(1.0)  # the start is measured elsewhere
        mime = files(*map(str, pictures))
        compose = app.window.compose
        with measured_gaps(watch_ms=watch_ms) as meter:
            effort = Effort()
            drop(compose, mime)
            await desk.until(lambda: len(compose.draft().references) == len(pictures))
            took = effort.as_json()
            await asyncio.sleep(TAIL_S)
        tell(took | {"gaps": meter.as_json(), "references": len(compose.draft().references)})


if __name__ == "__main__":
    pictures = sorted(Path(sys.argv[1]).iterdir())
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(pictures, Path(sys.argv[2]), float(sys.argv[3])))
