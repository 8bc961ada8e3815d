"""What a picture came from, what was made of it, and what was asked for together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.ui.details.relatives_row import RelativesRow
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.lineage import Lineage


class RelativesBlock(QWidget):
    """Up to three rows of small pictures. `lineage_wanted` names a job whose relatives are to be told by
    `set_lineage`, `pictures_wanted` carries jobs (a tuple) whose small pictures are to come by `set_picture`.
    `show_job_requested` names a job that the user wants to see, wherever it is."""

    lineage_wanted = Signal(str)
    pictures_wanted = Signal(object)  # tuple[Job, ...]
    show_job_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._job: Job | None = None
        self._is_known = False
        super().__init__(parent)
        self._run = RelativesRow("relativesRun", self)
        self._came_from = RelativesRow("relativesCameFrom", self)
        self._led_to = RelativesRow("relativesLedTo", self)
        self._rows = (self._run, self._came_from, self._led_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        for row in self._rows:
            row.chosen.connect(self._choose)
            column.addWidget(row)
        self.hide()

    def set_job(self, job: Job | None) -> None:
        """Another job is shown, or the same one as it is now."""
        before, self._job = self._job, job
        if job is None:
            self._clear()
        elif before is None or before.id != job.id:
            self._begin(job, before)
        else:
            self.note(job)

    def set_lineage(self, lineage: Lineage) -> None:
        """The relatives of a job; of any other than the shown one they are dropped."""
        job = self._job
        if job is None or job.id != lineage.job_id:
            return
        self._is_known = True
        run = lineage.run if lineage.run_count > 1 else ()
        self._run.show_jobs(self._run_heading(lineage.run_count), run, lineage.run_count, job.id)
        came_from = lineage.came_from
        self._came_from.show_jobs(self.tr("Came from"), came_from, len(came_from), job.id)
        self._led_to.show_jobs(
            self._led_heading(lineage.led_to_count), lineage.led_to, lineage.led_to_count, job.id
        )
        self.setVisible(any(not row.isHidden() for row in self._rows))
        self._ask_for_pictures()

    def set_picture(self, job_id: str, bitmap: Bitmap) -> None:
        """The small picture of a relative; of anybody else it is dropped."""
        image = image_of(bitmap)
        for row in self._rows:
            row.set_picture(job_id, image)

    def note(self, job: Job) -> None:
        """Any job is new or has changed."""
        shown = self._job
        if shown is None:
            return
        stands_in = [row for row in self._rows if row.note(job, shown.id)]
        if stands_in:
            self._ask_for_pictures()
        elif self._is_known and job.state is JobState.QUEUED and _is_related(job, shown):
            self.lineage_wanted.emit(shown.id)

    # How

    def _begin(self, job: Job, before: Job | None) -> None:
        """Within a run the row of pictures stays, so that one can walk through it."""
        self._is_known = False
        if before is None or before.run_id != job.run_id:
            self._run.set_waiting()
        else:
            self._run.note(before, job.id)
            self._run.note(job, job.id)
        self._came_from.set_waiting()
        self._led_to.set_waiting()
        self.lineage_wanted.emit(job.id)

    def _clear(self) -> None:
        for row in self._rows:
            row.show_jobs("", (), 0, "")
        self.hide()

    def _ask_for_pictures(self) -> None:
        lacking = {job.id: job for row in self._rows for job in row.lacking()}
        if lacking:
            self.pictures_wanted.emit(tuple(lacking.values()))

    def _choose(self, job_id: str) -> None:
        if self._job is not None and job_id != self._job.id:
            self.show_job_requested.emit(job_id)

    def _run_heading(self, count: int) -> str:
        return self.tr("Run of {count}").format(count=QLocale().toString(count))

    def _led_heading(self, count: int) -> str:
        if count <= 1:
            return self.tr("Led to")
        return self.tr("Led to {count} pictures").format(count=QLocale().toString(count))


def _is_related(job: Job, shown: Job) -> bool:
    """True where a job that is new belongs to the run of another one, or was made from it."""
    made_from = (each.job_id for each in job.request.references if isinstance(each, FileReference))
    return job.run_id == shown.run_id or shown.id in made_from
