"""Small wishes of the window that take no while: each is one word to the queue, or to the desktop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.line import Move
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.ui.compose.repeat_press import RepeatPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.browsing import Browsing
    from gptimg_desktop.composing import Composing
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.preferences import Preferences
    from gptimg_desktop.ui.details.wishes import TaskIdEntry
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow


class Wishes(QObject):
    """`pauses` tells which pauses of the user's hold the queue at the moment."""

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        model: JobListModel,
        browsing: Browsing,
        composing: Composing,
        preferences: Preferences,
        complain: Callable[[str, Problem], None],
        pauses: Callable[[], tuple[Gate, ...]],
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._browsing = browsing
        self._composing = composing
        self._preferences = preferences
        self._complain = complain
        self._repeats = RepeatPress(self)
        self._pauses = pauses

    def pause(self) -> None:
        """Send nothing new until the user says so."""
        self._engine.queue.pause()
        self._preferences.set_paused(paused=True)

    def resume(self, gate: Gate) -> None:
        """Try again what a gate holds, now."""
        self._engine.queue.resume(gate)
        if gate.kind is GateKind.USER_PAUSE:
            self._preferences.set_paused(paused=False)

    def resume_all(self) -> None:
        """Undo every pause of the user's."""
        for gate in self._pauses():
            self.resume(gate)

    def send_next(self, job_id: str) -> None:
        """A waiting job goes before all others."""
        self._engine.queue.move(Move(job_id=job_id, first=True))

    def generate_again(self, job_id: str) -> None:
        """Ask for the same once more, at its price; above a sum of the user's it takes a second press."""
        job = self._model.job(job_id)
        if job is None:
            return
        draft = Draft.of(job.request)
        question = self._window.compose.question_about(draft)
        if self._repeats.lets_go(job_id, question and (question, self._engine.payer)):
            self._window.details.clear_problem()
            self._window.notices.forget(ProblemKind.ASKED_FIRST)
            self._composing.generate(draft)
            self._window.top_bar.show_new()
        elif question is not None:
            self._complain(job_id, question)

    def enter_task_id(self, entry: TaskIdEntry) -> None:
        """An unconfirmed job is that task, as the user found out."""
        self._engine.queue.enter_task_id(entry.job_id, entry.task_id)

    def show_reference(self, reference: Reference) -> None:
        """Go where a reference lives: to its tile, its folder, or its address in the browser."""
        if isinstance(reference, UrlReference):
            QDesktopServices.openUrl(QUrl(reference.url))
        elif reference.job_id:
            self._browsing.show_job(reference.job_id)
        elif reference.origin is not None:
            self.show_in_folder(reference.origin.path)

    def show_in_folder(self, path: str) -> None:
        """Open the folder of a file."""
        folder = Path(path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._window.status.set_message(self._window.tr("The folder is {folder}").format(folder=folder))
