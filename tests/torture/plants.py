"""Bugs to plant in a process that is tortured, each of which has to come to light.

How each shows: `naive-retry` and `no-arm` in prompts that the service took twice (the latter also in a job
that waits, or was taken back, although it was taken); `hasty-recovery` in a job that waits so, where a kill
meets a start; `no-journal` in a task that the user was told is kept in the journal, and that nobody knows of
after a kill;
`row-before-file` in a saved job without its file, right after a kill; `in-place` in half a picture under a
picture's name, where a kill meets a download (hosts that send slowly make that likely, but it is chance: the
sweep over system calls is what finds it surely); `key-abroad` in the bytes that the host of the pictures got;
`key-in-file` in a file of the home folder.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.verdict import Evidence, Outcome, judge
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.keys import Keys
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal, JournalEntry
from gptimg_desktop.services.queue import recovery
from tests.support.plants import nothing, plant_in_place, plant_no_write_ahead, plant_row_before_file
from tests.torture.errand import KEY_NAME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from gptimg_desktop.services.api.body import RequestBody
    from gptimg_desktop.services.queue.ledger import Ledger
    from gptimg_desktop.services.queue.submitter import Submitter

SLOW_DISK_S: Final = 0.6
HASTE_S: Final = 0.4
"""How long a hasty start believes what is not true."""
TRIES: Final = 3


def plant(name: str) -> None:
    """Plant a bug in this process; "" for none."""
    if name:
        PLANTS[name]()


def _naive_retry() -> None:
    """A loop around the submit that tries again whatever nobody can tell about."""
    submit = ApiClient.submit

    async def try_often(self: ApiClient, body: RequestBody, arm: Callable[[], Awaitable[None]]) -> Evidence:
        evidence = await submit(self, body, arm)
        for _ in range(TRIES):
            if judge(evidence).outcome is Outcome.UNKNOWN:
                evidence = await submit(self, body, nothing)
        return evidence

    _replace(ApiClient, "submit", try_often)


def _hasty_recovery() -> None:
    """A start first calls unsent what it finds half sent, and corrects itself a moment later."""
    resolve = recovery._resolve
    problem = Problem.of(ProblemKind.PROGRAM_ENDED)

    def correct(job: Job) -> Job:
        return replace(job, state=JobState.UNCONFIRMED, problem=problem, note=None)

    async def resolve_in_two_steps(job: Job, ledger: Ledger, submitter: Submitter) -> None:
        if await ledger.store.answer(job) is None:
            await ledger.step(job.id, lambda job: job.requeue(problem))
            await asyncio.sleep(HASTE_S)
            await ledger.step(job.id, correct)
        else:
            await resolve(job, ledger, submitter)

    recovery._resolve = resolve_in_two_steps


def _no_journal() -> None:
    """What is to go into the emergency journal goes nowhere."""

    def forget(self: EmergencyJournal, entries: Iterable[JournalEntry]) -> None:
        pass

    _replace(EmergencyJournal, "note", forget)


def _key_abroad() -> None:
    """Hosts of pictures get the key too."""
    make = Downloader.__init__

    def make_with_key(self: Downloader, **arguments: Any) -> None:
        make(self, **arguments)
        self._http.headers["Authorization"] = f"Bearer {os.environ[KEY_NAME]}"

    _replace(Downloader, "__init__", make_with_key)


def _key_in_file() -> None:
    """The key is left lying in the data folder."""
    make = Keys.__init__

    def make_and_leave(self: Keys, **arguments: Any) -> None:
        make(self, **arguments)
        Path(os.environ["HOME"], "key.txt").write_text(arguments["environment_key"])

    _replace(Keys, "__init__", make_and_leave)


def _replace(owner: type, name: str, with_: Callable[..., Any]) -> None:
    setattr(owner, name, with_)


PLANTS: Final[dict[str, Callable[[], None]]] = {
    "naive-retry": _naive_retry,
    "no-arm": plant_no_write_ahead,
    "hasty-recovery": _hasty_recovery,
    "no-journal": _no_journal,
    "row-before-file": partial(plant_row_before_file, SLOW_DISK_S),
    "in-place": plant_in_place,
    "key-abroad": _key_abroad,
    "key-in-file": _key_in_file,
}
