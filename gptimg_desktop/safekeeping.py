"""The library's safety as the window sees it: backups by themselves and by hand, going back to one, and what
was restored."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.core.errors import AppError, ProblemKind
from gptimg_desktop.core.filter import View
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.services.tasks import Tasks
from gptimg_desktop.ui.care.backups_dialog import BackupsDialog
from gptimg_desktop.ui.messages import file_size, sentence

if TYPE_CHECKING:
    from asyncio import Task
    from typing import Any

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.ui.main_window import MainWindow

logger = logging.getLogger(__name__)

JOBS_BETWEEN: Final = 25
"""After so many new jobs there is another backup."""
_QUIET: Final = frozenset({ProblemKind.DISK_FULL, ProblemKind.BACKUP_FAILED, ProblemKind.FOLDER_UNWRITABLE})
"""Why a backup that nobody asked for was not made: tried again later, and told nobody."""


class Safekeeping(QObject):
    """`restart_wanted`: the window shall close and open again, to go back to a backup."""

    restart_wanted = Signal()

    def __init__(self, *, engine: Engine, window: MainWindow) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._tasks = Tasks()
        self._making: Task[Any] | None = None
        self._dialog: BackupsDialog | None = None
        self._last_number = 0
        self._since_backup = 0
        self._has_ended = False
        window.progress.cancel_requested.connect(self._cancel)

    async def begin(self) -> None:
        """Say what was restored and what the library lacks, and back it up where that is due."""
        safety = self._engine.safety
        if safety.view_only is not None:
            return
        if safety.cloud is not None:
            self._window.notices.show_problem(safety.cloud)
        if safety.waits_to_be_seen:
            panel = self._window.restored
            panel.seen.connect(self._was_seen)
            panel.show_unconfirmed_requested.connect(self._show_unconfirmed)
            panel.show_restored(await safety.restored())
        self._tasks.start("backup", self._back_up_where_due())

    async def stop(self) -> None:
        """Give up what is under way; nothing is left behind by it, and nothing begins any more."""
        self._has_ended = True
        await self._tasks.cancel()

    def note(self, job: Job) -> None:
        """A job was committed: after so many new ones there is another backup."""
        if job.seq <= self._last_number:
            return
        self._last_number = job.seq
        self._since_backup += 1
        if self._since_backup >= JOBS_BETWEEN:
            self._begin(is_asked=False)

    # Backups

    def back_up(self) -> None:
        """Make a backup now, in sight."""
        self._begin(is_asked=True)

    def choose_backup(self) -> None:
        """Let the user choose which backup to go back to."""
        if self._engine.safety.view_only is not None:
            self._window.notices.show_problem(self._engine.safety.view_only)
            return
        dialog = BackupsDialog(self._window)
        dialog.restore_requested.connect(self._restore)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()
        self._tasks.start("list backups", self._list_backups())

    async def _list_backups(self) -> None:
        backups = await self._engine.safety.backups()
        if self._dialog is not None:
            self._dialog.set_backups(backups)

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _restore(self, name: str) -> None:
        self._tasks.start("restore", self._restore_at_next_start(name))

    async def _restore_at_next_start(self, name: str) -> None:
        try:
            await self._engine.safety.restore_at_next_start(name)
        except AppError as error:
            self._window.notices.show_problem(error.problem)
        else:
            self.restart_wanted.emit()

    def stay(self) -> None:
        """The window stays open: the next start goes back to nothing."""
        self._tasks.start("stay", self._forget_restoring())

    async def _forget_restoring(self) -> None:
        try:
            await self._engine.safety.forget_restoring()
        except AppError as error:
            self._window.notices.show_problem(error.problem)
        else:
            self._window.status.set_message(self.tr("The library stays as it is."))

    async def _back_up_where_due(self) -> None:
        try:
            is_due = await self._engine.safety.is_due()
        except AppError as error:
            logger.warning("nobody can tell whether a backup is due: %s", error.problem.kind)
            return
        if is_due:
            self._begin(is_asked=False)

    def _begin(self, *, is_asked: bool) -> None:
        """Make a backup, unless one is made already or the program ends."""
        if self._making is not None or self._has_ended:
            return
        self._since_backup = 0
        self._making = self._tasks.start("back up", self._back_up(is_asked=is_asked))
        self._making.add_done_callback(self._is_made)

    def _is_made(self, _: Task[Any]) -> None:
        self._making = None

    async def _back_up(self, *, is_asked: bool) -> None:
        try:
            backup = await self._engine.safety.back_up(self._show_progress if is_asked else _untold)
        except AppError as error:
            self._tell_failure(error.problem, is_asked=is_asked)
        else:
            if is_asked:
                self._window.progress.finish(
                    Errand.BACK_UP,
                    self.tr("The library is backed up ({size}).").format(size=file_size(backup.size_bytes)),
                )
        finally:
            if is_asked and self._is_cancelled:
                self._window.progress.finish(Errand.BACK_UP)

    def _show_progress(self, done: int, total: int) -> None:
        self._window.progress.show_progress(Progress(errand=Errand.BACK_UP, done=done, total=total))

    def _tell_failure(self, problem: Problem, *, is_asked: bool) -> None:
        if problem.kind is ProblemKind.LIBRARY_DAMAGED:  # told by the engine, which holds the queue
            self._window.progress.finish(Errand.BACK_UP)
        elif is_asked:
            self._window.progress.finish(Errand.BACK_UP, sentence(problem), is_trouble=True)
        elif problem.kind in _QUIET:
            logger.info("no backup was made: %s", problem.kind)
        else:
            self._window.notices.show_problem(problem)

    @property
    def _is_cancelled(self) -> bool:
        return self._making is not None and self._making.cancelling() > 0

    def _cancel(self, errand: Errand) -> None:
        if errand is Errand.BACK_UP and self._making is not None:
            self._making.cancel()

    # What was restored

    def _was_seen(self) -> None:
        self._tasks.start("restored was seen", self._note_seen())

    async def _note_seen(self) -> None:
        try:
            await self._engine.restored_was_seen()
        except AppError as error:
            self._window.restored.ask_again()
            self._window.notices.show_problem(error.problem)
        else:
            self._window.restored.put_away()

    def _show_unconfirmed(self) -> None:
        button = self._window.top_bar.findChild(QPushButton, f"filter_{View.NEEDS_YOU}")
        if button is not None:
            button.click()


def _untold(_done: int, _total: int) -> None:
    """A backup that nobody asked for is made in silence."""
