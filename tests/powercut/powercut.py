"""Many cuts of one recorded job, and what was wrong at any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.powercut.cut import GONE, KEPT, Cut, Fate, cut, run_on
from tests.powercut.recording import record
from tests.sweep.trial import trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.powercut.recording import Moment, Recording

RUN_ON_EVERY: Final = 12
"""Of so many cuts one is followed by another start of the program."""


@dataclass(kw_only=True)
class Tally:
    """What was tried: `moments` in which the power went, `cuts` of all fates, of these `run_on` to an end."""

    moments: int = 0
    cuts: list[Cut] = field(default_factory=list)
    run_on: list[Cut] = field(default_factory=list)

    @property
    def breaches(self) -> list[str]:
        return [f"{each}: {breach}" for each in (*self.cuts, *self.run_on) for breach in each.breaches]

    @property
    def promises(self) -> int:
        """How often a published transition was looked for in a library."""
        return sum(each.told for each in self.cuts)


async def powercut(
    folder: Path,
    *,
    every: int = 1,
    torn: int = 3,
    run_on_every: int = RUN_ON_EVERY,
    plant: str | None = None,
    until_breach: bool = False,
) -> Tally:
    """Record one job, then cut the power at every n-th moment of it, and wherever something was just
    published, sent or made durable; each time with `torn` fates beside the two plain ones."""
    tally = Tally()
    async with trial(folder, plant=plant) as own:
        recording = await record(own)
        for moment in _chosen(recording, every):
            tally.moments += 1
            fates = [GONE, KEPT, *(Fate(kind="torn", seed=moment.number * 100 + n) for n in range(torn))]
            tally.cuts += [await cut(moment, fate, own) for fate in fates]
            if tally.moments % run_on_every == 0:
                fate = fates[tally.moments // run_on_every % len(fates)]
                tally.run_on.append(await run_on(moment, fate, own, recording))
            if until_breach and tally.breaches:
                break
    return tally


def _chosen(recording: Recording, every: int) -> Iterator[Moment]:
    for moment in recording.moments():
        if moment.number % every == 0 or moment.is_turn or moment.about_to_send:
            yield moment
