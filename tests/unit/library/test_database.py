"""A write is on the disk or undone, and old or foreign files are treated with care."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services.library import schema
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.jobs import JobStore
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path

pytestmark = pytest.mark.anyio

NOTES = "CREATE TABLE note (text TEXT NOT NULL)"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    try:
        await database.open()
        yield database
    finally:
        database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


def one(query: str) -> Any:
    """Work that asks for one value."""
    return lambda connection: connection.execute(query).fetchone()[0]


def do(statement: str) -> Any:
    return lambda connection: connection.execute(statement).rowcount


def look(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def refusal(path: Path) -> tuple[ProblemKind, dict[str, object]]:
    """Why a file cannot be opened."""
    database = Database(path)
    try:
        with pytest.raises(StorageError) as refused:
            await database.open()
    finally:
        database.close()
    return refused.value.problem.kind, dict(refused.value.problem.facts)


# Durability


async def test_a_commit_survives_a_power_cut(path: Path) -> None:
    """WAL without FULL (2) loses what was committed."""
    async with opened(path) as database:
        assert await database.write(one("PRAGMA journal_mode")) == "wal"

        def outside(connection: sqlite3.Connection) -> int:
            return int(connection.execute("PRAGMA synchronous").fetchone()[0])

        assert await database.write(outside) == 2
        assert await database.write(one("PRAGMA fullfsync")) == 1
        assert await database.write(one("PRAGMA checkpoint_fullfsync")) == 1


async def test_both_connections_are_careful(path: Path) -> None:
    async with opened(path) as database:
        for run in (database.read, database.write):
            assert await run(one("PRAGMA foreign_keys")) == 1
            assert await run(one("PRAGMA trusted_schema")) == 0


async def test_reading_cannot_write(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        with pytest.raises(StorageError):
            await database.read(do("INSERT INTO note VALUES ('x')"))
        assert await database.read(one("SELECT count(*) FROM note")) == 0


async def test_reading_sees_what_was_committed_just_now(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        for number in range(1, 4):
            await database.write(do("INSERT INTO note VALUES ('x')"))
            assert await database.read(one("SELECT count(*) FROM note")) == number


async def test_the_calling_thread_never_waits_for_the_disk(path: Path) -> None:
    async with opened(path) as database:
        here = threading.get_ident()
        assert await database.write(lambda _: threading.get_ident()) != here
        assert await database.read(lambda _: threading.get_ident()) != here


async def test_what_was_asked_for_is_written_before_the_file_is_closed(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        await database.write(do("INSERT INTO note VALUES ('kept')"))
        database.close()
    assert look(path, "SELECT text FROM note") == [("kept",)]


# Failures


async def test_a_failed_write_is_undone_and_the_next_one_works(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO note VALUES ('half')")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await database.write(half)
        await database.write(do("INSERT INTO note VALUES ('whole')"))
    assert look(path, "SELECT text FROM note") == [("whole",)]


async def test_a_failed_statement_undoes_the_ones_before_it(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO note VALUES ('half')")
            connection.execute("INSERT INTO note VALUES (NULL)")

        with pytest.raises(sqlite3.IntegrityError):
            await database.write(half)
        assert await database.read(one("SELECT count(*) FROM note")) == 0


@pytest.mark.row(91)
async def test_a_full_disk_is_told_and_room_helps(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        pages = await database.write(one("PRAGMA page_count"))
        await database.write(do(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(StorageError) as refused:
            await database.write(do("INSERT INTO note VALUES (zeroblob(1000000))"))
        assert refused.value.problem.kind is ProblemKind.LIBRARY_UNWRITABLE
        assert "full" in str(refused.value.problem.facts["reason"])
        await database.write(do("PRAGMA max_page_count = 100000"))
        await database.write(do("INSERT INTO note VALUES (zeroblob(1000000))"))
        assert await database.read(one("SELECT count(*) FROM note")) == 1


async def test_a_library_that_may_not_be_written_is_told(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do("PRAGMA query_only = ON"))
        with pytest.raises(StorageError) as refused:
            await database.write(do(NOTES))
        assert refused.value.problem.kind is ProblemKind.LIBRARY_UNWRITABLE


async def test_a_library_that_was_never_opened_is_told() -> None:
    database = Database(schema)  # type: ignore[arg-type]  # the file is not even looked at
    try:
        for run in (database.read, database.write):
            with pytest.raises(StorageError):
                await run(one("SELECT 1"))
    finally:
        database.close()


async def test_closing_twice_is_fine(path: Path) -> None:
    async with opened(path) as database:
        database.close()


@pytest.mark.parametrize("content", [b"no database, but long enough " * 200, b"\0" * 8192, b"PNG"])
async def test_a_file_that_is_no_library_is_told_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    kind, _ = await refusal(path)
    assert kind is ProblemKind.LIBRARY_DAMAGED
    assert path.read_bytes() == content


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    kind, _ = await refusal(tmp_path / "nowhere" / "library.sqlite3")
    assert kind is ProblemKind.LIBRARY_UNWRITABLE


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
@pytest.mark.parametrize("is_old", [True, False])
async def test_s21_nobody_else_may_read_the_library(path: Path, is_old: bool) -> None:
    if is_old:
        path.touch(0o644)
    async with opened(path) as database:
        await database.write(do(NOTES))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys([path.name, f"{path.name}-wal", f"{path.name}-shm"], 0o600)


# Migrations


async def test_a_new_library_has_the_newest_schema_and_needs_no_copy(path: Path) -> None:
    async with opened(path):
        pass
    assert look(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]
    assert not (path.parent / "backups").exists()


async def test_a_library_of_a_newer_program_is_left_as_it_is(path: Path) -> None:
    async with opened(path) as database:
        await JobStore(database).add([new_job()])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    kind, facts = await refusal(path)
    assert kind is ProblemKind.LIBRARY_NEWER
    assert facts == {"found": 999, "supported": len(schema.MIGRATIONS)}
    assert path.read_bytes() == before


async def test_old_data_is_copied_before_a_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(path) as database:
        (job,) = await JobStore(database).add([new_job()])
    old = len(schema.MIGRATIONS)
    step = "UPDATE job SET prompt = 'changed'; CREATE TABLE extra (x)"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
    async with opened(path):
        pass
    assert look(path, "PRAGMA user_version") == [(old + 1,)]
    assert look(path, "SELECT prompt FROM job") == [("changed",)]
    (kept,) = (path.parent / "backups").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (copy,) = (path.parent / "backups").iterdir()
    assert look(copy, "PRAGMA user_version") == [(old,)]
    assert look(copy, "SELECT id, prompt FROM job") == [(job.id, job.request.prompt)]
    assert look(copy, "PRAGMA integrity_check") == [("ok",)]


async def test_a_step_is_taken_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(path):
        pass
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE extra (x)"))
    for _ in range(2):
        async with opened(path):
            pass
    assert look(path, "SELECT count(*) FROM extra") == [(0,)]


@pytest.mark.parametrize(
    "half",
    [
        "DELETE FROM job; CREATE TABLE extra (x); INSERT INTO nowhere VALUES (1)",
        "DELETE FROM job; CREATE TABLE extra (x); no SQL at all",
    ],
)
async def test_a_step_that_fails_half_way_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    async with opened(path) as database:
        (job,) = await JobStore(database).add([new_job()])
    whole = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*whole, half))
    kind, _ = await refusal(path)
    assert kind is ProblemKind.LIBRARY_UNWRITABLE
    assert look(path, "PRAGMA user_version") == [(len(whole),)]
    assert look(path, "SELECT name FROM sqlite_schema WHERE name = 'extra'") == []
    monkeypatch.setattr(schema, "MIGRATIONS", whole)
    async with opened(path) as database:
        assert await JobStore(database).get(job.id) == job


async def test_without_a_copy_no_step_is_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(path):
        pass
    old = len(schema.MIGRATIONS)
    (path.parent / "backups").write_text("a file where the folder should be")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE extra (x)"))
    kind, _ = await refusal(path)
    assert kind is ProblemKind.LIBRARY_UNWRITABLE
    assert look(path, "PRAGMA user_version") == [(old,)]


# Writes that share a commit


@asynccontextmanager
async def busy(database: Database) -> AsyncIterator[list[str]]:
    """The disk is busy for as long as the block lasts; what the writing connection is told from then on."""
    begun, over = threading.Event(), threading.Event()
    statements: list[str] = []

    def hold(connection: sqlite3.Connection) -> None:
        begun.set()
        over.wait()
        connection.set_trace_callback(statements.append)

    holding = asyncio.ensure_future(database.write(hold))
    try:
        await asyncio.to_thread(begun.wait)
        yield statements
    finally:
        over.set()
        await holding


async def asked(*writes: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    """The writes, each asked for and none begun."""
    tasks = [asyncio.ensure_future(write) for write in writes]
    await asyncio.sleep(0)
    return tasks


def write_down(text: str) -> Any:
    return lambda connection: connection.execute("INSERT INTO note VALUES (?)", (text,)).rowcount


async def outcomes(tasks: list[asyncio.Task[Any]]) -> list[Any]:
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_writes_that_wait_share_a_commit_in_their_order(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        async with busy(database) as statements:
            tasks = await asked(*(database.write(write_down(str(n))) for n in range(20)))
        assert await outcomes(tasks) == [1] * 20
        assert [text for text in statements if text in {"BEGIN IMMEDIATE", "COMMIT"}] == [
            "COMMIT",
            "BEGIN IMMEDIATE",
            "COMMIT",
        ]
    assert look(path, "SELECT text FROM note") == [(str(number),) for number in range(20)]


async def test_nobody_hears_of_a_write_before_it_is_committed(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        loop = asyncio.get_running_loop()
        tasks: list[asyncio.Task[Any]] = []
        seen: list[object] = []

        def second(_: sqlite3.Connection) -> None:
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
            seen.append(tasks[0].done())
            seen.append(look(path, "SELECT text FROM note"))

        async with busy(database):
            tasks += await asked(database.write(write_down("a")), database.write(second))
        await outcomes(tasks)
    assert seen == [False, []]


async def test_a_write_that_fails_takes_nothing_from_the_others(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO note VALUES ('half')")
            raise ZeroDivisionError

        async with busy(database):
            tasks = await asked(
                database.write(write_down("a")),
                database.write(half),
                database.write(do("INSERT INTO note VALUES (NULL)")),
                database.write(write_down("b")),
            )
        found = await outcomes(tasks)
        assert [type(each) for each in found] == [int, ZeroDivisionError, sqlite3.IntegrityError, int]
    assert look(path, "SELECT text FROM note") == [("a",), ("b",)]


async def test_a_write_that_breaks_the_transaction_takes_nothing_from_the_others(path: Path) -> None:
    """SQLite undoes all of a transaction by itself at some errors, a full disk among them."""
    async with opened(path) as database:
        await database.write(do(NOTES))
        async with busy(database):
            tasks = await asked(
                database.write(write_down("a")),
                database.write(do("INSERT OR ROLLBACK INTO note VALUES (NULL)")),
                database.write(write_down("b")),
            )
        found = await outcomes(tasks)
        assert [type(each) for each in found] == [int, sqlite3.IntegrityError, int]
    assert look(path, "SELECT text FROM note") == [("a",), ("b",)]


async def test_a_commit_that_fails_is_told_to_everybody_in_it(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))

        def refuse_commits(action: int, word: str | None, *_: object) -> int:
            refused = action == sqlite3.SQLITE_TRANSACTION and word == "COMMIT"
            return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

        def own_mistake(_: sqlite3.Connection) -> None:
            raise ZeroDivisionError

        async with busy(database):
            tasks = await asked(
                database.write(write_down("a")),
                database.write(lambda connection: connection.set_authorizer(refuse_commits)),
                database.write(own_mistake),
                database.write(write_down("b")),
            )
        assert [type(each) for each in await outcomes(tasks)] == [StorageError] * 4
        assert await database.read(one("SELECT count(*) FROM note")) == 0


async def test_a_write_that_nobody_waits_for_any_more_is_not_begun(path: Path) -> None:
    async with opened(path) as database:
        await database.write(do(NOTES))
        async with busy(database):
            tasks = await asked(*(database.write(write_down(str(n))) for n in range(3)))
            tasks[1].cancel()
        await outcomes(tasks)
    assert look(path, "SELECT text FROM note") == [("0",), ("2",)]


async def test_a_write_after_the_end_is_refused(path: Path) -> None:
    async with opened(path) as database:
        database.close()
        with pytest.raises(RuntimeError):
            await database.write(do(NOTES))
