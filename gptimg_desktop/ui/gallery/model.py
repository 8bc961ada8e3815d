"""The jobs as a list model, newest first, narrowed by a filter."""

from __future__ import annotations

from bisect import bisect_left
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, Qt, QTimer, QUrl, Signal

from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.caption import accessible_text, title
from gptimg_desktop.ui.gallery.thumbnail_cache import ThumbnailCache

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from PySide6.QtCore import QObject, QPersistentModelIndex
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job

    Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What the model tells beyond Qt's own roles."""

    JOB_ID = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    PATH = Qt.ItemDataRole.UserRole + 3
    JOB = Qt.ItemDataRole.UserRole + 4
    THUMBNAIL = Qt.ItemDataRole.UserRole + 5
    UNSEEN = Qt.ItemDataRole.UserRole + 6


_ROLE_NAMES: Final = {Role.JOB_ID: b"job_id", Role.STATE: b"state", Role.PATH: b"path"}
_OF_THE_PICTURE: Final = [Role.THUMBNAIL, Role.UNSEEN, Qt.ItemDataRole.AccessibleTextRole]
_NOWHERE: Final = QModelIndex()
_FRAME_MS: Final = 33
Place = tuple[int, str]
"""Where a job stands among all others; the smaller comes first."""


class JobListModel(QAbstractListModel):
    """One row for each job that the filter lets through; every job is kept, whatever the filter is.

    `thumbnail_wanted` names a saved job whose picture was asked for and is not here; it comes once for each
    job, from the event loop, never from inside a paint event. `job_changed` names a job that is new or has
    changed, whether it has a row or not.
    """

    thumbnail_wanted = Signal(str)
    job_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        self._jobs: dict[str, Job] = {}
        self._to_show: dict[str, Job] = {}
        self._places: list[Place] = []
        self._filter = JobFilter()
        self._thumbnails = ThumbnailCache()
        self._unseen: dict[str, Problem] = {}
        self._asked: set[str] = set()
        self._to_ask: list[str] = []
        self._readers: Mapping[int, Callable[[Job], object]] = {
            Qt.ItemDataRole.DisplayRole: title,
            Qt.ItemDataRole.AccessibleTextRole: self._accessible_text,
            Role.JOB_ID: _id_of,
            Role.STATE: _state_of,
            Role.PATH: path_of,
            Role.JOB: _itself,
            Role.THUMBNAIL: self._thumbnail_of,
            Role.UNSEEN: self._unseen_of,
        }
        super().__init__(parent)
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.timeout.connect(self._ask)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._next_frame)

    # What is told

    def reset(self, jobs: Iterable[Job]) -> None:
        """These jobs and no others."""
        self.beginResetModel()
        self._to_show.clear()
        self._jobs = {job.id: job for job in jobs}
        self._refilter()
        self.endResetModel()

    def upsert(self, job: Job) -> None:
        """A new job, or a job's new state; the filter decides whether it has a row."""
        self._to_show[job.id] = job
        self.show_now()

    def upsert_in_frame(self, job: Job) -> None:
        """As `upsert`, at once where nothing came for a while, else together with what comes until the next
        frame: hundreds of changes a second are as many as an eye can follow."""
        self._to_show[job.id] = job
        if not self._frame.isActive():
            self._next_frame()

    def show_now(self) -> None:
        """Show what waits for the next frame."""
        jobs, self._to_show = self._to_show, {}
        self._take(jobs.values())
        for job_id in jobs:
            self.job_changed.emit(job_id)

    def set_filter(self, wanted: JobFilter) -> None:
        """Show what `wanted` lets through."""
        if wanted == self._filter:
            return
        self.beginResetModel()
        self._filter = wanted
        self._refilter()
        self.endResetModel()

    def set_thumbnail(self, job_id: str, bitmap: Bitmap) -> None:
        """The picture of a job; one that came too late for a job that is not known is dropped."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        for gone in self._thumbnails.put(job_id, bitmap):
            self._asked.discard(gone)
        self._unseen.pop(job_id, None)
        self._tell_picture(job)

    def set_thumbnail_problem(self, job_id: str, problem: Problem) -> None:
        """Why the picture of a job cannot be shown; what came too late is dropped."""
        job = self._jobs.get(job_id)
        if job is not None and job.images:
            self._unseen[job_id] = problem
            self._tell_picture(job)

    def forget_thumbnail_problem(self, job_id: str) -> None:
        """The picture of a job can be shown by now: where its tile has none, it is asked for again."""
        job = self._jobs.get(job_id)
        if job is not None and self._unseen.pop(job_id, None) is not None:
            self._asked.discard(job_id)
            self._tell_picture(job)

    # What can be asked

    @property
    def filter(self) -> JobFilter:
        return self._filter

    def job(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def jobs(self) -> tuple[Job, ...]:
        """Every job, shown or not, in no order."""
        return tuple(self._jobs.values())

    def shown(self) -> Iterator[Job]:
        """The jobs that have a row, in their order."""
        return (self._jobs[job_id] for _, job_id in self._places)

    def place_at(self, row: int) -> Place | None:
        """The place of a row, as it was when the row was made; None outside."""
        return self._places[row] if 0 <= row < len(self._places) else None

    def job_at(self, row: int) -> Job | None:
        """The job in a row; None outside."""
        return self._jobs[self._places[row][1]] if 0 <= row < len(self._places) else None

    def thumbnail(self, job_id: str) -> QImage | None:
        """The small picture of a job; asked for where it is not here yet."""
        job = self._jobs.get(job_id)
        return None if job is None else self._thumbnail_of(job)

    def index_of(self, job_id: str) -> QModelIndex:
        """Where a job is shown; an invalid index where it is not."""
        job = self._jobs.get(job_id)
        row = None if job is None else self._row_of(job)
        return QModelIndex() if row is None else self.index(row)

    # Qt's side

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.job_at(index.row()) if index.isValid() else None
        read = self._readers.get(role)
        return None if job is None or read is None else read(job)

    def roleNames(self) -> dict[int, QByteArray]:
        names = dict(super().roleNames())
        names.update({int(role): QByteArray(name) for role, name in _ROLE_NAMES.items()})
        return names

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        job = self.job_at(index.row()) if index.isValid() else None
        if job is not None and path_of(job):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The finished pictures among the rows, as the files they are."""
        jobs = (self.job_at(index.row()) for index in indexes)
        data = QMimeData()
        data.setUrls(
            [QUrl.fromLocalFile(image.path) for job in jobs if job is not None for image in job.images]
        )
        return data

    # Rows

    def _next_frame(self) -> None:
        if self._to_show:
            self._frame.start()
            self.show_now()

    def _take(self, jobs: Collection[Job]) -> None:
        """Neighbours come, go and change together: what a view does for each step can be much."""
        staying: list[Place] = []
        going: list[Place] = []
        coming: list[Place] = []
        for job in jobs:
            before = self._jobs.get(job.id)
            self._forget_stale_thumbnail(before, job)
            was = None if before is None or self._row_of(before) is None else place_of(before)
            now = place_of(job) if self._filter.matches(job) else None
            self._jobs[job.id] = job
            if was is not None and was == now:
                staying.append(was)
                continue
            if was is not None:
                going.append(was)
            if now is not None:
                coming.append(now)
        self._renew(staying)
        self._remove(going)
        self._insert(coming)

    def _refilter(self) -> None:
        self._places = sorted(place_of(job) for job in self._jobs.values() if self._filter.matches(job))

    def _row_of(self, job: Job) -> int | None:
        place = place_of(job)
        row = bisect_left(self._places, place)
        return row if row < len(self._places) and self._places[row] == place else None

    def _renew(self, places: Iterable[Place]) -> None:
        for first, last in _runs(bisect_left(self._places, place) for place in places):
            self.dataChanged.emit(self.index(first), self.index(last))

    def _remove(self, places: Iterable[Place]) -> None:
        for first, last in reversed(_runs(bisect_left(self._places, place) for place in places)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._places[first : last + 1]
            self.endRemoveRows()

    def _insert(self, places: Collection[Place]) -> None:
        left = sorted(places)
        while left:
            row = bisect_left(self._places, left[0])
            end = bisect_left(left, self._places[row]) if row < len(self._places) else len(left)
            self.beginInsertRows(QModelIndex(), row, row + end - 1)
            self._places[row:row] = left[:end]
            self.endInsertRows()
            del left[:end]

    # Thumbnails

    def _thumbnail_of(self, job: Job) -> QImage | None:
        found = self._thumbnails.get(job.id)
        if found is None and job.state is JobState.SAVED and job.id not in self._asked:
            self._asked.add(job.id)
            self._to_ask.append(job.id)
            self._asking.start(0)
        return found

    def _unseen_of(self, job: Job) -> Problem | None:
        return self._unseen.get(job.id)

    def _accessible_text(self, job: Job) -> str:
        return accessible_text(job, self._unseen.get(job.id))

    def _tell_picture(self, job: Job) -> None:
        row = self._row_of(job)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, _OF_THE_PICTURE)

    def _ask(self) -> None:
        wanted, self._to_ask = self._to_ask, []
        for job_id in wanted:
            self.thumbnail_wanted.emit(job_id)

    def _forget_stale_thumbnail(self, before: Job | None, after: Job) -> None:
        if before is not None and before.images != after.images:
            self._thumbnails.drop(after.id)
            self._unseen.pop(after.id, None)
            self._asked.discard(after.id)


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run among some rows, in their order."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def path_of(job: Job) -> str:
    """Where the job's first picture is saved; "" where it has none."""
    return job.images[0].path if job.images else ""


def place_of(job: Job) -> Place:
    """Newest first; the id keeps jobs apart that the library has not numbered."""
    return (-job.seq, job.id)


def _id_of(job: Job) -> str:
    return job.id


def _state_of(job: Job) -> str:
    return job.state.value


def _itself(job: Job) -> Job:
    return job
