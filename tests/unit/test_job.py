"""Every state a job can be in, times everything it can be asked to do."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Charge, IllegalTransitionError, Job, JobState, SavedImage
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier

if TYPE_CHECKING:
    from collections.abc import Callable

QUEUED, SENDING, UNCONFIRMED = JobState.QUEUED, JobState.SENDING, JobState.UNCONFIRMED
ACCEPTED, READY, SAVED = JobState.ACCEPTED, JobState.READY, JobState.SAVED
FAILED, REJECTED, LOST = JobState.FAILED, JobState.REJECTED, JobState.LOST

WHY = Problem.of(ProblemKind.ANSWER_LOST, reason="silence")
NOTE = Problem.of(ProblemKind.SERVICE_BUSY, message="later")
IMAGE = SavedImage(
    index=0,
    path="/pictures/a.png",
    sha256="0" * 64,
    size_bytes=3,
    pixels=PixelSize(1254, 1254),
    format="png",
)


def make_job(state: JobState = QUEUED) -> Job:
    """A job with a mark in every field that a transition may have to clear."""
    return Job(
        id="a",
        run_id="r",
        service="https://api.example.com",
        key_fingerprint="f",
        request=GenerationRequest(prompt="an oak chair", size=Ratio.R1X1, tier=Tier.K1),
        created_at=1.0,
        estimate=Decimal("0.0085"),
        seq=7,
        state=state,
        attempt=2,
        armed_at=2.0,
        finished_at=3.0,
        task_ids=("task_old",),
        status_word="processing",
        problem=WHY,
        note=NOTE,
        picked=True,
        binned_at=4.0,
    )


METHODS: Final[dict[str, Callable[[Job], Job]]] = {
    "arm": lambda job: job.arm(10.0),
    "accept": lambda job: job.accept(("task_new",), 10.0),
    "hear": lambda job: job.hear("pending", Decimal("0.006")),
    "deliver": lambda job: job.deliver(("https://x/a.png",), expires_at=99.0, cost=Decimal("0.006")),
    "save": lambda job: job.save((IMAGE,), 10.0),
    "requeue": lambda job: job.requeue(NOTE),
    "refuse": lambda job: job.refuse(WHY, 10.0),
    "doubt": lambda job: job.doubt(WHY),
    "mistrust": lambda job: job.mistrust(WHY),
    "find": lambda job: job.find((IMAGE,), 10.0),
    "fail": lambda job: job.fail(WHY, 10.0),
    "lose": lambda job: job.lose(WHY, 10.0),
    "cancel": lambda job: job.cancel(10.0),
    "send_again": lambda job: job.send_again(),
    "close": lambda job: job.close(10.0),
    "revive": lambda job: job.revive(),
    "reopen": lambda job: job.reopen(),
}

LEGAL: Final = {
    ("arm", QUEUED): SENDING,
    ("accept", SENDING): ACCEPTED,
    ("accept", UNCONFIRMED): ACCEPTED,
    ("hear", ACCEPTED): ACCEPTED,
    ("deliver", ACCEPTED): READY,
    ("deliver", FAILED): READY,
    ("deliver", READY): READY,
    ("save", READY): SAVED,
    ("requeue", SENDING): QUEUED,
    ("refuse", SENDING): REJECTED,
    ("refuse", QUEUED): REJECTED,
    ("doubt", SENDING): UNCONFIRMED,
    ("mistrust", QUEUED): UNCONFIRMED,
    ("mistrust", SENDING): UNCONFIRMED,
    **{("find", state): SAVED for state in (QUEUED, SENDING, UNCONFIRMED, ACCEPTED, READY)},
    ("fail", ACCEPTED): FAILED,
    ("lose", ACCEPTED): LOST,
    ("lose", READY): LOST,
    ("cancel", QUEUED): JobState.CANCELLED,
    ("send_again", UNCONFIRMED): QUEUED,
    ("close", UNCONFIRMED): JobState.CLOSED,
    ("revive", LOST): ACCEPTED,
    ("reopen", JobState.CLOSED): UNCONFIRMED,
}
MARKS = {"of", "annotate", "line_up", "marked"}
QUESTIONS = {"can_be_fetched_again"}


def test_the_matrix_knows_every_method() -> None:
    public = {name for name, member in vars(Job).items() if callable(member) and not name.startswith("_")}
    assert public - MARKS - QUESTIONS == METHODS.keys()


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("method", METHODS)
def test_transition(method: str, state: JobState) -> None:
    job = make_job(state)
    target = LEGAL.get((method, state))
    if target is None:
        with pytest.raises(IllegalTransitionError, match=state):
            METHODS[method](job)
    else:
        assert METHODS[method](job).state is target
    assert job == make_job(state)


def test_no_way_leads_back_to_the_service_but_through_the_user_or_a_proof() -> None:
    """What may have been charged goes out again only by `send_again`; `requeue` needs proof."""
    back = {(method, state) for (method, state), target in LEGAL.items() if target is QUEUED}
    assert back == {("send_again", UNCONFIRMED), ("requeue", SENDING)}


@pytest.mark.parametrize("state", JobState)
def test_marks_change_no_state(state: JobState) -> None:
    job = make_job(state)
    assert job.annotate(None) == replace(job, note=None)
    assert job.line_up(-2) == replace(job, rank=-2)
    assert job.marked(Mark.PLAIN, 7.0) == replace(job, picked=False)
    assert job.marked(Mark.REJECTED, 7.0) == replace(job, picked=False, rejected=True)
    assert job.marked(Mark.REJECTED, 7.0).marked(Mark.PICKED, 8.0) == job
    assert job.marked(Mark.BINNED, 7.0) == job
    assert job.marked(Mark.RESTORED, 7.0) == replace(job, binned_at=None)
    assert job.marked(Mark.RESTORED, 7.0).marked(Mark.BINNED, 8.0) == replace(job, binned_at=8.0)


@pytest.mark.parametrize(("method", "state"), LEGAL)
def test_who_and_what_a_job_is_never_changes(method: str, state: JobState) -> None:
    before, after = make_job(state), METHODS[method](make_job(state))
    for name in ("id", "run_id", "service", "key_fingerprint", "request", "created_at", "estimate", "seq"):
        assert getattr(after, name) == getattr(before, name)
    assert (after.picked, after.binned_at) == (True, 4.0)


@pytest.mark.parametrize(("method", "state"), [way for way in LEGAL if way[0] != "requeue"])
def test_a_note_goes_with_the_next_step(method: str, state: JobState) -> None:
    assert METHODS[method](make_job(state)).note is None


def test_arming_counts_the_attempt_and_notes_the_time() -> None:
    armed = make_job().arm(10.0)
    assert (armed.attempt, armed.armed_at, armed.problem) == (3, 10.0, None)


def test_accepting_takes_the_ids_and_drops_the_doubt() -> None:
    job = make_job(UNCONFIRMED).accept(("task_a", "task_b"), 10.0)
    assert (job.task_ids, job.accepted_at, job.problem) == (("task_a", "task_b"), 10.0, None)


def test_delivery_brings_links_price_and_date() -> None:
    job = make_job(FAILED).deliver(("https://x/a.png",), expires_at=99.0, cost=Decimal("0.006"))
    assert (job.links, job.expires_at, job.cost) == (("https://x/a.png",), 99.0, Decimal("0.006"))
    assert (job.problem, job.finished_at) == (None, None)


def test_a_price_that_is_not_told_again_is_kept() -> None:
    job = make_job(ACCEPTED).hear("pending", Decimal("0.006")).hear("processing", None)
    assert (job.cost, job.status_word) == (Decimal("0.006"), "processing")
    assert job.deliver(("https://x/a.png",), expires_at=None, cost=None).cost == Decimal("0.006")


def test_saving_keeps_the_images_and_the_time() -> None:
    job = make_job(READY).save((IMAGE,), 10.0)
    assert (job.images, job.finished_at) == ((IMAGE,), 10.0)
    assert IMAGE.at("/b.png") == replace(IMAGE, path="/b.png")


@pytest.mark.parametrize("method", ["refuse", "fail", "lose"])
def test_an_end_tells_why_and_when(method: str) -> None:
    state = next(state for name, state in LEGAL if name == method)
    job = METHODS[method](make_job(state))
    assert (job.problem, job.finished_at) == (WHY, 10.0)


def test_an_unconfirmed_job_tells_why() -> None:
    assert make_job(SENDING).doubt(WHY).problem == WHY


def test_closing_keeps_the_reason_for_the_money_report() -> None:
    job = make_job(UNCONFIRMED).close(10.0)
    assert (job.problem, job.charge, job.finished_at) == (WHY, Charge.UNKNOWN, 10.0)


def test_sending_again_starts_afresh_and_keeps_the_count() -> None:
    job = make_job(UNCONFIRMED).send_again()
    assert (job.problem, job.armed_at, job.attempt) == (None, None, 2)


@pytest.mark.parametrize(
    "empty",
    [
        lambda: make_job(SENDING).accept((), 1.0),
        lambda: make_job(ACCEPTED).deliver((), expires_at=None, cost=None),
        lambda: make_job(READY).save((), 1.0),
    ],
    ids=["accepted-without-id", "delivered-without-link", "saved-without-image"],
)
def test_a_step_without_its_proof_is_illegal(empty: Callable[[], Job]) -> None:
    with pytest.raises(IllegalTransitionError, match="without"):
        empty()


@pytest.mark.parametrize(
    ("state", "charge"),
    [
        (QUEUED, Charge.NONE),
        (SENDING, Charge.OPEN),
        (UNCONFIRMED, Charge.UNKNOWN),
        (ACCEPTED, Charge.OPEN),
        (READY, Charge.CHARGED),
        (SAVED, Charge.CHARGED),
        (FAILED, Charge.NONE),
        (REJECTED, Charge.NONE),
        (JobState.CANCELLED, Charge.NONE),
        (JobState.CLOSED, Charge.UNKNOWN),
        (LOST, Charge.UNKNOWN),
    ],
)
def test_whether_it_cost_money(state: JobState, charge: Charge) -> None:
    assert make_job(state).charge is charge


def test_a_lost_job_was_charged_where_the_service_had_said_that_it_was_done() -> None:
    accepted = make_job(ACCEPTED)
    assert accepted.lose(WHY, 10.0).charge is Charge.UNKNOWN
    delivered = accepted.deliver(("https://files.example.com/a.png",), expires_at=None, cost=None)
    lost = delivered.lose(WHY, 10.0)
    assert lost.charge is Charge.CHARGED
    assert lost.revive().lose(WHY, 20.0).charge is Charge.CHARGED


def test_who_goes_on_alone_and_who_needs_the_user() -> None:
    jobs = [make_job(state) for state in JobState]
    assert {job.state for job in jobs if job.is_running} == {QUEUED, SENDING, ACCEPTED, READY}
    assert {job.state for job in jobs if job.needs_user} == {UNCONFIRMED, LOST}


@pytest.mark.parametrize(
    ("accepted_at", "told", "until"),
    [
        (100.0, None, 86_500.0),
        (100.0, 50_000.0, 50_000.0),
        (100.0, 86_500.0, 86_500.0),
        (100.0, 900_000.0, 86_500.0),
        (100.0, 99.0, 86_500.0),
        (0.0, 50_000.0, 50_000.0),
    ],
)
def test_a_link_dies_when_it_was_told_and_within_a_day(
    accepted_at: float, told: float | None, until: float
) -> None:
    assert replace(make_job(READY), accepted_at=accepted_at, expires_at=told).fetch_until == until


def test_without_an_acceptance_the_day_is_counted_from_the_press() -> None:
    job = replace(make_job(READY), accepted_at=None, expires_at=None)
    assert job.fetch_until == job.created_at + 86_400


def test_a_file_that_is_gone_can_be_fetched_again_as_long_as_its_link_lives() -> None:
    gone = replace(make_job(SAVED), links=("https://a/1",), images=(replace(IMAGE, is_missing=True),))
    assert gone.gone_with_links == gone.images
    assert gone.can_be_fetched_again(gone.fetch_until - 1)
    assert not gone.can_be_fetched_again(gone.fetch_until)
    assert not replace(gone, images=(IMAGE,)).can_be_fetched_again(0.0)
    assert not replace(gone, links=()).can_be_fetched_again(0.0)
    assert not replace(gone, state=READY).can_be_fetched_again(0.0)


def test_a_job_is_a_value() -> None:
    with pytest.raises(FrozenInstanceError):
        make_job().state = SAVED  # type: ignore[misc]
