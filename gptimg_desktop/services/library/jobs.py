"""Jobs in the library: every step is one committed compare-and-set."""

from __future__ import annotations

import contextlib
import json
import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.library.codec import (
    draft_from_text,
    draft_salvaged,
    draft_to_text,
    problem_from_text,
    problem_to_text,
    request_from_text,
    request_to_text,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.services.library.database import Database

logger = logging.getLogger(__name__)


class StaleJobError(RuntimeError):
    """The job was no longer what the caller took it for; nothing was changed."""


_FIXED: Final = ("id", "run_id", "service", "created_at", "prompt", "request", "estimate")
_MOVING: Final = (
    "state",
    "attempt",
    "key_fingerprint",
    "armed_at",
    "accepted_at",
    "finished_at",
    "task_ids",
    "status_word",
    "links",
    "expires_at",
    "cost",
    "problem",
    "note",
    "doubts",
    "rank",
    "picked",
    "binned_at",
)
_INSERT: Final = (
    f"INSERT INTO job ({', '.join(_FIXED + _MOVING)})"  # noqa: S608 - names of our own columns
    f" VALUES ({', '.join(f':{name}' for name in _FIXED + _MOVING)}) RETURNING seq"
)
_ADVANCE: Final = (
    f"UPDATE job SET {', '.join(f'{name} = :{name}' for name in _MOVING)}"  # noqa: S608 - as above
    " WHERE id = :id AND state = :state_before AND attempt = :attempt_before"
)
# The index over the states makes SQLite write: a row that stays the same it would leave alone.
_PROBE: Final = "UPDATE job SET state = state WHERE id = ? AND state = ? AND attempt = ?"
_KEEP_IMAGE: Final = (
    "INSERT OR REPLACE INTO image (job_id, idx, path, sha256, size_bytes, width, height, format, link, saved)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


_NAMED: Final = """
    SELECT json_extract(reference.value, '$.sha256') AS sha256
        FROM job, json_each(job.request, '$.references') AS reference WHERE sha256 IS NOT NULL
    UNION SELECT json_extract(reference.value, '$.sha256') AS sha256
        FROM draft, json_each(draft.content, '$.references') AS reference WHERE sha256 IS NOT NULL
"""


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
            rows = [connection.execute(_INSERT, _row(job)).fetchone() for job in jobs]
            return tuple(replace(job, seq=row["seq"]) for job, row in zip(jobs, rows, strict=True))

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
            _require_one(connection.execute(_PROBE, (job.id, job.state.value, job.attempt)), job)

        await self._database.write(work)

    async def arm(self, job: Job, at: float, *, key_fingerprint: str = "") -> Job:
        """Commit QUEUED → SENDING with its attempt, or raise and leave both out."""
        armed = job.arm(at, key_fingerprint=key_fingerprint)

        def work(connection: sqlite3.Connection) -> None:
            _compare_and_set(connection, job, armed)
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
                "SELECT * FROM attempt WHERE job_id = ? AND attempt = ? AND replied_at IS NOT NULL",
                (job.id, job.attempt),
            ).fetchone()
            return None if row is None else _evidence(row)

        return await self._database.read(work)

    async def get(self, job_id: str) -> Job:
        """One job as it is committed; StaleJobError where there is none."""

        def work(connection: sqlite3.Connection) -> Job:
            row = connection.execute("SELECT * FROM job WHERE id = ?", (job_id,)).fetchone()
            if row is None:
                raise StaleJobError(f"no job {job_id}")
            images = connection.execute(
                "SELECT * FROM image WHERE saved AND job_id = ? ORDER BY idx", (job_id,)
            )
            return _job(row, tuple(map(_image, images)))

        return await self._database.read(work)

    async def all(self) -> tuple[Job, ...]:
        """Every job, newest first."""

        def work(connection: sqlite3.Connection) -> tuple[Job, ...]:
            images = defaultdict(list)
            for row in connection.execute("SELECT * FROM image WHERE saved ORDER BY job_id, idx"):
                images[row["job_id"]].append(_image(row))
            rows = connection.execute("SELECT * FROM job ORDER BY seq DESC")
            return tuple(_job(row, tuple(images[row["id"]])) for row in rows)

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
            (since,) = connection.execute("SELECT MIN(created_at) FROM job").fetchone()
            return NamedReferences(sha256=named, since=since)

        return await self._database.read(work)

    async def plan_image(self, job: Job, image: SavedImage) -> None:
        """Commit where an image is about to be put, so that a file without its row is never a stranger."""
        values = (*_image_row(job, image), False)
        await self._database.write(lambda connection: connection.execute(_KEEP_IMAGE, values))

    async def planned_image(self, job: Job, index: int) -> SavedImage | None:
        """Where an image was about to be put, if it came that far.

        Of several images only one that came from the link that has this index now: a later answer of the
        service may name them in another order.
        """

        def work(connection: sqlite3.Connection) -> SavedImage | None:
            row = connection.execute(
                "SELECT * FROM image WHERE job_id = ? AND idx = ? AND (? OR link = ?)",
                (job.id, index, len(job.links) <= 1, _link(job, index)),
            ).fetchone()
            return None if row is None else _image(row)

        return await self._database.read(work)

    async def planned_twin(self, job: Job, image: SavedImage) -> SavedImage | None:
        """An image of the same job with the same bytes that was about to be put somewhere, as this one."""

        def work(connection: sqlite3.Connection) -> SavedImage | None:
            row = connection.execute(
                "SELECT * FROM image WHERE job_id = ? AND sha256 = ?", (job.id, image.sha256)
            ).fetchone()
            return None if row is None else image.at(row["path"])

        return await self._database.read(work)

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
    _compare_and_set(connection, before, after)
    if after.state is JobState.SAVED and before.state is not JobState.SAVED:
        for image in after.images:
            connection.execute(_KEEP_IMAGE, (*_image_row(after, image), True))


def _compare_and_set(connection: sqlite3.Connection, before: Job, after: Job) -> None:
    changed = connection.execute(
        _ADVANCE, _row(after) | {"state_before": before.state.value, "attempt_before": before.attempt}
    )
    _require_one(changed, before)


def _require_one(changed: sqlite3.Cursor, before: Job) -> None:
    if changed.rowcount != 1:
        raise StaleJobError(f"job {before.id} is not {before.state} in attempt {before.attempt} any more")


def _row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "run_id": job.run_id,
        "service": job.service,
        "key_fingerprint": job.key_fingerprint,
        "created_at": job.created_at,
        "prompt": job.request.prompt,
        "request": request_to_text(job.request),
        "estimate": str(job.estimate),
        "state": job.state.value,
        "attempt": job.attempt,
        "armed_at": job.armed_at,
        "accepted_at": job.accepted_at,
        "finished_at": job.finished_at,
        "task_ids": json.dumps(job.task_ids),
        "status_word": job.status_word,
        "links": json.dumps(job.links),
        "expires_at": job.expires_at,
        "cost": None if job.cost is None else str(job.cost),
        "problem": problem_to_text(job.problem),
        "note": problem_to_text(job.note),
        "doubts": job.doubts,
        "rank": job.rank,
        "picked": job.picked,
        "binned_at": job.binned_at,
    }


def _job(row: sqlite3.Row, images: tuple[SavedImage, ...]) -> Job:
    """The job in a row; StorageError where the row makes no sense (a damaged or foreign library)."""
    try:
        return _decoded(row, images)
    except (LookupError, ValueError, TypeError, ArithmeticError) as error:
        reason = f"job {row['id']}: {type(error).__name__} {error}"
        raise StorageError(Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason=reason)) from error


def _decoded(row: sqlite3.Row, images: tuple[SavedImage, ...]) -> Job:
    return Job(
        id=row["id"],
        run_id=row["run_id"],
        service=row["service"],
        key_fingerprint=row["key_fingerprint"],
        request=request_from_text(row["request"]),
        created_at=row["created_at"],
        estimate=Decimal(row["estimate"]),
        seq=row["seq"],
        state=JobState(row["state"]),
        attempt=row["attempt"],
        armed_at=row["armed_at"],
        accepted_at=row["accepted_at"],
        finished_at=row["finished_at"],
        task_ids=tuple(json.loads(row["task_ids"])),
        status_word=row["status_word"],
        links=tuple(json.loads(row["links"])),
        expires_at=row["expires_at"],
        cost=None if row["cost"] is None else Decimal(row["cost"]),
        images=images,
        problem=problem_from_text(row["problem"]),
        note=problem_from_text(row["note"]),
        doubts=row["doubts"],
        rank=row["rank"],
        picked=bool(row["picked"]),
        binned_at=row["binned_at"],
    )


def _image_row(job: Job, image: SavedImage) -> tuple[int | str, ...]:
    pixels = image.pixels
    place = (job.id, image.index, image.path)
    content = (image.sha256, image.size_bytes, pixels.width, pixels.height, image.format)
    return (*place, *content, _link(job, image.index))


def _link(job: Job, index: int) -> str:
    """Where an image of a job is fetched from; "" where the job names fewer."""
    return job.links[index] if index < len(job.links) else ""


def _image(row: sqlite3.Row) -> SavedImage:
    return SavedImage(
        index=row["idx"],
        path=row["path"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        pixels=PixelSize(row["width"], row["height"]),
        format=row["format"],
    )


def _evidence(row: sqlite3.Row) -> Evidence:
    return Evidence(
        released=True,
        status=row["status"],
        complete=bool(row["complete"]),
        body=row["body"],
        headers=json.loads(row["headers"]),
        failure=problem_from_text(row["failure"]),
    )
