"""Counts of jobs and the money of a day."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from gptimg_desktop.core.activity import Activity, Tally
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.line import in_line
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier

MIDNIGHT = 1_000.0


def make_job(
    state: JobState,
    *,
    cost: str | None = None,
    created_at: float = MIDNIGHT,
    service: str = "https://api.example.com",
    binned_at: float | None = None,
) -> Job:
    return Job(
        id="a",
        run_id="r",
        service=service,
        key_fingerprint="f",
        request=GenerationRequest(prompt="x", size=Ratio.R1X1, tier=Tier.K1),
        created_at=created_at,
        estimate=Decimal("0.0085"),
        state=state,
        cost=None if cost is None else Decimal(cost),
        binned_at=binned_at,
    )


def of(*jobs: Job) -> Activity:
    return Activity.of(jobs, since=MIDNIGHT)


def test_nothing_at_all() -> None:
    assert of() == Activity()


def test_one_job_of_every_state() -> None:
    activity = of(*(make_job(state) for state in JobState))
    assert (activity.waiting, activity.running, activity.needs_user) == (1, 3, 2)


def test_binned_job_needs_nobody_but_still_runs() -> None:
    activity = of(
        make_job(JobState.UNCONFIRMED, binned_at=1.0),
        make_job(JobState.ACCEPTED, binned_at=1.0),
    )
    assert (activity.needs_user, activity.running) == (0, 1)


@pytest.mark.parametrize(
    ("state", "spent", "unknown"),
    [
        (JobState.QUEUED, "0", 0),
        (JobState.SENDING, "0.0085", 0),
        (JobState.ACCEPTED, "0.0085", 0),
        (JobState.READY, "0.0085", 0),
        (JobState.SAVED, "0.0085", 0),
        (JobState.LOST, "0", 1),
        (JobState.FAILED, "0", 0),
        (JobState.REJECTED, "0", 0),
        (JobState.CANCELLED, "0", 0),
        (JobState.UNCONFIRMED, "0", 1),
        (JobState.CLOSED, "0", 1),
    ],
)
def test_what_a_job_adds_to_the_money_of_the_day(state: JobState, spent: str, unknown: int) -> None:
    activity = of(make_job(state))
    assert (activity.spent, activity.spent_unknown) == (Decimal(spent), unknown)


def test_a_job_that_was_lost_after_it_was_done_counts_in_full() -> None:
    lost = replace(make_job(JobState.LOST), links=("https://files.example.com/a.png",))
    assert (of(lost).spent, of(lost).spent_unknown) == (Decimal("0.0085"), 0)


def test_told_price_replaces_the_estimate() -> None:
    jobs = [make_job(JobState.SAVED, cost="0.006"), make_job(JobState.SAVED, cost="0")]
    assert of(*jobs, make_job(JobState.SAVED)).spent == Decimal("0.0145")


@pytest.mark.parametrize("state", JobState)
def test_yesterday_costs_nothing_today(state: JobState) -> None:
    activity = of(make_job(state, created_at=MIDNIGHT - 0.001))
    assert (activity.spent, activity.spent_unknown) == (Decimal(0), 0)


@pytest.mark.parametrize("state", JobState)
def test_practice_costs_nothing_and_leaves_no_doubt(state: JobState) -> None:
    activity = of(make_job(state, service=PRACTICE, cost="0.006"))
    assert (activity.spent, activity.spent_unknown) == (Decimal(0), 0)


# Kept as jobs change


@pytest.mark.parametrize("seed", range(5))
def test_a_tally_tells_what_looking_at_every_job_would_tell(seed: int) -> None:
    chance = random.Random(seed)
    tally, jobs = Tally(), dict[str, Job]()
    since = MIDNIGHT
    for number in range(300):
        if number == 150:
            tally = Tally()
            tally.begin(jobs.values())
        if number == 200:
            since += 1.0
        job = make_job(
            chance.choice(list(JobState)),
            cost=chance.choice([None, "0.006", "0"]),
            created_at=MIDNIGHT + chance.choice([-1.0, 0.5, 2.0]),
            service=chance.choice([PRACTICE, "https://api.example.com"]),
            binned_at=chance.choice([None, 1.0]),
        )
        rank, doubts = chance.randint(-3, 0), chance.randint(0, 2)
        job = replace(job, id=str(chance.randint(1, 40)), seq=number, rank=rank, doubts=doubts)
        jobs[job.id] = job
        tally.put(job)
        assert tally.activity(since=since) == Activity.of(jobs.values(), since=since)
        assert tally.line() == in_line(jobs.values())


def test_what_was_put_while_the_library_was_read_stays() -> None:
    tally = Tally()
    read = tuple(replace(make_job(JobState.ACCEPTED), id=name) for name in ("saved", "failed", "still"))
    saved, failed = (replace(read[0], state=JobState.SAVED), replace(read[1], state=JobState.FAILED))
    new = replace(make_job(JobState.QUEUED), id="new")
    for job in (saved, failed, new):
        tally.put(job)
    tally.begin(read)
    assert tally.activity(since=MIDNIGHT) == of(saved, failed, new, read[2])
    assert {job.id for job in tally.running()} == {"new", "still"}


def test_what_counts_for_nothing_is_not_held() -> None:
    """However many jobs a library has: those of today and those under way are few."""
    tally = Tally()
    old = [replace(make_job(JobState.SAVED, created_at=1.0), id=f"old {number}") for number in range(100)]
    lost = replace(make_job(JobState.LOST, created_at=1.0), id="lost")
    today = replace(make_job(JobState.SAVED), id="today")
    tally.begin([*old, lost, today])
    assert tally.activity(since=MIDNIGHT) == of(*old, lost, today)
    assert tally._jobs.keys() == {"lost", "today"}
    tally.put(replace(old[0], state=JobState.UNCONFIRMED))
    assert tally.activity(since=MIDNIGHT).needs_user == 2


def test_those_under_way_are_known() -> None:
    tally = Tally()
    jobs = [replace(make_job(state, created_at=1.0), id=state.value) for state in JobState]
    tally.begin(jobs)
    assert {job.state for job in tally.running()} == {"queued", "sending", "accepted", "ready"}
    for job in jobs:
        tally.put(replace(job, state=JobState.SAVED))
    assert tally.running() == ()
