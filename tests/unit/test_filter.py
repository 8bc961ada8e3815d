"""Which jobs a view shows, and who can tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier


def make_job(
    *, state: JobState = JobState.SAVED, picked: bool = False, binned_at: float | None = None
) -> Job:
    return Job(
        id="a",
        run_id="r",
        service="https://api.example.com",
        key_fingerprint="f",
        request=GenerationRequest(prompt="an oak chair", size=Ratio.R16X9, tier=Tier.K2),
        created_at=1.0,
        estimate=Decimal(0),
        state=state,
        picked=picked,
        binned_at=binned_at,
    )


@pytest.mark.parametrize("state", JobState)
def test_views_by_state(state: JobState) -> None:
    job = make_job(state=state)
    running = {JobState.QUEUED, JobState.SENDING, JobState.ACCEPTED, JobState.READY}
    assert View.ALL.shows(job)
    assert View.RUNNING.shows(job) is (state in running)
    assert View.NEEDS_YOU.shows(job) is (state in {JobState.UNCONFIRMED, JobState.LOST})
    assert not View.PICKS.shows(job)
    assert not View.BIN.shows(job)


@pytest.mark.parametrize("state", JobState)
def test_what_is_binned_is_in_the_bin_only(state: JobState) -> None:
    job = make_job(state=state, picked=True, binned_at=0.0)
    assert [view for view in View if view.shows(job)] == [View.BIN]


def test_picks() -> None:
    assert View.PICKS.shows(make_job(picked=True))


@pytest.mark.parametrize(
    ("wanted", "asks"),
    [
        (JobFilter(), False),
        (JobFilter(view=View.PICKS, sort=Sort.COST, reverse=True), False),
        (JobFilter(text="  "), False),
        (JobFilter(text="oak"), True),
        (JobFilter(collection=3), True),
    ],
)
def test_only_the_library_can_tell_of_texts_and_collections(wanted: JobFilter, asks: bool) -> None:
    assert wanted.asks_library is asks
