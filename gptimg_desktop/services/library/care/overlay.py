"""Brings into an older copy of the library what is known from elsewhere: from the file that it replaces, from
the emergency journal, and from the disk. All of it is done with one open connection, as part of one step.

The rule that holds money: what waits in the copy may have been sent since, so it asks the user.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.core.job import LINK_LIFE_S, Job, JobState
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Tier
from gptimg_desktop.core.task import is_safe_task_id
from gptimg_desktop.core.verdict import Outcome, judge
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.care.strays import image_in, strays
from gptimg_desktop.services.library.job_rows import evidence_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import SavedImage
    from gptimg_desktop.services.library.care.salvage import Found, Salvage
    from gptimg_desktop.services.library.care.strays import Stray
    from gptimg_desktop.services.library.emergency_journal import JournalEntry

_WAY: Final = (
    JobState.QUEUED,
    JobState.SENDING,
    JobState.UNCONFIRMED,
    JobState.CLOSED,
    JobState.FAILED,
    JobState.LOST,
    JobState.ACCEPTED,
    JobState.READY,
    JobState.REJECTED,
    JobState.CANCELLED,
    JobState.SAVED,
)
"""How far a job has come, for a choice between two that differ: the later one is believed."""
_WAITS: Final = frozenset({JobState.QUEUED, JobState.SENDING})
_WITHOUT_TASK: Final = _WAITS | {JobState.UNCONFIRMED}
_MAY_GO_ON: Final = _WITHOUT_TASK | {JobState.CLOSED}
"""What was given up may have been sent again since."""
_WITHOUT_FILE: Final = _WITHOUT_TASK | {JobState.ACCEPTED, JobState.READY}
_SETTLED: Final = frozenset({Outcome.ACCEPTED, Outcome.REFUSED})
_AT_A_TIME: Final = 200
_SENSELESS: Final = (sqlite3.Error, ValueError, TypeError)
_DROP: Final = (
    "DELETE FROM attempt WHERE job_id = (SELECT id FROM job WHERE seq = ?)",
    "DELETE FROM task_answer WHERE job_id = (SELECT id FROM job WHERE seq = ?)",
    "DELETE FROM image WHERE job_id = (SELECT id FROM job WHERE seq = ?)",
    "DELETE FROM reference WHERE seq = ?",
    "DELETE FROM member WHERE seq = ?",
    "DELETE FROM job_text WHERE rowid = ?",
    "DELETE FROM job WHERE seq = ?",
)
_OLDEST_YEAR_S: Final = 631_152_000.0
_HASH_IN_ID: Final = 24


@dataclass(slots=True)
class Counts:
    """What an overlay brought."""

    read_back: int = 0
    found: int = 0
    adopted: int = 0
    followed: int = 0
    left_out: int = 0
    homeless: list[str] = field(default_factory=list)


class Overlay:
    """One copy of the library on its way to become the library. `now` in Unix seconds."""

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        self._connection = connection
        self.now = now
        self._tasks: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._armed: dict[str, float] = {}
        self._unsent: set[str] = set()
        self._doubted: set[str] = set()
        self.counts = Counts()

    @property
    def doubted(self) -> int:
        """How many jobs ask the user now."""
        return len(self._doubted)

    # What cannot stay

    def drop_senseless(self) -> None:
        """Let go of jobs that make no sense: a library with one of them could not be used either. Their tasks
        are followed, and their pictures taken in anew."""
        rows = self._connection.execute("SELECT seq FROM job ORDER BY seq")
        numbers = [seq for (seq,) in rows]
        for first in range(0, len(numbers), _AT_A_TIME):
            some = numbers[first : first + _AT_A_TIME]
            try:
                sound = frozenset(self._jobs_numbered(some))
            except _SENSELESS:
                sound = frozenset(seq for seq in some if self._makes_sense(seq))
            for seq in some:
                if seq not in sound:
                    self._drop(seq)

    def _makes_sense(self, seq: int) -> bool:
        with contextlib.suppress(*_SENSELESS):
            return bool(self._jobs_numbered([seq]))
        return False

    def _drop(self, seq: int) -> None:
        with contextlib.suppress(*_SENSELESS):
            question = "SELECT id, attempt, task_ids FROM job WHERE seq = ? AND state <> 'saved'"
            for job_id, attempt, task_ids in self._connection.execute(question, (seq,)):
                self._tasks[str(job_id), int(attempt)].update(dict.fromkeys(map(str, json.loads(task_ids))))
        for statement in _DROP:
            self._connection.execute(statement, (seq,))

    # What another library knows

    def take(
        self, source: Salvage, *, with_marks: bool, with_imports: bool = True, is_believed: bool = False
    ) -> None:
        """Every job that has come further there than here, and those that are not here: what the user brought
        along `with_imports` alone. Marks of the user count `with_marks` alone. What `is_believed` knows what
        was not sent."""
        last = self.last_number()
        for found in source.jobs(last, self._is_news):
            here = self._jobs_numbered([each.job.seq for each in found])
            for each in found:
                if is_believed and each.job.state is JobState.QUEUED:
                    self._unsent.add(each.job.id)
                known = here.get(each.job.seq)
                if known is None and not with_imports and _is_brought_along(each.job):
                    self.counts.left_out += each.removed_at is None
                else:
                    self._take(each, known, with_marks=with_marks)
        for answered in source.answered(self._settled()):
            if not answered.is_saved:
                self._tasks[answered.job_id, answered.attempt].update(dict.fromkeys(answered.task_ids))
                self._armed[answered.job_id] = answered.armed_at
        self.number_from(source.last_number())

    def _is_news(self, row: sqlite3.Row) -> bool:
        """False for a row that stands here just like that; what waits is always worth a look."""
        if row["state"] == JobState.QUEUED:
            return True
        here = self._connection.execute("SELECT * FROM job WHERE seq = ?", (row["seq"],)).fetchone()
        return here is None or tuple(here) != tuple(row)

    def _settled(self) -> frozenset[str]:
        """The ids of the jobs whose tasks are known here, or that have none and will have none."""
        open_states = json.dumps([state.value for state in _MAY_GO_ON])
        rows = self._connection.execute(
            "SELECT id FROM job WHERE state NOT IN (SELECT value FROM json_each(?))", (open_states,)
        )
        return frozenset(job_id for (job_id,) in rows)

    def take_draft(self, source: Salvage) -> None:
        """The composer's content as it was last."""
        content = source.draft()
        if content is not None and _is_json(content):
            self._connection.execute("INSERT OR REPLACE INTO draft (only, content) VALUES (1, ?)", (content,))

    def take_texts(self, source: Salvage) -> None:
        """The templates and the collections as they were last."""
        for name, text, used_at in source.templates():
            if isinstance(name, str) and isinstance(text, str) and isinstance(used_at, float):
                self._connection.execute(
                    "INSERT OR REPLACE INTO template (name, text, used_at) VALUES (?, ?, ?)",
                    (name, text, used_at),
                )

        for number, name, created_at, is_current in source.collections():
            if isinstance(name, str) and isinstance(created_at, float):
                self._take_collection(source, number, name, created_at)
                if is_current:
                    self._make_current(name)

    def _take_collection(self, source: Salvage, number: int, name: str, created_at: float) -> None:
        """A collection with those of its jobs that are here; one that was renamed since has its new name."""
        self._connection.execute(
            "UPDATE OR IGNORE collection SET name = ? WHERE number = ? AND created_at = ?",
            (name, number, created_at),
        )
        self._connection.execute(
            "INSERT OR IGNORE INTO collection (name, created_at) VALUES (?, ?)", (name, created_at)
        )
        self._connection.execute(
            "INSERT OR IGNORE INTO member (collection, seq) SELECT collection.number, job.seq"
            " FROM collection, job WHERE name = ? AND seq IN (SELECT value FROM json_each(?))",
            (name, json.dumps(source.members(number))),
        )

    def _make_current(self, name: str) -> None:
        self._connection.execute("UPDATE collection SET is_current = 0 WHERE is_current")
        self._connection.execute("UPDATE collection SET is_current = 1 WHERE name = ?", (name,))

    def _take(self, found: Found, here: Job | None, *, with_marks: bool) -> None:
        if here is None:
            self._add(found)
        elif not _is_same(found.job, here):
            return
        elif _is_later(found.job, here):
            there = found.job if with_marks else _marked_as(found.job, here)
            job_rows.advance(self._connection, here, there)
            self._take_beside(found)
        else:
            self._take_marks(found.job, here, with_marks=with_marks)
            return
        self.counts.read_back += 1

    def _take_marks(self, there: Job, here: Job, *, with_marks: bool) -> None:
        """What both know is as the copy has it, which was checked; only marks may be newer."""
        marked = _marked_as(here, there)
        if with_marks and marked != here:
            job_rows.advance(self._connection, here, marked)
            self.counts.read_back += 1

    def _add(self, found: Found) -> None:
        """A job that is not here, under its own number."""
        taken = self._connection.execute("SELECT 1 FROM job WHERE id = ?", (found.job.id,)).fetchone()
        if taken is not None:
            return
        last = self.last_number()
        self._set_last_number(found.job.seq - 1)
        job_rows.insert(self._connection, found.job, joins=False)
        self._set_last_number(max(last, found.job.seq))
        self._take_beside(found)

    def _take_beside(self, found: Found) -> None:
        for image in found.planned:
            job_rows.plan_image(self._connection, found.job, image)
        if found.attempt is not None:
            names = ("job_id", "attempt", "armed_at", "replied_at", "complete", "status", "headers", "body")
            self._connection.execute(
                f"INSERT OR REPLACE INTO attempt ({', '.join(names)}, failure)"  # noqa: S608 - our own names
                f" VALUES ({', '.join('?' * len(names))}, ?)",
                (*(found.attempt[name] for name in names), found.attempt["failure"]),
            )
        if found.removed_at is not None:
            self._connection.execute(
                "UPDATE job SET removed_at = ? WHERE id = ?", (found.removed_at, found.job.id)
            )

    # Money

    def note_journal(self, entries: Iterable[JournalEntry]) -> None:
        """Task ids that no library took yet."""
        for entry in entries:
            self._tasks[entry.job_id, entry.attempt][entry.task_id] = None

    def doubt(self, why: Problem) -> None:
        """What waits may have been sent since: it asks, but where its answer is known, or it costs nothing,
        or who is believed says that it still waits."""
        for job in self._in_states(_WAITS):
            is_unsent = job.id in self._unsent and job.state is JobState.QUEUED
            if job.service != PRACTICE and not is_unsent and not self._is_settled(job):
                job_rows.advance(self._connection, job, job.mistrust(why))
                self._doubted.add(job.id)

    def follow(self) -> None:
        """Every task whose id is known is followed: by its job, by one made for it, or told to the user."""
        for (job_id, attempt), ids in self._tasks.items():
            task_ids = tuple(task_id for task_id in ids if is_safe_task_id(task_id))
            if task_ids:
                self._follow(job_id, attempt, task_ids)

    def _follow(self, job_id: str, attempt: int, task_ids: tuple[str, ...]) -> None:
        row = self._connection.execute("SELECT * FROM job WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            self._make_follower(job_id, attempt, task_ids)
            return
        (job,) = job_rows.jobs_of(self._connection, [row])
        if _can_take(job, attempt):
            doubted = replace(job, state=JobState.UNCONFIRMED, finished_at=None)
            known = replace(doubted.accept(task_ids, self.now), attempt=attempt)
            job_rows.advance(self._connection, job, known)
            self._doubted.discard(job_id)
            self.counts.followed += 1
        elif job.service != PRACTICE:
            self.counts.homeless.extend(each for each in task_ids if each not in job.task_ids)

    def _make_follower(self, job_id: str, attempt: int, task_ids: tuple[str, ...]) -> None:
        """A job whose request nobody knows any more, only what it is called at the service."""
        model = self._newest_paid()
        if model is None or self._armed.get(job_id, self.now) < self.now - LINK_LIFE_S:
            self.counts.homeless.extend(task_ids)
            return
        request = replace(model.request, prompt=" ".join(task_ids), references=())
        job = replace(
            _fresh(job_id, model.service, request, self.now),
            key_fingerprint=model.key_fingerprint,
            estimate=model.estimate,
            state=JobState.ACCEPTED,
            attempt=attempt,
            armed_at=self._armed.get(job_id, self.now),
            accepted_at=self.now,
            task_ids=task_ids,
        )
        job_rows.insert(self._connection, job, joins=False)
        self.counts.followed += 1

    def _newest_paid(self) -> Job | None:
        rows = self._connection.execute(
            "SELECT * FROM job WHERE service NOT IN (?, ?) ORDER BY seq DESC LIMIT 1", (PRACTICE, IMPORTED)
        ).fetchall()
        return next(iter(job_rows.jobs_of(self._connection, rows)), None)

    def _is_settled(self, job: Job) -> bool:
        """True for a submit whose recorded answer says what became of it."""
        row = self._connection.execute(
            "SELECT * FROM attempt WHERE job_id = ? AND attempt = ?", (job.id, job.attempt)
        ).fetchone()
        evidence = None if row is None or job.state is not JobState.SENDING else evidence_in(row)
        return evidence is not None and judge(evidence).outcome in _SETTLED

    # Pictures

    def adopt(self, folders: Iterable[Path]) -> None:
        """Every picture of ours on disk that no job names: it belongs to the job that its name was made for,
        else it is taken in as it is."""
        known = frozenset(path for (path,) in self._connection.execute("SELECT path FROM image"))
        for stray in strays(folders, known):
            if self._adopt(stray):
                self.number_from(stray.number)

    def _adopt(self, stray: Stray) -> bool:
        """True where it has a job now."""
        image = image_in(stray)
        if image is None:
            return False
        job = self._jobs_numbered([stray.number]).get(stray.number)
        if job is not None and job.state in _WITHOUT_FILE and stray.is_of(job) and len(job.task_ids) <= 1:
            self._doubted.discard(job.id)
            waiting = job if job.state is not JobState.QUEUED else replace(job, state=JobState.UNCONFIRMED)
            job_rows.advance(self._connection, job, waiting.find((image,), stray.written_at))
            self.counts.found += 1
            return True
        if job is not None and stray.is_of(job) and self._put_right(job, image):
            return True
        request = GenerationRequest(prompt=stray.path.stem, size=image.pixels, tier=Tier.K1)
        made_at = max(stray.written_at, _OLDEST_YEAR_S)
        imported = _fresh(_adopted_id(image, stray.number), IMPORTED, request, made_at)
        if self._connection.execute("SELECT 1 FROM job WHERE id = ?", (imported.id,)).fetchone() is not None:
            return False
        job_rows.insert(
            self._connection, replace(imported, state=JobState.SAVED, images=(image,), finished_at=made_at)
        )
        self.counts.adopted += 1
        return True

    def _put_right(self, job: Job, image: SavedImage) -> bool:
        """True for a saved job whose picture was said to be where nothing is, and is here."""
        if len(job.images) != 1 or os.path.lexists(job.images[0].path):
            return False
        self._connection.execute(
            "UPDATE image SET path = ?, sha256 = ?, size_bytes = ?, width = ?, height = ?, format = ?"
            " WHERE job_id = ? AND saved",
            (
                *(image.path, image.sha256, image.size_bytes),
                *(image.pixels.width, image.pixels.height, image.format, job.id),
            ),
        )
        self.counts.found += 1
        return True

    # Numbers

    def last_number(self) -> int:
        """The highest number that a job has, or had."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'job'").fetchone()
        return 0 if row is None else int(row[0])

    def number_from(self, last: int) -> None:
        """Give no number again that a lost job may have had: files are named after it."""
        if last > self.last_number():
            self._set_last_number(last)

    def _set_last_number(self, last: int) -> None:
        changed = self._connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'job'", (last,))
        if changed.rowcount == 0:
            self._connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('job', ?)", (last,))

    def _jobs_numbered(self, numbers: list[int]) -> dict[int, Job]:
        rows = self._connection.execute(
            "SELECT * FROM job WHERE seq IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
        ).fetchall()
        return {job.seq: job for job in self._told(rows)}

    def _in_states(self, states: Iterable[JobState]) -> tuple[Job, ...]:
        values = json.dumps([state.value for state in states])
        rows = self._connection.execute(
            "SELECT * FROM job WHERE state IN (SELECT value FROM json_each(?))", (values,)
        ).fetchall()
        return self._told(rows)

    def _told(self, rows: list[sqlite3.Row]) -> tuple[Job, ...]:
        """The jobs in rows; a row that makes no sense is left as it is."""
        try:
            return job_rows.jobs_of(self._connection, rows)
        except StorageError:
            return tuple(job for row in rows for job in self._told_alone(row))

    def _told_alone(self, row: sqlite3.Row) -> tuple[Job, ...]:
        try:
            return job_rows.jobs_of(self._connection, [row])
        except StorageError:
            return ()


def _fresh(job_id: str, service: str, request: GenerationRequest, created_at: float) -> Job:
    return Job(
        id=job_id,
        run_id=job_id,
        service=service,
        key_fingerprint="",
        request=request,
        created_at=created_at,
        estimate=Decimal(0),
    )


def _adopted_id(image: SavedImage, number: int) -> str:
    return f"{image.sha256[:_HASH_IN_ID]}{number:08d}"


def _is_brought_along(job: Job) -> bool:
    """True for a picture that the user imported, and not for one of ours that was taken in without its job:
    that one may have been paid."""
    return job.is_imported and not any(job.id.startswith(each.sha256[:_HASH_IN_ID]) for each in job.images)


def _can_take(job: Job, attempt: int) -> bool:
    """True for a job whose task may be the one that this attempt named."""
    if job.state is JobState.CLOSED:
        return job.attempt < attempt
    return job.attempt <= attempt and job.state in _WITHOUT_TASK


def _is_same(there: Job, here: Job) -> bool:
    """True where both tell of one job; anything else is a broken page."""
    return (there.id, there.run_id, there.service, there.request) == (
        here.id,
        here.run_id,
        here.service,
        here.request,
    )


def _is_later(there: Job, here: Job) -> bool:
    return (there.attempt, _WAY.index(there.state)) > (here.attempt, _WAY.index(here.state))


def _marked_as(job: Job, other: Job) -> Job:
    """A job with the marks that another state of it has."""
    return replace(job, picked=other.picked, rejected=other.rejected, binned_at=other.binned_at)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
