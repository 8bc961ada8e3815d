"""How a text with variables is built: rows of plain words and groups, blanks, braces without a partner.

One pass with a stack of our own: deep nesting and thousands of open braces take no longer than plain words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_COUNTED: Final = 10**12
"""Counts end here: what is more is as many."""
_SIGN: Final = re.compile(r"\\[{}|]|[{}|]")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: characters from `start` up to, not including, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """What stands there."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives, each a row of parts. `cuts`: where the braces and the bars stand."""

    alternatives: tuple[Row, ...]
    cuts: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """Literal text and groups, in turn."""

    parts: tuple[str | Group, ...]

    @property
    def count(self) -> int:
        return min(MOST_COUNTED, prod(part.count for part in self.parts if isinstance(part, Group)))


@dataclass(frozen=True, slots=True)
class OpenBrace:
    """A brace without a partner, at `position`; `bars` are the places of the bars behind it on its level."""

    position: int
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
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
    for match in _SIGN.finditer(text, span.start, span.end):
        sign = match[0]
        if at < match.start():
            parts.append(text[at : match.start()])
        at = match.end()
        if sign == "{":
            frames.append(_Frame(match.start(), len(parts), []))
        elif sign == "|" and frames:
            frames[-1].bars.append((match.start(), len(parts)))
        elif sign == "}" and frames:
            frame = frames.pop()
            if frame.bars:
                parts[frame.index :] = [_group(parts, frame, match.start())]
                continue
            if len(parts) == frame.index + 2:  # the brace and one plain text
                closed.append(Span(frame.position, match.end()))
        parts.append(sign[-1])
    parts.append(text[at : span.end])
    left = tuple(OpenBrace(frame.position, tuple(place for place, _ in frame.bars)) for frame in frames)
    return Parsed(Row(tuple(_joined(parts))), tuple(closed), left)


def _group(parts: list[str | Group], frame: _Frame, end: int) -> Group:
    """The group whose brace closes now, at `end`; its parts begin with the brace, each bar is one of them."""
    starts = [frame.index, *(index for _, index in frame.bars)]
    ends = [*starts[1:], len(parts)]
    rows = tuple(_alternative(parts[left + 1 : right]) for left, right in zip(starts, ends, strict=True))
    cuts = (frame.position, *(place for place, _ in frame.bars), end)
    return Group(rows, cuts, min(MOST_COUNTED, sum(row.count for row in rows)))


def _alternative(parts: Iterable[str | Group]) -> Row:
    """A row without the blanks at its edges."""
    row = list(_joined(parts))
    if row and isinstance(row[0], str):
        row[0] = row[0].lstrip()
    if row and isinstance(row[-1], str):
        row[-1] = row[-1].rstrip()
    return Row(tuple(row))


def _joined(parts: Iterable[str | Group]) -> Iterator[str | Group]:
    """The same with one text between two groups."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if texts:
            yield "".join(texts)
            texts.clear()
        yield part
    if texts:
        yield "".join(texts)
