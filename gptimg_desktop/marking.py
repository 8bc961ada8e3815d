"""The user's marks: put on as many jobs as are named, told, and taken back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow

MANY: Final = 5_000
"""More than these take long enough that a word is said before."""
MOST_STEPS: Final = 100
MOST_KEPT: Final = 500_000
"""How many numbers of jobs are kept to be marked back, over all steps but the last."""


class Marks(QObject):
    """Marks go to the queue one after the other; what they changed comes to the gallery, and can be undone in
    the opposite order, as long as the program runs."""

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._tasks = tasks
        self._in_order = asyncio.Lock()
        self._undo: list[tuple[Marking, ...]] = []

    def mark(self, marking: Marking) -> None:
        """Put a mark on jobs, and say what nobody would see otherwise."""
        if marking.mark is Mark.BINNED:
            self._warn_about(marking)
        if len(marking.seqs) > MANY:
            words = self.tr("Marking {count}…").format(count=len(marking.seqs))
            self._window.status.set_message(words)
        self._run(f"mark {marking.mark}", self._put(marking))

    def undo(self) -> None:
        """Take back the last marking that changed anything, once those under way are done."""
        self._run("undo marks", self._take_back())

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._window.notices.show_problem))

    async def _put(self, marking: Marking) -> None:
        async with self._in_order:
            await self._engine.queue.mark(marking, self._take)

    async def _take_back(self) -> None:
        """What the library does not take stays to be undone."""
        async with self._in_order:
            for marking in self._undo[-1] if self._undo else ():
                await self._engine.queue.mark(marking, self._take_undone)
            del self._undo[-1:]

    def _warn_about(self, marking: Marking) -> None:
        """What is sent goes on out of sight, and what nobody can tell of stays in sight."""
        jobs = self._engine.queue.in_hand(marking.seqs)
        if any(job.state is JobState.UNCONFIRMED for job in jobs):
            self._window.notices.show_problem(Problem.of(ProblemKind.UNCONFIRMED_STAYS))
        sent = tuple(job.id for job in jobs if goes_on_when_hidden(job))
        if sent:
            self._window.notices.show_hidden(sent)

    # What came of it

    def _take(self, marked: Marked) -> None:
        self._model.take_marked(marked)
        self._remember(marked.undo)
        self._window.status.set_message(self._words(marked.marking))

    def _take_undone(self, marked: Marked) -> None:
        self._model.take_marked(marked)
        self._window.status.set_message(self.tr("Undone."))

    def _remember(self, undo: tuple[Marking, ...]) -> None:
        self._undo.append(undo)
        while len(self._undo) > MOST_STEPS or sum(map(_weight, self._undo[:-1])) > MOST_KEPT:
            del self._undo[0]

    def _words(self, marking: Marking) -> str:
        """What is told of a marking: that of a single tile shows by itself, unless the tile goes."""
        count = len(marking.seqs)
        if marking.mark is Mark.BINNED:
            keys = QKeySequence(QKeySequence.StandardKey.Undo)
            return self._binned(count, keys.toString(QKeySequence.SequenceFormat.NativeText))
        if count == 1:
            return ""
        return {
            Mark.PICKED: self.tr("{count} picked."),
            Mark.REJECTED: self.tr("{count} rejected."),
            Mark.PLAIN: self.tr("{count} without a mark."),
            Mark.RESTORED: self.tr("{count} back from the bin."),
        }[marking.mark].format(count=count)

    def _binned(self, count: int, keys: str) -> str:
        if count == 1:
            return self.tr("Moved to the bin. {keys} brings it back.").format(keys=keys)
        words = self.tr("{count} moved to the bin. {keys} brings them back.")
        return words.format(count=count, keys=keys)


def _weight(undo: tuple[Marking, ...]) -> int:
    return sum(len(marking.seqs) for marking in undo)
