"""The whole program with its real window makes pictures against a server, and its GUI thread is measured.

Usage: python -m tests.bench.program URL FOLDER WAY JOBS WATCH_MS

WAY: "presses", a press of Generate for each job, "copies", one press for all, or "hurry", as few presses as
can be in a row, with rate limits off. Tells the longest gaps from the first press until the last picture is
saved and shown, and when each task's picture was saved.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qasync
from PySide6.QtWidgets import QAbstractButton, QSpinBox

from gptimg_desktop.app import open_app
from gptimg_desktop.core.job import JobState
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.application import Application
from tests.bench.child import tell
from tests.bench.gap import measured_gaps
from tests.bench.quick import KEY, SUBMITS_AT_ONCE, hurry
from tests.support.desk import Desk

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job

COPIES = 100
"""As many as one press asks for at most."""
BETWEEN_PRESSES_S = 0.05
BETWEEN_LOOKS_S = 0.25
TAIL_S = 1.0
"""How long is still measured after the last picture was saved, while it is being shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be done, as told by the arguments."""

    url: str
    folder: Path
    way: str
    jobs: int
    watch_ms: float


async def main(errand: Errand) -> None:
    options = Options(data_dir=errand.folder, base_url=errand.url, api_key=KEY)
    async with open_app(options) as app:
        gc.freeze()  # as `gptimg_desktop.start` does
        app.window.resize(1400, 900)
        desk = Desk(app)
        await desk.until(desk.find(QAbstractButton, "generateButton").isEnabled)
        desk.type_prompt("an oak chair by the window")
        if errand.way == "hurry":
            app.engine.queue.submits_at_once = SUBMITS_AT_ONCE
            hurry(app.engine, errand.url)
        await asyncio.sleep(1.0)  # the start is measured elsewhere
        with measured_gaps(watch_ms=errand.watch_ms) as meter:
            await _press(desk, errand)
            jobs = await _all_saved(desk, errand.jobs)
            await asyncio.sleep(TAIL_S)
        found: dict[str, Any] = {"gaps": meter.as_json()}
        tell(found | {"saved_at": {job.task_ids[0]: job.finished_at for job in jobs}})


async def _press(desk: Desk, errand: Errand) -> None:
    if errand.way == "presses":
        await _press_often(desk, errand.jobs)
    else:
        for _ in range(max(1, errand.jobs // COPIES)):
            _press_once(desk, min(COPIES, errand.jobs))
            await asyncio.sleep(BETWEEN_PRESSES_S)


async def _press_often(desk: Desk, times: int) -> None:
    for _ in range(times):
        desk.click("generateButton")
        await asyncio.sleep(BETWEEN_PRESSES_S)


def _press_once(desk: Desk, copies: int) -> None:
    desk.find(QSpinBox, "copiesSpin").setValue(copies)
    desk.click("generateButton")


async def _all_saved(desk: Desk, count: int) -> tuple[Job, ...]:
    """The jobs once every one is saved; looked at seldom, since looking takes time of the GUI thread."""
    while True:
        model = desk.app.model
        jobs = tuple(job for row in range(model.rowCount()) if (job := model.job_at(row)) is not None)
        if len(jobs) == count and all(job.state is JobState.SAVED for job in jobs):
            return jobs
        await asyncio.sleep(BETWEEN_LOOKS_S)


if __name__ == "__main__":
    url, folder, way, jobs, watch_ms = sys.argv[1:]
    errand = Errand(url=url, folder=Path(folder), way=way, jobs=int(jobs), watch_ms=float(watch_ms))
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(errand))
