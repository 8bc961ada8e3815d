"""Which parts of a search mean nothing, for an answer to somebody who found nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.query import means_something
from gptimg_desktop.core.query_grammar import Token, tokens

if TYPE_CHECKING:
    from gptimg_desktop.core.query_names import Field

_LIKE_A_FIELD: Final = re.compile(r"(?P<name>[^\W\d_]{2,}):(?P<value>[^/].*)")
"""A word, a colon and something behind it, but no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A value that a field cannot have; without a `field`, a name that no field has."""

    text: str
    field: Field | None = None


def misread(text: str, now: float) -> tuple[Misread, ...]:
    """All of them, in their order; `now` (Unix seconds) is what days are counted from."""
    return tuple(dict.fromkeys(each for token in tokens(text) for each in _of(token, now)))


def _of(token: Token, now: float) -> list[Misread]:
    if token.field is not None:
        return [
            Misread(text=piece.text, field=token.field)
            for piece in token.pieces
            if not means_something(token.field, piece, now)
        ]
    found = (_LIKE_A_FIELD.fullmatch(piece.text) for piece in token.pieces if not piece.is_quoted)
    return [Misread(text=each["name"]) for each in found if each is not None]
