"""The library as the gallery asks it: which jobs there are, in which order, and the few that are looked at.

It reads, and changes nothing. Jobs that left the gallery for good are nowhere in it.
"""

from __future__ import annotations

import json
import time
from operator import itemgetter, neg, pos
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.filter import Sort
from gptimg_desktop.core.lineage import Lineage
from gptimg_desktop.core.listing import Listing
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.giving_up import read_while_wanted
from gptimg_desktop.services.library.search.conditions import condition

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.library.database import Database
    from gptimg_desktop.services.library.search.conditions import Condition

MOST_RELATED: Final = 24
"""How many jobs of a kind a lineage names at most; it counts them all."""

_COLUMNS: Final = {Sort.TIME: "seq", Sort.SIZE: "area", Sort.COST: "price"}
_BY_NUMBERS: Final = "SELECT * FROM job WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at IS NULL"
_BY_ID: Final = "SELECT * FROM job WHERE id = ? AND removed_at IS NULL"
_RECENT: Final = (
    "SELECT seq FROM job WHERE removed_at IS NULL AND binned_at IS NULL ORDER BY seq DESC LIMIT ?"
)
# What was removed still costs what it cost. The index is read from end to end, and no wide row with it.
_SINCE: Final = (
    "SELECT * FROM job WHERE seq IN (SELECT seq FROM job INDEXED BY job_in_list WHERE created_at >= ?)"
    " ORDER BY seq DESC"
)
_MAKERS: Final = (
    "SELECT job.seq FROM reference JOIN job ON job.id = reference.made_by"
    " WHERE reference.seq = ? AND reference.made_by <> '' AND job.removed_at IS NULL ORDER BY position"
)
_MADE_FROM: Final = (
    "SELECT DISTINCT job.seq FROM reference JOIN job ON job.seq = reference.seq"
    " WHERE reference.made_by = ? AND reference.made_by <> '' AND job.removed_at IS NULL"
    " ORDER BY job.seq DESC"
)
_RUN: Final = "SELECT seq FROM job WHERE run_id = ? AND removed_at IS NULL ORDER BY seq"


class History:
    """StorageError, from any of it, where the library cannot be read. `now` is in Unix seconds: what "today"
    in a search counts from."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    # Which jobs

    async def listing(self, wanted: JobFilter) -> Listing:
        """All jobs that a filter lets through, in its order."""
        return await self._listed(wanted, condition(wanted, self._now()))

    async def among(self, wanted: JobFilter, seqs: Sequence[int]) -> Listing:
        """Those of a few jobs that a filter lets through, in its order."""
        return await self._listed(wanted, condition(wanted, self._now(), among=seqs))

    async def _listed(self, wanted: JobFilter, asked: Condition) -> Listing:
        sql = _listing_sql(wanted, asked)

        def work(connection: sqlite3.Connection) -> Listing:
            return _listing(wanted, connection.execute(sql, asked.parameters).fetchall())

        return await read_while_wanted(self._database, work)

    # The jobs themselves

    async def jobs(self, seqs: Iterable[int]) -> tuple[Job, ...]:
        """Jobs by their numbers, in the order in which they are named; without those that are not there."""
        named = tuple(seqs)

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            return _jobs(connection, named)

        return await self._database.read(work) if named else ()

    async def job(self, job_id: str) -> Job | None:
        """One job; None where it is not there."""

        def work(connection: sqlite3.Connection) -> Job | None:
            return next(iter(job_rows.jobs_of(connection, connection.execute(_BY_ID, (job_id,)))), None)

        return await self._database.read(work)

    async def recent_numbers(self, limit: int) -> tuple[int, ...]:
        """The numbers of the newest jobs that are not in the bin, newest first."""
        return await self._database.read(lambda connection: tuple(_numbers(connection, _RECENT, limit)))

    async def since(self, at: float) -> tuple[Job, ...]:
        """Every job that was asked for since a moment (Unix seconds), the removed ones too, newest first."""

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            return job_rows.jobs_of(connection, connection.execute(_SINCE, (at,)))

        return await self._database.read(work)

    async def lineage(self, job_id: str) -> Lineage:
        """What a job was made from, what was made of it, and its run; empty where it is not there."""
        return await self._database.read(lambda connection: _lineage(connection, job_id))


# Listings


def _listing_sql(wanted: JobFilter, asked: Condition) -> str:
    """One row for each key, with all its numbers as one text: SQLite goes through everything in one step,
    while others have the interpreter. Sizes and prices are few, and sorting numbers is faster here.
    """
    column = _COLUMNS[wanted.sort]
    rows = f"FROM {asked.table} WHERE {asked.sql}"
    if wanted.sort is Sort.TIME:
        return f"SELECT NULL, group_concat(seq) {rows}"
    return f"SELECT {column}, group_concat(seq) {rows} GROUP BY {column}"


def _listing(wanted: JobFilter, rows: Iterable[Sequence[Any]]) -> Listing:
    listing = Listing(filter=wanted)
    groups = [(key, map(int, seqs.split(","))) for key, seqs in rows if seqs]
    if wanted.sort is Sort.TIME:
        for _, seqs in groups:
            listing.seqs.extend(sorted(seqs, reverse=not wanted.reverse))
        listing.keys.extend(map(pos if wanted.reverse else neg, listing.seqs))
        return listing
    for key, seqs in sorted(groups, key=itemgetter(0), reverse=not wanted.reverse):
        listing.seqs.extend(sorted(seqs, reverse=True))
        shown = float(key if wanted.reverse else -key)
        listing.keys.extend([shown] * (len(listing.seqs) - len(listing.keys)))
    return listing


# Jobs


def _numbers(connection: sqlite3.Connection, sql: str, *parameters: object) -> list[int]:
    return [row["seq"] for row in connection.execute(sql, parameters)]


def _jobs(connection: sqlite3.Connection, seqs: Sequence[int]) -> tuple[Job, ...]:
    found = connection.execute(_BY_NUMBERS, (json.dumps(seqs),))
    by_number = {job.seq: job for job in job_rows.jobs_of(connection, found)}
    return tuple(by_number[seq] for seq in dict.fromkeys(seqs) if seq in by_number)


def _lineage(connection: sqlite3.Connection, job_id: str) -> Lineage:
    row = connection.execute("SELECT seq, run_id FROM job WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return Lineage(job_id=job_id)
    came_from = _numbers(connection, _MAKERS, row["seq"])
    led_to = _numbers(connection, _MADE_FROM, job_id)
    run = _numbers(connection, _RUN, row["run_id"])
    return Lineage(
        job_id=job_id,
        came_from=_jobs(connection, came_from),
        led_to=_jobs(connection, led_to[:MOST_RELATED]),
        led_to_count=len(led_to),
        run=_jobs(connection, _around(run, row["seq"])),
        run_count=len(run),
    )


def _around(seqs: list[int], seq: int) -> list[int]:
    """As many of a long run as can be shown, with one of them in the middle."""
    place = seqs.index(seq) if seq in seqs else 0
    first = max(0, min(place - MOST_RELATED // 2, len(seqs) - MOST_RELATED))
    return seqs[first : first + MOST_RELATED]
