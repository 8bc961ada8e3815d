"""Submits that were all taken and never told, through many restarts: each is paid once and asks the user."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.torture.canary import leaks, traces
from tests.torture.diary import Entries
from tests.torture.errand import Errand
from tests.torture.inspection import Breach, Inspection
from tests.torture.life import PATIENCE_S, Life, StuckError
from tests.torture.rounds import BreachError
from tests.torture.service import Service, open_service
from tests.torture.submits import TAKEN_UNTOLD
from tests.torture.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOR_EVER_S: Final = (1000.0, 1000.0)
LINGER_S: Final = 1.0
"""How long the last life stays, to see whether it sends anything."""


class Doubtful:
    """`submits` presses spread over `restarts` lives, each ended in the middle of its silence, by turns with
    a request to end and with a kill; the last start shows what is left."""

    def __init__(self, folder: Path, seed: int, submits: int, restarts: int, plant: str = "") -> None:
        self._folder = folder / "ambiguous"
        self._folder.mkdir()
        self._seed = seed
        self._submits = submits
        self._restarts = restarts
        self._plant = plant
        self.tally = Tally(name="ambiguous")
        seed_text = f"{seed} ambiguous"
        self._service = Service(self._folder, seed_text, TAKEN_UNTOLD, silent_s=FOR_EVER_S)
        self._inspection = Inspection(self._folder, self._service.truth)

    async def run(self) -> Tally:
        """BreachError where anything was sent twice, or where a job does not ask."""
        began = time.monotonic()
        async with open_service(self._service) as service:
            errand = Errand(
                folder=self._folder,
                url=service.api.url,
                label="ambiguous",
                at_once=self._submits,
                gap_s=0.0,
                plant=self._plant,
            )
            await self._lives(errand)
            self._compare()
        self.tally.seconds = time.monotonic() - began
        return self.tally

    async def _lives(self, errand: Errand) -> None:
        try:
            for number in range(1, self._restarts + 1):
                last = self._submits * number // self._restarts
                await self._live(replace(errand, last=last), killed=number % 2 == 0)
            self.tally.starts += 1
            async with Life("worker", replace(errand, last=0, linger_s=LINGER_S)) as life:
                await life.up()
                await life.rests()
        except StuckError as error:
            self._check([Breach(what=str(error))])

    async def _live(self, errand: Errand, *, killed: bool) -> None:
        self.tally.starts += 1
        async with Life("worker", errand) as life:
            await life.up()
            await self._until_silent(errand)
            await (life.kill() if killed else life.ends())
        self._check(self._inspection.look(f"after the first {errand.last}"))

    async def _until_silent(self, errand: Errand) -> None:
        """Wait until each press so far is unconfirmed, or waits for an answer that never comes."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self._is_silent(errand):
                return
            self._check(self._inspection.taken_twice())
            await asyncio.sleep(0.02)
        raise StuckError("the submits did not come to an end")

    def _is_silent(self, errand: Errand) -> bool:
        states = Entries.read(self._folder).by_prompt()
        hanging = {charge.prompt for charge in self._service.truth.charges.values() if "silent" in charge.way}
        return all(
            states.get(prompt) == "unconfirmed" or (states.get(prompt) == "sending" and prompt in hanging)
            for prompt in errand.prompts
        )

    def _compare(self) -> None:
        self._check(self._inspection.look_at_end())
        self._check(self._odd_counts())
        self._check(Breach(what=trace) for trace in (*traces(self._folder), *leaks(self._service)))
        self.tally.count_round(self._service, self._inspection, self._submits)

    def _odd_counts(self) -> Iterable[Breach]:
        taken, sent = len(self._service.api.accepted), len(self._service.api.of_kind("submit"))
        if not taken == sent == self._submits:
            yield Breach(what=f"{self._submits} presses, {sent} requests, {taken} taken")
        unconfirmed = sum(job.state == "unconfirmed" for job in self._inspection.snapshots[-1].jobs.values())
        if unconfirmed != self._submits:
            yield Breach(what=f"{unconfirmed} of {self._submits} ask the user")

    def _check(self, breaches: Iterable[Breach]) -> None:
        found = list(breaches)
        if found:
            raise BreachError(self._inspection.told(found, f"seed {self._seed}, ambiguous submits"))
