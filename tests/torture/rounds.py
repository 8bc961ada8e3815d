"""The loop: start, kill, look, again and again, and then let it finish and compare."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.torture.canary import leaks, traces
from tests.torture.errand import BEGUN, UP, Errand
from tests.torture.inspection import Breach, Inspection
from tests.torture.library import Snapshot
from tests.torture.life import Life, StuckError
from tests.torture.service import Service, open_service
from tests.torture.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PRESSES: Final = 6
MOST_KILLS: Final = 12
KILL_AFTER_S: Final = (0.25, 0.65)
IN_ITS_START: Final = 0.5
"""The share of kills that come while a start still makes sense of what it found."""
START_S: Final = (0.0, 0.1)
FULL_S: Final = 0.6
"""The longest time for which the engine's library takes nothing."""
CLICKS: Final = 0.2


class BreachError(Exception):
    """A promise was not kept; the text tells all that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`module` is whom to torture (`worker`, `window`), `jobs` how many rounds go at the same time. `plant`
    is a bug to plant."""

    folder: Path
    seed: int
    module: str
    kills: int
    jobs: int = 2
    plant: str = ""


async def torture(plan: Plan) -> Tally:
    """Rounds until there were as many kills as asked for; BreachError at the first broken promise."""
    tally = Tally(name=plan.module, kills_wanted=plan.kills)
    began = time.monotonic()
    numbers = itertools.count(1)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(plan.jobs):
                group.create_task(_lane(plan, tally, numbers))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    tally.seconds = time.monotonic() - began
    return tally


async def _lane(plan: Plan, tally: Tally, numbers: Iterator[int]) -> None:
    while tally.wants_kills:
        label = f"{plan.module} round {next(numbers)}"
        folder = plan.folder / label.replace(" ", "-")
        folder.mkdir()
        async with open_service(Service(folder, f"{plan.seed} {label}")) as service:
            await Round(plan, tally, service, folder, label).run()


class Round:
    """One data folder and its service, through many lives."""

    def __init__(self, plan: Plan, tally: Tally, service: Service, folder: Path, label: str) -> None:
        self._plan = plan
        self._tally = tally
        self._service = service
        self._inspection = Inspection(folder, service.truth)
        self._chance = random.Random(f"{plan.seed} {label} kills")
        self._errand = Errand(folder=folder, url=service.api.url, label=label, last=PRESSES, plant=plan.plant)
        if plan.module == "worker":
            self._wild = replace(self._errand, full_s=FULL_S, clicks=CLICKS)
        else:
            self._wild = self._errand

    async def run(self) -> None:
        """Kill it up to `MOST_KILLS` times, then let it finish; BreachError where a promise broke."""
        try:
            for number in range(1, MOST_KILLS + 1):
                if not (self._tally.wants_kills and await self._is_killed()):
                    break
                self._check(self._inspection.look(f"after kill {number}"))
                self._check_key()
                self._tally.count_kill(self._inspection.snapshots[-1])
            await self._finish()
        except StuckError as error:
            self._check([Breach(what=str(error))])
        self._check(self._inspection.look_at_end())
        self._check_key()
        self._tally.count_round(self._service, self._inspection, PRESSES)

    def _check_key(self) -> None:
        self._check(Breach(what=trace) for trace in (*traces(self._errand.folder), *leaks(self._service)))

    async def _is_killed(self) -> bool:
        """One life that ends at a moment of chance; False where it came to rest before."""
        self._tally.starts += 1
        is_early = bool(self._inspection.snapshots) and self._chance.random() < IN_ITS_START
        errand = replace(self._wild, life=self._tally.starts)
        async with Life(self._plan.module, errand) as life:
            await life.up(BEGUN if is_early else UP)
            return not await life.rests_within(self._chance.uniform(*(START_S if is_early else KILL_AFTER_S)))

    async def _finish(self) -> None:
        """A life that ends by itself, and where it left anything one more start, which tidies up."""
        self._service.be_calm()
        await self._live(self._errand)
        if Snapshot.take(self._errand.data_dir, "").leftovers:
            await self._live(replace(self._errand, last=0))

    async def _live(self, errand: Errand) -> None:
        self._tally.starts += 1
        async with Life(self._plan.module, errand) as life:
            await life.up()
            await life.rests()

    def _check(self, breaches: Iterable[Breach]) -> None:
        found = list(breaches)
        if found:
            where = f"seed {self._plan.seed}, {self._errand.label}"
            raise BreachError(self._inspection.told(found, where))
