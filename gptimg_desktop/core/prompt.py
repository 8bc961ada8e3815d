"""Prompts with variables: one text in the composer that stands for several prompts.

`{oak|walnut}` stands for either word; several of them make every combination, and one may hold others. What a
backslash stands before is meant as it is: `\\{a|b\\}` is sent as `{a|b}`. Braces without a bar inside are
text like any other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PROMPTS: Final = 100
"""How many prompts one text may stand for."""
_SPECIAL: Final = "{}|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What a text stands for: the first `prompts` of it, and how many there are in all."""

    prompts: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives, each a row of parts."""

    alternatives: tuple[tuple[str | Group, ...], ...]

    @property
    def count(self) -> int:
        return sum(map(_count, self.alternatives))


def expand(text: str, *, one_per_line: bool = False, most: int = MOST_PROMPTS) -> Expansion:
    """The prompts that a text stands for, in its order; with `one_per_line` each line that is not blank is a
    text of its own."""
    texts = [line.strip() for line in text.splitlines() if line.strip()] if one_per_line else [text]
    rows = [_parse(each) for each in texts]
    prompts = tuple(islice(chain.from_iterable(_combinations(row, most) for row in rows), most))
    return Expansion(prompts=prompts, count=sum(map(_count, rows)))


def escaped(prompt: str) -> str:
    """The text that stands for exactly this prompt."""
    if expand(prompt).prompts == (prompt,):
        return prompt
    return prompt.replace("{", "\\{").replace("}", "\\}")


def _count(row: tuple[str | Group, ...]) -> int:
    return math.prod(part.count for part in row if isinstance(part, Group))


def _combinations(row: tuple[str | Group, ...], most: int) -> Iterator[str]:
    """Every way to read a row, up to `most`; the last variable changes first."""
    choices = [(part,) if isinstance(part, str) else _choices(part, most) for part in row]
    return map("".join, islice(product(*choices), most))


def _choices(group: Group, most: int) -> tuple[str, ...]:
    each = (_combinations(alternative, most) for alternative in group.alternatives)
    return tuple(islice(chain.from_iterable(each), most))


def _parse(text: str) -> tuple[str | Group, ...]:
    row, _ = _row(text, 0, is_inside=False)
    return row[0]


def _row(text: str, start: int, *, is_inside: bool) -> tuple[list[tuple[str | Group, ...]], int]:
    """The alternatives from `start` on, up to the closing brace where inside a group, and where they end."""
    alternatives: list[tuple[str | Group, ...]] = []
    parts: list[str | Group] = []
    position = start
    while position < len(text):
        character = text[position]
        if character == "\\" and text[position + 1 : position + 2] in set(_SPECIAL):
            parts.append(text[position + 1])
            position += 2
        elif character == "{":
            inner, end = _row(text, position + 1, is_inside=True)
            if end < 0 or len(inner) == 1:
                parts.append(character)
                position += 1
            else:
                parts.append(Group(tuple(inner)))
                position = end
        elif is_inside and character == "}":
            return [*alternatives, tuple(parts)], position + 1
        elif is_inside and character == "|":
            alternatives.append(tuple(parts))
            parts = []
            position += 1
        else:
            parts.append(character)
            position += 1
    return [*alternatives, tuple(parts)], (-1 if is_inside else position)
