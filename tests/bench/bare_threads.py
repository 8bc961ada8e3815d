"""The reference for dropped files: a bare window while plain threads take the same files in, as many at once.

Usage: python -m tests.bench.bare_threads FILES FOLDER  (FILES: the folder of the pictures)
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication, QMainWindow

from gptimg_desktop.services.library.references.store import ReferenceStore
from tests.bench.child import tell
from tests.bench.effort import Effort
from tests.bench.gap import measured_gaps
from tests.support.kept_references import add_file

THREADS = 2


async def main(pictures: list[Path], folder: Path) -> None:
    store = ReferenceStore(folder)
    window = QMainWindow()
    window.resize(1400, 900)
    window.show()
    await asyncio.sleep(1.0)  # the start is measured elsewhere
    loop = asyncio.get_running_loop()
    with measured_gaps() as meter, ThreadPoolExecutor(THREADS) as threads:
        effort = Effort()
        for each in [loop.run_in_executor(threads, add_file, store, path) for path in pictures]:
            await each
        took = effort.as_json()
    window.close()
    tell(took | {"gaps": meter.as_json(), "references": len(list(folder.iterdir()))})


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(sorted(Path(sys.argv[1]).iterdir()), Path(sys.argv[2])))
