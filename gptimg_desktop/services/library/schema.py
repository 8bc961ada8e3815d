"""The library's tables, as numbered steps; `PRAGMA user_version` counts the steps that were taken."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.prompt import escaped
from gptimg_desktop.core.searched import promised_area, searched_text
from gptimg_desktop.services.durable import make_private, sync_file, sync_folder
from gptimg_desktop.services.library.codec import request_from_text

if TYPE_CHECKING:
    from collections.abc import Callable
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
    # A gallery of many: marks, what is searched for, where pictures come from, collections, what is gone.
    """
    ALTER TABLE job ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN area INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN removed_at REAL;
    ALTER TABLE job ADD COLUMN size TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN tier TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN price REAL NOT NULL DEFAULT 0;
    ALTER TABLE image ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
    -- SQLite trusts no function in a table's own words, so that these are written with each job.
    UPDATE job SET size = json_extract(request, '$.size'), tier = json_extract(request, '$.tier');
    UPDATE job SET area = coalesce(
        (SELECT width * height FROM image WHERE saved AND job_id = job.id ORDER BY idx LIMIT 1),
        promised_area(request)
    );
    UPDATE job SET price = CASE WHEN state IN ('failed', 'rejected', 'cancelled') THEN 0
        ELSE CAST(coalesce(cost, estimate) AS REAL) END;
    -- Whatever a list of jobs asks for stands in one of these, so that no list reads the wide rows.
    CREATE INDEX job_in_list ON job (
        removed_at, binned_at, picked, rejected, state, size, tier, created_at, service, area, price
    );
    CREATE INDEX job_by_time ON job (removed_at, binned_at);
    CREATE INDEX job_by_area ON job (removed_at, binned_at, area);
    CREATE INDEX job_by_price ON job (removed_at, binned_at, price);
    CREATE INDEX job_by_run ON job (run_id);
    CREATE INDEX image_missing ON image (missing, job_id) WHERE missing;
    CREATE INDEX image_by_content ON image (sha256);

    -- What a search looks through, folded; the row's number is that of its job.
    CREATE VIRTUAL TABLE job_text USING fts5 (words, tokenize = 'trigram');
    INSERT INTO job_text (rowid, words)
        SELECT seq, searched_text(request, (
            SELECT group_concat(width || 'x' || height, ' ') FROM image WHERE saved AND job_id = job.id
        )) FROM job;

    -- What each job was made from; `made_by` is the job of ours whose picture it was, '' for any other.
    CREATE TABLE reference (
        seq      INTEGER NOT NULL REFERENCES job (seq),
        position INTEGER NOT NULL,
        name     TEXT NOT NULL,
        sha256   TEXT NOT NULL,
        made_by  TEXT NOT NULL,
        PRIMARY KEY (seq, position)
    ) WITHOUT ROWID;
    CREATE INDEX reference_by_maker ON reference (made_by) WHERE made_by <> '';
    CREATE INDEX reference_by_content ON reference (sha256) WHERE sha256 <> '';
    INSERT INTO reference (seq, position, name, sha256, made_by)
        SELECT job.seq, each.key,
            coalesce(json_extract(each.value, '$.name'), json_extract(each.value, '$.url'), ''),
            coalesce(json_extract(each.value, '$.sha256'), ''),
            coalesce(json_extract(each.value, '$.job_id'), '')
        FROM job, json_each(job.request, '$.references') AS each;

    -- New runs go into the one that is current.
    CREATE TABLE collection (
        number     INTEGER PRIMARY KEY AUTOINCREMENT,
        name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
        created_at REAL NOT NULL,
        is_current INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX collection_current ON collection (is_current) WHERE is_current;
    CREATE TABLE member (
        collection INTEGER NOT NULL REFERENCES collection (number) ON DELETE CASCADE,
        seq        INTEGER NOT NULL REFERENCES job (seq),
        PRIMARY KEY (collection, seq)
    ) WITHOUT ROWID;
    CREATE INDEX member_by_job ON member (seq);
    """,
    # What the practice service makes is free, whatever its like costs.
    "UPDATE job SET price = 0 WHERE service = 'https://practice.invalid'",
)


_FUNCTIONS: Final[tuple[tuple[str, int, Callable[..., Any]], ...]] = (
    ("escaped", 1, escaped),
    ("promised_area", 1, lambda request: promised_area(request_from_text(request))),
    ("searched_text", 2, lambda request, sizes: searched_text(request_from_text(request), sizes or "")),
)
"""What the steps use of core: name, number of arguments, function."""


def migrate(connection: sqlite3.Connection, *, backup_folder: Path | None) -> None:
    """Bring an open database to this program's schema; a copy is made before the first step on old data, but
    for a database that is a copy itself (None).

    StorageError where the database was made by a newer program: it is left as it is.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > len(MIGRATIONS):
        raise StorageError(Problem.of(ProblemKind.LIBRARY_NEWER, found=found, supported=len(MIGRATIONS)))
    if backup_folder is not None and 0 < found < len(MIGRATIONS):
        _copy(connection, backup_folder / f"library-before-schema-{found + 1}.sqlite3")
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
    for number, script in enumerate(MIGRATIONS[found:], found + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def as_today(connection: sqlite3.Connection, *tables: str) -> None:
    """Have tables of an earlier schema read like those of this program, with what their new columns begin
    with; nothing is written. sqlite3.Error where their columns cannot be told."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, backup_folder=None)
        for table in tables:
            columns = [(row[1], row[4]) for row in model.execute(f"PRAGMA table_info({table})")]
            here = {row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")}
            if here and not here.issuperset(name for name, _ in columns):
                read = (name if name in here else f"{start or 'NULL'} AS {name}" for name, start in columns)
                question = f"SELECT {', '.join(read)} FROM main.{table}"  # noqa: S608 - our own words
                connection.execute(f"CREATE TEMP VIEW {table} AS {question}")


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """The copy has its name once it is whole and on the disk: one that was broken off has none."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    make_private(unfinished)
    with contextlib.closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    sync_file(unfinished)
    unfinished.replace(target)
    sync_folder(target.parent)
