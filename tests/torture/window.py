"""The whole program in a process of its own, with its real window. Usage: see `Errand`."""

from __future__ import annotations

import asyncio
import random
import sys

import qasync
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop.app import open_app
from gptimg_desktop.ui.desktop.application import Application
from tests.support.desk import Desk
from tests.torture.diary import Diary
from tests.torture.errand import AT_REST, BEGUN, UP, Errand, say
from tests.torture.plants import plant


class Scribe:
    """Writes down each step of a job that the window shows."""

    def __init__(self, desk: Desk, diary: Diary) -> None:
        self._desk = desk
        self._diary = diary
        self._states: dict[str, str] = {}
        model = desk.app.model
        for signal in (model.rowsInserted, model.dataChanged, model.modelReset):
            signal.connect(self.look)

    def look(self, *_: object) -> None:
        """Compare the tiles with what was seen last."""
        for job in self._desk.jobs():
            if self._states.get(job.id) != job.state.value:
                self._states[job.id] = job.state.value
                self._diary.shown(job)


async def main(errand: Errand) -> None:
    diary = Diary(errand.folder)
    say(BEGUN)
    async with open_app(errand.options()) as app:
        app.grace_s = 0.2
        desk = Desk(app)
        scribe = Scribe(desk, diary)
        await desk.until(desk.find(QAbstractButton, "generateButton").isEnabled)
        scribe.look()
        say(UP)
        for prompt in errand.prompts:
            if diary.may_press(prompt):
                await _press(desk, diary, prompt, errand.gap())
        await until_at_rest(desk)
        await asyncio.sleep(errand.linger_s)
        say(AT_REST)


async def until_at_rest(desk: Desk) -> None:
    """Wait until no job runs, however long it takes; the process is killed where that is too long."""
    changed = asyncio.Event()
    desk.app.model.dataChanged.connect(changed.set)
    while any(job.is_running for job in desk.jobs()):
        changed.clear()
        await changed.wait()


async def _press(desk: Desk, diary: Diary, prompt: str, gap_s: float) -> None:
    await asyncio.sleep(gap_s)
    desk.type_prompt(prompt)
    diary.press(prompt)
    desk.click("generateButton")
    await desk.until(lambda: any(job.request.prompt == prompt for job in desk.jobs()))


if __name__ == "__main__":
    given = Errand.read(sys.argv[1:])
    random.seed(given.seed())
    plant(given.plant)
    application = Application(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(given))
