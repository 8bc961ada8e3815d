"""Presses of Generate: what each asks for is settled before it is queued.

A reference may have come from a file that changed since. What is sent is the file as it is at the press;
where it is gone, the user is asked before anything is queued. Presses are settled in their order, each with
the composer's content and the payer of its moment, and none waits for a drive that does not answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import AppError, Problem, ProblemKind
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library.references.origins import Origins
from gptimg_desktop.unanswered import Unanswered, Unsent

if TYPE_CHECKING:
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.engine import Engine, Payer
    from gptimg_desktop.services.library.references.origins import Look
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.settling import Outcome, Settling
    from gptimg_desktop.ui.compose.panel import ComposePanel

logger = logging.getLogger(__name__)

UNTOLD_S: Final = 0.3
"""How long presses are looked at without a word: nobody presses again for want of a sign before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """One press: the draft as it was sent by it, who was to make it, and the look at its files that began
    with it."""

    draft: Draft
    payer: Payer
    files: tuple[FileReference, ...]
    look: Look


class Pressing:
    """Takes presses and hands them to the queue; keeps those that wait for the user's word."""

    def __init__(self, *, engine: Engine, compose: ComposePanel, tasks: Tasks, settling: Settling) -> None:
        self._engine = engine
        self._compose = compose
        self._tasks = tasks
        self._settling = settling
        self.origins = Origins()
        self._line: deque[_Press] = deque()
        self._unanswered = Unanswered()
        self._work_task: asyncio.Task[None] | None = None
        self._sign: asyncio.TimerHandle | None = None
        self._is_told = False
        self._is_ending = False

    def press(self, draft: Draft) -> None:
        """One press. Without files, and with no press before it in line, it is queued at once."""
        files = tuple(dict.fromkeys(each for each in draft.references if isinstance(each, FileReference)))
        if self._is_ending or not (files or self._line):
            self._engine.submit(draft)
            return
        look = self.origins.begin(each.origin for each in files if each.origin is not None)
        self._line.append(_Press(draft=draft, payer=self._engine.payer, files=files, look=look))
        self._show_line()
        if self._work_task is None:
            self._sign = asyncio.get_running_loop().call_later(UNTOLD_S, self._tell_line)
            self._work_task = self._tasks.start("presses", self._work())

    def send_copies(self, number: int) -> None:
        """The user's word on a question: queue just its presses, with the copies of what is gone, for whom
        was to pay when they were made."""
        notes: list[Problem] = []
        for press in self._unanswered.take(number):
            self._engine.submit(press.draft, press.payer)
            notes += press.notes
        self._ask()
        self._compose.show_problems(tuple(dict.fromkeys(notes)))

    def drop(self, number: int) -> None:
        """The user's word on a question: nothing of it is sent."""
        self._unanswered.take(number)
        self._ask()

    def stop(self) -> None:
        """The window is closed, so nobody can be asked any more. What is being looked at goes on; what waits
        for a word is not sent."""
        self._is_ending = True
        if count := len(self._unanswered):
            logger.info("closed while %d presses waited for a word about missing files: not sent", count)

    async def _work(self) -> None:
        try:
            while self._line:
                outcome = await self._outcome(self._line[0])
                press = self._line.popleft()
                self._show_line()
                if outcome is not None:
                    try:
                        self._conclude(press, outcome)
                    except Exception as error:
                        logger.exception("a press could not be concluded")
                        self._tell((Problem.of(ProblemKind.INTERNAL, name=type(error).__name__),))
        except asyncio.CancelledError:
            self._send_unseen()
            raise
        finally:
            self._work_task = None
            self._settling.forget()
            self._end_sign()

    async def _outcome(self, press: _Press) -> Outcome | None:
        """What was found out about a press; None where that was not possible, which is told."""
        try:
            findings = await press.look.findings()
            return await self._settling.outcome(press.draft, press.files, findings)
        except AppError as error:
            self._tell((error.problem,))
        except Exception as error:
            logger.exception("a press could not be settled")
            self._tell((Problem.of(ProblemKind.INTERNAL, name=type(error).__name__),))
        return None

    def _conclude(self, press: _Press, outcome: Outcome) -> None:
        """Queue a press, ask about it, or tell why it cannot be sent."""
        draft, notes = outcome.settled, tuple(outcome.notes)
        if outcome.obstacles:
            self._tell(outcome.obstacles)
        elif outcome.missing:
            missing = tuple(outcome.missing)
            self._unanswered.add(Unsent(draft=draft, payer=press.payer, missing=missing, notes=notes))
            self._ask()
        else:
            note = notes[0] if notes and self._is_ending else None
            self._engine.submit(draft, press.payer, note)
            self._compose.show_problems(notes)

    def _ask(self) -> None:
        if self._is_ending:
            logger.info("files of a press were gone when the window was closed: not sent")
        else:
            self._compose.ask_missing(self._unanswered.question)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Several are all about references; a single one is told where it belongs."""
        if self._is_ending:
            logger.info("a press was not sent at the end: %s", problems[0].kind)
        if len(problems) > 1:
            self._compose.show_problems(problems)
        else:
            self._compose.show_problem(problems[0])

    def _send_unseen(self) -> None:
        """The end waits no longer: what is not settled yet goes with its copies, and says so."""
        left, self._line = self._line, deque()
        for press in left:
            if press.look.tells_gone:
                logger.info("files of a press were gone when the window was closed: not sent")
                continue
            name = next((each.name for each in press.files if each.origin is not None), "")
            note = Problem.of(ProblemKind.REFERENCE_UNSEEN, name=name) if name else None
            self._engine.submit(press.draft, press.payer, note)
        logger.info("%d presses were queued with their copies, since the end did not wait", len(left))

    # The sign that presses are being looked at

    def _tell_line(self) -> None:
        self._is_told = True
        self._show_line()

    def _show_line(self) -> None:
        if self._is_told:
            self._compose.show_settling(len(self._line))

    def _end_sign(self) -> None:
        if self._sign is not None:
            self._sign.cancel()
        self._sign, self._is_told = None, False
