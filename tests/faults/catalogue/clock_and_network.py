"""Faults of the machine's clock and of the way to the service."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row

NOTHING, ONCE, ASK = Money.NOTHING, Money.ONCE, Money.ASK


def _row(number: int, fault: str, user_gets: str, money: Money = ONCE) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=money)


ROWS: Final[tuple[Row, ...]] = (
    _row(104, "the machine sleeps for hours", "at waking: new lines, no more waits, every job looked at"),
    _row(105, "the date is wrong or is set", "pauses, order and expiry do not lean on it; nothing is lost"),
    _row(106, "no network at the start, jobs in all states", "one notice, nothing ends, all goes on later"),
    _row(107, "another network in the middle", "looks go on; a submit goes again only if unsent", ASK),
    _row(
        108, "a proxy that refuses, is dead or talks HTML", "waits, the proxy is named; nothing sent", NOTHING
    ),
    _row(109, "an address of the service hangs", "the next address is tried", NOTHING),
    _row(110, "the name leads to a stranger", "certificate not trusted; the key does not leave", NOTHING),
    _row(111, "a thin, slow line", "everything comes home, once"),
)
