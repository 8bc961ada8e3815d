"""Faults of the disk and of files in the picture folder."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row


def _row(number: int, fault: str, user_gets: str, money: Money = Money.ONCE) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=money)


ROWS: Final[tuple[Row, ...]] = (
    _row(
        78,
        "there is too little room for the pictures that would come",
        "nothing is sent, and it goes on when there is room",
        Money.NOTHING,
    ),
    _row(
        79,
        "the disk is full when the picture comes",
        "the picture stays on the service, until when is told, and is fetched when there is room",
    ),
    _row(
        80,
        "the quota is used up, the file may not grow, a sync fails",
        "the file has no name and is not trusted; it is fetched anew",
    ),
    _row(
        81,
        "the program is killed at any one of its writes, syncs, renames, sends and receives",
        "after the next start the picture as it was delivered, or a job that asks; no part files",
    ),
    _row(
        82,
        "the power goes before a file or its name reached the disk",
        "every step that the window had shown is in the library, and what is called saved is there",
    ),
    _row(
        83,
        "the picture folder is read-only, deleted or unplugged",
        "the job stays ready, the folder is named, another can be chosen",
    ),
    _row(84, "a file of that name is there already", "the picture gets a number; nothing is overwritten"),
    _row(85, "a link is planted where a part or a picture goes", "it is not followed"),
    _row(
        86,
        "another program holds the file for a moment, or its path would be too long",
        "it is tried again, or has a shorter name; where none fits, the folder is named and nothing is sent",
    ),
    _row(
        87,
        "a picture's file is deleted, moved or changed later",
        "its tile says so, it is never bought again by itself, and its link brings it back for nothing",
    ),
)
