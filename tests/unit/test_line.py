"""Waiting jobs stand in line by rank, then by age, and can be put elsewhere."""

from __future__ import annotations

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
    ranks = moved(a_line(0, 0, 0), Move(job_id="a"))
    assert all(rank < 0 for rank in ranks.values())


def test_ranks_are_told_only_where_they_change() -> None:
    line = in_line(job.line_up(rank) for job, rank in zip(a_line(0, 0, 0), (-3, -2, -1), strict=True))
    assert moved(line, Move(job_id="c", before="b")) == {"c": -2, "b": -1}


@pytest.mark.parametrize(
    "move", [Move(job_id="x"), Move(job_id="a", before="a"), Move(job_id="a", before="b"), Move(job_id="c")]
)
def test_a_move_that_changes_nothing_ranks_nobody(move: Move) -> None:
    assert moved(a_line(0, 0, 0), move) == {}


def test_before_a_job_that_waits_no_more_means_at_the_end() -> None:
    assert after(a_line(0, 0, 0), Move(job_id="a", before="gone")) == "bca"
