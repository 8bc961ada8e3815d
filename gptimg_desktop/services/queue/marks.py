"""Puts the user's marks on jobs, on any number of them, and knows what would undo it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.services.library.marks import way_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gptimg_desktop.services.library.marks import MarkStore
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.ledger import Ledger

AT_ONCE: Final = 200
"""How many are marked in one step: answers that are paid wait behind it, for some 10 ms."""


class Marks:
    """One marking after the other; between two steps of it whatever else has its turn."""

    def __init__(self, *, store: MarkStore, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._in_order = asyncio.Lock()

    async def put(self, marking: Marking, told: Callable[[Marked], None]) -> None:
        """Commit a marking; `told` gets what changed, also where the library refuses the rest (StorageError).

        With the mark BINNED a job that waits is taken back. What was sent goes on out of sight, and what is
        unconfirmed stays until the user has decided about it. What is in hand comes first: it may be sent
        while the rest is marked.
        """
        async with self._in_order:
            step = _Step(marking.mark, self._store, self._clock.now())
            seqs = self._those_in_hand_first(marking.seqs)
            try:
                for first in range(0, len(seqs), AT_ONCE):
                    await step.take(self._ledger, seqs[first : first + AT_ONCE])
            finally:
                if step.before:
                    told(step.marked())

    def _those_in_hand_first(self, seqs: tuple[int, ...]) -> tuple[int, ...]:
        in_hand = dict.fromkeys(job.seq for job in self._ledger.among(seqs))
        return (*in_hand, *(seq for seq in seqs if seq not in in_hand))


class _Step:
    """A marking under way: what it has changed so far, by the mark that brings back what was before."""

    def __init__(self, mark: Mark, store: MarkStore, at: float) -> None:
        self._mark = mark
        self._store = store
        self._at = at
        self.before: defaultdict[Mark, list[int]] = defaultdict(list)

    async def take(self, ledger: Ledger, seqs: Sequence[int]) -> None:
        change = partial(_marked, mark=self._mark, at=self._at)
        for former, _ in await ledger.mark(seqs, change, self._take_others):
            back = way_back(self._mark, is_picked=former.picked, is_rejected=former.rejected)
            self.before[back].append(former.seq)

    async def _take_others(self, seqs: Sequence[int]) -> None:
        for back, changed in (await self._store.put(seqs, self._mark, self._at)).items():
            self.before[back] += changed

    def marked(self) -> Marked:
        changed = tuple(seq for seqs in self.before.values() for seq in seqs)
        undo = tuple(Marking(seqs=tuple(seqs), mark=back) for back, seqs in self.before.items())
        return Marked(marking=Marking(seqs=changed, mark=self._mark), undo=undo)


def _marked(job: Job, *, mark: Mark, at: float) -> Job:
    if mark is Mark.BINNED and job.state is JobState.UNCONFIRMED:
        return job
    is_taken_back = mark is Mark.BINNED and job.state is JobState.QUEUED
    return (job.cancel(at) if is_taken_back else job).marked(mark, at)
