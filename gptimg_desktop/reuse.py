"""Earlier jobs used again: their settings in the composer, their pictures as references, and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.browsing import AT_ONCE
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.core.take import Part, takeable
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gptimg_desktop.browsing import Browsing
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.take import Take
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.compose.taken_step import TakenStep
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow
    from gptimg_desktop.undoing import Step, Undoing


class Reuse(QObject):
    """Nothing is sent by any of it. What is at hand is taken at once, so that what is typed next goes on from
    there; what has to be read comes a moment later.

    What was taken over can be undone as long as nothing was done in the composer since. `told` carries words
    about what became of a wish.
    """

    told = Signal(str)

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        model: JobListModel,
        browsing: Browsing,
        undoing: Undoing,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._browsing = browsing
        self._undoing = undoing
        self._tasks = tasks

    # Settings

    def take(self, wish: Take) -> None:
        """Take a part of what a job asked for over into the composer."""
        step = self._undoing.begin()
        job = self._model.job(wish.job_id)
        if job is None:
            self._run("take settings", self._bring_and_take(wish, step))
        else:
            self._take(job, wish, step)
            step.settle()

    async def _bring_and_take(self, wish: Take, step: Step) -> None:
        try:
            job = await self._browsing.job(wish.job_id)
            if job is not None:
                self._take(job, wish, step)
        finally:
            step.settle()

    def _take(self, job: Job, wish: Take, step: Step) -> None:
        part = wish.part
        if part not in takeable(job):
            self._tell(self._why_nothing(part))
            return
        compose, words = self._window.compose, self._words(part)
        taken = compose.take(job.request, part, words)
        if taken is None:
            self._tell(self.tr("The composer has them already."))
        else:
            step.settle(
                partial(self._take_back, taken),
                stands=partial(compose.offers_undo, taken),
                words=self.tr("The composer is as it was before."),
            )
            self.told.emit(words)
        if part is Part.ALL and not wish.by_key:
            self._window.compose.focus_prompt()

    async def _take_back(self, taken: TakenStep) -> bool:
        self._window.compose.undo_taken(taken)
        return True

    # Pictures

    def use_as_references(self, seqs: tuple[int, ...]) -> None:
        """Offer the pictures of jobs to the composer; of more than ever fit, it asks about one too many."""
        self._run("use as references", self._offer(seqs))

    async def _offer(self, seqs: tuple[int, ...]) -> None:
        there: list[str] = []
        gone: list[str] = []
        for first in range(0, len(seqs), AT_ONCE):
            jobs = await self._engine.history.jobs(seqs[first : first + AT_ONCE])
            for image in (image for job in jobs for image in job.images):
                (gone if image.is_missing else there).append(image.path)
            if len(there) > MOST_REFERENCES:
                break
        if there:
            self._window.compose.offer_paths(tuple(there[: MOST_REFERENCES + 1]))
            self.told.emit(self.tr("Taken as a reference"))
        elif gone:
            self._tell(sentence(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=gone[0])))

    # Words

    def _words(self, part: Part) -> str:
        return {
            Part.ALL: self.tr("Settings taken"),
            Part.PROMPT: self.tr("Prompt taken"),
            Part.SIZE: self.tr("Size taken"),
            Part.REFERENCES: self.tr("References taken"),
        }[part]

    def _why_nothing(self, part: Part) -> str:
        if part is Part.REFERENCES:
            return self.tr("It was made without references.")
        return self.tr("It was imported, so there are no settings to take.")

    def _tell(self, words: str) -> None:
        self._window.status.set_message(words)
        self.told.emit(words)

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._window.notices.show_problem))
