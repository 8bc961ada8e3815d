"""The jobs as a list model: a row for each that the filter lets through, a job where somebody looked."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    Qt,
    QUrl,
    Signal,
)

from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.listing import Listing
from gptimg_desktop.core.sort_key import sort_key
from gptimg_desktop.ui.gallery.caption import accessible_text, title
from gptimg_desktop.ui.gallery.frames import Frames
from gptimg_desktop.ui.gallery.mark_effects import moves_nothing, takes_away
from gptimg_desktop.ui.gallery.moments import Moments
from gptimg_desktop.ui.gallery.pages import Pages
from gptimg_desktop.ui.gallery.pictures import TilePictures
from gptimg_desktop.ui.gallery.rows import Rows, runs
from gptimg_desktop.ui.gallery.wants import Wants

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from PySide6.QtCore import QObject, QPersistentModelIndex
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.mark import Mark, Marked
    from gptimg_desktop.ui.gallery.rows import Place

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
_MOST_STEPS: Final = 512
"""Of more rows than that which come, go or change together the whole list is asked for anew."""


class JobListModel(QAbstractListModel):
    """One row for each job that the filter lets through, as a number; the job itself where it was looked at.

    What is not here is asked for by `page_wanted`, `thumbnails_wanted` and `placement_wanted` (numbers,
    `Job.seq`) and `listing_wanted`, never from inside a paint event. The first two name all that is wanted
    at this moment, the most urgent first: what an earlier one named and the newest does not is wanted no
    more. A view says what is in sight by `look_at`, and how large it draws by `set_thumbnail_box`: pictures
    are made to fit that box, and until they come it has those of another size.

    `job_changed` names a job that is new here or has changed, whether it has a row or not. `arrived` names
    (by its number) a job whose picture was saved just now and which the filter does not show.

    Answers may be overtaken by what happens meanwhile. Who asks the library takes `moment` before, and gives
    it back with the answer (`asked_at`): what is known from later on stays as it is.
    """

    page_wanted = Signal(object)  # tuple[int, ...]
    thumbnails_wanted = Signal(object)  # tuple[int, ...]
    placement_wanted = Signal(object)  # tuple[int, ...]
    listing_wanted = Signal()
    job_changed = Signal(str)
    arrived = Signal(int)

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._rows = Rows(Listing(filter=JobFilter()))
        self._pages = Pages()
        self._moments = Moments()
        self._expected: JobFilter | None = JobFilter()
        self._has_jobs = False
        self._landing: set[int] = set()
        self._pictures = TilePictures()
        self._readers: Mapping[int, Callable[[Job], object]] = {
            Qt.ItemDataRole.DisplayRole: title,
            Qt.ItemDataRole.AccessibleTextRole: self._accessible_text,
            Role.JOB_ID: _id_of,
            Role.STATE: _state_of,
            Role.PATH: path_of,
            Role.JOB: _itself,
            Role.THUMBNAIL: self.picture_of,
            Role.UNSEEN: self.unseen_of,
        }
        super().__init__(parent)
        self._frames = Frames(self, self._show)
        self._wants = Wants(self, rows=self._rows, pages=self._pages, pictures=self._pictures)
        self._wants.jobs_wanted.connect(self.page_wanted)
        self._wants.pictures_wanted.connect(self.thumbnails_wanted)

    # What the library tells

    def expect(self, wanted: JobFilter) -> None:
        """A listing of this filter was asked for; until it is here the rows stay as they are."""
        self._expected = wanted

    def set_listing(self, listing: Listing, jobs: Iterable[Job] = (), *, asked_at: int | None = None) -> None:
        """Show this listing, whose arrays are the model's from here on, with the jobs of its first rows."""
        self.beginResetModel()
        self._rows = self._wants.rows = Rows(listing)
        self._wants.look_first_at(0)
        self._expected = None
        self._has_jobs = self._has_jobs or len(listing) > 0
        for job in jobs:
            self._read(job, asked_at)
        self.endResetModel()
        self._catch_up(asked_at)

    def take_page(self, jobs: Collection[Job], *, asked_at: int | None = None) -> None:
        """Jobs that were asked for; what somebody told about one of them in the meantime counts more."""
        fresh = [job for job in jobs if self._read(job, asked_at)]
        self._renew(row for job in fresh if (row := self._rows.row_of(job.seq, job)) is not None)
        for job in fresh:
            self.job_changed.emit(job.id)
        self._wants.ask_soon()

    def place(self, asked: Iterable[int], listing: Listing, *, asked_at: int | None = None) -> None:
        """Which of the jobs that were asked about belong into the list, and where; one of an older filter is
        dropped."""
        if listing.filter != self._rows.filter:
            return
        keys = dict(zip(listing.seqs, listing.keys, strict=True))
        again = tuple(seq for seq in asked if self._moments.is_later(seq, asked_at))
        settled = [seq for seq in asked if not self._moments.is_later(seq, asked_at)]
        self._move([(seq, keys.get(seq)) for seq in settled])
        for seq in settled:
            self._land(seq, is_shown=seq in keys)
        if again:
            self.placement_wanted.emit(again)

    def take_marked(self, marked: Marked) -> None:
        """A marking that is committed: of jobs that are here, and of numbers that nobody has read."""
        seqs, mark = marked.marking.seqs, marked.marking.mark
        here = [job for seq in seqs if (job := self._pages.get(seq)) is not None]
        now = self._clock()
        if len(seqs) > _MOST_STEPS:
            self._moments.pass_all()
            for job in here:
                self._pages.put(job.marked(mark, now))
            self._tell([job.id for job in here])
            self.listing_wanted.emit()
            return
        self._take([job.marked(mark, now) for job in here])
        known = {job.seq for job in here}
        self._mark_unread([seq for seq in seqs if seq not in known], mark)
        self._tell([job.id for job in here])

    # What the queue tells

    def upsert_in_frame(self, job: Job) -> None:
        """A new job, or a job's new state; the filter decides whether it has a row. At once where nothing
        came for a while, else together with what comes until the next frame: hundreds of changes a second are
        as many as an eye can follow."""
        self._frames.put(job)

    def show_now(self) -> None:
        """Show what waits for the next frame."""
        self._frames.show_now()

    # What the view tells

    def look_at(self, first: int, last: int) -> None:
        """The rows that are in sight, both included: what they lack is asked for before anything else."""
        self._wants.look_at(first, last)

    def look_first_at(self, seq: int) -> None:
        """The next listing will be looked at around this number, where it has it."""
        self._wants.look_first_at(seq)

    def seqs_looked_at(self, listing: Listing) -> tuple[int, ...]:
        """The numbers of a listing that will be in sight once it is here: those around what is in sight now
        where it is the same list, told anew, else its first ones."""
        return self._wants.first_of(listing)

    def set_thumbnail_box(self, pixels: int) -> None:
        """The square, in device pixels, that pictures are drawn in from now on."""
        if pixels != self._pictures.box:
            self._pictures.box = pixels
            self._wants.ask_soon()

    @property
    def thumbnail_box(self) -> int:
        return self._pictures.box

    def hold(self, job_id: str) -> None:
        """Keep this job here, as one of the last that were chosen or shown somewhere."""
        seq = self._pages.seq_of(job_id)
        if seq is not None:
            self._pages.hold(seq)

    # Pictures

    def set_thumbnail(self, job_id: str, bitmap: Bitmap, box: int | None = None) -> None:
        """The picture of a job, made for `box` (the present one where that is not said); one that came too
        late for a job that is not here is dropped."""
        job = self._pages.named(job_id)
        if job is None or not job.images:
            return
        self._pictures.put(job.seq, bitmap, box)
        self._wants.satisfy(job.seq)
        self._tell_picture(job)

    def set_thumbnail_problem(self, job_id: str, problem: Problem) -> None:
        """Why the picture of a job cannot be shown; what came too late is dropped."""
        job = self._pages.named(job_id)
        if job is not None and job.images:
            self._wants.satisfy(job.seq)
            self._pictures.fail(job.seq, problem)
            self._tell_picture(job)

    def forget_thumbnail_problem(self, job_id: str) -> None:
        """The picture of a job can be shown by now: where its tile has none, it is asked for again."""
        job = self._pages.named(job_id)
        if job is not None and self._pictures.forgive(job.seq):
            self._tell_picture(job)

    def forget_thumbnails(self, seqs: Iterable[int]) -> None:
        """Pictures of these jobs were made anew; what cannot be shown is tried once more. Until the new ones
        come the tiles have the old ones."""
        for seq in seqs:
            self._pictures.outdate(seq)
        self._wants.ask_soon()

    # What can be asked

    @property
    def filter(self) -> JobFilter:
        """The filter of the rows that are shown."""
        return self._rows.filter

    @property
    def is_settled(self) -> bool:
        """True where the rows are those of the filter that was asked for last."""
        return self._expected is None

    @property
    def has_jobs(self) -> bool:
        """True where there is a job at all, whatever the filter shows; False as long as nobody can tell."""
        return self._has_jobs

    @property
    def moment(self) -> int:
        """The present, for who asks the library something."""
        return self._moments.now

    def job(self, job_id: str) -> Job | None:
        """A job that is here."""
        return self._pages.named(job_id)

    def job_of(self, seq: int) -> Job | None:
        """A job that is here, by its number."""
        return self._pages.get(seq)

    def job_at(self, row: int) -> Job | None:
        """The job in a row; None outside, and where it is not here: then it is asked for."""
        if not 0 <= row < len(self._rows):
            return None
        seq = self._rows.seq_at(row)
        job = self._pages.get(seq)
        if job is None:
            self._wants.want(row, seq)
        return job

    def seq_at(self, row: int) -> int:
        """The number of a row's job; IndexError outside."""
        return self._rows.seq_at(row)

    def seqs_in(self, first: int, last: int) -> tuple[int, ...]:
        """The numbers of the rows from `first` to `last`, both included."""
        return self._rows.seqs_in(first, last)

    def row_of(self, seq: int) -> int | None:
        """The row of a number; None where the filter does not show it."""
        return self._rows.row_of(seq, self._pages.get(seq))

    def index_of(self, job_id: str) -> QModelIndex:
        """Where a job that is here is shown; an invalid index where it is not."""
        job = self._pages.named(job_id)
        row = None if job is None else self._rows.row_of(job.seq, job)
        return QModelIndex() if row is None else self.index(row)

    def thumbnail(self, job_id: str) -> QImage | None:
        """The small picture of a job that is here; asked for where it lacks."""
        job = self._pages.named(job_id)
        return None if job is None else self.picture_of(job)

    def picture_of(self, job: Job) -> QImage | None:
        """The small picture of a job; asked for where it lacks."""
        if self._pictures.lacks(job):
            self._wants.want(self._rows.row_of(job.seq, job), job.seq)
        return self._pictures.image(job.seq)

    def unseen_of(self, job: Job) -> Problem | None:
        """Why the picture of a job cannot be shown."""
        return self._pictures.problem(job.seq)

    # Qt's side

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        read = self._readers.get(role)
        job = self.job_at(index.row()) if read is not None and index.isValid() else None
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

    # Jobs

    def _show(self, jobs: Mapping[str, Job]) -> None:
        self._take(jobs.values())
        self._tell(jobs)

    def _tell(self, job_ids: Iterable[str]) -> None:
        for job_id in job_ids:
            self.job_changed.emit(job_id)

    def _read(self, job: Job, asked_at: int | None) -> bool:
        """Keep what the library told; False where something later is known."""
        if self._moments.is_later(job.seq, asked_at):
            return False
        self._pictures.forget_stale(self._pages.get(job.seq), job)
        self._pages.put(job)
        self._wants.satisfy(job.seq)
        self._has_jobs = True
        return True

    def _take(self, jobs: Iterable[Job]) -> None:
        """Keep what is known first hand, and put it where the filter wants it."""
        moved: list[tuple[int, float | None]] = []
        unsure: list[int] = []
        for job in jobs:
            before = self._pages.get(job.seq)
            self._pictures.forget_stale(before, job)
            self._moments.note(job.seq)
            row = self._rows.row_of(job.seq, before)
            self._pages.put(job)
            self._has_jobs = True
            has_landed = _has_landed(before, job)
            if self.filter.asks_library and self.filter.view.shows(job):
                unsure.append(job.seq)
                if has_landed:
                    self._landing.add(job.seq)
                moved.append((job.seq, None if row is None else self._rows.key_at(row)))
            else:
                is_shown = self.filter.view.shows(job)
                moved.append((job.seq, sort_key(job, self.filter) if is_shown else None))
                if has_landed and not is_shown:
                    self.arrived.emit(job.seq)
        self._move(moved)
        if unsure:
            self.placement_wanted.emit(tuple(unsure))

    def _mark_unread(self, seqs: Sequence[int], mark: Mark) -> None:
        """Numbers that nobody has read: those that surely go, go; of the others the library knows."""
        for seq in seqs:
            self._moments.note(seq)
        going = seqs if takes_away(mark, self.filter.view) else ()
        self._move([(seq, None) for seq in going])
        if not going and seqs and not moves_nothing(mark, self.filter):
            self.placement_wanted.emit(tuple(seqs))

    def _catch_up(self, asked_at: int | None) -> None:
        """What happened since the listing was asked for."""
        if asked_at is None:
            return
        if self._moments.has_passed_all(asked_at):
            self.listing_wanted.emit()
            return
        later = self._moments.later_than(asked_at)
        self._take([job for seq in later if (job := self._pages.get(seq)) is not None])
        unread = tuple(seq for seq in later if seq not in self._pages)
        if unread:
            self.placement_wanted.emit(unread)

    def _land(self, seq: int, *, is_shown: bool) -> None:
        """A picture that was saved just now has its place, or none."""
        if seq in self._landing:
            self._landing.discard(seq)
            if not is_shown:
                self.arrived.emit(seq)

    # Rows

    def _move(self, moved: Iterable[tuple[int, float | None]]) -> None:
        """Bring numbers to their keys, None for those that have no row. Neighbours come, go and change
        together: what a view does for each step can be much."""
        staying: list[int] = []
        going: list[int] = []
        coming: list[Place] = []
        for seq, key in moved:
            row = self._rows.row_of(seq, self._pages.get(seq))
            if row is not None and key == self._rows.key_at(row):
                staying.append(row)
                continue
            if row is not None:
                going.append(row)
            if key is not None:
                coming.append((key, -seq))
        self._renew(staying)
        for first, last in reversed(runs(going)):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._rows.remove(first, last)
            self.endRemoveRows()
        self._insert(sorted(coming))

    def _renew(self, rows: Iterable[int]) -> None:
        for first, last in runs(rows):
            self.dataChanged.emit(self.index(first), self.index(last))

    def _insert(self, left: list[Place]) -> None:
        while left:
            row, count = self._rows.room_for(left)
            self.beginInsertRows(QModelIndex(), row, row + count - 1)
            self._rows.insert(row, left[:count])
            self.endInsertRows()
            del left[:count]

    # Thumbnails

    def _accessible_text(self, job: Job) -> str:
        return accessible_text(job, self._pictures.problem(job.seq))

    def _tell_picture(self, job: Job) -> None:
        row = self._rows.row_of(job.seq, job)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, _OF_THE_PICTURE)


def path_of(job: Job) -> str:
    """Where the job's first picture is saved; "" where it has none."""
    return job.images[0].path if job.images else ""


def _has_landed(before: Job | None, after: Job) -> bool:
    """True where the picture was saved just now, of a job that is not put away."""
    was_on_its_way = before is not None and before.state is not JobState.SAVED
    return was_on_its_way and after.state is JobState.SAVED and after.binned_at is None


def _id_of(job: Job) -> str:
    return job.id


def _state_of(job: Job) -> str:
    return job.state.value


def _itself(job: Job) -> Job:
    return job
