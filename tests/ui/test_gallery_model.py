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
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.model import JobListModel, Role
from gptimg_desktop.ui.gallery.thumbnail_cache import ThumbnailCache
from tests.ui.jobs import a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job


@pytest.fixture
def model(qapp: object) -> Iterator[JobListModel]:
    made = JobListModel()
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    tester.deleteLater()
    made.deleteLater()


UNSHOWN = Problem.of(ProblemKind.IMAGE_NOT_SHOWN, path="/pictures/a.png")


def test_a_picture_that_cannot_be_shown_is_told_for_eyes_and_ears(model: JobListModel) -> None:
    model.reset([a_job(number=2), a_job()])
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
    model.reset([a_job(JobState.READY)])
    heard = Heard(model)
    model.set_thumbnail_problem("job-1", UNSHOWN)
    model.set_thumbnail_problem("job-9", UNSHOWN)
    assert heard.said == []
    model.upsert(a_job())
    assert model.index(0).data(Role.UNSEEN) is None


def test_another_file_has_another_chance(model: JobListModel) -> None:
    job = a_job()
    model.reset([job])
    model.set_thumbnail_problem("job-1", UNSHOWN)
    model.upsert(replace(job, images=(job.images[0].at("/pictures/b.png"),)))
    assert model.index(0).data(Role.UNSEEN) is None


def test_a_picture_that_can_be_shown_by_now_is_asked_for_again(model: JobListModel, qtbot: QtBot) -> None:
    model.reset([a_job()])
    with qtbot.waitSignal(model.thumbnail_wanted):
        model.index(0).data(Role.THUMBNAIL)
    model.set_thumbnail_problem("job-1", UNSHOWN)
    model.index(0).data(Role.THUMBNAIL)
    qtbot.assertNotEmitted(model.thumbnail_wanted, wait=10)
    model.forget_thumbnail_problem("job-1")
    assert model.index(0).data(Role.UNSEEN) is None
    with qtbot.waitSignal(model.thumbnail_wanted):
        model.index(0).data(Role.THUMBNAIL)


def test_a_picture_that_came_damaged_is_called_so_shown_or_not(model: JobListModel) -> None:
    damaged = Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/pictures/a.png.damaged")
    model.reset([a_job().annotate(damaged)])
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
    model.reset([a_queued_job(2), a_queued_job(10), a_queued_job(1)])
    assert shown(model) == ["job-10", "job-2", "job-1"]


def test_roles_have_the_names_that_scripts_know(model: JobListModel) -> None:
    names = {bytes(name.data()) for name in model.roleNames().values()}
    assert {b"job_id", b"state", b"path"} <= names


def test_a_row_tells_id_state_path_and_a_text_for_screen_readers(model: JobListModel) -> None:
    job = a_job(JobState.SAVED)
    model.reset([job])
    index = model.index(0)
    assert index.data(Role.JOB_ID) == "job-1"
    assert index.data(Role.STATE) == "saved"
    assert index.data(Role.PATH) == job.images[0].path
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "oak chair by a window, 2048×1152, saved"
    assert index.data(Role.JOB) is job


def test_a_job_without_a_picture_has_no_path_and_cannot_be_dragged(model: JobListModel) -> None:
    model.reset([a_queued_job(1)])
    assert model.index(0).data(Role.PATH) == ""
    assert not model.index(0).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_a_new_job_enters_at_its_place(model: JobListModel) -> None:
    model.reset([a_queued_job(1), a_queued_job(3)])
    heard = Heard(model)
    model.upsert(a_queued_job(4))
    model.upsert(a_queued_job(2))
    assert heard.said == [("in", 0, 0), ("in", 2, 2)]
    assert shown(model) == ["job-4", "job-3", "job-2", "job-1"]


def test_a_step_of_a_job_changes_its_row_alone(model: JobListModel) -> None:
    model.reset([a_queued_job(1), a_queued_job(2), a_queued_job(3)])
    heard = Heard(model)
    model.upsert(a_job(JobState.ACCEPTED, 2))
    assert heard.said == [("changed", 1, 1)]
    assert model.index(1).data(Role.STATE) == "accepted"


def test_a_job_leaves_and_enters_as_the_filter_says(model: JobListModel) -> None:
    model.reset([a_queued_job(1), a_queued_job(2)])
    model.set_filter(JobFilter(view=View.RUNNING))
    heard = Heard(model)
    model.upsert(a_job(JobState.SAVED, 1))
    model.upsert(a_job(JobState.SAVED, 5))
    model.upsert(a_queued_job(3))
    assert heard.said == [("out", 1, 1), ("in", 0, 0)]
    assert shown(model) == ["job-3", "job-2"]
    assert len(model.jobs()) == 4


def test_a_binned_job_is_in_the_bin_and_nowhere_else(model: JobListModel) -> None:
    job = a_job(JobState.SAVED)
    model.reset([job])
    model.upsert(job.bin(5.0))
    assert model.rowCount() == 0
    model.set_filter(JobFilter(view=View.BIN))
    assert shown(model) == ["job-1"]


def test_a_search_finds_words_of_prompt_and_size(model: JobListModel) -> None:
    model.reset([a_queued_job(1), a_queued_job(2, a_request("红色的椅子"))])
    model.set_filter(JobFilter(text="椅子"))
    assert shown(model) == ["job-2"]
    model.set_filter(JobFilter(text="16:9 OAK"))
    assert shown(model) == ["job-1"]


def test_the_same_filter_twice_resets_nothing(model: JobListModel) -> None:
    heard = Heard(model)
    model.set_filter(JobFilter())
    assert heard.said == []


def test_a_number_given_later_moves_the_row(model: JobListModel) -> None:
    model.reset([a_queued_job(1), a_queued_job(2)])
    late = a_queued_job(1)
    model.upsert(type(late)(**{name: getattr(late, name) for name in late.__slots__} | {"seq": 9}))
    assert shown(model) == ["job-1", "job-2"]


def test_random_changes_keep_the_rows_true(model: JobListModel) -> None:
    chance = random.Random(7)
    jobs: dict[str, Job] = {}
    for _ in range(400):
        job = a_job(chance.choice(list(JobState)), chance.randrange(30))
        job = job.bin(1.0) if chance.random() < 0.2 else job
        jobs[job.id] = job
        model.upsert(job)
        if chance.random() < 0.1:
            model.set_filter(JobFilter(view=chance.choice(list(View))))
        expected = [job for job in jobs.values() if model.filter.matches(job)]
        assert shown(model) == [job.id for job in sorted(expected, key=lambda job: -job.seq)]


def test_a_thumbnail_is_asked_for_once_and_from_the_event_loop(model: JobListModel, qtbot: QtBot) -> None:
    asked: list[str] = []
    model.thumbnail_wanted.connect(asked.append)
    model.reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    for _ in range(3):
        assert model.index(0).data(Role.THUMBNAIL) is None
        assert model.index(1).data(Role.THUMBNAIL) is None
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["job-1"])
    assert model.index(1).data(Role.THUMBNAIL) is None
    qtbot.wait(5)
    assert asked == ["job-1"]


def test_a_thumbnail_changes_one_row(model: JobListModel) -> None:
    model.reset([a_job(JobState.SAVED, 1), a_job(JobState.SAVED, 2)])
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


def test_thumbnails_are_bounded_in_bytes_and_the_longest_unused_goes(qapp: object) -> None:
    cache = ThumbnailCache(most_bytes=2 * 16 * 16 * 4)
    cache.put("a", a_bitmap(16, 16))
    cache.put("b", a_bitmap(16, 16))
    assert cache.get("a") is not None
    assert cache.put("c", a_bitmap(16, 16)) == ("b",)
    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_bytes_that_do_not_fit_the_size_make_no_picture(qapp: object) -> None:
    cache = ThumbnailCache()
    cache.put("a", Bitmap(width=100, height=100, rgba=b"1234"))
    image = cache.get("a")
    assert image is not None
    assert image.isNull()


def test_a_drag_carries_the_files_of_finished_tiles(model: JobListModel) -> None:
    model.reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    urls = model.mimeData([model.index(0), model.index(1)]).urls()
    assert [url.toLocalFile() for url in urls] == ["/pictures/GPTImg/oak-chair_0001.png"]


def test_every_job_that_comes_is_named_whether_it_has_a_row_or_not(model: JobListModel) -> None:
    named: list[str] = []
    model.job_changed.connect(named.append)
    model.set_filter(JobFilter(view=View.PICKS))
    model.upsert(a_job(JobState.SAVED, 1))
    model.upsert(a_job(JobState.SAVED, 2).pick(picked=True))
    assert named == ["job-1", "job-2"]
    assert [job.id for job in model.shown()] == ["job-2"]


def test_the_thumbnail_of_a_job_without_a_row_can_be_had(model: JobListModel, qtbot: QtBot) -> None:
    model.reset([a_job(JobState.SAVED)])
    model.set_filter(JobFilter(view=View.BIN))
    with qtbot.waitSignal(model.thumbnail_wanted) as asked:
        assert model.thumbnail("job-1") is None
    assert asked.args == ["job-1"]
    model.set_thumbnail("job-1", a_bitmap(8, 4))
    image = model.thumbnail("job-1")
    assert image is not None
    assert image.width() == 8
    assert model.thumbnail("nobody") is None


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
    model.reset([a_queued_job(number) for number in range(1, 11)])
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
    model.upsert(a_job(JobState.SENDING, 2))
    assert shown(model) == ["job-3", "job-2", "job-1"]
    assert model.index(1).data(Role.STATE) == "sending"
    model.upsert_in_frame(a_job(JobState.SENDING, 3))
    model.show_now()
    assert model.index(0).data(Role.STATE) == "sending"


def test_a_reset_knows_better_than_what_waited(model: JobListModel) -> None:
    model.upsert_in_frame(a_queued_job(1))
    model.upsert_in_frame(a_queued_job(2))
    model.reset([a_job(JobState.SENDING, 2)])
    model.show_now()
    assert shown(model) == ["job-2"]
    assert model.index(0).data(Role.STATE) == "sending"


def test_neighbours_leave_together(model: JobListModel) -> None:
    model.reset([a_queued_job(number) for number in range(1, 11)])
    heard = Heard(model)
    for number in (1, 4, 5, 6, 10):
        model.upsert_in_frame(a_queued_job(number).bin(1.0))
    model.show_now()
    assert heard.said == [("out", 9, 9), ("out", 4, 6), ("out", 0, 0)]


@pytest.mark.parametrize("seed", range(5))
def test_any_changes_in_frames_come_to_the_same_as_one_by_one(model: JobListModel, seed: int) -> None:
    chance = random.Random(seed)
    model.set_filter(JobFilter(view=View.RUNNING))
    jobs: dict[str, Job] = {}
    for _ in range(30):
        for _ in range(chance.randint(1, 12)):
            number = chance.randint(1, 40)
            job = a_job(chance.choice(list(JobState)), number).bin(chance.choice([None, None, 1.0]))
            jobs[job.id] = job
            model.upsert_in_frame(job)
        model.show_now()
        wanted = JobListModel()
        wanted.set_filter(model.filter)
        wanted.reset(jobs.values())
        assert shown(model) == shown(wanted)
        assert list(model.shown()) == list(wanted.shown())
        wanted.deleteLater()
