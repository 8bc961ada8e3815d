"""What a search can ask of a job: one value class for each kind of question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gptimg_desktop.core.job import JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """These characters, folded, somewhere in what a search looks through."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBegins:
    """A size that was asked for begins like this ("16:9", "16", "1024x"); of pixels also one that was
    promised or came."""

    text: str


class Shape(StrEnum):
    """What a picture was asked to be, whatever its ratio."""

    SQUARE = "square"
    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True, kw_only=True)
class HasShape:
    """Asked to be square, landscape or portrait."""

    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class TierBegins:
    """The tier that was asked for, or how it begins."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InState:
    """One of these states."""

    states: frozenset[JobState]


class Fact(StrEnum):
    """What is true or not of a job beside its state."""

    PICKED = "picked"
    REJECTED = "rejected"
    UNRATED = "unrated"  # neither of the two
    IMPORTED = "imported"
    MISSING = "missing"  # a file of its is not where it was
    CHANGED = "changed"  # a file of its is not as it was saved
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """What is true of a job, such as that it is picked."""

    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBetween:
    """Asked for at `since` or later and earlier than `before` (Unix seconds); None is open."""

    since: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceNamed:
    """A reference's name or address has these characters, folded; with "" any reference will do."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InCollection:
    """A collection whose name has these characters, folded; where it `is_whole`, the one of this very name.
    With "" any collection will do."""

    text: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AtService:
    """The service's address has these characters, folded."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsBetween:
    """Costs at least and at most so much, in US dollars; as far as known, else as expected."""

    least: float = 0.0
    most: float | None = None


Asked = (
    Words
    | SizeBegins
    | HasShape
    | TierBegins
    | InState
    | Is
    | AskedBetween
    | ReferenceNamed
    | InCollection
    | AtService
    | CostsBetween
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """True where one of `any_of` is; the other way round where it is negated. `any_of` is never empty."""

    any_of: tuple[Asked, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All terms together; one without any lets everything through."""

    terms: tuple[Term, ...] = ()
