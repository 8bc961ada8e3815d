"""The user's marks: put on as many jobs as are named, told, and taken back."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtGui import QKeySequence

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui.gallery.caption import goes_on_when_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow
    from gptimg_desktop.undoing import Step, Undoing

MANY: Final = 5_000
"""More than these take long enough that a word is said before."""


class Marks(QObject):
    """Marks go to the queue one after the other; what they changed comes to the gallery, and can be undone as
    long as the program runs. `marks_changed` comes once a whole marking is committed, its undo too: what
    is counted by marks is other from then on."""

    marks_changed = Signal()

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        model: JobListModel,
        undoing: Undoing,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._undoing = undoing
        self._tasks = tasks
        self._in_order = asyncio.Lock()

    def mark(self, marking: Marking) -> None:
        """Put a mark on jobs, and say what nobody would see otherwise."""
        step, waiting = self._undoing.begin(), frozenset[int]()
        if marking.mark is Mark.BINNED:
            jobs = self._engine.queue.in_hand(marking.seqs)
            waiting = frozenset(job.seq for job in jobs if job.state is JobState.QUEUED)
            self._take_back_waiting(jobs)
            self._warn_about(jobs)
        if len(marking.seqs) > MANY:
            self._say(self._words_before(marking.mark), len(marking.seqs))
        work = self._put(marking, step, waiting)
        self._tasks.start(f"mark {marking.mark}", complaining(work, self._window.notices.show_problem))

    async def _put(self, marking: Marking, step: Step, waiting: AbstractSet[int]) -> None:
        take = partial(self._take, step=step, waiting=waiting)
        try:
            async with self._in_order:
                await self._engine.queue.mark(marking, take)
        finally:
            step.settle()

    async def _take_back(self, undo: tuple[Marking, ...]) -> bool:
        changed: list[Marked] = []
        async with self._in_order:
            if (count := _weight(undo)) > MANY:
                self._say(self._words_before_undo(undo), count)
            for marking in undo:
                self._window.gallery.expect_back(marking.seqs)
                await self._engine.queue.mark(marking, partial(self._take_undone, changed=changed))
        return bool(changed)

    def _take_back_waiting(self, jobs: Iterable[Job]) -> None:
        """What waits is not paid for once the user has put it away, however long the mark itself stands
        behind others, and also where the program ends before its turn comes."""
        waiting = tuple(job.id for job in jobs if job.state is JobState.QUEUED)
        if waiting:
            self._engine.queue.cancel_all(waiting)

    def _warn_about(self, jobs: Iterable[Job]) -> None:
        """What is sent goes on out of sight, and what nobody can tell of stays in sight."""
        if any(job.state is JobState.UNCONFIRMED for job in jobs):
            self._window.notices.show_problem(Problem.of(ProblemKind.UNCONFIRMED_STAYS))
        sent = tuple(job.id for job in jobs if goes_on_when_hidden(job))
        if sent:
            self._window.notices.show_hidden(sent)

    # What came of it

    def _take(self, marked: Marked, *, step: Step, waiting: AbstractSet[int]) -> None:
        self._show(marked)
        step.settle(partial(self._take_back, marked.undo), weight=_weight(marked.undo))
        self._window.status.set_message(self._words(marked.marking, self._cancelled(waiting)))

    def _take_undone(self, marked: Marked, *, changed: list[Marked]) -> None:
        self._show(marked)
        changed.append(marked)

    def _show(self, marked: Marked) -> None:
        self._model.take_marked(marked)
        self.marks_changed.emit()

    def _cancelled(self, waiting: AbstractSet[int]) -> int:
        """How many of those that waited were never sent."""
        jobs = self._engine.queue.in_hand(waiting)
        return sum(job.state is JobState.CANCELLED for job in jobs)

    def _words_before(self, mark: Mark) -> str:
        """What is told of a marking that takes its time."""
        return {
            Mark.PICKED: self.tr("Picking {count}…"),
            Mark.REJECTED: self.tr("Rejecting {count}…"),
            Mark.PLAIN: self.tr("Taking the marks off {count}…"),
            Mark.BINNED: self.tr("Moving {count} to the bin…"),
            Mark.RESTORED: self.tr("Taking {count} out of the bin…"),
        }[mark]

    def _words_before_undo(self, undo: tuple[Marking, ...]) -> str:
        """The same of an undo: picks and rejects go back to what each tile had, whatever that was."""
        binning = {marking.mark for marking in undo} & {Mark.BINNED, Mark.RESTORED}
        return self._words_before(binning.pop()) if binning else self.tr("Undoing the marks of {count}…")

    def _words(self, marking: Marking, cancelled: int) -> str:
        """What is told of a marking: that of a single tile shows by itself, unless the tile goes."""
        count = len(marking.seqs)
        if marking.mark is Mark.BINNED:
            keys = QKeySequence(QKeySequence.StandardKey.Undo)
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            return self._binned(count, cancelled).format(
                count=_told(count), cancelled=_told(cancelled), keys=shown
            )
        if count == 1:
            return ""
        return {
            Mark.PICKED: self.tr("{count} picked."),
            Mark.REJECTED: self.tr("{count} rejected."),
            Mark.PLAIN: self.tr("{count} without a mark."),
            Mark.RESTORED: self.tr("{count} back from the bin."),
        }[marking.mark].format(count=_told(count))

    def _binned(self, count: int, cancelled: int) -> str:
        """What a job that waited is told about it: its tile comes back, its turn does not."""
        if not cancelled:
            if count == 1:
                return self.tr("Moved to the bin. {keys} brings it back.")
            return self.tr("{count} moved to the bin. {keys} brings them back.")
        if count == 1:
            return self.tr(
                "Cancelled and moved to the bin. Nothing was sent. "
                "{keys} brings the tile back; it stays cancelled."
            )
        if cancelled == count:
            return self.tr(
                "{count} cancelled and moved to the bin. Nothing was sent. "
                "{keys} brings the tiles back; they stay cancelled."
            )
        if cancelled == 1:
            return self.tr(
                "{count} moved to the bin; 1 that waited stays cancelled. {keys} brings the tiles back."
            )
        return self.tr(
            "{count} moved to the bin; {cancelled} that waited stay cancelled. {keys} brings the tiles back."
        )

    def _say(self, words: str, count: int) -> None:
        self._window.status.set_message(words.format(count=_told(count)))


def _told(count: int) -> str:
    return QLocale().toString(count)


def _weight(undo: tuple[Marking, ...]) -> int:
    return sum(len(marking.seqs) for marking in undo)
