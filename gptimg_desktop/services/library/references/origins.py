"""The files that references were read from: whether they still are what was read.

A file may lie on a drive that does not answer. Each folder is looked at apart, all of them at once, and
what does not answer in time is left out.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.reference import Origin
from gptimg_desktop.services.apart import begin_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATIENCE_S: Final = 5.0

Findings = dict[Origin, Origin | None]
"""For each file as it was what it is now; None where no file is there that could be read."""


class Origins:
    """Begins looks, and does not ask a folder again that still owes an answer after its time."""

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._stuck: dict[str, asyncio.Future[Findings]] = {}

    def begin(self, origins: Iterable[Origin]) -> Look:
        """Look at files now; what is seen is told by the look that comes back at once."""
        groups: dict[str, list[Origin]] = defaultdict(list)
        for origin in origins:
            groups[os.path.dirname(origin.path)].append(origin)  # noqa: PTH120 - foreign text stays text
        for folder in [folder for folder, answer in self._stuck.items() if answer.done()]:
            del self._stuck[folder]  # in place: looks under way write into it
        answers = {
            folder: begin_apart(partial(_look_at, tuple(group)), "look at references")
            for folder, group in groups.items()
            if folder not in self._stuck
        }
        return Look(answers, self._stuck, patience_s=self.patience_s)


class Look:
    """One look at some files, under way since it was made."""

    def __init__(
        self,
        answers: Mapping[str, asyncio.Future[Findings]],
        stuck: dict[str, asyncio.Future[Findings]],
        *,
        patience_s: float,
    ) -> None:
        self._answers = answers
        self._stuck = stuck
        self._until = asyncio.get_running_loop().time() + patience_s

    @property
    def tells_gone(self) -> bool:
        """True where a file is known by now not to be there; waits for nothing."""
        told = (each.result() for each in self._answers.values() if each.done() and not each.exception())
        return any(present is None for findings in told for present in findings.values())

    async def findings(self) -> Findings:
        """What was seen, once all of it was, or its time is over; what did not answer is not in it."""
        left_s = max(0.0, self._until - asyncio.get_running_loop().time())
        if self._answers:
            await asyncio.wait(self._answers.values(), timeout=left_s)
        found: Findings = {}
        for folder, answer in self._answers.items():
            if answer.done():
                found |= answer.result()
            else:
                self._stuck[folder] = answer
        return found


def _look_at(origins: Iterable[Origin]) -> Findings:
    return {origin: _present(origin.path) for origin in origins}


def _present(path: str) -> Origin | None:
    """A file as it is now; None where there is none, or something else stands in its place."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Origin(path=path, size_bytes=found.st_size, modified_ns=found.st_mtime_ns)
