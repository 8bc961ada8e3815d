"""Which picture follows which, whatever the gallery does meanwhile."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.viewer.order import PictureOrder
from tests.ui.jobs import a_job, a_queued_job
from tests.ui.viewer.pictures import saved, viewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.viewer.viewed import ViewedPicture


@pytest.fixture
def model(qapp: object) -> Iterator[JobListModel]:
    made = JobListModel()
    yield made
    made.deleteLater()


def an_order(model: JobListModel) -> PictureOrder:
    order = PictureOrder(model, model)
    order.open()
    return order


def all_from(order: PictureOrder, start: ViewedPicture) -> list[ViewedPicture]:
    """Everything from one picture to the end."""
    found: list[ViewedPicture] = [start]
    while (following := order.after(found[-1])) is not None:
        found.append(following)
    return found


def test_pictures_follow_one_another_as_the_gallery_has_them(model: JobListModel) -> None:
    model.reset([saved(1), saved(2, images=3), a_queued_job(3), saved(4)])
    order = an_order(model)
    expected = [viewed(4), viewed(2), viewed(2, 1), viewed(2, 2), viewed(1)]
    assert all_from(order, viewed(4)) == expected
    assert [order.position(one) for one in expected] == [1, 2, 3, 4, 5]
    assert order.before(viewed(2)) == viewed(4)
    assert order.before(viewed(4)) is None


def test_a_new_result_takes_its_place(model: JobListModel) -> None:
    model.reset([saved(1), a_queued_job(2), saved(3)])
    order = an_order(model)
    assert order.after(viewed(3)) == viewed(1)
    model.upsert(saved(2))
    assert order.after(viewed(3)) == viewed(2)
    assert len(order) == 3


def test_a_picture_that_left_the_list_still_has_neighbours(model: JobListModel) -> None:
    model.reset([saved(number).pick(picked=True) for number in (1, 2, 3)])
    model.set_filter(JobFilter(view=View.PICKS))
    order = an_order(model)
    model.upsert(saved(2).pick(picked=False))
    assert order.position(viewed(2)) is None
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(3), viewed(1))
    assert len(order) == 2


def test_a_closed_order_follows_nothing(model: JobListModel) -> None:
    model.reset([saved(1)])
    order = an_order(model)
    order.close()
    model.upsert(saved(2))
    model.reset([saved(3)])
    assert len(order) == 0


def test_random_changes_keep_the_order_true(model: JobListModel) -> None:
    chance = random.Random(11)
    order = an_order(model)
    jobs: dict[str, Job] = {}
    for _ in range(400):
        number = chance.randrange(25)
        job = saved(number, images=chance.randrange(1, 3)) if chance.random() < 0.6 else None
        job = job or a_job(chance.choice([JobState.FAILED, JobState.ACCEPTED]), number)
        job = job.bin(1.0) if chance.random() < 0.2 else job
        jobs[job.id] = job
        model.upsert(job)
        if chance.random() < 0.05:
            model.set_filter(JobFilter(view=chance.choice([View.ALL, View.BIN])))
        shown = sorted(filter(model.filter.matches, jobs.values()), key=lambda one: -one.seq)
        expected = [viewed(one.seq, index) for one in shown for index in range(len(one.images))]
        assert len(order) == len(expected)
        if expected:
            assert all_from(order, expected[0]) == expected
