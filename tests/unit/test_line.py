"""Waiting jobs stand in line by rank, then by age, and can be put elsewhere."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.line import Move, in_line, moved
from tests.support.jobs import new_job


def a_line(*ranks: int) -> tuple[Job, ...]:
    """Jobs "a", "b", … of these ranks, asked for in this order."""
    return in_line(
        replace(new_job(), id=chr(ord("a") + place), seq=place + 1, rank=rank)
        for place, rank in enumerate(ranks)
    )


def names(jobs: tuple[Job, ...]) -> str:
    return "".join(job.id for job in jobs)


def after(line: tuple[Job, ...], move: Move) -> str:
    ranks = moved(line, move)
    return names(in_line(job.line_up(ranks.get(job.id, job.rank)) for job in line))


def test_the_older_goes_first_among_equals() -> None:
    assert names(a_line(0, 0, 0)) == "abc"
    assert names(a_line(0, -1, 0)) == "bac"


def test_only_waiting_jobs_are_in_line() -> None:
    job = new_job()
    assert in_line([replace(job, state=state) for state in JobState if state is not JobState.QUEUED]) == ()


@pytest.mark.parametrize(
    ("job_id", "before", "order"),
    [
        ("c", "a", "cab"),
        ("c", "b", "acb"),
        ("a", "", "bca"),
        ("a", "c", "bac"),
        ("b", "a", "bac"),
    ],
)
def test_a_job_goes_where_it_is_put(job_id: str, before: str, order: str) -> None:
    assert after(a_line(0, 0, 0), Move(job_id=job_id, before=before)) == order


def test_what_is_asked_for_later_still_goes_last() -> None:
    line = a_line(0, 0, 0)
    ranks = moved(line, Move(job_id="a"))
    later = replace(new_job(), id="z", seq=4)
    assert names(in_line([*(job.line_up(ranks.get(job.id, 0)) for job in line), later])) == "bcaz"


def test_only_who_has_to_is_ranked_anew() -> None:
    line = a_line(0, 0, 0, 0, 0)
    assert moved(line, Move(job_id="e", before="a")) == {"e": -1}
    assert moved(line, Move(job_id="e", before="c")) == {"e": -1, "b": -1, "a": -1}


def test_any_number_of_moves_ends_where_the_user_put_them() -> None:
    chance = random.Random(7)
    line = a_line(*[0] * 8)
    for _ in range(500):
        order = names(line)
        job, before = chance.choice(order), chance.choice([*order, ""])
        expected = order if job == before else order.replace(job, "")
        if job != before:
            place = expected.index(before) if before else len(expected)
            expected = expected[:place] + job + expected[place:]
        ranks = moved(line, Move(job_id=job, before=before))
        line = in_line(each.line_up(ranks.get(each.id, each.rank)) for each in line)
        assert names(line) == expected
        assert all(each.rank <= 0 for each in line)


@pytest.mark.parametrize(
    "move", [Move(job_id="x"), Move(job_id="a", before="a"), Move(job_id="a", before="b"), Move(job_id="c")]
)
def test_a_move_that_changes_nothing_ranks_nobody(move: Move) -> None:
    assert moved(a_line(0, 0, 0), move) == {}


def test_before_a_job_that_waits_no_more_means_in_front() -> None:
    assert after(a_line(0, 0, 0), Move(job_id="c", before="gone")) == "cab"


def test_first_is_before_whoever_is_first_by_then() -> None:
    assert after(a_line(0, 0, 0), Move(job_id="c", first=True)) == "cab"
    assert moved(a_line(0, 0, 0), Move(job_id="a", first=True)) == {}
