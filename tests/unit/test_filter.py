"""Which jobs a view and a search show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Size, Tier


def make_job(
    prompt: str = "an oak chair",
    *,
    state: JobState = JobState.SAVED,
    size: Size = Ratio.R16X9,
    tier: Tier = Tier.K2,
    picked: bool = False,
    binned_at: float | None = None,
) -> Job:
    return Job(
        id="a",
        run_id="r",
        service="https://api.example.com",
        key_fingerprint="f",
        request=GenerationRequest(prompt=prompt, size=size, tier=tier),
        created_at=1.0,
        estimate=Decimal(0),
        state=state,
        picked=picked,
        binned_at=binned_at,
    )


def shown(view: View, text: str = "") -> JobFilter:
    return JobFilter(view=view, text=text)


@pytest.mark.parametrize("state", JobState)
def test_views_by_state(state: JobState) -> None:
    job = make_job(state=state)
    running = {JobState.QUEUED, JobState.SENDING, JobState.ACCEPTED, JobState.READY}
    assert shown(View.ALL).matches(job)
    assert shown(View.RUNNING).matches(job) is (state in running)
    assert shown(View.NEEDS_YOU).matches(job) is (state in {JobState.UNCONFIRMED, JobState.LOST})
    assert not shown(View.PICKS).matches(job)
    assert not shown(View.BIN).matches(job)


@pytest.mark.parametrize("state", JobState)
def test_what_is_binned_is_in_the_bin_only(state: JobState) -> None:
    job = make_job(state=state, picked=True, binned_at=0.0)
    assert [view for view in View if shown(view).matches(job)] == [View.BIN]


def test_picks() -> None:
    assert shown(View.PICKS).matches(make_job(picked=True))


@pytest.mark.parametrize(
    "text",
    ["", "  ", "oak", "OAK", "chair oak", "hair", "16:9", "2k", "2K", "oak 16:9 2k", "  oak\tchair "],
)
def test_search_finds_every_word_anywhere(text: str) -> None:
    assert shown(View.ALL, text).matches(make_job())


@pytest.mark.parametrize("text", ["elm", "oak elm", "oakchair", "16x9", "4k", "chair\nan oak table"])
def test_search_needs_every_word(text: str) -> None:
    assert not shown(View.ALL, text).matches(make_job())


@pytest.mark.parametrize(
    ("prompt", "text"),
    [("一只猫在窗边", "猫"), ("一只猫在窗边", "窗边"), ("STRASSE", "straße"), ("Éclair", "éclair")],
)
def test_search_knows_other_languages(prompt: str, text: str) -> None:
    assert shown(View.ALL, text).matches(make_job(prompt))


def test_search_by_pixels() -> None:
    assert shown(View.ALL, "1881x836").matches(make_job(size=PixelSize(1881, 836)))


@pytest.mark.parametrize("text", ["2048", "2048x1152", "2048×1152", "1152 oak"])
def test_search_finds_the_pixels_that_a_tile_shows(text: str) -> None:
    assert shown(View.ALL, text).matches(make_job(size=Ratio.R16X9, tier=Tier.K2))
    assert not shown(View.ALL, text).matches(make_job(size=Ratio.R16X9, tier=Tier.K4))


def test_search_counts_within_its_view() -> None:
    job = make_job(picked=True)
    assert shown(View.PICKS, "oak").matches(job)
    assert not shown(View.PICKS, "elm").matches(job)
    assert not shown(View.PICKS, "oak").matches(replace(job, picked=False))
    assert shown(View.BIN, "oak").matches(job.bin(1.0))
