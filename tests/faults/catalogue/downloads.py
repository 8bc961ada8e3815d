"""Faults of a download: from the address of a picture to its file."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row


def _row(number: int, fault: str, user_gets: str) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=Money.ONCE)


ROWS: Final[tuple[Row, ...]] = (
    _row(59, "breaks off before its promised length", "the rest is fetched, or all of it without an ETag"),
    _row(
        60, "cut, by a server that promised no length", "found incomplete, fetched anew, never called saved"
    ),
    _row(
        61, "half the rows in well-formed chunks", "fetched anew; the same five times: kept, called damaged"
    ),
    _row(
        62, "no end mark, a flipped bit, bytes after the end", "as before; what follows a whole one is told"
    ),
    _row(
        63, "a page, data or a drawing that calls itself a PNG", "no picture: fetched anew, shown to nobody"
    ),
    _row(64, "the right bytes under a wrong type", "told by their first bytes, named after them"),
    _row(65, "another format or size than asked for", "kept as it came, with its true ending and size"),
    _row(66, "a dead link", "a fresh one is asked for, and tried until its time is long over"),
    _row(67, "a dead link after its time", "tried all the same; lost at last, with the day it expired"),
    _row(68, "a redirect to another host", "followed a few times, each looked at, never with the key"),
    _row(69, "a redirect into the user's own network", "blocked and told; a fresh link is asked for"),
    _row(70, "a link that hides where it leads", "refused when read, or when its name is looked up"),
    _row(
        71, "a name that leads elsewhere once it was checked", "the checked address is the one connected to"
    ),
    _row(72, "a line that drips", "cut below 1 KiB a second or after 15 minutes, then continued"),
    _row(73, "a small body that unpacks to a huge one", "refused: bytes are taken as they come"),
    _row(
        74,
        "a body without end, or that lies about its length",
        "refused at the cap, before or while it comes",
    ),
    _row(75, "a picture of 900 million pixels", "kept, not decoded: too large to show"),
    _row(76, "another version between two goes", "fetched from its first byte"),
    _row(77, "one link, or the same bytes, for two jobs", "both saved, each with a file of its own"),
)
