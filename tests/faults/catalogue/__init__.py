"""The faults that the program is tested against, a row each; a test says which rows it shows by its marker.

`tests/architecture/test_catalogue.py` checks that every row has a test and that every marker names a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Money(StrEnum):
    """What a fault can cost: nothing, at most one charge that can be traced, more by the user's yes alone."""

    NOTHING = "nothing"
    ONCE = "once"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault: what goes wrong, and what the user gets all the same."""

    number: int
    fault: str
    user_gets: str
    money: Money
