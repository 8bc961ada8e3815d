"""Every kind of thing that can happen has a sentence."""

import string
from dataclasses import replace

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.job import Charge, JobState
from gptimg_desktop.ui.messages import (
    brief,
    charge_label,
    file_size,
    gate_sentence,
    job_charge_label,
    sentence,
    state_label,
    unseen_picture,
)
from tests.ui.jobs import a_job

TEXTS = (
    "name",
    "reason",
    "url",
    "service",
    "address",
    "host",
    "location",
    "message",
    "folder",
    "path",
    "task_id",
    "place",
    "format",
)
NUMBERS = (
    *(
        "length",
        "limit",
        "price",
        "count",
        "number",
        "position",
        "width",
        "height",
        "least",
        "most",
        "size_bytes",
        "limit_bytes",
    ),
    *("status", "found", "supported", "times", "expired_at", "tasks", "free_bytes", "needed_bytes"),
)


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_a_sentence_that_needs_no_other_facts_than_known(kind: ProblemKind) -> None:
    facts = {name: f"a {name}" for name in TEXTS} | dict.fromkeys(NUMBERS, "17")
    told = sentence(Problem.of(kind, **facts))
    assert "?" not in told
    assert "{" not in told
    assert "retry" not in told.lower()


@pytest.mark.parametrize("kind", ProblemKind)
def test_a_problem_without_its_facts_still_has_a_sentence(kind: ProblemKind) -> None:
    assert "{" not in sentence(Problem.of(kind))
    assert brief(Problem.of(kind))


@pytest.mark.parametrize("state", JobState)
def test_every_state_has_a_label_of_its_own(state: JobState) -> None:
    assert state_label(state)
    assert sum(state_label(state) == state_label(other) for other in JobState) == 1


@pytest.mark.parametrize("charge", Charge)
def test_every_charge_has_a_label(charge: Charge) -> None:
    assert charge_label(charge)


def test_a_lost_jobs_label_says_what_its_sentence_says() -> None:
    lost = a_job(JobState.LOST)
    assert lost.problem is not None
    assert job_charge_label(lost) == "May have been charged"
    assert "may have been charged" in sentence(lost.problem)
    links = ("https://files.example.com/a.png",)
    told_done = replace(lost, links=links, problem=Problem.of(ProblemKind.TASK_FORGOTTEN))
    assert told_done.problem is not None
    assert job_charge_label(told_done) == "Charged"
    assert "it was charged" in sentence(told_done.problem)


@pytest.mark.parametrize("kind", GateKind)
def test_every_gate_has_a_sentence(kind: GateKind) -> None:
    assert gate_sentence(Gate(kind=kind)).endswith(".")


def test_what_explains_a_gate_stands_before_a_full_stop() -> None:
    full = Problem.of(ProblemKind.DISK_FULL, folder="/media/usb. old")
    told = gate_sentence(Gate(kind=GateKind.DISK, problem=full))
    assert told == (
        "Pictures cannot be saved (/media/usb. old). Nothing new is sent until there is a place for them."
    )


def test_the_systems_own_words_stand_before_a_full_stop() -> None:
    told = sentence(Problem.of(ProblemKind.UNREACHABLE, host="a.example", reason="Name {not} known."))
    assert told == (
        "a.example cannot be reached (Name {not} known). Check the network; the program goes on by itself."
    )
    told = sentence(Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder="/a. b", reason="Read-only"))
    assert told == "Nothing can be saved in this folder: /a. b (Read-only)"


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ProblemKind if kind.startswith("image_") and kind.endswith(("_damaged", "_missing"))]
    + [ProblemKind.IMAGE_NOT_SHOWN, ProblemKind.IMAGE_SET_ASIDE, ProblemKind.IMAGE_TOO_LARGE_TO_SHOW]
    + [ProblemKind.DELIVERED_DAMAGED],
)
def test_what_stands_in_the_place_of_a_picture_is_short(kind: ProblemKind) -> None:
    label, more = unseen_picture(Problem.of(kind, path="/a.png"))
    assert 0 < len(label) <= 20
    assert 0 < len(more) <= 40


def test_a_practice_job_never_speaks_of_a_charge() -> None:
    assert job_charge_label(a_job(JobState.SAVED, practice=True)) == "Free (practice)"
    assert job_charge_label(a_job(JobState.SAVED)) == "Charged"


def test_the_words_of_the_service_are_quoted_on_one_line_and_not_for_ever() -> None:
    told = sentence(Problem.of(ProblemKind.REQUEST_REFUSED, message="bad\n\nsize " + "x" * 5000))
    assert "“bad size xxx" in told
    assert len(told) < 600


def test_braces_in_a_fact_are_text() -> None:
    assert "{0.__class__}" in sentence(Problem.of(ProblemKind.REFERENCE_MISSING, name="{0.__class__}"))


def test_bytes_are_told_as_people_write_them() -> None:
    problem = Problem.of(
        ProblemKind.REFERENCE_TOO_LARGE, name="a.png", size_bytes=23_400_000, limit_bytes=20_000_000
    )
    assert "23.4 MB" in sentence(problem)
    assert "20 MB" in sentence(problem)
    assert file_size(812_345) == "812 KB"


def test_a_gate_tells_the_folder_that_it_waits_for() -> None:
    problem = Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder="/media/usb", reason="read-only")
    assert "/media/usb" in gate_sentence(Gate(kind=GateKind.DISK, problem=problem))


def test_an_unknown_outcome_says_that_it_may_have_been_charged() -> None:
    known = {ProblemKind.ANSWER_NOT_KEPT, ProblemKind.ANSWER_IN_JOURNAL}
    lost = [kind for kind in ProblemKind if kind.startswith("answer_") and kind not in known]
    doubts = [*lost, ProblemKind.PROGRAM_ENDED]
    assert len(doubts) == 5
    assert all("may have been charged" in sentence(Problem.of(kind)) for kind in doubts)


def test_a_brief_text_is_the_first_sentence_without_its_stop() -> None:
    told = brief(Problem.of(ProblemKind.TASK_FAILED, message="overloaded"))
    assert told == "The service could not make the picture"
    assert told[-1] not in string.punctuation
