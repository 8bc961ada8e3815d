"""Templates: texts to begin with, kept under a name. A blank in one (see `core.prompt`), as `{material}` is,
is filled in each time that it is used."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

_LINE_ENDS: Final = ("\n", "\u2028", "\u2029")
LONGEST_NAME: Final = 60
"""Characters of a template's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`name` is one line; two names that differ in the case of their letters alone are the same."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A wish: the template that is called `name` becomes `template`."""

    name: str
    template: Template


def cleaned_name(typed: str) -> str:
    """A name as it is kept: one line, no more room than needed, not too long."""
    return " ".join(typed.split())[:LONGEST_NAME].rstrip()


def named(templates: tuple[Template, ...], name: str) -> Template | None:
    """The template of that name, however its letters are written."""
    return next((each for each in templates if each.name.casefold() == name.casefold()), None)


def matching(templates: tuple[Template, ...], words: str) -> tuple[Template, ...]:
    """Those whose name holds what was typed, names that begin with it first; all of them for nothing."""
    typed = words.casefold()
    found = [each for each in templates if typed in each.name.casefold()]
    return tuple(sorted(found, key=lambda each: not each.name.casefold().startswith(typed)))


def asked_name(before: str) -> str | None:
    """What is typed of a name so far, given the text before the cursor: what stands after the last `/`.

    None where no template is asked for: the `/` is inside a word or an address, or a blank follows it.
    """
    line = before[max(map(before.rfind, _LINE_ENDS)) + 1 :]
    at = line.rfind("/")
    if at < 0 or (at > 0 and not _is_gap(line[at - 1])):
        return None
    typed = line[at + 1 :]
    return None if len(typed) > LONGEST_NAME or typed[:1].isspace() else typed


def _is_gap(character: str) -> bool:
    """A blank, or a sign of the scripts that write none."""
    is_wide = unicodedata.east_asian_width(character) in "WF"
    return character.isspace() or (is_wide and unicodedata.category(character).startswith("P"))
