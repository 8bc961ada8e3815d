"""The bin as the window sees it: what is in it, emptied by hand after a question, or let go at a start."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from gptimg_desktop.core.bin import KEPT_S, BinContents, Cleared, Clearing, Fate
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
        self._stop = asyncio.Event()
        self._has_ended = False
        self._is_shown = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._count_again)

    # What is in it

    def follow(self) -> None:
        """The gallery has another list: the bin's own line is there with the bin."""
        self._is_shown = self._model.filter.view is View.BIN
        self._window.bin_bar.setVisible(self._is_shown)
        if self._is_shown:
            self._count_again()

    def count_soon(self) -> None:
        """Something may have come into the bin, or left it."""
        if self._is_shown and not self._pause.isActive():
            self._pause.start()

    def _count_again(self) -> None:
        self._run("look into the bin", self._count())

    async def _count(self) -> None:
        self._window.bin_bar.set_contents(await self._bin.contents())

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
            self._run("empty the bin", self._clear_by_hand(clearing))

    async def _clear_by_hand(self, clearing: Clearing) -> None:
        async with self._in_order:
            self._stop.clear()
            try:
                cleared = await self._bin.clear(clearing, tell=self._show_progress, stop=self._stop)
            except BaseException:
                self._window.progress.finish(Errand.EMPTY_BIN)
                raise
            self._finish(cleared)
        if cleared.refused and not self._has_ended:
            rest = Clearing(seqs=cleared.refused, forever=True)
            question = ForeverQuestion(rest, cleared.reason, self._window)
            question.agreed.connect(self._clear)
            question.open()

    def cancel(self, errand: Errand) -> None:
        """Leave the rest in the bin, after the one at hand."""
        if errand is Errand.EMPTY_BIN:
            self._stop.set()

    def _show_progress(self, done: int, total: int) -> None:
        if total:
            self._window.progress.show_progress(Progress(errand=Errand.EMPTY_BIN, done=done, total=total))

    # By itself

    def sweep(self) -> None:
        """Let go in the background of what has been in the bin for long enough: into the trash of the
        computer, or it stays."""
        self._run("sweep the bin", self._sweep())

    async def _sweep(self) -> None:
        if self._engine.safety.view_only is not None:
            return
        if self._engine.safety.waits_to_be_seen:  # nobody knows what was brought back since the backup
            await self._bin.begin_anew()
            return
        async with self._in_order:
            due = Clearing(before=time.time() - KEPT_S)
            cleared = await self._bin.clear(due, stop=self._stop)
            self._window.bin_bar.set_trash_refuses(refuses=bool(cleared.refused))
            self._tell_removed(cleared)

    def stop(self) -> None:
        """The program ends: the job at hand is the last one."""
        self._has_ended = True
        self._stop.set()
        self._pause.stop()

    # What came of it

    def _finish(self, cleared: Cleared) -> None:
        says_nothing = cleared.refused and not cleared.removed  # the next question says it
        self._window.progress.finish(Errand.EMPTY_BIN, "" if says_nothing else self._told(cleared))
        self._tell_removed(cleared)

    def _tell_removed(self, cleared: Cleared) -> None:
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
            Fate.NOT_OURS: self.tr("{count} imported or outside of your picture folder"),
            Fate.CHANGED: self.tr("{count} changed since"),
            Fate.SHARED: self.tr("{count} in use by others"),
        }
        parts = [
            text.format(count=QLocale().toString(cleared.files[fate]))
            for fate, text in reasons.items()
            if cleared.files.get(fate)
        ]
        return self.tr("Files left where they are: {parts}.").format(parts=", ".join(parts))

    def _nothing(self, contents: BinContents) -> str:
        if contents.held:
            return self.tr("Nothing can be removed yet: what is here goes on, or nobody knows its fate.")
        return self.tr("The bin is empty.")

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._window.notices.show_problem))
