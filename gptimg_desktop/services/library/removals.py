"""Jobs that leave the gallery for ever. Their rows stay, for the money and so that nothing is asked for by a
number that means something else; a row says so by `removed_at`."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.bin import BinContents, Clearing
from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.job import OVER, JobState
from gptimg_desktop.services.library.files.own_files import KnownFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from gptimg_desktop.services.library.database import Database

COPIED: Final = "copied"
"""What stands in `image.link` of an imported picture that was copied into the picture folder."""
FOUND: Final = "found"
"""What stands there once a file was missing and the same content was found elsewhere. Nobody can tell whether
that is our file, moved, or a copy of the user's, even in the picture folder: it is his from then on."""
MAY_COME_LATE_S: Final = 3 * 3600.0
"""A task that failed is looked at for an hour, and for another after a start: a picture may still come."""

_STATES: Final = ", ".join(f"'{state}'" for state in sorted(OVER))
_FATE_IS_OPEN: Final = (
    f"(state = '{JobState.FAILED}' AND task_ids <> '[]' AND coalesce(finished_at, created_at) > :late)"
)
_REMOVABLE: Final = (
    f"removed_at IS NULL AND binned_at IS NOT NULL AND state IN ({_STATES}) AND NOT {_FATE_IS_OPEN}"
)
_PAID: Final = f"state = '{JobState.SAVED}' AND service NOT IN ('{IMPORTED}', '{PRACTICE}')"
_CONTENTS: Final = f"""
    SELECT coalesce(sum(goes), 0) AS count, coalesce(sum(NOT goes), 0) AS held,
        coalesce(sum(goes AND is_paid), 0) AS paid,
        coalesce(sum(CASE WHEN goes THEN (
            SELECT sum(size_bytes) FROM image WHERE saved AND job_id = binned.id
        ) END), 0) AS size_bytes
    FROM (SELECT id, {_REMOVABLE} AS goes, {_PAID} AS is_paid FROM job INDEXED BY job_by_time
        WHERE removed_at IS NULL AND binned_at IS NOT NULL AND binned_at < coalesce(:before, 9e999)
            AND (:seqs IS NULL OR seq IN (SELECT value FROM json_each(:seqs)))) AS binned
"""  # noqa: S608 - constants of ours, here and below
_DUE: Final = f"""
    SELECT seq FROM job INDEXED BY job_by_time
        WHERE {_REMOVABLE} AND binned_at < coalesce(:before, 9e999) ORDER BY binned_at, seq
"""  # noqa: S608
_CLAIM: Final = f"UPDATE job SET removed_at = :at WHERE seq = :seq AND {_REMOVABLE}"  # noqa: S608
_GIVE_BACK: Final = "UPDATE job SET removed_at = NULL WHERE seq = ? AND removed_at = ?"
_FILES: Final = """
    SELECT job.seq, job.service, image.path, image.sha256, image.size_bytes, image.link
        FROM job JOIN image ON image.job_id = job.id AND image.saved
        WHERE job.seq IN (SELECT value FROM json_each(?)) ORDER BY job.seq, image.idx
"""
# One look at every picture for many jobs, some at a time: names that differ may lead to one file.
_TWINS: Final = """
    SELECT image.sha256, image.path, job.seq FROM image CROSS JOIN job ON job.id = image.job_id
        WHERE image.rowid > ? AND image.rowid <= ? AND job.removed_at IS NULL
            AND image.sha256 IN (SELECT value FROM json_each(?))
"""
_LAST: Final = "SELECT coalesce(max(rowid), 0) AS last FROM image"
# What is only planned counts too: a picture may be about to get that name.
_BY_PATH: Final = """
    SELECT job.seq, image.path FROM image JOIN job ON job.id = image.job_id
        WHERE image.path = ? AND job.removed_at IS NULL
"""
_STILL_THERE: Final = "SELECT 1 FROM job WHERE seq = ? AND removed_at IS NULL"


_Twins = dict[str, list[tuple[int, str]]]
AT_ONCE: Final = 10_000
"""Rows of pictures that one question looks through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """A job that can be removed, with the files of its pictures."""

    seq: int
    files: tuple[KnownFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that was removed a moment ago, `at` (Unix seconds), and whose files are next; the twins of these
    are those that are there at that moment."""

    seq: int
    at: float
    files: tuple[KnownFile, ...] = ()


class RemovalStore:
    """A job can be removed that is in the bin, is over, and whose picture cannot come any more. Whether it is
    one is asked again in the very write that removes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def contents(self, clearing: Clearing, now: float) -> BinContents:
        """What is in the bin, of all that a clearing means."""
        question = _late(now) | {"before": clearing.before}
        question["seqs"] = None if clearing.seqs is None else json.dumps(clearing.seqs)

        def work(connection: sqlite3.Connection) -> BinContents:
            row = connection.execute(_CONTENTS, question).fetchone()
            return BinContents(**dict(row))

        return await self._database.read(work)

    async def due(self, clearing: Clearing, now: float) -> array[int]:
        """The numbers of the jobs that a clearing means and that can be removed, those first that have been
        in the bin for longest."""
        question = _late(now) | {"before": clearing.before}

        def work(connection: sqlite3.Connection) -> array[int]:
            return array("q", (row["seq"] for row in connection.execute(_DUE, question)))

        due = await self._database.read(work)
        if clearing.seqs is None:
            return due
        wanted = frozenset(clearing.seqs)
        return array("q", (seq for seq in due if seq in wanted))

    async def doomed(self, seqs: Sequence[int]) -> tuple[Doomed, ...]:
        """Jobs with their files, in the order of the numbers."""
        rows = await self._database.read(partial(_files_of, seqs=list(seqs)))
        twins = await self._twins({row["sha256"] for row in rows})
        files: dict[int, list[KnownFile]] = defaultdict(list)
        for row in rows:
            if all(known.path != row["path"] for known in files[row["seq"]]):  # one file may be named twice
                files[row["seq"]].append(_known(row, twins))
        return tuple(Doomed(seq=seq, files=tuple(files[seq])) for seq in seqs)

    async def _twins(self, hashes: set[str]) -> _Twins:
        """Of each content the jobs that have it and the paths where; the gallery's questions go between."""
        found: _Twins = defaultdict(list)
        last = await self._database.read(_last_row) if hashes else 0
        for start in range(0, last, AT_ONCE):
            given = (start, start + AT_ONCE, json.dumps(sorted(hashes)))
            for row in await self._database.read(partial(_rows, question=_TWINS, given=given)):
                found[row["sha256"]].append((row["seq"], row["path"]))
        return found

    async def claim(self, doomed: Doomed, now: float) -> Claim | None:
        """Remove a job; None where it cannot be removed any more, as after the user brought it back."""

        def work(connection: sqlite3.Connection) -> Claim | None:
            if not connection.execute(_CLAIM, _late(now) | {"at": now, "seq": doomed.seq}).rowcount:
                return None
            files = (_as_of_now(connection, known) for known in doomed.files)
            return Claim(seq=doomed.seq, at=now, files=tuple(files))

        return await self._database.write(work)

    async def claim_all(self, seqs: Sequence[int], now: float) -> tuple[int, ...]:
        """Remove jobs that have no files; the numbers of those that were removed."""

        def work(connection: sqlite3.Connection) -> tuple[int, ...]:
            given = _late(now) | {"at": now}
            return tuple(seq for seq in seqs if connection.execute(_CLAIM, given | {"seq": seq}).rowcount)

        return await self._database.write(work)

    async def give_back(self, claim: Claim) -> None:
        """Put a removed job back into the bin as it was: its files are still there."""
        await self._execute(_GIVE_BACK, (claim.seq, claim.at))

    async def begin_anew(self, now: float) -> None:
        """Let what is in the bin be there as from now; for a library whose last days are not known, in which
        some of it may have been brought back."""
        question = "UPDATE job SET binned_at = ? WHERE binned_at < ? AND removed_at IS NULL"
        await self._execute(question, (now, now))

    async def _execute(self, statement: str, values: tuple[float, ...]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        await self._database.write(work)


def _late(now: float) -> dict[str, Any]:
    return {"late": now - MAY_COME_LATE_S}


def _files_of(connection: sqlite3.Connection, *, seqs: Sequence[int]) -> list[sqlite3.Row]:
    return connection.execute(_FILES, (json.dumps(seqs),)).fetchall()


def _last_row(connection: sqlite3.Connection) -> int:
    return int(connection.execute(_LAST).fetchone()["last"])


def _rows(
    connection: sqlite3.Connection, *, question: str, given: tuple[int | str, ...]
) -> list[sqlite3.Row]:
    return connection.execute(question, given).fetchall()


def _as_of_now(connection: sqlite3.Connection, known: KnownFile) -> KnownFile:
    """A file of a job that was removed, with those twins alone that are not."""
    there = {twin for twin in known.twins if connection.execute(_STILL_THERE, twin[:1]).fetchone()}
    named = {(row["seq"], row["path"]) for row in connection.execute(_BY_PATH, (known.path,))}
    return replace(known, twins=frozenset(there | named))


def _known(row: sqlite3.Row, twins: _Twins) -> KnownFile:
    others = (twin for twin in twins[row["sha256"]] if twin[0] != row["seq"])
    return KnownFile(
        path=row["path"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        is_ours=row["link"] == COPIED or (row["service"] != IMPORTED and row["link"] != FOUND),
        twins=frozenset(others),
    )
