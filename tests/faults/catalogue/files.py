"""Faults of the disk that are about the order of writing; the others belong to the library's care."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        number=81,
        fault="the program is killed at any one of its writes, syncs, renames, sends and receives",
        user_gets="after the next start the picture as it was delivered, or a job that asks; no part files",
        money=Money.ONCE,
    ),
    Row(
        number=82,
        fault="the power goes before a file or its name reached the disk",
        user_gets="every step that the window had shown is in the library, and what is called saved is there",
        money=Money.ONCE,
    ),
)
