"""What one submit asks for, and what can be wrong with it before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.sizes import LEAST_EDGE, MOST_EDGE, PixelSize, Size, Tier, is_impossible

MODEL: Final = "gpt-image-2"
MOST_REFERENCES: Final = 16
MOST_PROMPT_CHARACTERS: Final = 32_000
MOST_URL_CHARACTERS: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReference:
    """A picture of the user's, kept by content: `sha256` finds its bytes in the library's references."""

    sha256: str
    media_type: str  # image/png, image/jpeg or image/webp
    size_bytes: int
    width: int
    height: int
    name: str  # what the user knows it as; shown, never used as a path


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlReference:
    """A picture that the service fetches itself; the program only hands the address on."""

    url: str

    @property
    def host(self) -> str:
        try:
            return urlsplit(self.url).hostname or self.url
        except ValueError:
            return self.url


Reference = FileReference | UrlReference


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
        reference_count_problem(len(request.references)),
        *(url_problem(item.url) for item in request.references if isinstance(item, UrlReference)),
    ]
    return tuple(problem for problem in found if problem is not None)


def prompt_problem(prompt: str) -> Problem | None:
    """Empty, too long, or with a character that JSON cannot carry to the service."""
    if not prompt.strip():
        return Problem.of(ProblemKind.PROMPT_EMPTY)
    if len(prompt) > MOST_PROMPT_CHARACTERS:
        return Problem.of(ProblemKind.PROMPT_TOO_LONG, length=len(prompt), limit=MOST_PROMPT_CHARACTERS)
    for position, character in enumerate(prompt, 1):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            return Problem.of(ProblemKind.PROMPT_UNSENDABLE, position=position)
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


def reference_count_problem(count: int) -> Problem | None:
    if count > MOST_REFERENCES:
        return Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=MOST_REFERENCES)
    return None


def url_problem(url: str) -> Problem | None:
    """An address that the service could not fetch: not http(s), no host, credentials or blanks inside."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if usable and url.isascii() and url.isprintable() and " " not in url and len(url) <= MOST_URL_CHARACTERS:
        return None
    return Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=url[:200])
