"""The list model: what rows there are, what they tell, and which signals a change makes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui.gallery.model import JobListModel, Role
from gptimg_desktop.ui.gallery.pages import Pages
from gptimg_desktop.ui.gallery.thumbnail_cache import ThumbnailCache
from tests.support.listed import fill, listing_of, put
from tests.ui.jobs import a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.listing import Listing


@pytest.fixture
def model(qapp: object) -> Iterator[JobListModel]:
    made = JobListModel()
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    tester.deleteLater()
    made.deleteLater()


@pytest.fixture
def unasked(qapp: object) -> Iterator[JobListModel]:
    """A model that nobody asks but the test."""
    made = JobListModel()
    yield made
    made.deleteLater()


UNSHOWN = Problem.of(ProblemKind.IMAGE_NOT_SHOWN, path="/pictures/a.png")


def test_a_picture_that_cannot_be_shown_is_told_for_eyes_and_ears(model: JobListModel) -> None:
    fill(model, [a_job(number=2), a_job()])
    heard = Heard(model)
    model.set_thumbnail_problem("job-1", UNSHOWN)
    assert heard.said == [("changed", 1, 1)]
    assert model.index(1).data(Role.UNSEEN) == UNSHOWN
    assert model.index(0).data(Role.UNSEEN) is None
    assert "preview failed" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "preview failed" not in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_thumbnail("job-1", a_bitmap())
    assert model.index(1).data(Role.UNSEEN) is None
    assert "preview failed" not in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_problem_that_comes_too_late_is_dropped(model: JobListModel) -> None:
    fill(model, [a_job(JobState.READY)])
    heard = Heard(model)
    model.set_thumbnail_problem("job-1", UNSHOWN)
    model.set_thumbnail_problem("job-9", UNSHOWN)
    assert heard.said == []
    put(model, a_job())
    assert model.index(0).data(Role.UNSEEN) is None


def test_another_file_has_another_chance(model: JobListModel) -> None:
    job = a_job()
    fill(model, [job])
    model.set_thumbnail_problem("job-1", UNSHOWN)
    put(model, replace(job, images=(job.images[0].at("/pictures/b.png"),)))
    assert model.index(0).data(Role.UNSEEN) is None


def test_a_picture_that_came_damaged_is_called_so_shown_or_not(model: JobListModel) -> None:
    damaged = Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/pictures/a.png.damaged")
    fill(model, [a_job().annotate(damaged)])
    assert "came damaged" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_thumbnail_problem("job-1", Problem.of(ProblemKind.IMAGE_FILE_DAMAGED, path="/pictures/a"))
    told = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "came damaged" in told
    assert "file damaged" not in told


class Heard:
    """What a model said about its rows, in order."""

    def __init__(self, model: JobListModel) -> None:
        self.said: list[tuple[str, int, int]] = []
        self._model = model
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        model.modelReset.connect(self._reset)

    def _inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.said.append(("in", first, last))

    def _removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.said.append(("out", first, last))

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self.said.append(("changed", first.row(), last.row()))

    def _reset(self) -> None:
        self.said.append(("reset", 0, self._model.rowCount()))


def shown(model: JobListModel) -> list[str]:
    return [model.index(row).data(Role.JOB_ID) for row in range(model.rowCount())]


def test_the_newest_job_is_first(model: JobListModel) -> None:
    fill(model, [a_queued_job(2), a_queued_job(10), a_queued_job(1)])
    assert shown(model) == ["job-10", "job-2", "job-1"]


def test_roles_have_the_names_that_scripts_know(model: JobListModel) -> None:
    names = {bytes(name.data()) for name in model.roleNames().values()}
    assert {b"job_id", b"state", b"path"} <= names


def test_a_row_tells_id_state_path_and_a_text_for_screen_readers(model: JobListModel) -> None:
    job = a_job(JobState.SAVED)
    fill(model, [job])
    index = model.index(0)
    assert index.data(Role.JOB_ID) == "job-1"
    assert index.data(Role.STATE) == "saved"
    assert index.data(Role.PATH) == job.images[0].path
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "oak chair by a window, 2048 by 1152, saved"
    assert index.data(Role.JOB) is job


def test_a_job_without_a_picture_has_no_path_and_cannot_be_dragged(model: JobListModel) -> None:
    fill(model, [a_queued_job(1)])
    assert model.index(0).data(Role.PATH) == ""
    assert not model.index(0).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_a_new_job_enters_at_its_place(model: JobListModel) -> None:
    fill(model, [a_queued_job(1), a_queued_job(3)])
    heard = Heard(model)
    put(model, a_queued_job(4))
    put(model, a_queued_job(2))
    assert heard.said == [("in", 0, 0), ("in", 2, 2)]
    assert shown(model) == ["job-4", "job-3", "job-2", "job-1"]


def test_a_step_of_a_job_changes_its_row_alone(model: JobListModel) -> None:
    fill(model, [a_queued_job(1), a_queued_job(2), a_queued_job(3)])
    heard = Heard(model)
    put(model, a_job(JobState.ACCEPTED, 2))
    assert heard.said == [("changed", 1, 1)]
    assert model.index(1).data(Role.STATE) == "accepted"


def test_a_thumbnail_changes_one_row(model: JobListModel) -> None:
    fill(model, [a_job(JobState.SAVED, 1), a_job(JobState.SAVED, 2)])
    heard = Heard(model)
    model.set_thumbnail("job-1", a_bitmap(8, 4, (200, 10, 20)))
    assert heard.said == [("changed", 1, 1)]
    image = model.index(1).data(Role.THUMBNAIL)
    assert (image.width(), image.height()) == (8, 4)
    assert image.pixelColor(3, 3).getRgb()[:3] == (200, 10, 20)


def test_a_thumbnail_for_an_unknown_job_is_dropped(model: JobListModel) -> None:
    heard = Heard(model)
    model.set_thumbnail("nobody", a_bitmap())
    assert heard.said == []


def test_a_drag_carries_the_files_of_finished_tiles(model: JobListModel) -> None:
    fill(model, [a_job(JobState.SAVED, 1), a_queued_job(2)])
    urls = model.mimeData([model.index(0), model.index(1)]).urls()
    assert [url.toLocalFile() for url in urls] == ["/pictures/GPTImg/oak-chair_0001.png"]


# Many changes at once


def test_what_comes_after_a_while_is_shown_at_once_and_what_follows_it_together(
    model: JobListModel, qtbot: QtBot
) -> None:
    heard = Heard(model)
    for number in range(1, 101):
        model.upsert_in_frame(a_queued_job(number))
    assert heard.said == [("in", 0, 0)]
    with qtbot.waitSignal(model.rowsInserted):
        pass
    assert heard.said == [("in", 0, 0), ("in", 0, 98)]
    assert shown(model) == [f"job-{number}" for number in range(100, 0, -1)]


def test_only_the_last_of_many_states_in_a_frame_is_shown_and_told(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, [a_queued_job(number) for number in range(1, 11)])
    model.upsert_in_frame(a_queued_job(1))
    heard = Heard(model)
    named: list[str] = []
    model.job_changed.connect(named.append)
    for state in (JobState.SENDING, JobState.ACCEPTED, JobState.READY):
        for number in (2, 3, 4, 7):
            model.upsert_in_frame(a_job(state, number))
    assert heard.said == []
    with qtbot.waitSignal(model.dataChanged):
        pass
    assert heard.said == [("changed", 3, 3), ("changed", 6, 8)]
    assert named == ["job-2", "job-3", "job-4", "job-7"]
    assert model.index(3).data(Role.STATE) == "ready"


def test_what_must_be_seen_now_waits_for_no_frame(model: JobListModel) -> None:
    model.upsert_in_frame(a_queued_job(1))
    model.upsert_in_frame(a_queued_job(2))
    model.upsert_in_frame(a_queued_job(3))
    assert shown(model) == ["job-1"]
    put(model, a_job(JobState.SENDING, 2))
    assert shown(model) == ["job-3", "job-2", "job-1"]
    assert model.index(1).data(Role.STATE) == "sending"
    model.upsert_in_frame(a_job(JobState.SENDING, 3))
    model.show_now()
    assert model.index(0).data(Role.STATE) == "sending"


def test_neighbours_leave_together(model: JobListModel) -> None:
    fill(model, [a_queued_job(number) for number in range(1, 11)])
    heard = Heard(model)
    for number in (1, 4, 5, 6, 10):
        model.upsert_in_frame(a_queued_job(number).marked(Mark.BINNED, 1.0))
    model.show_now()
    assert heard.said == [("out", 9, 9), ("out", 4, 6), ("out", 0, 0)]


# Filters and orders


def test_a_job_leaves_and_enters_as_the_filter_says(model: JobListModel) -> None:
    fill(model, [a_queued_job(1), a_queued_job(2)], JobFilter(view=View.RUNNING))
    heard = Heard(model)
    put(model, a_job(JobState.SAVED, 1))
    put(model, a_job(JobState.SAVED, 5))
    put(model, a_queued_job(3))
    assert heard.said == [("out", 1, 1), ("in", 0, 0)]
    assert shown(model) == ["job-3", "job-2"]
    assert model.job("job-5") is not None


def test_a_binned_job_is_in_the_bin_and_nowhere_else(model: JobListModel) -> None:
    job = a_job(JobState.SAVED)
    fill(model, [job])
    binned = job.marked(Mark.BINNED, 5.0)
    put(model, binned)
    assert model.rowCount() == 0
    fill(model, [binned], JobFilter(view=View.BIN))
    assert shown(model) == ["job-1"]


def test_rows_are_those_of_the_last_filter_that_was_asked_for_once_its_listing_is_here(
    model: JobListModel,
) -> None:
    told = [model.is_settled]
    fill(model, [a_queued_job(1)])
    told.append(model.is_settled)
    model.expect(JobFilter(view=View.PICKS))
    told.append(model.is_settled)
    assert shown(model) == ["job-1"]
    assert model.filter == JobFilter()
    fill(model, [a_queued_job(1)], JobFilter(view=View.PICKS))
    told.append(model.is_settled)
    assert told == [False, True, False, True]
    assert model.rowCount() == 0


def test_it_tells_whether_there_is_any_job_whatever_is_shown(model: JobListModel) -> None:
    fill(model, [])
    assert not model.has_jobs
    model.set_listing(listing_of([a_queued_job(1)]))
    fill(model, [], JobFilter(view=View.BIN))
    assert model.has_jobs


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("seed", range(3))
def test_any_changes_in_any_order_come_to_the_same_as_a_listing_of_what_is_there(
    model: JobListModel, seed: int, sort: Sort, reverse: bool
) -> None:
    chance = random.Random(seed)
    wanted = JobFilter(view=View.ALL, sort=sort, reverse=reverse)
    jobs: dict[int, Job] = {}
    fill(model, [], wanted)
    for turn in range(60):
        for _ in range(chance.randint(1, 12)):
            job = any_job(chance)
            jobs[job.seq] = job
            model.upsert_in_frame(job)
        model.show_now()
        expected = listing_of(jobs.values(), wanted)
        assert model.seqs_in(0, model.rowCount() - 1) == tuple(expected.seqs)
        assert [model.row_of(seq) for seq in expected.seqs] == list(range(len(expected)))
        assert all(model.job_at(row) == jobs[model.seq_at(row)] for row in range(model.rowCount()))
        if turn % 10 == 9:
            wanted = JobFilter(view=chance.choice(list(View)), sort=sort, reverse=reverse)
            fill(model, jobs.values(), wanted)


def any_job(chance: random.Random) -> Job:
    size = chance.choice([Ratio.R1X1, Ratio.R16X9])
    job = a_job(chance.choice(list(JobState)), chance.randint(1, 40), a_request(size=size))
    return job.marked(chance.choice([Mark.PICKED, Mark.PLAIN, Mark.RESTORED, Mark.BINNED]), 1.0)


def test_a_row_of_a_number_that_nobody_read_is_found_in_every_order(model: JobListModel) -> None:
    jobs = [a_job(number=number, request=a_request(size=size)) for number, size in enumerate(Ratio, 1)]
    for sort in Sort:
        listing = listing_of(jobs, JobFilter(sort=sort))
        numbers = tuple(listing.seqs)
        model.set_listing(listing)
        assert [model.row_of(seq) for seq in numbers] == list(range(len(numbers)))
        assert model.row_of(999) is None


# Jobs that are not here


def test_rows_are_there_before_their_jobs_and_ask_for_them_once_looked_at(
    unasked: JobListModel, qtbot: QtBot
) -> None:
    jobs = saved(200)
    unasked.set_listing(listing_of(jobs))
    assert unasked.rowCount() == 200
    assert (unasked.seq_at(0), unasked.seq_at(199)) == (200, 1)
    asked: list[tuple[int, ...]] = []
    unasked.page_wanted.connect(asked.append)
    assert unasked.job_at(100) is None
    assert unasked.index(100).data(Role.JOB) is None
    assert asked == []
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert unasked.seq_at(100) in asked[0]
    heard = Heard(unasked)
    unasked.take_page([job for job in jobs if job.seq in asked[0]])
    assert unasked.job_at(100) == jobs[99]
    assert len(heard.said) == 1
    assert heard.said[0][0] == "changed"


def test_what_is_in_sight_is_asked_for_first_and_what_scrolled_away_no_more(
    unasked: JobListModel, qtbot: QtBot
) -> None:
    unasked.set_listing(listing_of(saved(1000)))
    asked: list[tuple[int, ...]] = []
    unasked.page_wanted.connect(asked.append)
    unasked.look_at(0, 9)
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert asked[0][:10] == tuple(range(1000, 990, -1))
    unasked.look_at(500, 509)
    for row in range(500, 510):
        unasked.job_at(row)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[1][:10] == tuple(range(500, 490, -1))
    assert set(asked[1][10:]) == set(range(490, 480, -1)) | set(range(510, 500, -1))


def test_a_job_that_was_read_is_named(model: JobListModel) -> None:
    model.set_listing(listing_of([a_job()]))
    named: list[str] = []
    model.job_changed.connect(named.append)
    model.take_page([a_job()])
    assert named == ["job-1"]


def test_few_of_many_jobs_stay_those_that_run_and_those_that_are_held(qapp: object) -> None:
    pages = Pages(10)
    for number in range(1, 6):
        pages.put(a_queued_job(number))
    pages.put(a_job(number=6))
    pages.hold(6)
    for number in range(7, 100):
        pages.put(a_job(number=number))
    assert all(seq in pages for seq in (1, 2, 3, 4, 5, 6, 99))
    assert len(pages) == 15
    assert pages.named("job-7") is None
    pages.put(a_job(number=5))
    pages.put(a_job(number=100))
    assert pages.get(100) is not None
    assert len(pages) == 14


# Answers that are overtaken


def test_a_page_that_was_asked_for_before_a_step_does_not_undo_it(model: JobListModel) -> None:
    fill(model, [a_job(JobState.SENDING)])
    asked_at = model.moment
    put(model, a_job(JobState.ACCEPTED))
    model.take_page([a_job(JobState.SENDING)], asked_at=asked_at)
    assert model.index(0).data(Role.STATE) == "accepted"
    model.take_page([a_job(JobState.READY)], asked_at=model.moment)
    assert model.index(0).data(Role.STATE) == "ready"


def test_a_listing_that_was_asked_for_before_a_job_came_has_it_all_the_same(model: JobListModel) -> None:
    asked_at = model.moment
    listing = listing_of([a_queued_job(1), a_queued_job(3)])
    put(model, a_queued_job(2))
    put(model, a_queued_job(3).marked(Mark.BINNED, 5.0))
    model.set_listing(listing, [a_queued_job(1), a_queued_job(3)], asked_at=asked_at)
    assert shown(model) == ["job-2", "job-1"]


def test_places_that_were_asked_for_before_a_step_are_asked_for_again(model: JobListModel) -> None:
    fill(model, [], SEARCH)
    asked: list[tuple[int, ...]] = []
    model.placement_wanted.connect(asked.append)
    put(model, a_queued_job(1))
    asked_at = model.moment
    put(model, a_job(JobState.SAVED))
    model.place((1,), found([a_queued_job(1)]), asked_at=asked_at)
    assert model.rowCount() == 0
    assert asked == [(1,), (1,), (1,)]
    model.place((1,), found([a_job()]), asked_at=model.moment)
    assert shown(model) == ["job-1"]


def test_after_marks_of_very_many_no_earlier_answer_counts(model: JobListModel) -> None:
    jobs = saved(1000)
    asked_at = model.moment
    fill(model, jobs)
    wanted: list[None] = []
    model.listing_wanted.connect(lambda: wanted.append(None))
    model.take_marked(marked(jobs, Mark.BINNED))
    assert len(wanted) == 1
    model.take_page(jobs[:3], asked_at=asked_at)
    job = model.job("job-1")
    assert job is not None
    assert job.binned_at is not None
    model.set_listing(listing_of(jobs), asked_at=asked_at)
    assert len(wanted) == 2
    model.set_listing(listing_of([]), asked_at=model.moment)
    assert len(wanted) == 2


# What only the library can tell


SEARCH = JobFilter(text="oak")


def found(jobs: Iterable[Job]) -> Listing:
    return listing_of(jobs, SEARCH)


def test_the_library_says_whether_a_new_job_belongs_into_a_search(model: JobListModel) -> None:
    fill(model, [a_queued_job(1)], SEARCH)
    asked: list[tuple[int, ...]] = []
    model.placement_wanted.connect(asked.append)
    put(model, a_queued_job(2))
    put(model, a_queued_job(3))
    assert asked == [(2,), (3,)]
    assert shown(model) == ["job-1"]
    model.place((2, 3), found([a_queued_job(3)]))
    assert shown(model) == ["job-3", "job-1"]


def test_a_step_shows_in_a_search_at_once_and_where_it_does_not_belong_any_more_it_goes(
    model: JobListModel,
) -> None:
    fill(model, [a_queued_job(1), a_queued_job(2)], SEARCH)
    heard = Heard(model)
    put(model, a_job(JobState.SENDING, 1))
    assert heard.said == [("changed", 1, 1)]
    model.place((1,), found([]))
    assert shown(model) == ["job-2"]
    put(model, a_queued_job(2).marked(Mark.BINNED, 1.0))
    assert model.rowCount() == 0


def test_places_of_a_filter_that_is_not_shown_any_more_count_for_nothing(model: JobListModel) -> None:
    fill(model, [], JobFilter(text="ash"))
    model.place((1,), found([a_queued_job(1)]))
    assert model.rowCount() == 0


# Results that nobody sees


def test_a_result_that_the_filter_does_not_show_is_told(model: JobListModel) -> None:
    fill(model, [a_queued_job(1), a_queued_job(2)], JobFilter(view=View.PICKS))
    told: list[int] = []
    model.arrived.connect(told.append)
    put(model, a_job(JobState.READY, 1))
    assert told == []
    put(model, a_job(JobState.SAVED, 1))
    put(model, a_job(JobState.SAVED, 1))
    put(model, a_job(JobState.SAVED, 9))  # nobody knew that it was on its way
    put(model, a_job(JobState.SAVED, 2).marked(Mark.BINNED, 1.0))
    assert told == [1]


def test_a_result_that_a_search_does_not_show_is_told_once_that_is_known(model: JobListModel) -> None:
    fill(model, [a_queued_job(1), a_queued_job(2)], SEARCH)
    told: list[int] = []
    model.arrived.connect(told.append)
    put(model, a_job(JobState.SAVED, 1))
    put(model, a_job(JobState.SAVED, 2))
    assert told == []
    model.place((1, 2), found([a_job(number=2)]))
    assert told == [1]
    model.place((1, 2), found([a_job(number=2)]))
    assert told == [1]


# Marks


def marked(jobs: Iterable[Job], mark: Mark) -> Marked:
    return Marked(marking=Marking(seqs=tuple(job.seq for job in jobs), mark=mark), undo=())


def test_a_mark_shows_on_jobs_that_are_here(model: JobListModel) -> None:
    fill(model, saved(3))
    heard, named = Heard(model), list[str]()
    model.job_changed.connect(named.append)
    model.take_marked(marked(saved(2), Mark.PICKED))
    assert heard.said == [("changed", 1, 2)]
    assert named == ["job-1", "job-2"]
    job = model.job("job-2")
    assert job is not None
    assert job.picked


def test_marks_of_jobs_that_nobody_read_take_their_rows_away(model: JobListModel) -> None:
    jobs = saved(10)
    model.set_listing(listing_of(jobs))
    model.take_marked(marked(jobs[2:5], Mark.BINNED))
    assert model.seqs_in(0, 9) == (10, 9, 8, 7, 6, 2, 1)


def test_what_is_brought_back_unread_is_asked_about(model: JobListModel) -> None:
    jobs = saved(10)
    model.set_listing(listing_of(jobs[5:]))
    asked: list[tuple[int, ...]] = []
    model.placement_wanted.connect(asked.append)
    model.take_marked(marked(jobs[:2], Mark.RESTORED))
    assert asked == [(1, 2)]
    model.take_marked(marked(jobs[:2], Mark.PICKED))
    assert asked == [(1, 2)]


def test_a_mark_that_came_after_a_page_was_asked_for_is_not_lost(model: JobListModel) -> None:
    model.set_listing(listing_of(saved(3)))
    asked_at = model.moment
    model.take_marked(marked(saved(1), Mark.PICKED))
    model.take_page(saved(3), asked_at=asked_at)
    assert model.job("job-1") is None  # it is asked for again
    assert model.job("job-2") is not None


# Thumbnails


def saved(count: int) -> list[Job]:
    return [a_job(JobState.SAVED, number) for number in range(1, count + 1)]


class Pictures:
    """What a model asked for, as long as nobody brings it."""

    def __init__(self, model: JobListModel, qtbot: QtBot) -> None:
        self.wanted: list[tuple[int, ...]] = []
        self._qtbot = qtbot
        model.thumbnails_wanted.connect(self.wanted.append)

    def after_a_turn(self) -> tuple[int, ...]:
        """What is wanted once the event loop came round."""
        self.wanted.clear()
        self._qtbot.waitUntil(lambda: bool(self.wanted))
        return self.wanted[-1]


def test_thumbnails_are_asked_for_together_and_from_the_event_loop(model: JobListModel, qtbot: QtBot) -> None:
    asked = Pictures(model, qtbot)
    fill(model, [*saved(2), a_queued_job(3)])
    for row in range(3):
        assert model.index(row).data(Role.THUMBNAIL) is None
    assert asked.wanted == []
    assert set(asked.after_a_turn()) == {1, 2}


def test_pictures_in_sight_come_first_then_those_near(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, saved(100))
    asked = Pictures(model, qtbot)
    model.look_at(50, 54)
    assert asked.after_a_turn() == (50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 51, 52, 53, 54, 55)
    model.set_thumbnail("job-50", a_bitmap())
    model.set_thumbnail_problem("job-49", UNSHOWN)
    model.look_at(50, 53)
    assert asked.after_a_turn()[:3] == (48, 47, 46)


def test_pictures_of_another_size_stay_until_those_that_fit_are_here(
    model: JobListModel, qtbot: QtBot
) -> None:
    fill(model, saved(1))
    asked = Pictures(model, qtbot)
    model.look_at(0, 0)
    model.set_thumbnail("job-1", a_bitmap(8, 4))
    assert asked.after_a_turn() == ()
    model.set_thumbnail_box(96)
    assert asked.after_a_turn() == (1,)
    old = model.thumbnail("job-1")
    assert old is not None
    assert old.width() == 8
    model.set_thumbnail("job-1", a_bitmap(4, 2), 96)
    assert asked.after_a_turn() == ()


def test_a_picture_that_can_be_shown_by_now_is_asked_for_again(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, saved(1))
    asked = Pictures(model, qtbot)
    model.look_at(0, 0)
    assert asked.after_a_turn() == (1,)
    model.set_thumbnail_problem("job-1", UNSHOWN)
    model.index(0).data(Role.THUMBNAIL)
    model.look_at(0, 1)
    assert asked.after_a_turn() == ()
    model.forget_thumbnail_problem("job-1")
    assert model.index(0).data(Role.UNSEEN) is None
    model.index(0).data(Role.THUMBNAIL)
    assert asked.after_a_turn() == (1,)


def test_a_picture_of_a_job_without_a_row_can_be_had(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, saved(1), JobFilter(view=View.BIN))
    asked = Pictures(model, qtbot)
    assert model.thumbnail("job-1") is None
    assert asked.after_a_turn() == (1,)
    model.set_thumbnail("job-1", a_bitmap(8, 4))
    image = model.thumbnail("job-1")
    assert image is not None
    assert image.width() == 8
    assert model.thumbnail("nobody") is None


def test_thumbnails_that_are_made_anew_are_asked_for(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, saved(2))
    asked = Pictures(model, qtbot)
    model.look_at(0, 1)
    model.set_thumbnail("job-1", a_bitmap())
    model.set_thumbnail("job-2", a_bitmap())
    assert asked.after_a_turn() == ()
    model.forget_thumbnails([1])
    assert asked.after_a_turn() == (1,)


def test_no_more_pictures_are_fetched_ahead_than_there_is_room_for(model: JobListModel, qtbot: QtBot) -> None:
    fill(model, saved(200))
    asked = Pictures(model, qtbot)
    model.set_thumbnail_box(1024)
    model.look_at(50, 69)
    assert len(asked.after_a_turn()) == 20


def test_thumbnails_are_bounded_in_bytes_and_the_longest_unused_goes(qapp: object) -> None:
    cache = ThumbnailCache(most_bytes=2 * 16 * 16 * 4)
    cache.put(1, a_bitmap(16, 16), 16)
    cache.put(2, a_bitmap(16, 16), 16)
    assert cache.get(1) is not None
    cache.put(3, a_bitmap(16, 16), 16)
    assert cache.get(2) is None
    assert cache.get(1) is not None
    assert cache.bytes == 2 * 16 * 16 * 4
    cache.put(3, a_bitmap(8, 8), 8)
    assert cache.has(3, 8)
    assert not cache.has(3, 16)
    assert cache.bytes == (16 * 16 + 8 * 8) * 4


def test_bytes_that_do_not_fit_the_size_make_no_picture(qapp: object) -> None:
    cache = ThumbnailCache()
    cache.put(1, Bitmap(width=100, height=100, rgba=b"1234"), 100)
    image = cache.get(1)
    assert image is not None
    assert image.isNull()


def test_every_job_that_comes_is_named_whether_it_has_a_row_or_not(model: JobListModel) -> None:
    named: list[str] = []
    fill(model, [], JobFilter(view=View.PICKS))
    model.job_changed.connect(named.append)
    put(model, a_job(JobState.SAVED, 1))
    put(model, a_job(JobState.SAVED, 2).marked(Mark.PICKED, 5.0))
    assert named == ["job-1", "job-2"]
    assert shown(model) == ["job-2"]


def test_only_the_next_list_is_looked_at_where_an_earlier_run_stood(unasked: JobListModel) -> None:
    model = unasked
    jobs = [a_job(number=number) for number in range(1, 501)]
    model.look_first_at(100)
    assert 100 in model.seqs_looked_at(listing_of(jobs))
    fill(model, jobs)
    assert 100 not in model.seqs_looked_at(listing_of(jobs))
    assert 500 in model.seqs_looked_at(listing_of(jobs))
