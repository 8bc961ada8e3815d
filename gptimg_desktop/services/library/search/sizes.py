"""How pixel sizes stand in the searched texts: behind a blank, as "1254x1254"."""

from __future__ import annotations

import re
from typing import Final

_PIXELS: Final = re.compile(r"(\d+)x(\d+)")
_BEGUN: Final = re.compile(r"\d+x")
_EDGE: Final = re.compile(r"x?\d{3,}")
_MOST_DIGITS: Final = 5


def pixel_phrases(text: str) -> tuple[str, ...]:
    """What stands in a text with such pixels, one of it at least; () where a size means no pixels.

    "1254x1254", "1254x" and "1254x12" are how a size begins, "1254" is one of its edges.
    """
    if _PIXELS.fullmatch(text) or _BEGUN.fullmatch(text):
        return (f" {text}",)
    if _EDGE.fullmatch(text):
        return (text,) if text.startswith("x") else (f" {text}x", f"x{text}")
    return ()


def pixel_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """The areas that a size can have that begins so, as least and most; () where both edges are not told.

    They tell the pixels of a picture from a size that its prompt only speaks of.
    """
    found = _PIXELS.fullmatch(text)
    if found is None or max(map(len, found.groups())) > _MOST_DIGITS:
        return ()
    width, height = int(found[1]), int(found[2])
    more = range(_MOST_DIGITS - len(found[2]) + 1)
    return tuple((width * height * 10**n, width * ((height + 1) * 10**n - 1)) for n in more)
