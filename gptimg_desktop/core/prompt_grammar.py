"""How a text with variables is built: rows of plain words and groups, blanks, braces without a partner.

One pass with a stack of our own: deep nesting and thousands of open braces take no longer than plain words.
What is made here by the thousand is not frozen: that makes it three times as fast to make. Nobody changes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_COUNTED: Final = 10**12
"""Counts end here: what is more is as many."""
_SIGN: Final = re.compile(r"(\\[{}|]|[{}|])")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: characters from `start` up to, not including, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """What stands there."""
        return text[self.start : self.end]


@dataclass(slots=True)
class Group:
    """Alternatives, each a row of parts. `cuts`: where the braces and the bars stand."""

    alternatives: tuple[Row, ...]
    cuts: tuple[int, ...]
    count: int


@dataclass(slots=True)
class Row:
    """Literal text and groups, in turn."""

    parts: tuple[str | Group, ...]

    @property
    def count(self) -> int:
        result = 1
        for part in self.parts:
            if not isinstance(part, str):
                result = min(MOST_COUNTED, result * part.count)
        return result


@dataclass(slots=True)
class OpenBrace:
    """A brace without a partner, at `position`; `bars` are the places of the bars behind it on its level."""

    position: int
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A prompt taken apart, whether or not all of its braces are closed."""

    row: Row
    closed: tuple[Span, ...]  # braces round plain text, and nothing else inside
    open_braces: tuple[OpenBrace, ...]


@dataclass(slots=True)
class _Frame:
    """A brace that is open: where it stands in the text and among the parts, and the same of each bar."""

    position: int
    index: int
    bars: list[tuple[int, int]]


def parse(text: str, span: Span) -> Parsed:
    """Read what stands at a span. A group replaces its parts as soon as its brace closes; whatever has no
    partner stays the text that it is, so nothing is read twice."""
    parts: list[str | Group] = []
    frames: list[_Frame] = []
    closed: list[Span] = []
    at = span.start
    pieces = iter(_SIGN.split(text[span.start : span.end]))
    for plain, sign in zip_longest(pieces, pieces, fillvalue=""):  # plain text and signs stand in turn
        if plain:
            parts.append(plain)
            at += len(plain)
        if sign == "{":
            frames.append(_Frame(at, len(parts), []))
        elif sign == "|" and frames:
            frames[-1].bars.append((at, len(parts)))
        elif sign == "}" and frames:
            frame = frames.pop()
            if frame.bars:
                parts[frame.index :] = [_group(parts, frame, at)]
                at += 1
                continue
            if len(parts) == frame.index + 2:  # the brace and one plain text
                closed.append(Span(frame.position, at + 1))
        parts.append(sign[-1:])
        at += len(sign)
    left = tuple(OpenBrace(frame.position, tuple(place for place, _ in frame.bars)) for frame in frames)
    return Parsed(Row(tuple(_joined(parts))), tuple(closed), left)


def _group(parts: list[str | Group], frame: _Frame, end: int) -> Group:
    """The group whose brace closes now, at `end`; its parts begin with the brace, each bar is one of them."""
    rows, cuts, count, start = [], [frame.position], 0, frame.index + 1
    for place, index in (*frame.bars, (end, len(parts))):
        row = Row(_alternative(parts[start:index]))
        rows.append(row)
        cuts.append(place)
        count += row.count
        start = index + 1
    return Group(tuple(rows), tuple(cuts), min(MOST_COUNTED, count))


def _alternative(parts: list[str | Group]) -> tuple[str | Group, ...]:
    """The parts of a row without the blanks at its edges."""
    row = _joined(parts) if len(parts) > 1 else parts
    if row and isinstance(row[0], str):
        row[0] = row[0].lstrip()
    if row and isinstance(row[-1], str):
        row[-1] = row[-1].rstrip()
    return tuple(row)


def _joined(parts: list[str | Group]) -> list[str | Group]:
    """The same with one text between two groups."""
    joined: list[str | Group] = []
    for is_text, run in groupby(parts, _is_text):
        if is_text:
            joined.append("".join(cast("Iterator[str]", run)))
        else:
            joined.extend(run)
    return joined


def _is_text(part: str | Group) -> bool:
    return isinstance(part, str)
