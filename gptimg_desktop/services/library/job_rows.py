"""A job as rows of the library, and back: its own row, its pictures, what a search finds it by, and what it
was made from. Everything here is done with an open connection, as part of somebody's step.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import RUNNING, Job, JobState, SavedImage
from gptimg_desktop.core.lookout import FileState
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.searched import searched_text
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.library.codec import (
    problem_from_text,
    problem_to_text,
    request_from_text,
    request_to_text,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_FIXED: Final = ("id", "run_id", "service", "created_at", "prompt", "request", "size", "tier", "estimate")
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
    "rejected",
    "binned_at",
    "area",
    "price",
)
_INSERT: Final = (
    f"INSERT INTO job ({', '.join(_FIXED + _MOVING)})"  # noqa: S608 - names of our own columns
    f" VALUES ({', '.join(f':{name}' for name in _FIXED + _MOVING)}) RETURNING seq"
)
_GOES_ON: Final = ", ".join(repr(state.value) for state in sorted(RUNNING | {JobState.UNCONFIRMED}))
# What goes on or waits for the user's word has a place again, even where its job had left for good.
_ADVANCE: Final = (
    f"UPDATE job SET {', '.join(f'{name} = :{name}' for name in _MOVING)},"  # noqa: S608 - as above
    f" removed_at = CASE WHEN :state IN ({_GOES_ON}) THEN NULL ELSE removed_at END"
    " WHERE id = :id AND state = :state_before AND attempt = :attempt_before"
)
_KEEP_IMAGE: Final = (
    "INSERT OR REPLACE INTO image (job_id, idx, path, sha256, size_bytes, width, height, format, link, saved)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# Whoever looks at the files may have seen this one at its name before it is told of; then it is told all the
# same, since it holds what it says here. A file that is back at its path is as little ours as it was.
_BRING_BACK: Final = f"""
    UPDATE image SET path = :path, sha256 = :sha256, size_bytes = :size_bytes, width = :width,
            height = :height, format = :format, link = CASE path WHEN :path THEN link ELSE :link END,
            missing = {FileState.AS_SAVED:d}
        WHERE job_id = :job_id AND idx = :idx AND saved
            AND (path = :path OR path = :former AND missing = {FileState.MISSING:d})
            AND EXISTS (SELECT 1 FROM job WHERE job.id = image.job_id AND job.removed_at IS NULL)
"""  # noqa: S608 - constants of ours
_KEEP_WORDS: Final = "INSERT OR REPLACE INTO job_text (rowid, words) VALUES (?, ?)"
_KEEP_REFERENCE: Final = "INSERT INTO reference (seq, position, name, sha256, made_by) VALUES (?, ?, ?, ?, ?)"
_JOIN_CURRENT: Final = (
    "INSERT INTO member (collection, seq) SELECT number, ? FROM collection WHERE is_current"
)
_IMAGES_OF: Final = (
    "SELECT * FROM image WHERE saved AND job_id IN (SELECT value FROM json_each(?)) ORDER BY job_id, idx"
)


# Writing


def insert(connection: sqlite3.Connection, job: Job, *, joins: bool = True) -> Job:
    """Write a new job with all that belongs to it; it comes back with its number. One that was asked for
    `joins` the current collection, a picture that the user brought along goes into none."""
    (seq,) = connection.execute(_INSERT, _row(job)).fetchone()
    numbered = replace(job, seq=seq)
    _keep_words(connection, numbered)
    connection.executemany(_KEEP_REFERENCE, _reference_rows(numbered))
    if job.state is JobState.SAVED:
        _keep_images(connection, numbered)
    if joins and not job.is_imported:
        connection.execute(_JOIN_CURRENT, (seq,))
    return numbered


def advance(connection: sqlite3.Connection, before: Job, after: Job) -> bool:
    """Write a job's next state; False where the library does not know it as it is in `before`."""
    known = {"state_before": before.state.value, "attempt_before": before.attempt}
    if connection.execute(_ADVANCE, _row(after) | known).rowcount != 1:
        return False
    if after.state is JobState.SAVED and before.state is not JobState.SAVED:
        _keep_images(connection, after)
        _keep_words(connection, after)
    return True


def plan_image(connection: sqlite3.Connection, job: Job, image: SavedImage) -> None:
    """Write where an image is about to be put; it counts once its job is saved. Of a saved job all that is
    known stays."""
    if job.state is not JobState.SAVED:
        connection.execute(_KEEP_IMAGE, (*_image_row(job, image), False))


def bring_back(connection: sqlite3.Connection, job: Job, gone: SavedImage, there: SavedImage) -> bool:
    """Write where the file of a saved image that was gone is now, with all that is known of it; False where
    it is not missed at its former path any more, or its job was removed."""
    names = ("job_id", "idx", "path", "sha256", "size_bytes", "width", "height", "format", "link")
    row = dict(zip(names, _image_row(job, there), strict=True))
    return connection.execute(_BRING_BACK, row | {"former": gone.path}).rowcount == 1


def _keep_images(connection: sqlite3.Connection, job: Job) -> None:
    connection.executemany(_KEEP_IMAGE, ((*_image_row(job, image), True) for image in job.images))


def _keep_words(connection: sqlite3.Connection, job: Job) -> None:
    delivered = " ".join(str(image.pixels) for image in job.images)
    connection.execute(_KEEP_WORDS, (job.seq, searched_text(job.request, delivered)))


def _reference_rows(job: Job) -> Iterator[tuple[int, int, str, str, str]]:
    for position, each in enumerate(job.request.references):
        if isinstance(each, FileReference):
            yield job.seq, position, each.name, each.sha256, each.job_id
        else:
            yield job.seq, position, each.url, "", ""


def _row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "run_id": job.run_id,
        "service": job.service,
        "key_fingerprint": job.key_fingerprint,
        "created_at": job.created_at,
        "prompt": job.request.prompt,
        "request": request_to_text(job.request),
        "size": str(job.request.size),
        "tier": job.request.tier.value,
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
        "rejected": job.rejected,
        "binned_at": job.binned_at,
        "area": job.area,
        "price": float(job.price),
    }


def _image_row(job: Job, image: SavedImage) -> tuple[int | str, ...]:
    pixels = image.pixels
    place = (job.id, image.index, image.path)
    content = (image.sha256, image.size_bytes, pixels.width, pixels.height, image.format)
    return (*place, *content, link_of(job, image.index))


def link_of(job: Job, index: int) -> str:
    """Where an image of a job is fetched from; "" where the job names fewer."""
    return job.links[index] if index < len(job.links) else ""


# Reading


def jobs_of(connection: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> tuple[Job, ...]:
    """The jobs in rows of the table `job`, in their order, with their pictures; StorageError where a row
    makes no sense (a damaged or foreign library)."""
    found = list(rows)
    ids = json.dumps([row["id"] for row in found if row["state"] == JobState.SAVED])
    images = defaultdict(list)
    for row in connection.execute(_IMAGES_OF, (ids,)):
        images[row["job_id"]].append(image_of(row))
    return tuple(_job(row, tuple(images.get(row["id"], ()))) for row in found)


def image_of(row: sqlite3.Row) -> SavedImage:
    """The image in a row of the table `image`."""
    return SavedImage(
        index=row["idx"],
        path=row["path"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        pixels=PixelSize(row["width"], row["height"]),
        format=row["format"],
        is_missing=row["missing"] == FileState.MISSING,
        is_changed=row["missing"] == FileState.CHANGED,
    )


def _job(row: sqlite3.Row, images: tuple[SavedImage, ...]) -> Job:
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
        rejected=bool(row["rejected"]),
        binned_at=row["binned_at"],
    )


def evidence_in(row: sqlite3.Row) -> Evidence | None:
    """The answer in a row of `attempt`; None where none was recorded."""
    if row["replied_at"] is None:
        return None
    return Evidence(
        released=True,
        status=row["status"],
        complete=bool(row["complete"]),
        body=row["body"],
        headers=json.loads(row["headers"]),
        failure=problem_from_text(row["failure"]),
    )
