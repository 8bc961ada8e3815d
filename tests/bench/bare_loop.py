"""The reference for gaps: one bare window on the same event loop with the same meter, doing nothing.

Usage: python -m tests.bench.bare_loop  (until standard input ends)
"""

from __future__ import annotations

import asyncio
import sys

import qasync
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.child import tell
from tests.bench.gap import measured_gaps


async def main() -> None:
    window = QMainWindow()
    window.resize(1400, 900)
    window.show()
    await asyncio.sleep(1.0)  # the start is measured elsewhere
    tell({"is_ready": True})
    with measured_gaps() as meter:
        await asyncio.to_thread(sys.stdin.read)
    window.close()
    tell({"gaps": meter.as_json()})


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main())
