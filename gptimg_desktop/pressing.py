"""Presses of Generate: what each asks for is settled before it is queued.

A reference may have come from a file that changed since. What is sent is the file as it is at the press;
where it is gone, the user is asked before anything is queued. Presses are settled in their order, each with
the composer's content at its moment, and none waits for a drive that does not answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.draft import draft_problems
from gptimg_desktop.core.errors import AppError, BadInputError, Problem, ProblemKind
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import Origin, Reference
    from gptimg_desktop.engine import Engine, Payer
    from gptimg_desktop.services.library.kept_copies import KeptCopies
    from gptimg_desktop.services.library.origins import Findings, Look
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.compose.panel import ComposePanel

logger = logging.getLogger(__name__)

READ_S: Final = 30.0
"""How long a file that changed is read before it counts as one that cannot be."""
_GONE: Final = frozenset(
    {
        ProblemKind.REFERENCE_MISSING,
        ProblemKind.REFERENCE_NOT_A_FILE,
        ProblemKind.REFERENCE_UNREADABLE,
    }
)

Read = tuple[FileReference, "Bitmap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """One press: the draft as it was sent by it, who was to make it, and the look at its files that began
    with it."""

    draft: Draft
    payer: Payer
    files: tuple[FileReference, ...]
    look: Look


@dataclass(slots=True)
class _Settling:
    """What becomes of the references of one press."""

    instead: dict[Reference, FileReference] = field(default_factory=dict)
    missing: list[FileReference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def settled(self, draft: Draft) -> Draft:
        return draft.with_references(tuple(self.instead.get(each, each) for each in draft.references))


class Pressing:
    """Takes presses and hands them to the queue. `read_file` reads a picture file as when it was added."""

    def __init__(
        self,
        *,
        engine: Engine,
        compose: ComposePanel,
        tasks: Tasks,
        copies: KeptCopies,
        read_file: Callable[[str], Awaitable[Read]],
    ) -> None:
        self._engine = engine
        self._compose = compose
        self._tasks = tasks
        self._copies = copies
        self._read_file = read_file
        self.origins = Origins()
        self._line: deque[_Press] = deque()
        self._read: dict[Origin, Read] = {}
        self._work_task: asyncio.Task[None] | None = None
        self._is_ending = False

    def press(self, draft: Draft) -> None:
        """One press. Without files, and with no press before it in line, it is queued at once."""
        files = tuple(dict.fromkeys(each for each in draft.references if isinstance(each, FileReference)))
        if self._is_ending or not (files or self._line):
            self._engine.submit(draft)
            return
        look = self.origins.begin(each.origin for each in files if each.origin is not None)
        self._line.append(_Press(draft=draft, payer=self._engine.payer, files=files, look=look))
        if self._work_task is None:
            self._work_task = self._tasks.start("presses", self._work())

    def stop(self) -> None:
        """The window is closed, so nobody can be asked any more: what is still being looked at is queued with
        the copies that were taken when it was added."""
        self._is_ending = True
        left, self._line = self._line, deque()
        if self._work_task is not None:
            self._work_task.cancel()
        for press in left:
            self._engine.submit(press.draft, press.payer)

    async def _work(self) -> None:
        try:
            while self._line:
                press = self._line[0]
                draft = await self._outcome(press)
                self._line.popleft()
                if draft is not None:
                    self._engine.submit(draft, press.payer)
        finally:
            self._work_task = None
            self._read.clear()

    async def _outcome(self, press: _Press) -> Draft | None:
        """What is to be sent; None where the press ends in a question or a problem, which is told."""
        try:
            return await self._settled(press)
        except AppError as error:
            self._compose.show_problem(error.problem)
        except Exception as error:
            logger.exception("a press could not be settled")
            self._compose.show_problem(Problem.of(ProblemKind.INTERNAL, name=type(error).__name__))
        return None

    async def _settled(self, press: _Press) -> Draft | None:
        now = _Settling()
        lost = await asyncio.to_thread(self._copies.lost, press.files)
        findings = await press.look.findings()
        for reference in press.files:
            await self._settle(reference, press, findings, now, is_lost=reference in lost)
        draft = now.settled(press.draft)
        if now.problems:
            self._compose.show_problems(tuple(now.problems))
        elif now.missing:
            self._compose.ask_missing(draft, tuple(now.missing))
        elif found := draft_problems(draft):
            self._compose.show_problem(found[0])
        else:
            self._compose.show_problems(tuple(now.notes))
            return draft
        return None

    async def _settle(
        self, reference: FileReference, press: _Press, findings: Findings, now: _Settling, *, is_lost: bool
    ) -> None:
        """Find out what one reference is at this press."""
        origin = reference.origin
        is_seen = origin is not None and origin in findings
        present = findings[origin] if origin is not None and is_seen else None
        if present is not None and (present != origin or is_lost):
            await self._read_anew(reference, present, press.draft, now)
        elif is_lost:
            now.problems.append(Problem.of(ProblemKind.REFERENCE_MISSING, name=reference.name))
        elif is_seen and present is None:
            now.missing.append(reference)
        elif origin is not None and not is_seen:
            now.notes.append(Problem.of(ProblemKind.REFERENCE_UNSEEN, name=reference.name))

    async def _read_anew(
        self, reference: FileReference, present: Origin, draft: Draft, now: _Settling
    ) -> None:
        """Take the file as it is now; its chip follows, whatever becomes of the press."""
        try:
            new, bitmap = await self._present(present)
        except TimeoutError:
            now.missing.append(reference)
            return
        except BadInputError as error:
            if error.problem.kind in _GONE:
                now.missing.append(reference)
            else:
                now.problems.append(error.problem)
            return
        sent = new
        if draft.shrink is not None:
            shrunk = partial(self._engine.references.shrunk, new, draft.shrink)
            sent = await self._engine.imaging.run(shrunk)
        self._compose.replace_reference(reference, new, bitmap)
        now.instead[reference] = sent
        if sent.sha256 != reference.sha256:
            now.notes.append(Problem.of(ProblemKind.REFERENCE_CHANGED, name=reference.name))

    async def _present(self, present: Origin) -> Read:
        """The picture in a file, read once for all presses in line."""
        if present not in self._read:
            async with asyncio.timeout(READ_S):
                self._read[present] = await self._read_file(present.path)
        return self._read[present]
