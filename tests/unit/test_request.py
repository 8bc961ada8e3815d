"""What keeps a request from being sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import (
    MOST_REFERENCES,
    FileReference,
    UrlReference,
    count_problem,
    url_problem,
)
from gptimg_desktop.core.request import (
    MOST_PROMPT_CHARACTERS,
    GenerationRequest,
    problems,
    prompt_problem,
    size_problem,
)
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size, Tier

FINE = GenerationRequest(prompt="an oak chair", size=Ratio.R1X1, tier=Tier.K1)
PICTURE = FileReference(
    sha256="0" * 64, media_type="image/png", size_bytes=10, width=1, height=1, name="a.png"
)


def test_fine_request_has_no_problem() -> None:
    assert problems(FINE) == ()
    assert problems(replace(FINE, references=(PICTURE, UrlReference(url="https://example.com/a.png")))) == ()


def test_every_problem_is_told_at_once() -> None:
    request = replace(
        FINE,
        prompt=" ",
        size=PixelSize(1, 1),
        references=(UrlReference(url="ftp://x"),) * (MOST_REFERENCES + 1),
    )
    kinds = [problem.kind for problem in problems(request)]
    assert kinds[:3] == [
        ProblemKind.PROMPT_EMPTY,
        ProblemKind.SIZE_IMPOSSIBLE,
        ProblemKind.TOO_MANY_REFERENCES,
    ]
    assert kinds[3:] == [ProblemKind.REFERENCE_URL_INVALID] * (MOST_REFERENCES + 1)


@pytest.mark.parametrize("prompt", ["", " ", "\n\t", "\u3000"])
def test_empty_prompt(prompt: str) -> None:
    assert prompt_problem(prompt) == Problem.of(ProblemKind.PROMPT_EMPTY)


@pytest.mark.parametrize(
    ("prompt", "position"),
    [("\0", 1), ("ab\0", 3), ("a\ud800b", 2), ("\udfff", 1), ("😀\udc00", 2)],
    ids=["nul", "nul-at-the-end", "high-surrogate", "low-surrogate", "after-an-emoji"],
)
def test_prompt_that_cannot_be_sent_names_the_place(prompt: str, position: int) -> None:
    assert prompt_problem(prompt) == Problem.of(ProblemKind.PROMPT_UNSENDABLE, position=position)


@pytest.mark.parametrize("prompt", ["一只猫", "😀" * 10, "line\nline\ttab", "\u202eright to left", "\x01"])
def test_every_other_character_may_go(prompt: str) -> None:
    assert prompt_problem(prompt) is None


def test_length_of_the_prompt() -> None:
    assert prompt_problem("x" * MOST_PROMPT_CHARACTERS) is None
    assert prompt_problem("x" * 1_000_000) == Problem.of(
        ProblemKind.PROMPT_TOO_LONG, length=1_000_000, limit=32_000
    )


@pytest.mark.parametrize("size", [AUTO, *Ratio, PixelSize(1881, 836), PixelSize(16, 10_000)], ids=str)
def test_sizes_that_the_service_may_judge(size: Size) -> None:
    assert size_problem(size) is None


def test_impossible_size_names_the_limits() -> None:
    assert size_problem(PixelSize(8, 20_000)) == Problem.of(
        ProblemKind.SIZE_IMPOSSIBLE, width=8, height=20_000, least=16, most=10_000
    )


@pytest.mark.parametrize("count", [0, 1, 16])
def test_up_to_16_references(count: int) -> None:
    assert count_problem(count) is None


def test_the_seventeenth_reference() -> None:
    assert count_problem(17) == Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=16)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.png",
        "http://example.com",
        "https://example.com:8443/a?b=c#d",
        "https://[2001:db8::1]/a",
    ],
)
def test_addresses_that_the_service_may_fetch(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a.png",
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "https://",
        "https:///a.png",
        "https://user:secret@example.com/a.png",
        "https://[::1",
        "https://example.com/a b.png",
        "https://example.com/a\nb.png",
        "https://exämple.com/",
        "https://example.com/" + "a" * 4_096,
        r"\\server\share\a.png",
    ],
)
def test_addresses_that_nobody_could_fetch(url: str) -> None:
    assert url_problem(url) == Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=url[:200])


def test_host_of_an_address() -> None:
    assert UrlReference(url="https://Files.Example.com:1/a.png").host == "files.example.com"
    assert UrlReference(url="nonsense").host == "nonsense"


def test_draft_and_request_are_the_same_thing() -> None:
    request = replace(FINE, references=(PICTURE,), official_fallback=True, size=AUTO, tier=Tier.K4)
    draft = Draft.of(request, copies=3)
    assert draft.requests == (request,) * 3
