"""Faults of the library itself."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row


def _row(number: int, fault: str, user_gets: str, money: Money = Money.NOTHING) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=money)


ROWS: Final[tuple[Row, ...]] = (
    _row(
        88,
        "a page of the library is zeroed, overwritten or has bits turned over",
        "the newest good backup with all that can be read besides it, pictures on disk taken in, a report, "
        "and nothing is sent before that was read",
        Money.ONCE,
    ),
    _row(
        89,
        "the library's head is zeroed, its file is empty, gone or another file",
        "as with a broken page",
        Money.ONCE,
    ),
    _row(
        90,
        "the log beside the library is deleted, or an older copy is put in its place",
        "what waits there asks before it is sent; known tasks are followed",
        Money.ONCE,
    ),
    _row(91, "the disk is full in a commit", "the queue waits and says so; nothing is sent while it lasts"),
    _row(92, "nothing can be written into the library's folder", "everything is shown, nothing is sent"),
    _row(93, "another program holds the library", "it is said after five seconds and tried again"),
    _row(
        94,
        "a newer program made the library, or a step of its schema is killed",
        "the newer one is shown and left as it is; the older one is copied first and whole after the next "
        "start",
    ),
    _row(95, "the library is in a folder that another program synchronizes", "it is told"),
)
