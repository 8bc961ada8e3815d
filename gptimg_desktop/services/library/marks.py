"""The user's marks on jobs that nobody has in hand: many of them in one step."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import RUNNING, JobState
from gptimg_desktop.core.mark import Mark

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from gptimg_desktop.services.library.database import Database

_NOT_BY_ROW: Final = RUNNING | {JobState.UNCONFIRMED}
"""Binning these is more than a mark: only who has them in hand may do it."""
_SET: Final = {
    Mark.PICKED: "picked = 1, rejected = 0",
    Mark.REJECTED: "picked = 0, rejected = 1",
    Mark.PLAIN: "picked = 0, rejected = 0",
    Mark.BINNED: "binned_at = :at",
    Mark.RESTORED: "binned_at = NULL",
}
_CHANGES: Final = {
    Mark.PICKED: "NOT picked",
    Mark.REJECTED: "NOT rejected",
    Mark.PLAIN: "(picked OR rejected)",
    Mark.BINNED: "binned_at IS NULL"
    f" AND state NOT IN ({', '.join(repr(state.value) for state in sorted(_NOT_BY_ROW))})",
    Mark.RESTORED: "binned_at IS NOT NULL",
}
"""On which rows a mark changes anything."""


class MarkStore:
    """Marks change nothing but themselves, so no job's state is compared; a job that is in hand is marked by
    who has it in hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, seqs: Sequence[int], mark: Mark, at: float) -> Mapping[Mark, tuple[int, ...]]:
        """Commit a mark on jobs, by their numbers, at a moment (Unix seconds).

        Returns those that changed, by the mark that brings back what they had before. Those that left the
        gallery for good are left out.
        """

        def work(connection: sqlite3.Connection) -> Mapping[Mark, tuple[int, ...]]:
            return _put(connection, json.dumps(list(seqs)), mark, at)

        return await self._database.write(work)


def _put(connection: sqlite3.Connection, named: str, mark: Mark, at: float) -> Mapping[Mark, tuple[int, ...]]:
    before: defaultdict[Mark, list[int]] = defaultdict(list)
    # By their numbers: left to itself SQLite goes through an index of all jobs for each step.
    sql = (
        "SELECT seq, picked, rejected FROM job NOT INDEXED"  # noqa: S608 - ours
        " WHERE seq IN (SELECT value FROM json_each(?))"
        f" AND removed_at IS NULL AND {_CHANGES[mark]}"
    )
    for row in connection.execute(sql, (named,)):
        before[way_back(mark, is_picked=row["picked"], is_rejected=row["rejected"])].append(row["seq"])
    changed = json.dumps([seq for seqs in before.values() for seq in seqs])
    update = f"UPDATE job SET {_SET[mark]} WHERE seq IN (SELECT value FROM json_each(:seqs))"  # noqa: S608 - ours
    connection.execute(update, {"seqs": changed, "at": at} if mark is Mark.BINNED else {"seqs": changed})
    return {each: tuple(seqs) for each, seqs in before.items()}


def way_back(mark: Mark, *, is_picked: bool, is_rejected: bool) -> Mark:
    """The mark that undoes another one on a job that had these before."""
    if mark is Mark.BINNED:
        return Mark.RESTORED
    if mark is Mark.RESTORED:
        return Mark.BINNED
    if is_picked:
        return Mark.PICKED
    return Mark.REJECTED if is_rejected else Mark.PLAIN
