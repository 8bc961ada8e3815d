"""The program in a process of its own: opens its window, writes into the composer, stays until it is killed.

Usage: python -m tests.support.one_draft DATA_DIR PROMPT
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QSpinBox

from gptimg_desktop.app import open_app
from gptimg_desktop.ui.desktop.application import Application
from tests.support.desk import Desk
from tests.support.starts import quick_options


async def main(data_dir: Path, prompt: str) -> None:
    async with open_app(quick_options(data_dir, None)) as app:
        desk = Desk(app)
        app.window.resize(1400, 900)
        desk.click("ratio_16x9")
        desk.click("tier_4k")
        desk.find(QSpinBox, "copiesSpin").setValue(7)
        editor = desk.find(QPlainTextEdit, "promptEdit")
        for number, line in enumerate(prompt.split("\n")):
            if number:
                QTest.keyClick(editor, Qt.Key.Key_Return)
            QTest.keyClicks(editor, line)
        await desk.until(desk.find(QAbstractButton, "onePerLine").isVisible)
        desk.click("onePerLine")
        await app.closed.wait()


if __name__ == "__main__":
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1]), sys.argv[2]))
