"""Libraries that earlier programs left: each opens, is copied first, and is then like one made today."""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from gptimg_desktop.core.errors import StorageError
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.services.library import job_rows, schema
from gptimg_desktop.services.library.care.keeper import Keeper
from gptimg_desktop.services.library.care.rescue import Known
from gptimg_desktop.services.library.codec import request_from_text
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.history import History
from gptimg_desktop.services.library.jobs import JobStore

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio

STORED: Final = Path(__file__).parent / "stored"
EARLIER: Final = tuple(range(1, len(schema.MIGRATIONS)))
SHADOWS: Final = "job_text"
MIGRATE_AND_DIE = """
import os, signal, sqlite3, sys
from pathlib import Path
from gptimg_desktop.services.library.schema import migrate

path, last = Path(sys.argv[1]), int(sys.argv[2])
done = 0

def count(_statement):
    global done
    done += 1
    if done == last:
        os.kill(os.getpid(), signal.SIGKILL)

connection = sqlite3.connect(path, isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA trusted_schema = OFF")
connection.set_trace_callback(count)
migrate(connection, backup_folder=path.parent / "backups")
connection.set_trace_callback(None)
print(done)
"""


def test_there_is_a_library_of_each_earlier_schema() -> None:
    assert {path.name for path in STORED.iterdir()} == {f"schema-{number}.sqlite3" for number in EARLIER}


@pytest.fixture(params=EARLIER, ids=lambda number: f"schema-{number}")
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A stored library in a data folder."""
    return Path(shutil.copy(STORED / f"schema-{request.param}.sqlite3", tmp_path / "library.sqlite3"))


@contextlib.contextmanager
def looking(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


def structure(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Tables with their columns, and indexes with theirs, whatever the order they came in."""
    with looking(path) as connection:
        names = [
            (row["type"], row["name"], row["tbl_name"])
            for row in connection.execute("SELECT * FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
        ]
        return {
            f"{kind} {name} of {table}": [
                tuple(row)[1:] for row in connection.execute(f"PRAGMA {_asked(kind)}('{name}')")
            ]
            for kind, name, table in names
        }


def _asked(kind: str) -> str:
    return "table_xinfo" if kind == "table" else "index_xinfo"


def facts(path: Path) -> dict[str, Any]:
    """What a library says of its jobs, in words of its own time: the same before and after."""
    with looking(path) as connection:
        jobs = connection.execute(
            "SELECT seq, id, run_id, service, created_at, prompt, request, estimate, state, attempt,"
            " armed_at, task_ids, links, cost, problem, doubts, picked, binned_at FROM job ORDER BY seq"
        )
        return {
            "jobs": [tuple(row) for row in jobs],
            "images": list(map(tuple, connection.execute("SELECT job_id, idx, path, sha256 FROM image"))),
            "attempts": list(map(tuple, connection.execute("SELECT * FROM attempt"))),
            "draft": list(map(tuple, connection.execute("SELECT * FROM draft"))),
        }


async def fresh(path: Path) -> Path:
    database = Database(path)
    await database.open()
    database.close()
    return path


@pytest.mark.row(94)
async def test_it_equals_a_fresh_one(library: Path, tmp_path: Path) -> None:
    before = facts(library)
    database = Database(library)
    await database.open()
    try:
        jobs = await History(database).jobs(range(1, 8))
        again = await JobStore(database).get(jobs[0].id)
        found = {
            text: list((await History(database).listing(JobFilter(text=text))).seqs)
            for text in ("oak", "橡木", "16:9", "size:16:9")
        }
        binned = await History(database).listing(JobFilter(view=View.BIN))
    finally:
        database.close()
    assert facts(library) == before
    assert structure(library) == structure(await fresh(tmp_path / "fresh.sqlite3"))
    assert [job.seq for job in sorted(jobs, key=lambda job: job.seq)] == list(range(1, 8))
    assert again in jobs
    assert found["oak"] == [1]
    assert found["橡木"] in ([], [3])  # in the bin
    assert list(binned.seqs) == [3]
    with looking(library) as connection:
        assert [tuple(row) for row in connection.execute("PRAGMA foreign_key_check")] == []
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        rows = connection.execute("SELECT * FROM job ORDER BY seq").fetchall()
        derived = [(row["size"], row["tier"], row["area"], row["price"]) for row in rows]
        known = job_rows.jobs_of(connection, rows)
        references = connection.execute("SELECT position, name, sha256 FROM reference WHERE seq = 3")
        assert [tuple(row) for row in references] == [
            (0, "Skizze 素描.png", "ab" * 32),
            (1, "https://example.com/a.png", ""),
        ]
    assert derived == [
        (str(job.request.size), job.request.tier.value, job.area, float(job.price)) for job in known
    ]
    assert [job.state for job in known] == [
        JobState.SAVED,
        JobState.ACCEPTED,
        JobState.SAVED,
        JobState.FAILED,
        JobState.REJECTED,
        JobState.QUEUED,
        JobState.UNCONFIRMED,
    ]


@pytest.mark.row(88, 94)
@pytest.mark.expects_log("the library is not used as it is")
@pytest.mark.parametrize("name", ["job_by_state", "draft"])
async def test_damaged_it_gives_all_its_jobs(library: Path, name: str) -> None:
    before = facts(library)
    with looking(library) as connection:
        question = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(question, (name,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(library.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    library.write_bytes(content)
    keeper = Keeper(library.parent)
    keeper.prepare(Known(entries=(), folders=(), now=1_900_000_000.0))
    after = facts(library)
    assert list(map(_unmoved, after["jobs"])) == list(map(_unmoved, before["jobs"]))
    assert after["images"] == before["images"]
    states = [(was[8], now[8]) for was, now in zip(before["jobs"], after["jobs"], strict=True)]
    assert [change for change in states if change[0] != change[1]] == [("queued", "unconfirmed")]


def _unmoved(job: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `facts` tell of a job but for its state and reason, and its request as values."""
    return (*job[:6], request_from_text(job[6]), job[7], *job[9:14], *job[15:])


@pytest.mark.row(94)
async def test_it_is_copied_first(library: Path) -> None:
    before = facts(library)
    version = version_of(library)
    await fresh(library)
    (copy,) = (library.parent / "backups").iterdir()
    assert copy.name == f"library-before-schema-{version + 1}.sqlite3"
    assert facts(copy) == before
    assert version_of(copy) == version


@pytest.mark.row(94)
async def test_a_copy_that_cannot_be_made_durable_has_no_name_and_no_step_is_taken(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    before = facts(library)
    version = version_of(library)
    monkeypatch.setattr(schema, "sync_file", refuse)
    database = Database(library)
    with pytest.raises(StorageError):
        await database.open()
    database.close()
    assert list((library.parent / "backups").glob("library-*")) == []
    assert (version_of(library), facts(library)) == (version, before)


def version_of(path: Path) -> int:
    with looking(path) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def run_and_die(library: Path, last: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MIGRATE_AND_DIE, str(library), str(last)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.row(94)
async def test_p13_killed_at_every_statement_of_its_steps_it_is_whole_after_the_next_start(
    library: Path, tmp_path: Path
) -> None:
    stored = library.read_bytes()
    before = facts(library)
    statements = int(run_and_die(library, 0).stdout)
    new = structure(await fresh(tmp_path / "fresh.sqlite3"))
    killed = 0
    points = range(1, statements + 1, 3 if version_of_stored(stored, tmp_path) < 4 else 1)
    for last in points:
        for left in tmp_path.glob("library.sqlite3*"):
            left.unlink()
        shutil.rmtree(tmp_path / "backups", ignore_errors=True)
        library.write_bytes(stored)
        killed += run_and_die(library, last).returncode == -9
        await fresh(library)
        assert facts(library) == before
        assert structure(library) == new
        copies = [path for path in (tmp_path / "backups").iterdir() if not path.name.startswith(".")]
        assert copies
        assert all(facts(copy)["images"] == before["images"] for copy in copies)
    assert killed == len(points) >= 5


def version_of_stored(content: bytes, folder: Path) -> int:
    path = folder / "stored.sqlite3"
    path.write_bytes(content)
    return version_of(path)
