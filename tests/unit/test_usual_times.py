"""How long pictures usually take, as far as the user's own can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.core.usual_times import LONGEST_S, MOST_COUNTED, DoneJobs, UsualTime
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from collections.abc import Iterable

START = 1_800_000_000.0


def _done(took: float, *, tier: Tier = Tier.K1, at: float = START, **more: Any) -> Job:
    """A saved job that the service had accepted at `at`."""
    plain: dict[str, Any] = {
        "request": GenerationRequest(prompt="x", size=Ratio.R1X1, tier=tier),
        "state": JobState.SAVED,
        "armed_at": at - 1,
        "accepted_at": at,
        "finished_at": at + took,
    }
    return new_job(**(plain | more))


def _usual(jobs: Iterable[Job], tier: Tier = Tier.K1, *, is_practice: bool = False) -> UsualTime | None:
    """What is usual after these were done in one session."""
    done = DoneJobs()
    for job in jobs:
        done.put(job)
    return done.usual_times().of(tier, is_practice=is_practice)


def test_two_pictures_tell_nothing_and_three_do() -> None:
    assert _usual(_done(took) for took in (40, 50)) is None
    assert _usual(_done(took) for took in (40, 50, 60)) == UsualTime(low=42, median=50, high=58, count=3)


def test_eight_of_ten_are_within_the_span() -> None:
    usual = _usual(_done(took) for took in range(1, 12))
    assert usual == UsualTime(low=2, median=6, high=10, count=11)


def test_the_last_fifty_count() -> None:
    usual = _usual([_done(200) for _ in range(30)] + [_done(80) for _ in range(MOST_COUNTED)])
    assert usual == UsualTime(low=80, median=80, high=80, count=MOST_COUNTED)


def test_tiers_and_practice_are_kept_apart() -> None:
    jobs = [
        *(_done(30) for _ in range(3)),
        *(_done(60, tier=Tier.K4) for _ in range(4)),
        *(_done(5, service=PRACTICE) for _ in range(5)),
    ]
    usual = [_usual(jobs), _usual(jobs, Tier.K4), _usual(jobs, is_practice=True), _usual(jobs, Tier.K2)]
    assert [each and (each.median, each.count) for each in usual] == [(30, 3), (60, 4), (5, 5), None]


def test_a_job_counts_once_however_often_it_is_told_of() -> None:
    job = _done(30)
    assert _usual([job, job.marked(Mark.PICKED, START), job.marked(Mark.BINNED, START), job]) is None


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.SAVED])
def test_only_what_is_saved_counts(state: JobState) -> None:
    assert _usual(_done(30, state=state) for _ in range(3)) is None


@pytest.mark.parametrize(
    "strange",
    [
        {"finished_at": START + LONGEST_S + 1},
        {"finished_at": START},
        {"finished_at": START - 50},
        {"finished_at": None},
        {"accepted_at": None},
        {"armed_at": None},
        {"armed_at": START - 61},
        {"armed_at": START + 1},
    ],
    ids=str,
)
def test_times_that_say_nothing_are_left_out(strange: dict[str, Any]) -> None:
    jobs = [_done(took) for took in (40, 50, 60)] + [_done(45, **strange) for _ in range(9)]
    usual = _usual(jobs)
    assert usual is not None
    assert (usual.median, usual.count) == (50, 3)


def test_what_ran_while_the_program_was_closed_for_minutes_is_no_part_of_the_span() -> None:
    jobs = [_done(40) for _ in range(10)] + [_done(600) for _ in range(9)]
    assert _usual(jobs) == UsualTime(low=40, median=40, high=40, count=10)


def test_a_start_learns_from_earlier_sessions_newest_first() -> None:
    older = [_done(200, at=START - 9_000) for _ in range(60)]
    newer = [_done(30, at=START - 900) for _ in range(MOST_COUNTED)]
    done = DoneJobs()
    done.begin(START)
    done.learn(newer[:20])
    done.learn(newer[20:] + older)
    usual = done.usual_times().of(Tier.K1, is_practice=False)
    assert usual is not None
    assert (usual.median, usual.count) == (30, MOST_COUNTED)


def test_what_was_accepted_before_this_start_does_not_count_when_it_comes_home_after_it() -> None:
    done = DoneJobs()
    done.begin(START)
    for _ in range(3):
        done.put(_done(300, at=START - 1))
    assert done.usual_times().of(Tier.K1, is_practice=False) is None
    for _ in range(3):
        done.put(_done(30, at=START + 1))
    assert done.usual_times().of(Tier.K1, is_practice=False) is not None


def test_another_start_forgets_the_one_before() -> None:
    done = DoneJobs()
    done.begin(START)
    done.learn([_done(30, at=START - 900) for _ in range(3)])
    assert done.usual_times().known
    done.begin(START)
    assert done.usual_times().known == {}


def test_what_is_done_while_a_start_still_learns_is_kept_and_counts_as_newer() -> None:
    done = DoneJobs()
    done.begin(START)
    fresh = [_done(30, at=START + 1) for _ in range(MOST_COUNTED - 1)]
    for job in fresh:
        done.put(job)
    done.learn([*fresh, *(_done(200, at=START - 900) for _ in range(60))])
    usual = done.usual_times().of(Tier.K1, is_practice=False)
    assert usual is not None
    assert (usual.median, usual.count) == (30, MOST_COUNTED - 1)  # the one of 200 s is far from most
    done.put(_done(31, at=START + 2))
    usual = done.usual_times().of(Tier.K1, is_practice=False)
    assert usual is not None
    assert (usual.high, usual.count) == (30, MOST_COUNTED)


def test_what_came_home_after_the_start_is_not_learnt_from_the_library_either() -> None:
    done = DoneJobs()
    done.begin(START)
    done.learn(_done(300, at=START - 100) for _ in range(3))
    assert done.usual_times().known == {}
