"""Faults of the process: it is ended, starved, or meets a bug of ours."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row

NOTHING, ONCE, ASK = Money.NOTHING, Money.ONCE, Money.ASK


def _row(number: int, fault: str, user_gets: str, money: Money) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=money)


ROWS: Final[tuple[Row, ...]] = (
    _row(96, "killed at any time", "nothing lost, nothing twice, unconfirmed only while armed", ASK),
    _row(97, "started twice", "the first window comes to the front; a kill leaves the lock free", NOTHING),
    _row(98, "the window closed while sending", "gone at once; the process hears the answer out", ASK),
    _row(99, "log-off, shutdown or SIGTERM while sending", "some seconds for the answer, then the end", ASK),
    _row(
        100,
        "the decoder fails, hangs or lacks memory",
        "one picture without a preview, its file as it was",
        ONCE,
    ),
    _row(
        101, "no file descriptors left", "the queue waits, says why, and goes on when there are some", NOTHING
    ),
    _row(102, "a bug in a slot, a stage or a wish", "logged once, jobs as committed, the window lives", ONCE),
    _row(
        103, "one picture kills every start", "left undecoded after the second time, its file kept", NOTHING
    ),
)
