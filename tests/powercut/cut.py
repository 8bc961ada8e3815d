"""Cuts the power at a moment of a recording, and looks at what the program makes of the disk that is left."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import AppError
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.jobs import JobStore
from tests.powercut.disk import everything, nothing
from tests.support.jobs import every_job
from tests.sweep.trial import ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gptimg_desktop.core.job import Job
    from tests.powercut.recording import Moment, Recording
    from tests.sweep.trial import Trial

NOT_NEEDED: Final = "-shm"
"""How the name of a file ends that SQLite makes anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to bytes and names that were not synced: "gone", "kept", or "torn" by a seed."""

    kind: str
    seed: int = 0

    def __str__(self) -> str:
        return f"torn by {self.seed}" if self.kind == "torn" else self.kind

    @property
    def survives(self) -> Callable[[], bool]:
        if self.kind == "torn":
            chance = random.Random(self.seed)
            return lambda: chance.random() < 0.5
        return nothing if self.kind == "gone" else everything


GONE: Final = Fate(kind="gone")
KEPT: Final = Fate(kind="kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What was wrong after the power went at a moment; `told` transitions had been published by then."""

    moment: int
    fate: Fate
    told: int
    breaches: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"cut at {self.moment}, unsynced {self.fate}"


def lay(moment: Moment, fate: Fate, trial: Trial) -> None:
    """Make the home folder what the disk keeps of it."""
    trial.begin_anew()
    for path, content in sorted(moment.disk.after(fate.survives).items()):
        if content is None:
            Path(path).mkdir(mode=0o700, exist_ok=True)
        elif not path.endswith(NOT_NEEDED):
            Path(path).write_bytes(content)


async def cut(moment: Moment, fate: Fate, trial: Trial) -> Cut:
    """Cut the power, open the library with the program's own code, and compare with what was published."""
    lay(moment, fate, trial)
    breaches = _torn(trial)
    try:
        jobs, health = await jobs_and_health(trial.data)
    except AppError as error:
        breaches.append(f"lost: the library does not open: {error.problem}")
    else:
        breaches += [] if health == "ok" else [f"lost: the library is damaged: {health}"]
        breaches += _broken_promises(moment, jobs)
        breaches += [breach for job in jobs.values() for breach in _missing_files(job, trial)]
        armed = sum(job.attempt > 0 for job in jobs.values())
        breaches += [] if armed >= moment.sent else [f"{moment.sent} requests were sent, {armed} armed"]
    return Cut(moment=moment.number, fate=fate, told=len(moment.told), breaches=tuple(breaches))


async def run_on(moment: Moment, fate: Fate, trial: Trial, recording: Recording) -> Cut:
    """Cut the power, start again with the server as it was then, and look how the job ends."""
    lay(moment, fate, trial)
    trial.server.accepted.extend(recording.accepted[: moment.sent])
    before = trial.look()
    run = await trial.run()
    breaches = trial.breaches_after_rest(before, 0, run, trial.look())
    return Cut(moment=moment.number, fate=fate, told=len(moment.told), breaches=tuple(breaches))


async def jobs_and_health(data: Path) -> tuple[dict[str, Job], str]:
    """All jobs of a library by id, and SQLite's own opinion of the file."""
    database = Database(data / "library.sqlite3")
    try:
        await database.open()
        jobs = await every_job(JobStore(database))
        health = await database.read(
            lambda connection: connection.execute("PRAGMA quick_check").fetchone()[0]
        )
    finally:
        database.close()
    return {job.id: job for job in jobs}, str(health)


def _broken_promises(moment: Moment, jobs: dict[str, Job]) -> Iterable[str]:
    for told in moment.told:
        job = jobs.get(told.id)
        if job is None or ORDER.index(job.state) < ORDER.index(told.state):
            yield f"lost: {told.state} was told, the library has {job.state if job else None}"
        elif not set(told.tasks) <= set(job.task_ids):
            yield f"lost: {told.tasks} was told, the library has {job.task_ids}"


def _missing_files(job: Job, trial: Trial) -> Iterable[str]:
    """Files that a committed job needs and that are not there, or not whole."""
    if job.state == "saved" and not all(trial.is_whole(Path(image.path)) for image in job.images):
        yield "lost: saved, and its picture is not there or not whole"
    for reference in job.request.references:
        assert isinstance(reference, FileReference)
        path = trial.data / "references" / reference.sha256
        if not (path.is_file() and path.read_bytes() == trial.reference):
            yield f"lost: {job.state}, and its reference is not there or not whole"


def _torn(trial: Trial) -> list[str]:
    """Pictures under the name that a user sees which are not whole."""
    return [f"torn picture: {path.name}" for path in trial.look_at_pictures() if not trial.is_whole(path)]
