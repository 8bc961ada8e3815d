"""What can follow in a search, at the place where it is being typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.query_grammar import Piece, Token, quoted, tokens
from gptimg_desktop.core.query_names import FIELDS, OFFERED_FIELDS, OFFERED_STATES, Field
from gptimg_desktop.core.query_terms import Fact, Shape
from gptimg_desktop.core.sizes import AUTO, TABLE, Ratio, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEAST_OF_A_NAME: Final = 3
"""Letters of a word after which the name of a field is likely meant; fewer begin too many words."""
_LEAST_OF_PIXELS: Final = 2
MOST_OPTIONS: Final = 40

_DATES: Final = (
    *("today", "yesterday"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("week", "month", "year", "7d", "30d"),
)
"""In the order in which `core/span.py` takes what is half typed: what Tab writes is what was shown."""
_PIXELS: Final = tuple(
    dict.fromkeys(str(size) for row in TABLE.values() for sizes in row.values() for size in sizes)
)
_VALUES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.SIZE: (*Shape, AUTO, *Ratio),
    Field.TIER: tuple(Tier),
    Field.STATE: OFFERED_STATES,
    Field.IS: tuple(Fact),
    Field.SINCE: _DATES,
    Field.BEFORE: _DATES,
    Field.UNTIL: _DATES,
    Field.ON: _DATES,
    Field.REFERENCE: ("*",),
    Field.COST: ("0", ">0.01", ">0.05", "<0.01", "0.01..0.05"),
    Field.SERVICE: ("practice",),
    Field.PROMPT: (),
}
"""What is offered behind a colon. Collections are the user's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can follow: a field, or a value of it where `value` is not empty. `text` is what stands
    in the search then."""

    field: Field
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The options for what is typed from `start` to `end` of the text.

    `is_asked`: something stands there already, so that the first option is what Tab means.
    """

    start: int = 0
    end: int = 0
    options: tuple[Option, ...] = ()
    is_asked: bool = False


NOTHING: Final = Completion()


def completion(text: str, cursor: int, *, collections: Iterable[str] = ()) -> Completion:
    """What can follow at a place in a text; nothing inside of a word.

    Between words it is all fields; a word may be the beginning of one. `collections`: their names.
    """
    if text[cursor : cursor + 1].strip():
        return NOTHING
    token = next((each for each in tokens(text) if each.start < cursor <= each.end), None)
    if token is None:
        return Completion(start=cursor, end=cursor, options=tuple(map(_field_option, OFFERED_FIELDS)))
    if token.field is None:
        return _fields(token, cursor, is_alone=token.start == len(text) - len(text.lstrip()))
    return _values(token, token.field, text, cursor, collections)


def completed(text: str, at: Completion, option: Option) -> tuple[str, int]:
    """The text with an option taken, and where the cursor is then: behind a value, ready for the next."""
    before, after = text[: at.start] + option.text, text[at.end :]
    if option.value and not after.startswith(" "):
        after = f" {after}"
    return before + after, len(before) + bool(option.value)


def _field_option(field: Field) -> Option:
    return Option(field=field, text=f"{field}:")


def _fields(token: Token, cursor: int, *, is_alone: bool) -> Completion:
    """The fields whose name begins so. Short words are offered them only where nothing stands before them:
    who writes a sentence is not asked at each of its words."""
    start = token.start + token.is_negated
    typed = "".join(piece.text for piece in token.pieces).casefold()
    is_quoted = any(piece.is_quoted for piece in token.pieces)
    if is_quoted or (0 < len(typed) < _LEAST_OF_A_NAME and not is_alone):
        return NOTHING
    begun = [name for name in FIELDS if name.startswith(typed)]
    offered = sorted(begun, key=lambda name: name not in frozenset(Field))
    meant = dict.fromkeys(FIELDS[name] for name in offered if FIELDS[name] in OFFERED_FIELDS)
    return Completion(
        start=start,
        end=cursor,
        options=tuple(map(_field_option, meant)),
        is_asked=len(typed) >= _LEAST_OF_A_NAME,
    )


def _values(token: Token, field: Field, text: str, cursor: int, collections: Iterable[str]) -> Completion:
    last = _last_piece(token, text, cursor)
    typed = last.text.casefold()
    options = [each for each in _offered(field, typed, collections) if _fits(each, field, typed)]
    if any(each.value.casefold() == typed for each in options):
        return NOTHING  # it is whole
    return Completion(
        start=last.start, end=cursor, options=tuple(options[:MOST_OPTIONS]), is_asked=bool(typed)
    )


def _last_piece(token: Token, text: str, cursor: int) -> Piece:
    """The value that is being typed; an empty one behind a colon or a comma."""
    if token.pieces and token.pieces[-1].end == cursor:
        return token.pieces[-1]
    return Piece(start=cursor, end=cursor, text=text[cursor:cursor])


def _offered(field: Field, typed: str, collections: Iterable[str]) -> Iterable[Option]:
    if field is Field.COLLECTION:
        return (Option(field=field, text=quoted(name), value=name) for name in collections)
    pixels = _PIXELS if field is Field.SIZE and len(typed) >= _LEAST_OF_PIXELS else ()
    return (Option(field=field, text=str(value), value=str(value)) for value in (*_VALUES[field], *pixels))


def _fits(option: Option, field: Field, typed: str) -> bool:
    """Values begin as typed; of the user's own names any part will do."""
    value = option.value.casefold()
    return typed in value if field is Field.COLLECTION else value.startswith(typed)
