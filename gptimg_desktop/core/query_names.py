"""The words that a search knows: fields, states, facts and shapes, with the other names that people use.

The first name of each is the one that is offered.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from gptimg_desktop.core.job import NEEDS_USER, RUNNING, JobState
from gptimg_desktop.core.query_terms import Fact, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


class Field(StrEnum):
    """What can stand before a colon. The value is the name that is offered."""

    SIZE = "size"
    TIER = "tier"
    STATE = "state"
    IS = "is"
    COLLECTION = "in"
    SINCE = "since"
    BEFORE = "before"
    UNTIL = "until"
    ON = "on"
    REFERENCE = "ref"
    COST = "cost"
    SERVICE = "service"
    PROMPT = "prompt"


_OTHER_FIELDS: Final = {
    Field.SIZE: "ratio größe groesse format",
    Field.TIER: "resolution stufe",
    Field.STATE: "status zustand",
    Field.IS: "ist",
    Field.COLLECTION: "collection sammlung",
    Field.SINCE: "after from seit ab",
    Field.BEFORE: "vor",
    Field.UNTIL: "bis",
    Field.ON: "date am",
    Field.REFERENCE: "reference references refs referenz",
    Field.COST: "price kosten preis",
    Field.SERVICE: "dienst",
    Field.PROMPT: "",
}
OFFERED_FIELDS: Final = tuple(field for field in Field if field is not Field.PROMPT)
"""A plain word asks for the same as `prompt:`, which is understood where somebody writes it."""
FIELDS: Final[Mapping[str, Field]] = {
    name.casefold(): field for field, names in _OTHER_FIELDS.items() for name in (str(field), *names.split())
}
"""Every name of a field, casefolded."""


def _named(*rows: tuple[str, T]) -> dict[str, T]:
    return {name.casefold(): value for names, value in rows for name in names.split()}


STATES: Final[Mapping[str, frozenset[JobState]]] = _named(
    ("saved done fertig gespeichert", frozenset({JobState.SAVED})),
    ("running läuft", RUNNING),
    ("waiting queued wartet", frozenset({JobState.QUEUED})),
    ("sending", frozenset({JobState.SENDING})),
    ("accepted", frozenset({JobState.ACCEPTED})),
    ("ready", frozenset({JobState.READY})),
    ("failed error fehler", frozenset({JobState.FAILED})),
    ("refused abgelehnt", frozenset({JobState.REJECTED})),
    ("cancelled canceled abgebrochen", frozenset({JobState.CANCELLED})),
    ("unconfirmed unbestätigt", frozenset({JobState.UNCONFIRMED})),
    ("needs-you", NEEDS_USER),
    ("lost verloren", frozenset({JobState.LOST})),
    ("closed", frozenset({JobState.CLOSED})),
)
OFFERED_STATES: Final = (
    *("saved", "running", "waiting", "failed", "refused", "cancelled", "unconfirmed", "lost", "closed"),
)

FACTS: Final[Mapping[str, Fact]] = _named(
    ("picked picks pick favorite favourite gewählt favorit", Fact.PICKED),
    ("rejected reject verworfen", Fact.REJECTED),
    ("unrated unbewertet", Fact.UNRATED),
    ("imported importiert", Fact.IMPORTED),
    ("missing fehlend fehlt", Fact.MISSING),
    ("changed geändert verändert", Fact.CHANGED),
    ("practice übung", Fact.PRACTICE),
)
SHAPES: Final[Mapping[str, Shape]] = _named(
    ("landscape wide horizontal quer querformat", Shape.LANDSCAPE),
    ("portrait tall vertical hoch hochformat", Shape.PORTRAIT),
    ("square quadrat quadratisch", Shape.SQUARE),
)


def meant(word: str, names: Mapping[str, T]) -> tuple[T, ...]:
    """What a casefolded word stands for: the one of that name, else all whose first name begins so, else all
    that have another name which does."""
    if word in names:
        return (names[word],)
    begun = [name for name in names if name.startswith(word)]
    firsts = set({value: name for name, value in reversed(tuple(names.items()))}.values())
    shown = [name for name in begun if name in firsts] or begun
    return tuple(dict.fromkeys(names[name] for name in shown))
