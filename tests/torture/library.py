"""What a dead process left on the disk: its library and its journal, read from copies, and its files."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
from tests.support.dead_library import dead_library

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

RUNNING: Final = frozenset({"queued", "sending", "accepted", "ready"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A job as committed. `answered`: what came back from its latest submit is kept; `paths` are of its
    saved pictures, `references` the sha256 of those it was asked for with."""

    id: str
    prompt: str
    state: str
    attempt: int
    task_ids: tuple[str, ...]
    answered: bool
    problem: str
    paths: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def is_unheard(self) -> bool:
        """True where a request may have left whole and nobody knows what became of it."""
        return self.state == "sending" and not self.answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is on the disk at one moment. `files` are the visible pictures by their path, with their
    sha256; `leftovers` the hidden files beside them; `references` the sha256 of those that are whole;
    `journalled` the tasks in the emergency journal."""

    moment: str
    jobs: dict[str, Row]
    files: dict[Path, str]
    leftovers: tuple[str, ...]
    references: frozenset[str]
    journalled: frozenset[str]

    @classmethod
    def take(cls, data_dir: Path, moment: str) -> Snapshot:
        """Read what a process left that is dead."""
        pictures = [path for path in sorted((data_dir / "images").rglob("*")) if path.is_file()]
        return cls(
            moment=moment,
            jobs={row.id: row for row in _rows(data_dir)},
            files={path: _sha256(path) for path in pictures if not path.name.startswith(".")},
            leftovers=tuple(path.name for path in pictures if path.name.startswith(".")),
            references=frozenset(
                path.name for path in (data_dir / "references").glob("*") if _sha256(path) == path.name
            ),
            journalled=frozenset(_journalled(data_dir / "journal")),
        )

    @property
    def states(self) -> set[str]:
        return {job.state for job in self.jobs.values()}

    def of_prompt(self, prompt: str) -> list[Row]:
        return [job for job in self.jobs.values() if job.prompt == prompt]


_READ: Final = """
    SELECT job.*, (
        SELECT replied_at FROM attempt WHERE job_id = job.id AND attempt.attempt = job.attempt
    ) AS replied_at, (
        SELECT json_group_array(path) FROM image WHERE job_id = job.id AND saved
    ) AS paths
    FROM job ORDER BY seq
"""


def _rows(data_dir: Path) -> list[Row]:
    with dead_library(data_dir) as library:
        return [] if library is None else [_row(row) for row in library.execute(_READ)]


def _journalled(journal: Path) -> Iterator[str]:
    if journal.exists():
        with tempfile.TemporaryDirectory(prefix="gptimg-torture-journal-") as aside:
            copy = EmergencyJournal(Path(shutil.copy(journal, aside)))
            yield from (entry.task_id for entry in copy.entries())
            copy.close()


def _row(row: sqlite3.Row) -> Row:
    return Row(
        id=row["id"],
        prompt=row["prompt"],
        state=row["state"],
        attempt=row["attempt"],
        task_ids=tuple(json.loads(row["task_ids"])),
        answered=row["replied_at"] is not None,
        problem=row["problem"] or row["note"] or "",
        paths=tuple(json.loads(row["paths"])),
        references=tuple(each["sha256"] for each in json.loads(row["request"])["references"]),
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
