"""Faults while a task is made: from the task's id to the address of its picture."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row


def _row(number: int, fault: str, user_gets: str) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=Money.ONCE)


ROWS: Final[tuple[Row, ...]] = (
    _row(42, "hundreds of looks that fail in every way", "stays being made, no time-out ends it"),
    _row(43, "status words of any kind", "over only where completed, failed or cancelled is said"),
    _row(44, "completed, then processing, then completed", "what can be fetched stays to be fetched"),
    _row(45, "failed, and completed later", "looked at again four times in an hour; the picture comes home"),
    _row(46, "completed without a picture", "looked for on; after ten minutes a note with the task's id"),
    _row(47, "addresses as text, list, object or nested; several", "each picture in a file of its own"),
    _row(48, "an expiry that is missing, past or in another unit", "a hint at most; fetched at once"),
    _row(49, "task unknown right after it was accepted", "taken for a lag, looked at further"),
    _row(50, "task unknown for good", "lost after half an hour of the same answer; can be looked for again"),
    _row(
        51, "the key was changed meanwhile", "asked with the key that sent it, or a note which one is needed"
    ),
    _row(52, "no batch queries here", "looked at singly from then on, without a word"),
    _row(
        53, "a batch answer that omits, repeats, reorders or adds", "matched by id, the missing asked singly"
    ),
    _row(54, "one senseless entry in a batch", "the others go on, that one is asked singly"),
    _row(55, "429 on a look", "nothing is asked and nothing sent there for as long as the service said"),
    _row(56, "an endless or endlessly slow answer", "cut at a size and at a time, then looked at again"),
    _row(57, "a task that takes minutes or days", "looked at ever more rarely, never given up"),
    _row(58, "hundreds of jobs at once", "few looks, fifty tasks in each, what expires first first"),
)
