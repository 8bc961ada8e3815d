"""Emptying the bin: each job leaves the gallery first, then its files go into the system's trash.

A job whose file the trash does not take is put back into the bin, and nothing was lost. Where the program
ends in between, one file too many stays on the disk, never one too few.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.bin import BinContents, Cleared, Clearing, Fate
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.library.files.own_files import remove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gptimg_desktop.services.library.files.drives import Drives
    from gptimg_desktop.services.library.files.own_files import KnownFile
    from gptimg_desktop.services.library.files.trash import Trash
    from gptimg_desktop.services.library.removals import Claim, Doomed, RemovalStore

logger = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""Jobs that are looked up together, and removed together where they have no files."""


@dataclass(slots=True)
class _Tally:
    """What a clearing has come to so far."""

    removed: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    reason: str = ""
    files: Counter[Fate] = field(default_factory=Counter)
    ended_by: Problem | None = None

    def cleared(self, *, was_stopped: bool) -> Cleared:
        return Cleared(
            removed=tuple(self.removed),
            refused=tuple(self.refused),
            reason=self.reason,
            files=dict(self.files),
            was_stopped=was_stopped,
            ended_by=self.ended_by,
        )


class Bin:
    """`folders` tells where the library's pictures are by now; no file outside of them is touched."""

    def __init__(
        self,
        store: RemovalStore,
        trash: Trash,
        drives: Drives,
        *,
        folders: Callable[[], Iterable[Path]],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._trash = trash
        self._drives = drives
        self._folders = folders
        self._now = now

    async def begin_anew(self) -> None:
        """Let what is in the bin be there as from now."""
        await self._store.begin_anew(self._now())

    async def contents(self, clearing: Clearing | None = None) -> BinContents:
        """What is in the bin, or that part of it which a clearing means."""
        return await self._store.contents(clearing or Clearing(), self._now())

    async def clear(
        self,
        clearing: Clearing,
        *,
        tell: Callable[[int, int], None] | None = None,
        stop: asyncio.Event | None = None,
    ) -> Cleared:
        """Remove what the clearing means, as far as that can be removed. `tell` hears how many jobs of how
        many are done; `stop` ends it after the job at which it is."""
        stop, tally = stop or asyncio.Event(), _Tally()
        try:
            await self._clear(clearing, tally, tell or _unheard, stop)
        except (
            StorageError
        ) as error:  # the library takes no more; what was removed before is told all the same
            tally.ended_by = error.problem
        return tally.cleared(was_stopped=stop.is_set())

    async def _clear(
        self, clearing: Clearing, tally: _Tally, tell: Callable[[int, int], None], stop: asyncio.Event
    ) -> None:
        due = await self._store.due(clearing, self._now())
        tell(0, len(due))
        for start in range(0, len(due), AT_ONCE):
            if stop.is_set():
                break
            doomed = await self._store.doomed(due[start : start + AT_ONCE])
            await self._remove_bare([each.seq for each in doomed if not each.files], tally)
            done = start + sum(not each.files for each in doomed)
            for each in (each for each in doomed if each.files):
                if stop.is_set():
                    break
                await self._remove_with_files(each, clearing, tally)
                done += 1
                tell(done, len(due))

    async def _remove_bare(self, seqs: Sequence[int], tally: _Tally) -> None:
        if seqs:
            tally.removed += await self._store.claim_all(seqs, self._now())

    async def _remove_with_files(self, doomed: Doomed, clearing: Clearing, tally: _Tally) -> None:
        claim = await self._store.claim(doomed, self._now())
        if claim is None:
            return
        try:
            fates = await self._remove_files(claim, forever=clearing.forever)
        except StorageError as error:
            await self._store.give_back(claim)
            tally.refused.append(claim.seq)
            tally.reason = str(error.problem.facts.get("reason", ""))
            logger.info("job %d stays in the bin: %s", claim.seq, tally.reason)
        except Exception:
            await self._store.give_back(claim)
            raise
        else:
            tally.removed.append(claim.seq)
            tally.files.update(fates)

    async def _remove_files(self, claim: Claim, *, forever: bool) -> list[Fate]:
        take = self._trash.delete if forever else self._trash.put
        done = Fate.DELETED if forever else Fate.IN_TRASH
        folders = tuple(self._folders())
        return [await self._remove_file(known, folders, take, done) for known in claim.files]

    async def _remove_file(
        self, known: KnownFile, folders: tuple[Path, ...], take: Callable[[Path], None], done: Fate
    ) -> Fate:
        try:
            return await self._drives.ask(known.path, partial(remove, known, folders, take, done))
        except TimeoutError:  # it may go yet; the job is told then as one whose file is missing
            raise StorageError(Problem.of(ProblemKind.TRASH_REFUSED, reason="no answer")) from None


def _unheard(_done: int, _total: int) -> None:
    """Nobody wants to know."""
