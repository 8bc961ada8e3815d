"""One row of a list to pick from, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

MOST_SHOWN = 400
"""Characters of a text that a row can show at most; what lies beyond is not laid out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A line in bold, a text of some lines, and a quiet line; each may be empty."""

    heading: str = ""
    text: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The beginning of the text, as one run of words."""
        return " ".join(self.text[:MOST_SHOWN].split())


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShape:
    """What every row of a list has room for, and what can be done with it.

    `signs` are the icons of its small buttons, from left to right, and `tips` what these do.
    """

    has_heading: bool = False
    text_lines: int = 2
    has_note: bool = False
    signs: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        return self.has_heading + self.text_lines + self.has_note
