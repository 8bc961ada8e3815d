"""Jobs in the library: every step is one committed compare-and-set."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.core.job import NEEDS_USER, OVER, RUNNING, JobState
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.codec import (
    draft_from_text,
    draft_salvaged,
    draft_to_text,
    problem_to_text,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.core.verdict import Evidence
    from gptimg_desktop.services.library.database import Database

logger = logging.getLogger(__name__)


class StaleJobError(RuntimeError):
    """The job was no longer what the caller took it for; nothing was changed."""


# The index over the states makes SQLite write: a row that stays the same it would leave alone.
_PROBE: Final = "UPDATE job SET state = state WHERE id = ? AND state = ? AND attempt = ?"


def _one_of(states: frozenset[JobState]) -> str:
    """A condition on a row of the table `job`."""
    return f"state IN ({', '.join(repr(state.value) for state in sorted(states))})"


_IN_HAND: Final = (
    f"SELECT * FROM job WHERE {_one_of(RUNNING | NEEDS_USER)}"  # noqa: S608 - names of our own states
    " OR (state = 'failed' AND task_ids <> '[]' AND (finished_at IS NULL OR finished_at > ?))"
    " ORDER BY seq DESC"
)
# The sign keeps SQLite from going through all jobs of these states to find the few that are named.
_OVER_AMONG: Final = (
    "SELECT id FROM job WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - as above
    f" AND +{_one_of(OVER - {JobState.FAILED, JobState.LOST})}"
)
_OF_TASK: Final = "SELECT 1 FROM job WHERE instr(task_ids, ?) AND id <> ? LIMIT 1"
_NAMED: Final = """
    SELECT sha256 FROM reference WHERE sha256 <> ''
    UNION SELECT json_extract(each.value, '$.sha256') AS named
        FROM draft, json_each(draft.content, '$.references') AS each WHERE named IS NOT NULL
"""
# A picture that the user brought along may be older than anything that was asked for here.
_FIRST: Final = "SELECT MIN(created_at) FROM job WHERE service <> ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedReferences:
    """The references that the library cannot do without. `since` is when its first job was made (Unix
    seconds), None where it has none: of what is older than that it knows nothing."""

    sha256: frozenset[str]
    since: float | None

    def with_those_of(self, draft: Draft) -> NamedReferences:
        """With what another draft names."""
        more = {each.sha256 for each in draft.references if isinstance(each, FileReference)}
        return replace(self, sha256=self.sha256 | more)


class JobStore:
    """Adds, advances and lists jobs, and keeps every answer of the service as it came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, jobs: Sequence[Job]) -> tuple[Job, ...]:
        """Commit new jobs, all or none; they come back with their order (`seq`)."""

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            return tuple(job_rows.insert(connection, job) for job in jobs)

        return await self._database.write(work)

    async def advance(self, before: Job, after: Job, *, reports: Iterable[TaskReport] = ()) -> Job:
        """Commit one step, with the answers it came from; StaleJobError where `before` is no longer true."""
        answers = tuple(reports)

        def work(connection: sqlite3.Connection) -> None:
            _take_step(connection, before, after)
            for report in answers:
                connection.execute(
                    "INSERT OR REPLACE INTO task_answer (task_id, job_id, body) VALUES (?, ?, ?)",
                    (report.task_id, after.id, report.raw),
                )

        await self._database.write(work)
        return after

    async def advance_all(self, steps: Sequence[tuple[Job, Job]]) -> None:
        """Commit many steps (before, after) as one, all or none; StaleJobError where one `before` is no
        longer true."""

        def work(connection: sqlite3.Connection) -> None:
            for before, after in steps:
                _take_step(connection, before, after)

        if steps:
            await self._database.write(work)

    async def probe(self, job: Job) -> None:
        """Write to the disk without changing anything; StaleJobError where `job` is no longer true."""

        def work(connection: sqlite3.Connection) -> None:
            if connection.execute(_PROBE, (job.id, job.state.value, job.attempt)).rowcount != 1:
                raise _stale(job)

        await self._database.write(work)

    async def arm(self, job: Job, at: float, *, key_fingerprint: str = "") -> Job:
        """Commit QUEUED → SENDING with its attempt, or raise and leave both out."""
        armed = job.arm(at, key_fingerprint=key_fingerprint)

        def work(connection: sqlite3.Connection) -> None:
            _take_step(connection, job, armed)
            connection.execute(
                "INSERT INTO attempt (job_id, attempt, armed_at) VALUES (?, ?, ?)",
                (job.id, armed.attempt, at),
            )

        await self._database.write(work)
        return armed

    async def record_answer(self, job: Job, evidence: Evidence, at: float) -> None:
        """Commit what came back from a submit, before anybody reads meaning into it; StaleJobError where the
        attempt was never armed."""

        def work(connection: sqlite3.Connection) -> None:
            changed = connection.execute(
                "UPDATE attempt SET replied_at = ?, complete = ?, status = ?, headers = ?, body = ?,"
                " failure = ? WHERE job_id = ? AND attempt = ?",
                (
                    at,
                    evidence.complete,
                    evidence.status,
                    json.dumps(dict(evidence.headers)),
                    evidence.body,
                    problem_to_text(evidence.failure),
                    job.id,
                    job.attempt,
                ),
            )
            if changed.rowcount != 1:
                raise StaleJobError(f"job {job.id} has no attempt {job.attempt}")

        await self._database.write(work)

    async def answer(self, job: Job) -> Evidence | None:
        """What came back from the job's latest submit; None where nothing was recorded."""

        def work(connection: sqlite3.Connection) -> Evidence | None:
            row = connection.execute(
                "SELECT * FROM attempt WHERE job_id = ? AND attempt = ?", (job.id, job.attempt)
            ).fetchone()
            return None if row is None else job_rows.evidence_in(row)

        return await self._database.read(work)

    async def get(self, job_id: str) -> Job:
        """One job as it is committed; StaleJobError where there is none."""

        def work(connection: sqlite3.Connection) -> Job:
            row = connection.execute("SELECT * FROM job WHERE id = ?", (job_id,)).fetchone()
            if row is None:
                raise StaleJobError(f"no job {job_id}")
            (job,) = job_rows.jobs_of(connection, (row,))
            return job

        return await self._database.read(work)

    async def in_hand(self, *, failed_since: float) -> tuple[Job, ...]:
        """Every job that goes on by itself, waits for the user's word, or has failed since a moment (Unix
        seconds), so that it is still looked at; newest first."""

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            return job_rows.jobs_of(connection, connection.execute(_IN_HAND, (failed_since,)))

        return await self._database.read(work)

    async def has_task(self, task_id: str, *, besides: str) -> bool:
        """True where a task of the service belongs to another job than `besides` (an id)."""
        sought = json.dumps(task_id)

        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(_OF_TASK, (sought, besides))
            return found.fetchone() is not None

        return await self._database.read(work)

    async def over_among(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those of the jobs that are over and have nothing more to fetch."""
        named = json.dumps(sorted(job_ids))

        def work(connection: sqlite3.Connection) -> frozenset[str]:
            return frozenset(row["id"] for row in connection.execute(_OVER_AMONG, (named,)))

        return await self._database.read(work)

    async def job_of_file(self, *paths: str) -> str:
        """The id of the job that made the picture in a file, by any of the names that lead to it; empty where
        none did."""
        known = [path for path in paths if _is_text(path)]
        marks = ", ".join("?" * len(known))
        question = f"SELECT job_id FROM image WHERE saved AND path IN ({marks})"  # noqa: S608 - marks alone

        def work(connection: sqlite3.Connection) -> str:
            row = connection.execute(question, known).fetchone()
            return "" if row is None else str(row["job_id"])

        return await self._database.read(work)

    async def named_references(self) -> NamedReferences:
        """Every reference that a job or the draft names, as they are at one moment."""

        def work(connection: sqlite3.Connection) -> NamedReferences:
            named = frozenset(row["sha256"] for row in connection.execute(_NAMED))
            (since,) = connection.execute(_FIRST, (IMPORTED,)).fetchone()
            return NamedReferences(sha256=named, since=since)

        return await self._database.read(work)

    async def plan_image(self, job: Job, image: SavedImage) -> None:
        """Commit where an image is about to be put, so that a file without its row is never a stranger."""
        await self._database.write(lambda connection: job_rows.plan_image(connection, job, image))

    async def planned_image(self, job: Job, index: int) -> SavedImage | None:
        """Where an image was about to be put, if it came that far.

        Of several images only one that came from the link that has this index now: a later answer of the
        service may name them in another order.
        """

        def work(connection: sqlite3.Connection) -> SavedImage | None:
            row = connection.execute(
                "SELECT * FROM image WHERE job_id = ? AND idx = ? AND (? OR link = ?)",
                (job.id, index, len(job.links) <= 1, job_rows.link_of(job, index)),
            ).fetchone()
            return None if row is None else job_rows.image_of(row)

        return await self._database.read(work)

    async def planned_twin(self, job: Job, image: SavedImage) -> SavedImage | None:
        """An image of the same job with the same bytes that was about to be put somewhere, as this one."""

        def work(connection: sqlite3.Connection) -> SavedImage | None:
            row = connection.execute(
                "SELECT * FROM image WHERE job_id = ? AND sha256 = ?", (job.id, image.sha256)
            ).fetchone()
            return None if row is None else image.at(row["path"])

        return await self._database.read(work)

    async def note_there(self, job: Job, gone: SavedImage, there: SavedImage) -> bool:
        """Commit that a file of a saved job, which was gone, is there; False, and nothing changed, where the
        library knows better by now: it was found somewhere else, or its job was removed."""
        return await self._database.write(
            lambda connection: job_rows.bring_back(connection, job, gone, there)
        )

    async def save_draft(self, draft: Draft) -> None:
        """Keep what stands in the composer."""
        content = draft_to_text(draft)
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO draft (only, content) VALUES (1, ?)", (content,)
            )
        )

    async def draft(self) -> Draft:
        """What stood in the composer; an empty draft at the first start. Of what makes no sense the rest is
        given, and the whole is set aside."""
        content = await self._database.read(_draft_content)
        if content is None:
            return Draft()
        try:
            return draft_from_text(content)
        except ValueError as error:
            logger.warning("the draft that was kept makes no sense as a whole: %s", error)
        with contextlib.suppress(StorageError):  # then the next draft cannot be kept either
            await self._database.write(lambda connection: connection.execute(_SET_ASIDE, (content,)))
        return draft_salvaged(content)


_SET_ASIDE: Final = "INSERT OR IGNORE INTO odd_draft (content) VALUES (?)"


def _draft_content(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT content FROM draft").fetchone()
    return None if row is None else str(row["content"])


def _is_text(path: str) -> bool:
    """False for a name with bytes that are no text, which no file of ours has."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _take_step(connection: sqlite3.Connection, before: Job, after: Job) -> None:
    if not job_rows.advance(connection, before, after):
        raise _stale(before)


def _stale(job: Job) -> StaleJobError:
    return StaleJobError(f"job {job.id} is not {job.state} in attempt {job.attempt} any more")
