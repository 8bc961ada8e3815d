"""Which picture follows which, whatever the gallery does meanwhile, and where nobody has read them yet."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.viewer.order import PictureOrder
from tests.support.listed import fill, listing_of, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_job, a_queued_job
from tests.ui.viewer.pictures import saved, viewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.viewer.viewed import ViewedPicture

PICKS = JobFilter(view=View.PICKS)


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


def is_reading(order: PictureOrder) -> bool:
    return order.is_reading


def test_pictures_follow_one_another_as_the_gallery_has_them(model: JobListModel) -> None:
    fill(model, [saved(1), saved(2, images=3), a_queued_job(3), saved(4)])
    order = an_order(model)
    expected = [viewed(4), viewed(2), viewed(2, 1), viewed(2, 2), viewed(1)]
    assert all_from(order, viewed(4)) == expected
    assert [order.position(one) for one in expected] == [1, 3, 3, 3, 4]
    backwards = [viewed(1)]
    while (found := order.before(backwards[-1])) is not None:
        backwards.append(found)
    assert backwards == expected[::-1]


def test_a_new_result_takes_its_place(model: JobListModel) -> None:
    fill(model, [saved(1), a_queued_job(2), saved(3)])
    order = an_order(model)
    assert order.after(viewed(3)) == viewed(1)
    told = heard(order.changed)
    put(model, saved(2))
    assert told
    assert order.after(viewed(3)) == viewed(2)


def test_a_picture_that_left_the_list_still_has_neighbours(model: JobListModel) -> None:
    jobs = [saved(number).marked(Mark.PICKED, 0.0) for number in range(1, 6)]
    fill(model, jobs, PICKS)
    order = an_order(model)
    assert order.position(viewed(2)) == 4
    put(model, saved(2))
    assert order.position(viewed(2)) is None
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(3), viewed(1))
    put(model, saved(5))  # rows before it go, and come
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(3), viewed(1))
    put(model, saved(9).marked(Mark.PICKED, 0.0))
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(3), viewed(1))
    put(model, saved(1))
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(3), None)
    assert not is_reading(order)


def test_a_picture_that_left_with_its_neighbours_has_others(model: JobListModel) -> None:
    jobs = [saved(number).marked(Mark.PICKED, 0.0) for number in range(1, 6)]
    fill(model, jobs, PICKS)
    order = an_order(model)
    assert order.position(viewed(2)) == 4
    model.take_marked(Marked(marking=Marking(seqs=(2, 3, 4), mark=Mark.PLAIN), undo=()))
    assert (order.before(viewed(2)), order.after(viewed(2))) == (viewed(5), viewed(1))


def test_a_closed_order_follows_nothing(model: JobListModel) -> None:
    fill(model, [saved(1)])
    order = an_order(model)
    order.close()
    told = heard(order.changed)
    put(model, saved(2))
    fill(model, [saved(3)])
    assert told == []


def test_the_way_goes_on_where_nobody_has_read_yet(model: JobListModel, qtbot: QtBot) -> None:
    jobs = [saved(number) for number in range(1, 6)]
    model.set_listing(listing_of(jobs), [jobs[4]])
    order = an_order(model)
    wanted = heard(model.page_wanted)
    assert order.after(viewed(5)) is None
    assert is_reading(order)
    assert order.before(viewed(5)) is None
    assert not is_reading(order)  # it is the first
    assert order.position(viewed(5)) == 1
    qtbot.waitUntil(lambda: bool(wanted))
    assert 4 in wanted[0]  # type: ignore[operator]
    told = heard(order.changed)
    model.take_page([jobs[3]])
    assert told
    assert order.after(viewed(5)) == viewed(4)
    assert not is_reading(order)


def test_a_hundred_thousand_tiles_are_not_read_for_one_neighbour(model: JobListModel, qtbot: QtBot) -> None:
    jobs = [saved(number) for number in range(1, 2_001)]
    model.set_listing(listing_of(jobs), [jobs[1_000]])
    order = an_order(model)
    wanted = heard(model.page_wanted)
    order.after(viewed(1_001))
    order.before(viewed(1_001))
    qtbot.waitUntil(lambda: bool(wanted))
    asked = wanted[-1]
    assert isinstance(asked, tuple)
    assert {1_000, 1_002} <= set(asked)
    assert len(asked) < 600


def test_random_changes_keep_the_order_true(model: JobListModel) -> None:
    chance = random.Random(11)
    order = an_order(model)
    fill(model, [])
    jobs: dict[str, Job] = {}
    for _ in range(400):
        number = chance.randrange(1, 25)
        job = saved(number, images=chance.randrange(1, 3)) if chance.random() < 0.6 else None
        job = job or a_job(chance.choice([JobState.FAILED, JobState.ACCEPTED]), number)
        job = job.marked(Mark.BINNED, 1.0) if chance.random() < 0.2 else job
        jobs[job.id] = job
        put(model, job)
        shown = sorted(filter(View.ALL.shows, jobs.values()), key=lambda one: -one.seq)
        expected = [viewed(one.seq, index) for one in shown for index in range(len(one.images))]
        assert len(order) == len(shown)
        if expected:
            assert all_from(order, expected[0]) == expected
