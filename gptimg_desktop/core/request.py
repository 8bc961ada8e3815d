"""What one submit asks for, and what can be wrong with it before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import UrlReference, count_problem, url_problem, weight_problem
from gptimg_desktop.core.sizes import LEAST_EDGE, MOST_EDGE, PixelSize, Size, Tier, is_impossible

if TYPE_CHECKING:
    from gptimg_desktop.core.reference import Reference

MODEL: Final = "gpt-image-2"
MOST_PROMPT_CHARACTERS: Final = 32_000
_UNSENDABLE: Final = re.compile("[\\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """All that one submit needs. One request is one image and one charge."""

    prompt: str
    size: Size
    tier: Tier
    references: tuple[Reference, ...] = ()
    official_fallback: bool = False


def problems(request: GenerationRequest) -> tuple[Problem, ...]:
    """Everything that keeps the request from being sent; empty where it may go."""
    found = [
        prompt_problem(request.prompt),
        size_problem(request.size),
        count_problem(len(request.references)),
        *(url_problem(item.url) for item in request.references if isinstance(item, UrlReference)),
        weight_problem(request.references),
    ]
    return tuple(problem for problem in found if problem is not None)


def prompt_problem(prompt: str) -> Problem | None:
    """Empty, too long, or with a character that JSON cannot carry to the service."""
    if not prompt.strip():
        return Problem.of(ProblemKind.PROMPT_EMPTY)
    if len(prompt) > MOST_PROMPT_CHARACTERS:
        return Problem.of(ProblemKind.PROMPT_TOO_LONG, length=len(prompt), limit=MOST_PROMPT_CHARACTERS)
    if found := _UNSENDABLE.search(prompt):
        return Problem.of(ProblemKind.PROMPT_UNSENDABLE, position=found.start() + 1)
    return None


def size_problem(size: Size) -> Problem | None:
    """A pixel size that nobody could make. Anything else is for the service to judge."""
    if isinstance(size, PixelSize) and is_impossible(size):
        return Problem.of(
            ProblemKind.SIZE_IMPOSSIBLE,
            width=size.width,
            height=size.height,
            least=LEAST_EDGE,
            most=MOST_EDGE,
        )
    return None
