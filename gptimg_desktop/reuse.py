"""Earlier jobs used again: their settings in the composer, their pictures as references, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.core.take import Part, takeable
from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gptimg_desktop.browsing import Browsing
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.take import Take
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow


class Reuse(QObject):
    """Nothing is sent by any of it. What is at hand is taken at once, so that what is typed next goes on from
    there; what has to be read comes a moment later.

    `undo` takes back what was done last: what was taken over, else a mark (`undo_mark_wanted`). `told`
    carries words about what became of a wish.
    """

    undo_mark_wanted = Signal()
    told = Signal(str)

    def __init__(
        self,
        *,
        engine: Engine,
        window: MainWindow,
        model: JobListModel,
        browsing: Browsing,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._window = window
        self._model = model
        self._browsing = browsing
        self._tasks = tasks
        self._was_last = False

    # Settings

    def take(self, wish: Take) -> None:
        """Take a part of what a job asked for over into the composer."""
        job = self._model.job(wish.job_id)
        if job is None:
            self._run("take settings", self._bring_and_take(wish))
        else:
            self._take(job, wish.part)

    async def _bring_and_take(self, wish: Take) -> None:
        job = await self._browsing.job(wish.job_id)
        if job is not None:
            self._take(job, wish.part)

    def _take(self, job: Job, part: Part) -> None:
        if part not in takeable(job):
            self._tell(self._why_nothing(part))
            return
        words = self._words(part)
        if self._window.compose.take(job.request, part, words):
            self._was_last = True
            self.told.emit(words)
        else:
            self._tell(self.tr("The composer has them already."))
        if part is Part.ALL:
            self._window.compose.focus_prompt()

    def undo(self) -> None:
        """Take back what was done last."""
        if self._was_last and self._window.compose.offers_undo:
            self._window.compose.undo_taken()
            self.told.emit(self.tr("The composer is as it was before."))
        else:
            self.undo_mark_wanted.emit()

    def note_mark(self) -> None:
        """Something else was done since, which is what an undo means now."""
        self._was_last = False

    # Pictures

    def use_as_references(self, seqs: tuple[int, ...]) -> None:
        """Offer the pictures of jobs to the composer; of more than ever fit, it asks about one too many."""
        self._run("use as references", self._offer(seqs[: MOST_REFERENCES + 1]))

    async def _offer(self, seqs: tuple[int, ...]) -> None:
        jobs = await self._engine.history.jobs(seqs)
        images = [image for job in jobs for image in job.images if not image.is_missing]
        if images:
            self._window.compose.offer_paths(tuple(image.path for image in images))
            self.told.emit(self.tr("Taken as a reference"))

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
