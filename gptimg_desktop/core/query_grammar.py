"""How a search is written: words, "quoted phrases", field:value, field:value,value and -anything of these.

Nothing is an error. A field that nobody knows is a word with a colon in it, and a quote that is not closed
goes on to the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.query_names import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS: Final = 4_000
"""How much of a search is read; whole prompts are pasted to find their pictures."""

_UNSEARCHABLE: Final = re.compile("[\\0\ud800-\udfff]")
_CLOSING: Final = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "＂": "＂"}
"""What closes a quote that was opened so."""
_FIELD: Final = re.compile(r"([^\W\d_]+)[:：]")
_WORD: Final = re.compile(r"\S+")
_PIECE: Final = re.compile(r"[^\s,，]+")
_COMMAS: Final = ",，"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word or a value from `start` to `end` of the text, quotes included; `text` is without them."""

    start: int
    end: int
    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What stands between blanks: a word where `field` is None, else a field with its values: no pieces where
    nothing stands behind the colon."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    field: Field | None = None
    is_negated: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """All that a search is made of, from left to right."""
    return tuple(_tokens(_UNSEARCHABLE.sub(" ", text[:MOST_CHARACTERS])))


def quoted(value: str) -> str:
    """A value as it is written whole: in quotes of a kind that it does not have inside."""
    for opening, closing in (('"', '"'), ("“", "”"), ("«", "»")):
        if opening not in value and closing not in value:
            return f"{opening}{value}{closing}"
    return value


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while (word := _WORD.search(text, at)) is not None:
        token = _token(text, word.start())
        yield token
        at = token.end


def _token(text: str, start: int) -> Token:
    is_negated = text[start] == "-" and not text.startswith("--", start)
    at = start + is_negated
    named = _FIELD.match(text, at)
    field = FIELDS.get(named[1].casefold()) if named is not None else None
    if named is not None and field is not None:
        pieces = _values(text, named.end(), splits=field is not Field.COST)
        end = pieces[-1].end if pieces else named.end()
        while end < len(text) and text[end] in _COMMAS:
            end += 1
        return Token(start=start, end=end, pieces=pieces, field=field, is_negated=is_negated)
    piece = _piece(text, at, _WORD)
    pieces = () if piece is None else (piece,)
    return Token(
        start=start, end=max(at, *(each.end for each in pieces), at), pieces=pieces, is_negated=is_negated
    )


def _values(text: str, start: int, *, splits: bool) -> tuple[Piece, ...]:
    """The values behind a colon, with commas between them; a comma of an amount is part of it."""
    found = []
    at = start
    while (piece := _piece(text, at, _PIECE if splits else _WORD)) is not None:
        found.append(piece)
        at = piece.end
        while at < len(text) and text[at] in _COMMAS:
            at += 1
        if at == piece.end:
            break
    return tuple(found)


def _piece(text: str, start: int, plain: re.Pattern[str]) -> Piece | None:
    """What begins right here; None where a blank or the end does."""
    if start < len(text) and (closing := _CLOSING.get(text[start])):
        end = next((at for at in range(start + 1, len(text)) if text[at] in closing), len(text))
        return Piece(
            start=start, end=min(end + 1, len(text)), text=text[start + 1 : end].strip(), is_quoted=True
        )
    word = plain.match(text, start)
    return None if word is None else Piece(start=start, end=word.end(), text=word[0])
