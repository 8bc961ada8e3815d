"""What others say: as a value where it is JSON, as text that can be kept and shown."""

from __future__ import annotations

import json
from typing import Any, Final

_NAMES: Final = ("message", "detail", "error", "msg", "code")


def parse_json(body: bytes) -> Any:
    """The JSON value, None for anything that is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def storable(text: str) -> str:
    """The text with a mark for every lone half of a surrogate pair, which no file takes."""
    return text.encode("utf-8", "replace").decode()


def words_in(value: Any, *, most: int) -> str:
    """The words in a part of a JSON answer: a text or a number, or what an object has under the usual names.

    Empty where there are none: structures are never shown as such.
    """
    if isinstance(value, dict):
        found = (words_in(value[name], most=most) for name in _NAMES if _is_plain(value.get(name)))
        return next(filter(None, found), "")
    return storable(str(value)[:most]) if _is_plain(value) else ""


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
