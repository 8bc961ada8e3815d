"""One whole job by the engine, in a process without Qt, from the press to its rest.

Usage: python -m tests.sweep.subject HOME URL [--presses N] [--plant NAME] [--watched STRACE ARGUMENT…]

HOME holds `data` and `reference.png`. Generate is pressed only where the library has no job yet. Every job
that is published is one line of JSON on stdout: what stands there has been promised.
Chance is held fixed, so that the n-th call of a run is the n-th call of the next one: names come from
counters, what may run in any thread runs in one, and threads wake the loop by `write`, so that every `sendto`
and `recvfrom` is a word with the service.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sys
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import Engine, open_engine
from gptimg_desktop.options import Options
from tests.support.bench import Bench
from tests.support.jobs import started
from tests.support.kept_references import add_file
from tests.support.scripted_server import KEY
from tests.sweep.plants import PLANTS
from tests.sweep.watching import be_watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.job import Job

LAST_BYTE = b"}"
"""What completes a request and leaves by itself."""
PATIENCE_S = 30.0
PROMPT = "an oak chair, number"


class Told(Bench):
    """What the engine tells, printed as it comes; `at_rest` once no job goes on by itself."""

    def __init__(self, presses: int) -> None:
        super().__init__()
        self._presses = presses
        self.at_rest = asyncio.Event()

    def know(self, job: Job) -> None:
        self.jobs[job.id] = job
        if len(self.jobs) >= self._presses and not any(job.is_running for job in self.jobs.values()):
            self.at_rest.set()

    def _publish(self, job: Job) -> None:
        super()._publish(job)
        print(json.dumps({"id": job.id, "state": job.state, "tasks": job.task_ids}), flush=True)  # noqa: T201
        self.know(job)


class WakingByWrite(asyncio.SelectorEventLoop):
    """A loop that other threads wake with `write` instead of `send`."""

    def _write_to_self(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.write(self._csock.fileno(), b"\0")  # type: ignore[attr-defined]

    def _read_from_self(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._ssock.fileno(), 4096):  # type: ignore[attr-defined]
                pass


def hold_chance() -> None:
    """Names of jobs and of temporary files come from counters."""
    ids = itertools.count(1)
    uuid.uuid4 = lambda: uuid.UUID(int=next(ids))
    tempfile._name_sequence = (f"{number:08d}" for number in itertools.count())  # type: ignore[attr-defined]


async def main(home: Path, url: str, presses: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1, thread_name_prefix="any"))
    options = Options(
        data_dir=home / "data",
        base_url=url,
        api_key=KEY,
        poll_first_s=0.0,
        poll_every_s=0.01,
        pace=0.002,
        notice_s=0.0,
    )
    told = Told(presses)
    async with open_engine(options, home / "data", Settings(submits_at_once=1), told.reports) as engine:
        try:
            await _until_rest(engine, told, home / "reference.png", presses)
        finally:
            await engine.queue.aclose(grace_s=1.0)


async def _until_rest(engine: Engine, told: Told, reference_file: Path, presses: int) -> None:
    jobs = await started(engine)
    await engine.tidy(await engine.store.draft())
    for job in jobs:
        told.know(job)
    if not jobs:
        reference, _ = await asyncio.to_thread(add_file, engine.references, reference_file)
        for number in range(presses):
            engine.submit(Draft(prompt=f"{PROMPT} {number:03d}", references=(reference,)))
    async with asyncio.timeout(PATIENCE_S):
        await told.at_rest.wait()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("url")
    parser.add_argument("--presses", type=int, default=1)
    parser.add_argument("--plant", choices=tuple(PLANTS))
    parser.add_argument("--watched", nargs=argparse.REMAINDER, default=())
    return parser.parse_args(arguments)


def run(arguments: Sequence[str]) -> None:
    """The whole life of the subject."""
    given = _arguments(arguments)
    hold_chance()
    if given.plant is not None:
        PLANTS[given.plant]()
    if given.watched:
        be_watched(given.watched)
    with asyncio.Runner(loop_factory=WakingByWrite) as runner:
        runner.run(main(given.home, given.url, given.presses))


if __name__ == "__main__":
    run(sys.argv[1:])
