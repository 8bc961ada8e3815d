"""What is new and out of sight, and the pill that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.filter import Sort
from gptimg_desktop.ui.gallery.arrivals import Arrivals
from gptimg_desktop.ui.gallery.pill import NewPill, Way

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.grid_view import GridView
    from gptimg_desktop.ui.gallery.model import JobListModel

_MOST_LOOKED_AT: Final = 256


class News(QObject):
    """Watches over a view for what comes where nobody looks. `list_wanted`: the user wants to see what the
    present filter hides."""

    list_wanted = Signal()

    def __init__(self, view: GridView, model: JobListModel) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = model
        self._arrivals = Arrivals()
        self._pill = NewPill(view)
        self._pill.clicked.connect(self._go_there)
        model.arrived.connect(self._note_hidden)

    def note(self, job: Job) -> None:
        """A job has changed."""
        if self._arrivals.has_landed(job):
            row = self._jobs.row_of(job.seq)
            if row is not None and row not in self._view.rows_whole_in_sight():
                self._arrivals.add(job.seq)
        self._tell()

    def note_rows(self, first: int, last: int) -> None:
        """These rows came; jobs that were asked for a moment ago may stand above what is looked at."""
        top = self._view.rows_in_sight().start
        for row in range(first, min(last + 1, first + _MOST_LOOKED_AT, top)):
            job = self._jobs.job_of(self._jobs.seq_at(row))
            if job is not None and job.is_running:
                self._arrivals.add(job.seq)
        self._tell()

    def see(self, rows: range) -> None:
        """These rows are in sight."""
        if self._arrivals.unseen:
            places = ((seq, self._jobs.row_of(seq)) for seq in self._arrivals.unseen)
            self._arrivals.see([seq for seq, row in places if row is None or row in rows])
            self._tell()

    def forget(self) -> None:
        """Another list is shown."""
        self._arrivals.forget()
        self._tell()

    def settle(self) -> None:
        """The view has another size, or the mouse has gone elsewhere."""
        self._pill.settle()

    def _note_hidden(self, seq: int) -> None:
        self._arrivals.add_hidden(seq)
        self._tell()

    def _tell(self) -> None:
        self._pill.tell(len(self._arrivals), self._way())

    def _way(self) -> Way:
        """To the first of them in the list, or in the list that would be asked for."""
        first = self._first_row()
        if first is not None:
            return Way.UP if first < self._view.rows_whole_in_sight().start else Way.DOWN
        wanted = self._jobs.filter
        return Way.UP if wanted.sort is Sort.TIME and not wanted.reverse else Way.ELSEWHERE

    def _first_row(self) -> int | None:
        rows = (self._jobs.row_of(seq) for seq in self._arrivals.unseen)
        return min((row for row in rows if row is not None), default=None)

    def _go_there(self) -> None:
        """To the first of them in the list; where the filter hides some, another list is asked for."""
        first = self._first_row()
        hidden = bool(self._arrivals.hidden)
        if first is not None:
            self._view.go_to(first)
        self.forget()
        if hidden:
            self.list_wanted.emit()
