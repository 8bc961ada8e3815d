"""Prompts with variables: one text in the composer that stands for several prompts.

`{oak|walnut}` stands for either word; several of them make every combination, and one may hold others. Blanks
at the edges of an alternative do not count: `{oak | walnut}` is the same. An alternative may be empty, and
`a {very|} old chair` has one blank where the word is left out. What a backslash stands before is meant as it
is: `\\{a|b\\}` is sent as `{a|b}`. Braces without a bar inside are text like any other, and so is a brace
that has no partner.

A prompt that a text yields twice (`{oak|oak}`, two equal lines) is sent once: more of the same is what copies
are for, and nothing is paid twice by a slip.

`{material}` is a blank: braces round a few plain words, to be filled in before sending.

Reading is one pass with a stack of our own, so that it takes a moment whatever the text: it happens at every
key press. Prompts are written out only where the text stands for no more than may be sent at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise, product
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.prompt_grammar import MOST_COUNTED, Group, OpenBrace, Parsed, Span, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_PROMPTS: Final = 100
"""How many prompts one text may stand for, and how many images one press may make."""
MOST_BLANK_CHARACTERS: Final = 40

_SPECIAL: Final = re.compile(r"[{}|]")
_LINE: Final = re.compile(r"[^\n]+")
_BLANK: Final = re.compile(rf"(?=.{{1,{MOST_BLANK_CHARACTERS}}}\Z)[ ]*[^\W\d_](?:[\w .,&/'’+-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What a text stands for: how many prompts (exact up to `MOST_PROMPTS`), and the prompts themselves; none
    where there are more than that."""

    prompts: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A group of alternatives as it was written; `count` is more than their number where they hold others."""

    span: Span
    alternatives: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt, and whether a variable put it there."""

    text: str
    is_choice: bool = False


@dataclass(frozen=True)
class Reading:  # without slots: what was found out once is kept
    """A text as it was read; everything else is told when it is asked for, once."""

    text: str
    texts: tuple[Span, ...]  # of each text that is read on its own: the whole, or a line
    _parsed: tuple[Parsed, ...]

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The outermost groups, in the order of the text."""
        groups = (part for each in self._parsed for part in each.row.parts if isinstance(part, Group))
        return tuple(self._variable(group) for group in groups)

    @cached_property
    def blanks(self) -> tuple[Span, ...]:
        """Every `{material}`, in the order of the text."""
        found = (span for each in self._parsed for span in each.closed if self._is_blank(span))
        return tuple(sorted(found, key=_start))

    @cached_property
    def open_braces(self) -> tuple[OpenBrace, ...]:
        """Braces that open and never close."""
        return tuple(chain.from_iterable(each.open_braces for each in self._parsed))

    @cached_property
    def count(self) -> int:
        """How many prompts the text stands for; exact up to `MOST_PROMPTS`, at most `MOST_COUNTED`."""
        return len(self.prompts) or self._raw_count

    @cached_property
    def prompts(self) -> tuple[str, ...]:
        """Each prompt, once; none where they are more than `MOST_PROMPTS`."""
        return tuple(self._by_prompt)

    @property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        """For each of the prompts the parts that it is made of."""
        return tuple(self._by_prompt.values())

    @cached_property
    def _raw_count(self) -> int:
        return min(MOST_COUNTED, sum(each.row.count for each in self._parsed))

    @cached_property
    def _by_prompt(self) -> dict[str, tuple[Piece, ...]]:
        if self._raw_count > MOST_PROMPTS:
            return {}
        found: dict[str, tuple[Piece, ...]] = {}
        for row in (each.row for each in self._parsed):
            is_choice = [isinstance(part, Group) for part in row.parts]
            for chosen in product(*map(_choices, row.parts)):
                texts = _without_gaps(chosen, is_choice)
                found.setdefault("".join(texts), tuple(map(Piece, texts, is_choice)))
        return found

    def _variable(self, group: Group) -> Variable:
        cuts = group.cuts
        texts = (self.text[left + 1 : right].strip() for left, right in pairwise(cuts))
        return Variable(span=Span(cuts[0], cuts[-1] + 1), alternatives=tuple(texts), count=group.count)

    def _is_blank(self, span: Span) -> bool:
        return bool(_BLANK.fullmatch(self.text, span.start + 1, span.end - 1))


def read(text: str, *, one_per_line: bool = False) -> Reading:
    """Read a text as a whole, or with `one_per_line` each line that is not blank on its own, without the
    blanks at its ends."""
    spans = tuple(_lines(text)) if one_per_line else (Span(0, len(text)),)
    return Reading(text, spans, tuple(parse(text, span) for span in spans))


def expand(text: str, *, one_per_line: bool = False) -> Expansion:
    """The prompts that a text stands for, in its order; the last variable changes first."""
    reading = read(text, one_per_line=one_per_line)
    return Expansion(prompts=reading.prompts, count=reading.count)


def escaped(prompt: str) -> str:
    """The text that stands for exactly this prompt."""
    if not _SPECIAL.search(prompt) or expand(prompt).prompts == (prompt,):
        return prompt
    return _SPECIAL.sub(r"\\\g<0>", prompt)


def _start(span: Span) -> int:
    return span.start


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        line = match[0]
        if bare := line.strip():
            start = match.start() + line.index(bare)
            yield Span(start, start + len(bare))


def _choices(part: str | Group) -> tuple[str, ...]:
    """Every text that a part can be. Goes no deeper than there are prompts: each level adds one at least."""
    if isinstance(part, str):
        return (part,)
    rows = (product(*map(_choices, row.parts)) for row in part.alternatives)
    return tuple(map("".join, chain.from_iterable(rows)))


def _without_gaps(texts: Sequence[str], is_choice: Sequence[bool]) -> list[str]:
    """Where a variable was left out between two blanks, one of them."""
    result = list(texts)
    for number, text in enumerate(texts[:-1]):
        is_gap = is_choice[number] and not text and texts[number + 1].startswith(" ")
        if is_gap and (number == 0 or result[number - 1].endswith(" ")):
            result[number + 1] = result[number + 1][1:]
    return result
