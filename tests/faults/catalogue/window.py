"""What the window says has to be true, and what it offers must not cost by accident."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        number=133,
        fault="A picture is fetched, and its row is not committed yet.",
        user_gets="The tile says that it is saved once the row is committed, and not a moment before.",
        money=Money.ONCE,
    ),
    Row(
        number=134,
        fault="Hundreds of jobs change within a second.",
        user_gets="The window is told in portions and goes on answering.",
        money=Money.ONCE,
    ),
    Row(
        number=135,
        fault="The user deletes a job that was sent already.",
        user_gets="It is hidden, not stopped; one notice says that it goes on and offers to undo it.",
        money=Money.ONCE,
    ),
    Row(
        number=136,
        fault="A text invites to do again what may cost again.",
        user_gets="No text says retry; sending again says beside it that it may cost twice.",
        money=Money.ASK,
    ),
    Row(
        number=137,
        fault="Thirty jobs are held up by one and the same reason.",
        user_gets="One notice and no dialog.",
        money=Money.NOTHING,
    ),
    Row(
        number=138,
        fault="The small pictures of the gallery are gone or unreadable.",
        user_gets="They are made anew from the files; nothing is fetched or bought.",
        money=Money.ONCE,
    ),
)
