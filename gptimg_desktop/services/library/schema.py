"""The library's tables, as numbered steps; `PRAGMA user_version` counts the steps that were taken."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.prompt import escaped
from gptimg_desktop.services.durable import make_private

if TYPE_CHECKING:
    from pathlib import Path

MIGRATIONS: Final = (
    """
    CREATE TABLE job (
        seq             INTEGER PRIMARY KEY AUTOINCREMENT,
        id              TEXT NOT NULL UNIQUE,
        run_id          TEXT NOT NULL,
        service         TEXT NOT NULL,
        key_fingerprint TEXT NOT NULL,
        created_at      REAL NOT NULL,
        prompt          TEXT NOT NULL,
        request         TEXT NOT NULL,
        estimate        TEXT NOT NULL,
        state           TEXT NOT NULL,
        attempt         INTEGER NOT NULL,
        armed_at        REAL,
        accepted_at     REAL,
        finished_at     REAL,
        task_ids        TEXT NOT NULL,
        status_word     TEXT NOT NULL,
        links           TEXT NOT NULL,
        expires_at      REAL,
        cost            TEXT,
        problem         TEXT,
        note            TEXT,
        doubts          INTEGER NOT NULL DEFAULT 0,
        picked          INTEGER NOT NULL DEFAULT 0,
        binned_at       REAL
    );
    CREATE INDEX job_by_state ON job (state);

    -- One row for each time a request's last byte was released, with the answer as it came.
    CREATE TABLE attempt (
        job_id     TEXT NOT NULL REFERENCES job (id),
        attempt    INTEGER NOT NULL,
        armed_at   REAL NOT NULL,
        replied_at REAL,
        complete   INTEGER,
        status     INTEGER,
        headers    TEXT,
        body       BLOB,
        failure    TEXT,
        PRIMARY KEY (job_id, attempt)
    );

    -- The last telling answer about each task, as it came.
    CREATE TABLE task_answer (
        task_id TEXT PRIMARY KEY,
        job_id  TEXT NOT NULL REFERENCES job (id),
        body    BLOB NOT NULL
    );

    -- A row is planned before its file gets its name, and counts once its job is saved.
    CREATE TABLE image (
        job_id     TEXT NOT NULL REFERENCES job (id),
        idx        INTEGER NOT NULL,
        path       TEXT NOT NULL,
        sha256     TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        width      INTEGER NOT NULL,
        height     INTEGER NOT NULL,
        format     TEXT NOT NULL,
        saved      INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (job_id, idx)
    );

    CREATE TABLE draft (
        only    INTEGER PRIMARY KEY CHECK (only = 1),
        content TEXT NOT NULL
    );
    """,
    # Waiting jobs can be put into another order.
    "ALTER TABLE job ADD COLUMN rank INTEGER NOT NULL DEFAULT 0",
    # A planned file belongs to the link that it came from; what was left in an account, and when.
    """
    ALTER TABLE image ADD COLUMN link TEXT NOT NULL DEFAULT '';
    CREATE TABLE balance (
        number          INTEGER PRIMARY KEY AUTOINCREMENT,
        service         TEXT NOT NULL,
        key_fingerprint TEXT NOT NULL,
        at              REAL NOT NULL,
        remaining       TEXT NOT NULL
    );
    CREATE INDEX balance_by_account ON balance (service, key_fingerprint, at);
    """,
    # What was written in the composer before, with its variables; texts to begin with; whose file a path is.
    """
    CREATE TABLE prompt (
        number  INTEGER PRIMARY KEY AUTOINCREMENT,
        text    TEXT NOT NULL UNIQUE,
        used_at REAL NOT NULL,
        times   INTEGER NOT NULL
    );
    INSERT INTO prompt (text, used_at, times)
        SELECT escaped(prompt), MAX(created_at), COUNT(*) FROM job GROUP BY prompt ORDER BY MAX(seq);
    CREATE TABLE template (
        name    TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
        text    TEXT NOT NULL,
        used_at REAL NOT NULL
    );
    CREATE INDEX image_by_path ON image (path);

    -- What the composer held where it could not be read: set aside before another draft takes its place.
    CREATE TABLE odd_draft (content TEXT NOT NULL PRIMARY KEY);
    """,
)


def migrate(connection: sqlite3.Connection, *, backup_folder: Path) -> None:
    """Bring an open database to this program's schema; a copy is made before the first step on old data.

    StorageError where the database was made by a newer program: it is left as it is.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > len(MIGRATIONS):
        raise StorageError(Problem.of(ProblemKind.LIBRARY_NEWER, found=found, supported=len(MIGRATIONS)))
    if 0 < found < len(MIGRATIONS):
        _copy(connection, backup_folder / f"library-before-schema-{found + 1}.sqlite3")
    connection.create_function("escaped", 1, escaped, deterministic=True)
    for number, script in enumerate(MIGRATIONS[found:], found + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(target)
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
