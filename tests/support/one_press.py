"""The program in a process of its own: opens its window, presses Generate once, and stays until it is killed.

Usage: python -m tests.support.one_press DATA_DIR URL
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import qasync

from gptimg_desktop.app import open_app
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application
from tests.support.desk import Desk


async def main(data_dir: Path, url: str) -> None:
    options = Options(
        data_dir=data_dir,
        base_url=url,
        api_key=os.environ["GPTIMG_API_KEY"],
        poll_first_s=0.0,
        poll_every_s=0.02,
        pace=0.002,
        notice_s=0.0,
        files=tuple(Path(file) for file in sys.argv[3:]),
    )
    async with open_app(options) as app:
        desk = Desk(app)
        await desk.until(lambda: len(app.window.compose.draft().references) == len(options.files))
        desk.generate()
        await app.closed.wait()


if __name__ == "__main__":
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1]), sys.argv[2]))
