"""What words ask of the searched texts.

The table's trigrams find three characters and more by themselves. A shorter word is looked for in the texts,
which are read where the trigram table keeps them (`job_text_content`): by its own columns it would take twice
as long, and LIKE on it takes a pattern by its bytes and finds no Chinese word at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[[str], str]

_TRIGRAM: Final = 3
_MOST_PHRASES: Final = 6
"""How many words the trigrams are asked for at a time; what is left is looked for in the texts they found."""


class Reading(Enum):
    """In which way the texts of many jobs are read fastest."""

    GATHERED = auto()  # all of them first, for whatever order the jobs come in
    IN_ORDER = auto()  # beside each job, since all come in the order of their numbers, as their texts do
    BESIDE = auto()  # beside each job, since there are few


@dataclass(slots=True)
class WordSearch:
    """Words that are in a text, and words that are not."""

    _wanted: list[str] = field(default_factory=list)
    _unwanted: list[str] = field(default_factory=list)

    def add(self, text: str, *, is_negated: bool = False) -> None:
        (self._unwanted if is_negated else self._wanted).append(text)

    def conditions(self, put: Put, reading: Reading) -> tuple[str, ...]:
        """What holds for a row of `job`, its parameters named by `put`; nothing where there is no word."""
        wanted = self._needed()
        if not wanted and not self._unwanted:
            return ()
        phrases = [text for text in wanted if len(text) >= _TRIGRAM]
        is_short = min(map(len, (*wanted, *self._unwanted))) < _TRIGRAM
        if reading is Reading.BESIDE or (reading is Reading.IN_ORDER and is_short and not phrases):
            return (_beside(self._in_text(wanted, put)),)
        if phrases:
            return (self._by_trigrams(phrases, put),)
        if not is_short:
            return (f"NOT ({_gathered(put(' OR '.join(map(_phrase, self._unwanted))))})",)
        return (f"+seq IN (SELECT id FROM job_text_content WHERE {self._in_text(wanted, put)})",)  # noqa: S608

    def _needed(self) -> list[str]:
        """The wanted words without those that are part of another."""
        return [
            text
            for text in self._wanted
            if not any(text != other and text in other for other in self._wanted)
        ]

    def _by_trigrams(self, phrases: list[str], put: Put) -> str:
        """Texts with the longest words; the others are looked for in those."""
        asked = sorted(phrases, key=len, reverse=True)[:_MOST_PHRASES]
        found = _gathered(put(" AND ".join(map(_phrase, asked))))
        left = [text for text in self._needed() if text not in asked]
        return f"{found} AND {_beside(self._in_text(left, put))}" if left or self._unwanted else found

    def _in_text(self, wanted: list[str], put: Put) -> str:
        has = [f"c0 GLOB {put(_anywhere(text))}" for text in wanted]
        has_not = [f"c0 NOT GLOB {put(_anywhere(text))}" for text in self._unwanted]
        return " AND ".join((*has, *has_not))


def _gathered(match: str) -> str:
    return f"+seq IN (SELECT rowid FROM job_text WHERE words MATCH {match})"  # noqa: S608 - a parameter


def _beside(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM job_text_content WHERE job_text_content.id = job.seq AND {condition})"  # noqa: S608


def _phrase(text: str) -> str:
    """Exactly these characters, in the language of MATCH."""
    return '"' + text.replace('"', '""') + '"'


def _anywhere(text: str) -> str:
    """A pattern for GLOB that holds where a text is part of another."""
    return "*" + "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text) + "*"
