"""What a dead process left on the disk: its library, read from a copy, and its picture folder."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RUNNING: Final = frozenset({"queued", "sending", "accepted", "ready"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A job as committed. `answered`: what came back from its latest submit is kept; `paths` are of its
    saved pictures."""

    id: str
    prompt: str
    state: str
    attempt: int
    task_ids: tuple[str, ...]
    answered: bool
    problem: str
    paths: tuple[str, ...]

    @property
    def is_unheard(self) -> bool:
        """True where a request may have left whole and nobody knows what became of it."""
        return self.state == "sending" and not self.answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is on the disk at one moment. `files` are the visible pictures by their path, with their
    sha256; `leftovers` the hidden files beside them."""

    moment: str
    jobs: dict[str, Row]
    files: dict[Path, str]
    leftovers: tuple[str, ...]

    @classmethod
    def take(cls, data_dir: Path, moment: str) -> Snapshot:
        """Read what a process left that is dead."""
        pictures = [path for path in sorted((data_dir / "images").rglob("*")) if path.is_file()]
        return cls(
            moment=moment,
            jobs={row.id: row for row in _rows(data_dir / "library.sqlite3")},
            files={path: _sha256(path) for path in pictures if not path.name.startswith(".")},
            leftovers=tuple(path.name for path in pictures if path.name.startswith(".")),
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


def _rows(database: Path) -> list[Row]:
    """The jobs in a copy of a library and of its journal; the original is not touched."""
    with tempfile.TemporaryDirectory(prefix="gptimg-torture-copy-") as folder:
        copy = Path(folder, database.name)
        for ending in ("", "-wal"):
            source = database.with_name(database.name + ending)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + ending))
        with closing(sqlite3.connect(copy)) as connection:
            connection.row_factory = sqlite3.Row
            return [_row(row) for row in connection.execute(_READ)]


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
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
