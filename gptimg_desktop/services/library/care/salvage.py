"""What can still be read in a damaged library, told job by job. Nothing here writes.

A row counts where all of it makes sense; a page that is broken costs the rows on it alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.task import is_safe_task_id
from gptimg_desktop.core.verdict import Outcome, judge
from gptimg_desktop.services.library.health import reading
from gptimg_desktop.services.library.job_rows import evidence_in, image_of, jobs_of
from gptimg_desktop.services.library.schema import as_today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gptimg_desktop.core.job import SavedImage

_AT_A_TIME: Final = 200
_BEYOND: Final = 2_000
"""How far behind the last known job is looked where the file does not say where it ends."""
_LEAST_ROW_BYTES: Final = 64
"""No job and no submit takes less room, so that nobody counts up to a number that makes no sense."""
_HIGHEST: Final = 999_999_999
"""No job of ours has a higher number."""
_SENSELESS: Final = (sqlite3.Error, StorageError, LookupError, ValueError, TypeError, ArithmeticError)
_ATTEMPT: Final = "SELECT * FROM attempt WHERE job_id = ? AND attempt = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One job as the damaged library knew it. `planned` are images that were about to be put somewhere,
    `attempt` is the row of its last submit, `removed_at` when it left the gallery for good."""

    job: Job
    planned: tuple[SavedImage, ...] = ()
    attempt: dict[str, Any] | None = None
    removed_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A submit whose answer named tasks; `is_saved` where its pictures came home."""

    job_id: str
    attempt: int
    task_ids: tuple[str, ...]
    armed_at: float
    is_saved: bool


class Salvage:
    """A damaged library, open for reading; to be closed."""

    def __init__(self, path: Path) -> None:
        self._connection: sqlite3.Connection | None = None
        self._most_rows = _BEYOND + sum(map(_size, (path, Path(f"{path}-wal")))) // _LEAST_ROW_BYTES
        with contextlib.suppress(*_SENSELESS):
            self._connection = reading(path)
            as_today(self._connection, "job", "image")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def last_number(self) -> int:
        """The highest number that a job ever had here; 0 where nobody can tell."""
        for question in (
            "SELECT MAX(seq) FROM sqlite_sequence WHERE name = 'job'",
            "SELECT MAX(seq) FROM job",
        ):
            for (number,) in self._rows(question):
                if isinstance(number, int) and 0 <= number <= _HIGHEST:
                    return number
        return 0

    def count(self) -> int:
        """How many jobs the table says to have."""
        return sum(number for (number,) in self._rows("SELECT COUNT(*) FROM main.job NOT INDEXED"))

    def jobs(self, known: int, is_news: Callable[[sqlite3.Row], bool] = bool) -> Iterator[list[Found]]:
        """Every job that can be read and whose row is news, some at a time, oldest first. `known` is the last
        number that the backup knows."""
        numbers = self._numbers(known)
        for first in range(0, len(numbers), _AT_A_TIME):
            yield self._numbered(numbers[first : first + _AT_A_TIME], is_news)

    def _numbers(self, known: int) -> list[int]:
        """The numbers of the jobs, in order, as any index tells them; where one cannot be read, every number
        that there may be."""
        told: set[int] = set()
        indexes = [str(index["name"]) for index in self._rows("PRAGMA main.index_list(job)")]
        are_whole = [self._tell_numbers(index, told) for index in indexes]
        if not are_whole or not all(are_whole):
            last = self.last_number() or known + _BEYOND
            told.update(range(1, min(last, self._most_rows) + 1))
        return sorted(number for number in told if 0 < number <= _HIGHEST)

    def _tell_numbers(self, index: str, told: set[int]) -> bool:
        """Add what stands in an index as far as it can be read; True where that is all of it."""
        if self._connection is None:
            return False
        question = f"SELECT seq FROM main.job INDEXED BY {index!a}"  # noqa: S608 - a name in quotes
        try:
            told.update(number for (number,) in self._connection.execute(question))
        except _SENSELESS:
            return False
        return True

    def answered(self, settled: frozenset[str]) -> Iterator[Answered]:
        """Every submit whose answer names tasks, as far as its row can be read, but for those of jobs that
        are `settled`."""
        (last,) = next(iter(self._rows("SELECT MAX(rowid) FROM attempt")), (0,))
        for first in range(1, min(last or 0, self._most_rows) + 1, _AT_A_TIME):
            for row in self._attempts(range(first, first + _AT_A_TIME)):
                with contextlib.suppress(*_SENSELESS):
                    if row["job_id"] not in settled:
                        yield from self._named_in(row)

    def draft(self) -> str | None:
        """What the composer held."""
        for (content,) in self._rows("SELECT content FROM draft"):
            return str(content)
        return None

    def templates(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._rows("SELECT name, text, used_at FROM template")]

    def collections(self) -> list[tuple[Any, ...]]:
        """Number, name, when it was made, and whether new jobs go into it."""
        question = "SELECT number, name, created_at, is_current FROM collection ORDER BY number"
        return [tuple(row) for row in self._rows(question)]

    def members(self, collection: int) -> list[int]:
        """The numbers of the jobs in a collection, as far as they can be read."""
        rows = self._rows("SELECT seq FROM member WHERE collection = ?", collection)
        return [seq for (seq,) in rows if isinstance(seq, int)]

    def _attempts(self, numbers: range) -> list[sqlite3.Row]:
        question = "SELECT * FROM attempt WHERE rowid BETWEEN ? AND ?"
        try:
            return self._asked(question, numbers[0], numbers[-1])
        except sqlite3.Error:
            return [row for number in numbers for row in self._rows(question, number, number)]

    def _numbered(self, numbers: list[int], is_news: Callable[[sqlite3.Row], bool]) -> list[Found]:
        try:
            rows = self._asked("SELECT * FROM job WHERE seq BETWEEN ? AND ?", numbers[0], numbers[-1])
            return self._told([row for row in rows if is_news(row)])
        except _SENSELESS:
            return [each for number in numbers for each in self._one(number, is_news)]

    def _one(self, number: int, is_news: Callable[[sqlite3.Row], bool]) -> list[Found]:
        with contextlib.suppress(*_SENSELESS):
            rows = self._asked("SELECT * FROM job WHERE seq = ?", number)
            return self._told([row for row in rows if is_news(row)])
        return []

    def _told(self, rows: list[sqlite3.Row]) -> list[Found]:
        if self._connection is None:
            return []
        jobs = jobs_of(self._connection, rows)
        return [self._whole(job, row) for job, row in zip(jobs, rows, strict=True) if _makes_sense(job)]

    def _whole(self, job: Job, row: sqlite3.Row) -> Found:
        removed_at = row["removed_at"]
        return Found(
            job=job,
            planned=self._planned(job) if job.state is JobState.READY else (),
            attempt=next((dict(each) for each in self._rows(_ATTEMPT, job.id, job.attempt)), None),
            removed_at=removed_at if isinstance(removed_at, float) else None,
        )

    def _planned(self, job: Job) -> tuple[SavedImage, ...]:
        with contextlib.suppress(*_SENSELESS):
            rows = self._asked("SELECT * FROM image WHERE job_id = ? AND NOT saved ORDER BY idx", job.id)
            return tuple(map(image_of, rows))
        return ()

    def _named_in(self, row: sqlite3.Row) -> Iterator[Answered]:
        evidence = evidence_in(row)
        verdict = None if evidence is None else judge(evidence)
        if verdict is None or verdict.outcome is not Outcome.ACCEPTED:
            return
        job_id = str(row["job_id"])
        saved = self._rows("SELECT 1 FROM image WHERE job_id = ? AND saved", job_id)
        yield Answered(
            job_id=job_id,
            attempt=int(row["attempt"]),
            task_ids=verdict.task_ids,
            armed_at=float(row["armed_at"]),
            is_saved=bool(saved),
        )

    def _rows(self, question: str, *values: object) -> list[sqlite3.Row]:
        """The rows, or none where the file does not give them."""
        try:
            return self._asked(question, *values)
        except _SENSELESS:
            return []

    def _asked(self, question: str, *values: object) -> list[sqlite3.Row]:
        if self._connection is None:
            return []
        return self._connection.execute(question, values).fetchall()


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


_WITH_TASK: Final = frozenset({JobState.ACCEPTED, JobState.READY})


def _makes_sense(job: Job) -> bool:
    """False where a value is none that a job can have, although its row can be read."""
    texts: tuple[object, ...] = (job.id, job.run_id, job.service, job.key_fingerprint, job.status_word)
    numbers = (job.seq, job.attempt, job.doubts, job.rank)
    return (
        bool(job.id)
        and all(isinstance(text, str) for text in (*texts, *job.task_ids, *job.links))
        and all(type(number) is int for number in numbers)
        and 0 < job.seq <= _HIGHEST
        and type(job.created_at) is float
        and all(map(is_safe_task_id, job.task_ids))
        and bool(job.images or job.state is not JobState.SAVED)
        and bool(job.task_ids or job.state not in _WITH_TASK)
        and bool(job.links or job.state is not JobState.READY)
    )
