"""The bin as the window sees it: what is in it, emptied by hand after a question, or let go at a start."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from gptimg_desktop.core.bin import KEPT_DAYS, KEPT_S, BinContents, Cleared, Clearing, Fate
from gptimg_desktop.core.filter import View
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui.bin.question import ClearQuestion, ForeverQuestion

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow

MANY: Final = 200
"""Of more jobs it is not told which."""
PAUSE_MS: Final = 300
"""What is in the bin is counted anew so long after a change, once for all changes of that time."""


class Emptying(QObject):
    """One clearing at a time. `removed` tells the jobs (a tuple of numbers) that have left the gallery,
    `lists_changed` comes for many."""

    removed = Signal(object)
    lists_changed = Signal()

    def __init__(self, *, engine: Engine, window: MainWindow, model: JobListModel, tasks: Tasks) -> None:
        super().__init__()
        self._model = model
        self._engine = engine
        self._bin = engine.bin
        self._window = window
        self._tasks = tasks
        self._in_order = asyncio.Lock()
        self._sweep_stop = asyncio.Event()
        self._stops: list[asyncio.Event] = []
        self._has_ended = False
        self._is_shown = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._count_again)

    # What is in it

    def follow(self) -> None:
        """The gallery has another list: the bin's own line is there with the bin."""
        self._is_shown = self._model.filter.view is View.BIN
        self._window.bin_bar.setVisible(self._is_shown)
        if self._matters:
            self._count_again()

    def count_soon(self) -> None:
        """Something may have come into the bin, or left it."""
        if self._matters and not self._has_ended and not self._pause.isActive():
            self._pause.start()

    def _count_again(self) -> None:
        self._run("look into the bin", self._count())

    async def _count(self) -> None:
        contents = await self._bin.contents()
        self._window.bin_bar.set_contents(contents)
        self._window.gallery.set_in_bin(contents.count + contents.held)

    @property
    def _matters(self) -> bool:
        """True where the window speaks of the bin: in its own view, and where nothing else is left."""
        return self._is_shown or self._model.rowCount() == 0

    # By hand

    def ask_about_all(self) -> None:
        """Ask whether the bin is to be emptied."""
        self.ask(Clearing())

    def ask(self, clearing: Clearing) -> None:
        """Ask whether this is to be removed; nothing happens without the answer."""
        self._run("ask about the bin", self._ask(clearing))

    async def _ask(self, clearing: Clearing) -> None:
        contents = await self._bin.contents(clearing)
        if self._has_ended:
            return
        if not contents.count:
            self._window.status.set_message(self._nothing(contents))
            return
        question = ClearQuestion(clearing, contents, self._window)
        question.agreed.connect(self._clear)
        question.open()

    def _clear(self, clearing: Clearing) -> None:
        if not self._has_ended:
            stop = asyncio.Event()
            self._stops.append(stop)
            self._run("empty the bin", self._clear_by_hand(clearing, stop))

    async def _clear_by_hand(self, clearing: Clearing, stop: asyncio.Event) -> None:
        """A clearing that was stopped before its turn came removes nothing."""
        try:
            async with self._in_order:
                if stop.is_set():
                    return
                cleared = await self._bin.clear(clearing, tell=self._show_progress, stop=stop)
                await self._finish(cleared)
        except BaseException:
            self._window.progress.finish(Errand.EMPTY_BIN)
            raise
        finally:
            self._stops.remove(stop)
        if cleared.refused and not self._has_ended:
            rest = Clearing(seqs=cleared.refused, forever=True)
            await self._ask_again(rest, cleared.reason)

    async def _ask_again(self, rest: Clearing, reason: str) -> None:
        """What the trash does not take goes only by another word."""
        contents = await self._bin.contents(rest)
        if contents.count and not self._has_ended:
            question = ForeverQuestion(rest, contents, reason, self._window)
            question.agreed.connect(self._clear)
            question.open()

    def cancel(self, errand: Errand) -> None:
        """Leave the rest in the bin, after the one at hand."""
        if errand is Errand.EMPTY_BIN:
            self._stop_by_hand()

    def _stop_by_hand(self) -> None:
        for stop in self._stops:
            stop.set()

    def _show_progress(self, done: int, total: int) -> None:
        if total:
            self._window.progress.show_progress(Progress(errand=Errand.EMPTY_BIN, done=done, total=total))

    # By itself

    def sweep(self) -> None:
        """Let go in the background of what has been in the bin for long enough: into the trash of the
        computer, or it stays."""
        self._run("sweep the bin", self._sweep())

    async def _sweep(self) -> None:
        safety = self._engine.safety
        if safety.view_only is not None or safety.waits_to_be_seen:
            return
        async with self._in_order:
            due = Clearing(before=time.time() - KEPT_S)
            cleared = await self._bin.clear(due, stop=self._sweep_stop)
            self._window.bin_bar.set_trash_refuses(refuses=bool(cleared.refused))
            if swept := cleared.files.get(Fate.IN_TRASH, 0):
                self._window.progress.finish(Errand.EMPTY_BIN, self._swept(swept))
            await self._tell_removed(cleared)

    def _swept(self, count: int) -> str:
        told = self.tr("{count} pictures that were in the bin for {days} days went to this computer's trash.")
        if count == 1:
            told = self.tr("1 picture that was in the bin for {days} days went to this computer's trash.")
        return told.format(count=QLocale().toString(count), days=KEPT_DAYS)

    def stop(self) -> None:
        """The program ends: the job at hand is the last one."""
        self._has_ended = True
        self._sweep_stop.set()
        self._stop_by_hand()
        self._pause.stop()

    # What came of it

    async def _finish(self, cleared: Cleared) -> None:
        says_nothing = cleared.refused and not cleared.removed  # the next question says it
        self._window.progress.finish(Errand.EMPTY_BIN, "" if says_nothing else self._told(cleared))
        await self._tell_removed(cleared)

    async def _tell_removed(self, cleared: Cleared) -> None:
        """The queue, which may know them as they were in the bin, lets go of them before anybody looks."""
        await self._engine.queue.let_go(cleared.removed)
        if len(cleared.removed) > MANY:
            self.lists_changed.emit()
        elif cleared.removed:
            self.removed.emit(cleared.removed)
        if cleared.ended_by is not None:
            self._window.notices.show_problem(cleared.ended_by)
        self.count_soon()

    def _told(self, cleared: Cleared) -> str:
        told = []
        if cleared.was_stopped:
            told.append(self.tr("Stopped."))
        count = len(cleared.removed)
        gone = self.tr("{count} removed for good.") if count != 1 else self.tr("1 removed for good.")
        told.append(gone.format(count=QLocale().toString(count)))
        if cleared.left_in_place:
            told.append(self._left(cleared))
        return " ".join(told)

    def _left(self, cleared: Cleared) -> str:
        """Which files are where they were, and why."""
        reasons = {
            Fate.NOT_OURS: self.tr("{count} outside your picture folder"),
            Fate.CHANGED: self.tr("{count} changed by another program"),
            Fate.SHARED: self.tr("{count} that other pictures use too"),
        }
        parts = [
            text.format(count=QLocale().toString(cleared.files[fate]))
            for fate, text in reasons.items()
            if cleared.files.get(fate)
        ]
        return self.tr("These files stay on the disk: {parts}.").format(parts=", ".join(parts))

    def _nothing(self, contents: BinContents) -> str:
        if contents.held:
            return self.tr("Nothing can be removed yet: what is here goes on, or nobody knows its fate.")
        return self.tr("The bin is empty.")

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._window.notices.show_problem))
