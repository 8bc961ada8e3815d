"""The engine in a process of its own, without Qt. Usage: see `Errand`."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sys
from typing import TYPE_CHECKING

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import Engine, Reports, open_engine
from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.services.instance_lock import instance_lock
from gptimg_desktop.services.logs import log_to
from tests.torture.diary import Diary
from tests.torture.errand import AT_REST, UP, Errand, say
from tests.torture.plants import plant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job

GRACE_S = 0.2


class Worker:
    """A user who presses Generate, and a window that is nobody's."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._diary = Diary(errand.folder)
        self._jobs: dict[str, Job] = {}
        self._told = asyncio.Event()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """From the start to the end of one life."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end)
        async with self._engine() as engine:
            jobs = await engine.start()
            self._jobs |= {job.id: job for job in jobs}
            await engine.tidy(jobs)
            say(UP)
            await self._press(engine)
            await self._until_at_rest()

    @contextlib.asynccontextmanager
    async def _engine(self) -> AsyncIterator[Engine]:
        data_dir = prepare_data_folder(self._errand.data_dir)
        reports = Reports(
            publish=self._publish,
            show_gates=self._show_gates,
            complain=self._complain,
            show_unkept=self._show_unkept,
        )
        settings = Settings(submits_at_once=self._errand.at_once)
        with instance_lock(data_dir), log_to(data_dir / "logs"):
            async with open_engine(self._errand.options(), data_dir, settings, reports) as engine:
                try:
                    yield engine
                finally:
                    await engine.queue.aclose(grace_s=GRACE_S)

    async def _press(self, engine: Engine) -> None:
        for prompt in self._errand.prompts:
            if self._diary.may_press(prompt) and not self._stop.is_set():
                await asyncio.sleep(self._errand.gap())
                self._diary.press(prompt)
                engine.submit(Draft(prompt=prompt))
                await self._until_shown(prompt)

    async def _until_shown(self, prompt: str) -> None:
        while all(job.request.prompt != prompt for job in self._jobs.values()):
            await self._told.wait()
            self._told.clear()

    async def _until_at_rest(self) -> None:
        while any(job.is_running for job in self._jobs.values()) and not self._stop.is_set():
            self._told.clear()
            await self._told.wait()
        if not self._stop.is_set():
            await asyncio.sleep(self._errand.linger_s)
            say(AT_REST)

    def _end(self) -> None:
        self._stop.set()
        self._told.set()

    def _publish(self, job: Job) -> None:
        self._jobs[job.id] = job
        self._diary.shown(job)
        self._told.set()

    def _show_gates(self, gates: tuple[Gate, ...]) -> None:
        pass

    def _show_unkept(self, task_ids: tuple[str, ...]) -> None:
        say(f"kept nowhere: {task_ids}")

    def _complain(self, job_id: str, problem: Problem) -> None:
        say(f"complaint about {job_id or 'all'}: {problem}")


def main() -> None:
    errand = Errand.read(sys.argv[1:])
    random.seed(errand.label)
    plant(errand.plant)
    assert "PySide6" not in sys.modules, "the engine needs Qt"
    asyncio.run(Worker(errand).run())


if __name__ == "__main__":
    main()
