"""The engine without a window makes many pictures as fast as it can, every promise kept.

Usage: python -m tests.bench.engine URL FOLDER JOBS

Tells what it took from the first press to the last picture saved, what it asked of the disk meanwhile, and
the path and hash of each task's picture.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import Reports, open_engine
from gptimg_desktop.options import Options
from gptimg_desktop.services.logs import log_to
from tests.bench.child import tell
from tests.bench.effort import Effort
from tests.bench.quick import KEY, SUBMITS_AT_ONCE, hurry
from tests.bench.tally import Tally

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job

COPIES: Final = 100
"""As many as one press asks for at most."""
_NO_PAUSES: Final = 0.001


class Witness:
    """Hears what the engine tells; `done` once so many pictures are saved."""

    def __init__(self, wanted: int) -> None:
        self.saved: dict[str, Job] = {}
        self.complaints: list[str] = []
        self.done = asyncio.Event()
        self._wanted = wanted

    @property
    def reports(self) -> Reports:
        return Reports(
            publish=self._publish,
            show_gates=self._show_gates,
            complain=self._complain,
            show_unkept=self._show_unkept,
        )

    def _publish(self, job: Job) -> None:
        if job.state is JobState.SAVED:
            self.saved[job.id] = job
            if len(self.saved) == self._wanted:
                self.done.set()

    def _show_gates(self, gates: tuple[Gate, ...]) -> None:
        self.complaints += [f"the queue waits: {gate.kind}" for gate in gates]

    def _complain(self, job_id: str, problem: Problem) -> None:
        self.complaints.append(f"{job_id} {problem.kind}")

    def _show_unkept(self, task_ids: tuple[str, ...]) -> None:
        self.complaints += [f"not written down: {task_id}" for task_id in task_ids]


async def main(url: str, folder: Path, jobs: int) -> None:
    tally = Tally()
    tally.start()
    witness = Witness(jobs)
    options = Options(data_dir=folder, base_url=url, api_key=KEY, pace=_NO_PAUSES, notice_s=0.0)
    settings = Settings(submits_at_once=SUBMITS_AT_ONCE)
    with log_to(folder / "logs"):
        async with open_engine(options, folder, settings, witness.reports) as engine:
            hurry(engine, url)
            await engine.start()
            tally.reset()
            effort = Effort()
            for _ in range(jobs // COPIES):
                engine.submit(Draft(prompt="an oak chair by the window", copies=COPIES))
            await witness.done.wait()
            took = effort.as_json()
            found = _found(witness, tally)
            await engine.queue.aclose()
    tell(took | found)


def _found(witness: Witness, tally: Tally) -> dict[str, Any]:
    saved = witness.saved.values()
    return {
        "commits": tally.commits,
        "syncs": tally.syncs,
        "complaints": witness.complaints,
        "pictures": {job.task_ids[0]: [image.path for image in job.images] for job in saved},
    }


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(parents=True)
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
