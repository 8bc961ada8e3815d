"""Reads a search as the user typed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.query_grammar import Piece, Token, tokens
from gptimg_desktop.core.query_names import FACTS, SHAPES, STATES, Field, meant
from gptimg_desktop.core.query_terms import (
    AskedBetween,
    AtService,
    CostsBetween,
    HasShape,
    InCollection,
    InState,
    Is,
    Query,
    ReferenceNamed,
    SizeBegins,
    Term,
    TierBegins,
    Words,
)
from gptimg_desktop.core.searched import folded
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.core.span import is_begun, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.core.query_terms import Asked

_COST: Final = re.compile(r"(?P<sign><=|>=|=|<|>|≤|≥)?\$?(?P<first>\d+(?:[.,]\d*)?|[.,]\d+)?\$?")
_COSTS: Final = re.compile(r"\$?(?P<first>\d+(?:[.,]\d*)?)\$?(?:\.\.|-|–)\$?(?P<last>\d+(?:[.,]\d*)?)?\$?")
_TWO_NUMBERS: Final = re.compile(r"(?P<width>\d+)[:/x*–-](?P<height>\d*)")
_LEAST_STEP: Final = 1e-9
ANY: Final = "*"
"""Stands for any value, where having one is all that counts."""


def parse(text: str, now: float) -> Query:
    """What a search asks for; `now` (Unix seconds) is what "today" counts from.

    Never an error: a value that is being typed asks for whatever begins so, or for nothing yet, and one that
    can never become anything is looked for as it stands, as a word.
    """
    terms = (_term(token, now) for token in tokens(text))
    return Query(terms=tuple(dict.fromkeys(term for term in terms if term is not None)))


def _term(token: Token, now: float) -> Term | None:
    asked = _words(token) if token.field is None else _values(token, token.field, now)
    return Term(any_of=asked, is_negated=token.is_negated) if asked else None


def _words(token: Token) -> tuple[Asked, ...]:
    texts = (folded(piece.text) for piece in token.pieces)
    return tuple(Words(text=text) for text in texts if text.strip())


def _values(token: Token, field: Field, now: float) -> tuple[Asked, ...]:
    read = _READERS[field]
    found: list[Asked] = []
    for piece in token.pieces:
        value = folded(piece.text).strip()
        asked = read(value, piece, now) if value else ()
        found.extend((Words(text=f"{field}:{value}"),) if asked is None else asked)
    return tuple(dict.fromkeys(found))


def means_something(field: Field, piece: Piece, now: float) -> bool:
    """Whether a field can have this value, or one that begins like it."""
    value = folded(piece.text).strip()
    return not value or _READERS[field](value, piece, now) is not None


# Each reads one value, folded and not empty: () asks for nothing yet, None can never mean anything


def _size(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    if value[0].isdigit() or value[0] == "x":
        return (SizeBegins(text=_two_numbers(value)),)
    shapes: tuple[Asked, ...] = tuple(HasShape(shape=shape) for shape in meant(value, SHAPES))
    return (*shapes, SizeBegins(text=value)) if "auto".startswith(value) else shapes or None


def _two_numbers(value: str) -> str:
    """A ratio or pixels as we write them, whatever stands between the numbers: "16x9", "1024*1024"."""
    found = _TWO_NUMBERS.fullmatch(value)
    if found is None:
        return value
    ratio = f"{found['width']}:{found['height']}"
    is_ratio = any(each.startswith(ratio) for each in Ratio)
    return ratio if is_ratio else f"{found['width']}x{found['height']}"


def _tier(value: str, piece: Piece, now: float) -> tuple[Asked, ...]:  # noqa: ARG001
    return (TierBegins(text=value),)


def _state(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    if value == "rejected":  # the service's own word for what we call refused
        return (InState(states=frozenset({JobState.REJECTED})),)
    return _one_of_states(value)


def _one_of_states(value: str) -> tuple[Asked, ...] | None:
    states = meant(value.replace(" ", "-"), STATES)
    return (InState(states=frozenset().union(*states)),) if states else None


def _is(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    facts: tuple[Asked, ...] = tuple(Is(fact=fact) for fact in meant(value, FACTS))
    if value in FACTS or (facts and value not in STATES):
        return facts
    return _one_of_states(value)


def _since(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    found = span(value, now)
    if found is None:
        return () if is_begun(value) else None
    return (AskedBetween(since=found.start),)


def _before(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    found = span(value, now)
    if found is None:
        return () if is_begun(value) else None
    return (AskedBetween(before=found.start),)


def _until(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    """As `_before`, the day or month itself included."""
    found = span(value, now)
    if found is None:
        return () if is_begun(value) else None
    return (AskedBetween(before=found.end),)


def _on(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    """A day, a month, a year, or from one to another: "2026-01..2026-03"."""
    first, dots, last = value.partition("..")
    begins, ends = span(first, now), span(last if dots else first, now)
    if begins is None and ends is None:
        return () if is_begun(value) else None
    since = None if begins is None else begins.start
    return (AskedBetween(since=since, before=None if ends is None else ends.end),)


def _reference(value: str, piece: Piece, now: float) -> tuple[Asked, ...]:  # noqa: ARG001
    return (ReferenceNamed(text="" if value == ANY else value),)


def _collection(value: str, piece: Piece, now: float) -> tuple[Asked, ...]:  # noqa: ARG001
    if value == ANY and not piece.is_quoted:
        return (InCollection(text=""),)
    return (InCollection(text=piece.text if piece.is_quoted else value, is_whole=piece.is_quoted),)


def _cost(value: str, piece: Piece, now: float) -> tuple[Asked, ...] | None:  # noqa: ARG001
    """An amount ("0.05": what rounds to it), a limit ("<0.1", ">=0.1") or a range ("0.01..0.05")."""
    found = _COST.fullmatch(value)
    if found is None:
        several = _COSTS.fullmatch(value)
        if several is None:
            return None
        last = several["last"]
        most = None if last is None else _amount(last) + _LEAST_STEP
        return (CostsBetween(least=_amount(several["first"]) - _LEAST_STEP, most=most),)
    if found["first"] is None:
        return ()
    return (_compared(found["sign"] or "=", found["first"]),)


def _compared(sign: str, digits: str) -> CostsBetween:
    amount = _amount(digits)
    if sign in {">", ">=", "≥"}:
        return CostsBetween(least=amount + (_LEAST_STEP if sign == ">" else -_LEAST_STEP))
    if sign in {"<", "<=", "≤"}:
        return CostsBetween(most=amount - (_LEAST_STEP if sign == "<" else -_LEAST_STEP))
    decimals = len(re.split("[.,]", digits)[1]) if re.search("[.,]", digits) else 0
    half = 0.5 * 10.0**-decimals if amount else _LEAST_STEP
    return CostsBetween(least=amount - half, most=amount + half - _LEAST_STEP)


def _amount(digits: str) -> float:
    return float(f"0{digits}0".replace(",", "."))


def _service(value: str, piece: Piece, now: float) -> tuple[Asked, ...]:  # noqa: ARG001
    return (AtService(text=value),)


def _prompt(value: str, piece: Piece, now: float) -> tuple[Asked, ...]:  # noqa: ARG001
    return (Words(text=value),)


_READERS: Final[dict[Field, Callable[[str, Piece, float], tuple[Asked, ...] | None]]] = {
    Field.SIZE: _size,
    Field.TIER: _tier,
    Field.STATE: _state,
    Field.IS: _is,
    Field.SINCE: _since,
    Field.BEFORE: _before,
    Field.UNTIL: _until,
    Field.ON: _on,
    Field.REFERENCE: _reference,
    Field.COLLECTION: _collection,
    Field.COST: _cost,
    Field.SERVICE: _service,
    Field.PROMPT: _prompt,
}
