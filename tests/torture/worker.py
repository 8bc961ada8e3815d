"""The engine in a process of its own, without Qt. Usage: see `Errand`."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sys
from typing import TYPE_CHECKING

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import Engine, Reports, open_engine
from gptimg_desktop.folders import prepare_data_folder
from gptimg_desktop.services.instance_lock import instance_lock
from gptimg_desktop.services.logs import log_to
from tests.support.jobs import started
from tests.support.noise import noise
from tests.torture.diary import Diary
from tests.torture.errand import AT_REST, BEGUN, UP, Errand, say
from tests.torture.filling import filled_at_times
from tests.torture.plants import plant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.reference import FileReference

GRACE_S = 0.2
WITH_REFERENCE = 0.3
"""The share of presses with a reference picture."""
WAVERING_S = 0.08
"""How long the user thinks at most before he takes a job back."""


class Worker:
    """A user who presses Generate, and a window that is nobody's."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._diary = Diary(errand.folder)
        self._jobs: dict[str, Job] = {}
        self._is_refused = False
        self._told = asyncio.Event()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """From the start to the end of one life."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end)
        async with self._engine() as engine:
            say(BEGUN)
            async with filled_at_times(engine, self._errand.full_s):
                await self._live(engine)

    async def _live(self, engine: Engine) -> None:
        jobs = await started(engine)
        self._jobs |= {job.id: job for job in jobs}
        await engine.tidy(await engine.store.draft())
        say(UP)
        self._send_again(engine)
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
                references = await self._references(engine, prompt)
                self._diary.press(prompt)
                self._is_refused = False
                engine.submit(Draft(prompt=prompt, references=references))
                await self._until_shown(prompt)
                await self._perhaps_take_back(engine, prompt)

    def _send_again(self, engine: Engine) -> None:
        """What the user does at times with jobs that nobody can tell about; with each once."""
        for job in tuple(self._jobs.values()):
            prompt = job.request.prompt
            is_asking = job.state is JobState.UNCONFIRMED and self._diary.may_send_again(prompt)
            if is_asking and random.random() < self._errand.clicks:
                self._diary.send_again(prompt)
                engine.queue.send_again(job.id)

    async def _perhaps_take_back(self, engine: Engine, prompt: str) -> None:
        """What the user does at times with a job that waits, or that has just left."""
        if random.random() < self._errand.clicks:
            await asyncio.sleep(random.uniform(0.0, WAVERING_S))
            for job in tuple(self._jobs.values()):
                if job.request.prompt == prompt:
                    engine.queue.cancel(job.id)

    async def _references(self, engine: Engine, prompt: str) -> tuple[FileReference, ...]:
        if random.random() >= WITH_REFERENCE:
            return ()
        reference, _ = await asyncio.to_thread(
            engine.references.add_bytes, noise(40, 40, prompt), "noise.png"
        )
        return (reference,)

    async def _until_shown(self, prompt: str) -> None:
        """Wait until there is a job for the prompt, or the program said that there is none."""
        while not self._is_refused and all(job.request.prompt != prompt for job in self._jobs.values()):
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
        if problem.kind is ProblemKind.ANSWER_IN_JOURNAL:
            self._diary.journalled(str(problem.facts["task_id"]))
        self._is_refused |= not job_id
        self._told.set()
        say(f"complaint about {job_id or 'all'}: {problem}")


def main() -> None:
    errand = Errand.read(sys.argv[1:])
    random.seed(errand.seed())
    plant(errand.plant)
    assert "PySide6" not in sys.modules, "the engine needs Qt"
    asyncio.run(Worker(errand).run())


if __name__ == "__main__":
    main()
