"""What a start makes of a library that cannot be used as it is, also where the start itself is broken off."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import shutil
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.restored import RestoreCause
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.library import health
from gptimg_desktop.services.library.care import last_seen
from gptimg_desktop.services.library.care.keeper import Keeper
from gptimg_desktop.services.library.care.rescue import Known, Rescue
from gptimg_desktop.services.library.care.safety import Safety
from gptimg_desktop.services.library.collections import CollectionStore
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal
from gptimg_desktop.services.library.jobs import JobStore
from tests.support.jobs import every_job, new_job
from tests.support.scripted_server import picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = [pytest.mark.anyio]
RESTORED: Final = pytest.mark.expects_log("the library is not used as it is")
TASK: Final = "task_01ABCDEFGHJKMNPQRSTVWXYZ01"
STORED: Final = Path(__file__).parent / "stored"


def known(folder: Path) -> Known:
    return Known(entries=(), folders=(folder / "images",), now=time.time())


def backed_up(keeper: Keeper, *, ago_s: float = 0.0) -> str:
    made = keeper.backups.make(
        keeper.library, now=time.time() - ago_s, told=lambda _done, _total: None, is_cancelled=lambda: False
    )
    return made.name


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Database, JobStore]]:
    database = Database(folder / "library.sqlite3")
    await database.open()
    try:
        yield database, JobStore(database)
    finally:
        database.close()


async def jobs_in(folder: Path) -> tuple[Job, ...]:
    async with opened(folder) as (_, store):
        return await every_job(store)


async def with_job(folder: Path, **more: Any) -> Keeper:
    async with opened(folder) as (_, store):
        await store.add((new_job(**more),))
    return Keeper(folder)


def break_index(library: Path, name: str = "job_by_state") -> None:
    """The table stays as it is, and what SQLite finds rows by is nonsense."""
    with contextlib.closing(sqlite3.connect(library)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(library.read_bytes())
    content[(page - 1) * size : page * size] = random.Random(2).randbytes(size)
    library.write_bytes(content)


def change(library: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(library)) as connection:
        connection.execute(statement)
        connection.commit()


# A start that cannot finish


async def killed_while_sending(folder: Path, *, is_bare: bool) -> Path:
    """What a killed program left whose log was taken away; `is_bare`: even the tables stood in that."""
    left = folder / "left"
    left.mkdir()
    if not is_bare:
        async with opened(folder) as (_, store):
            await store.add((new_job(),))
    async with opened(folder) as (database, store):
        jobs = await every_job(store) or await store.add((new_job(),))
        Keeper(folder).opened(await database.read(lambda each: last_seen.counted(each, is_open=True)))
        await store.arm(jobs[0], time.time())
        for name in ("library.sqlite3", "library.seen"):
            shutil.copy(folder / name, left)
    return left


@RESTORED
@pytest.mark.parametrize("is_bare", [False, True])
async def test_a_lost_log_is_remembered_where_the_start_that_missed_it_could_not_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_bare: bool
) -> None:
    left = await killed_while_sending(tmp_path, is_bare=is_bare)

    def full(*_: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Rescue, "_copied", full)
        with pytest.raises(StorageError):
            Keeper(left).prepare(known(left))
    assert (left / "library.sqlite3-wal").exists()  # the look made one
    keeper = Keeper(left)
    keeper.prepare(known(left))
    assert keeper.notes.waits
    assert [job.state for job in await jobs_in(left)] == ([] if is_bare else [JobState.UNCONFIRMED])
    keeper.notes.was_seen()
    keeper.prepare(known(left))  # and once it was seen to, it is over
    assert not keeper.notes.waits


@RESTORED
async def test_a_library_whose_log_was_emptied_before_its_tables_left_it_is_older(tmp_path: Path) -> None:
    left = await killed_while_sending(tmp_path, is_bare=True)
    (left / "library.sqlite3-wal").touch()
    keeper = Keeper(left)
    keeper.prepare(known(left))
    kept = keeper.notes.read()
    assert kept is not None
    assert kept.restored.cause is RestoreCause.OLDER


async def test_a_disk_that_takes_no_note_of_a_lost_log_keeps_the_library_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = await killed_while_sending(tmp_path, is_bare=False)

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gptimg_desktop.services.library.care.keeper.write_atomically", full)
    with pytest.raises(StorageError) as refused:
        Keeper(left).prepare(known(left))
    assert refused.value.problem.kind is ProblemKind.DISK_FULL
    assert not (left / "library.sqlite3-wal").exists()


async def test_a_wish_to_go_back_stays_until_it_is_fulfilled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = await with_job(tmp_path)
    name = backed_up(keeper)
    keeper.notes.want(name)

    def full(*_: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Rescue, "_copied", full)
        with pytest.raises(StorageError):
            keeper.prepare(known(tmp_path))
    assert keeper.notes.wanted() == name
    keeper.prepare(known(tmp_path))
    kept = keeper.notes.read()
    assert kept is not None
    assert (kept.restored.cause, kept.is_in_place) == (RestoreCause.ASKED, True)
    assert keeper.notes.wanted() == ""


async def test_what_an_earlier_try_left_half_made_goes(tmp_path: Path) -> None:
    keeper = await with_job(tmp_path)
    for ending in ("", "-journal"):
        (tmp_path / f"library.restoring.sqlite3{ending}").write_bytes(b"half a library")
    keeper.prepare(known(tmp_path))
    assert not keeper.notes.waits
    assert list(tmp_path.glob("library.restoring*")) == []


async def test_a_full_look_that_finds_nothing_is_not_repeated(tmp_path: Path) -> None:
    keeper = await with_job(tmp_path)
    keeper.suspect()
    keeper.prepare(known(tmp_path))
    assert not (tmp_path / "library.suspect").exists()
    assert not keeper.notes.waits


# What is there


def cut_off_in_its_first_change(library: Path) -> None:
    """A file as it is left where a first start is killed before the library has its log: written, but not
    done, and beside it the journal that takes it back."""
    made = library.with_name("made.sqlite3")
    with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE job (id)")
        connection.executemany("INSERT INTO job VALUES (?)", [("x" * 2000,)] * 50)
        shutil.copy(f"{made}-journal", f"{library}-journal")
        connection.execute("COMMIT")
        shutil.copy(made, library)
    made.unlink()


async def test_a_first_start_that_was_killed_before_the_log_is_taken_back(tmp_path: Path) -> None:
    library = tmp_path / "library.sqlite3"
    cut_off_in_its_first_change(library)
    with pytest.raises(StorageError) as caught:
        health.damage(library)
    assert caught.value.problem.kind is ProblemKind.LIBRARY_UNREADABLE
    keeper = Keeper(tmp_path)
    keeper.prepare(known(tmp_path))
    assert keeper.notes.read() is None
    assert await jobs_in(tmp_path) == ()


@RESTORED
async def test_a_library_that_is_gone_before_its_first_backup_is_told(tmp_path: Path) -> None:
    keeper = await with_job(tmp_path)
    keeper.opened(last_seen.LastSeen(jobs=1, attempts=0, is_open=False))
    day = tmp_path / "images" / "2024-01-31"
    day.mkdir(parents=True)
    (day / "oak chair_0001.png").write_bytes(picture(8, 8))
    keeper.library.unlink()
    keeper.prepare(known(tmp_path))
    kept = keeper.notes.read()
    assert kept is not None
    assert (kept.restored.cause, kept.restored.adopted) == (RestoreCause.MISSING, 1)


@RESTORED
@pytest.mark.parametrize("name", ["scan_99999999999999999999.png", "IMG_20240131123456.png"])
async def test_a_picture_with_a_long_number_is_none_of_ours(tmp_path: Path, name: str) -> None:
    keeper = await with_job(tmp_path)
    backed_up(keeper)
    day = tmp_path / "images" / "2024-01-31"
    day.mkdir(parents=True)
    (day / name).write_bytes(picture(8, 8))
    keeper.library.write_bytes(b"")
    keeper.prepare(known(tmp_path))
    (job,) = await jobs_in(tmp_path)
    assert job.seq == 1
    async with opened(tmp_path) as (_, store):
        (after,) = await store.add((new_job(),))
    assert after.seq == 2


@RESTORED
@pytest.mark.timeout(20)
async def test_jobs_beyond_a_gap_in_the_numbers_are_read_back_without_counting_up_to_them(
    tmp_path: Path,
) -> None:
    keeper = await with_job(tmp_path)
    change(keeper.library, "UPDATE sqlite_sequence SET seq = 899999999 WHERE name = 'job'")
    await with_job(tmp_path)
    break_index(keeper.library)
    keeper.prepare(known(tmp_path))
    assert [job.seq for job in await jobs_in(tmp_path)] == [900_000_000, 1]


@RESTORED
async def test_text_that_is_none_in_the_names_of_tables_is_damage(tmp_path: Path) -> None:
    keeper = await with_job(tmp_path)
    content = keeper.library.read_bytes()
    assert content.count(b"tablecollectioncollection") == 1
    backed_up(keeper)
    broken = b"tablecollecti\xa0ncollecti\xa0n"
    keeper.library.write_bytes(content.replace(b"tablecollectioncollection", broken))
    assert health.damage(keeper.library)
    keeper.prepare(known(tmp_path))
    assert [job.state for job in await jobs_in(tmp_path)] == [JobState.UNCONFIRMED]


@pytest.mark.expects_log("would do without the journal")
async def test_a_journal_that_cannot_be_read_keeps_nothing_from_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = await with_job(tmp_path)
    journal = EmergencyJournal(tmp_path / "journal")
    journal.open()

    def broken(_descriptor: int, _at: int, _whence: int) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("gptimg_desktop.services.library.emergency_journal.os.lseek", broken)
    database = Database(keeper.library)
    safety = Safety(tmp_path, database, now=time.time, damaged=lambda _: None)
    safety.open(journal, (), lambda: None)
    assert len(await every_job(JobStore(database))) == 1
    safety.close()
    database.close()
    journal.close()


# What comes over


async def sent_again_after_it_was_closed(folder: Path, *, closed_twice: bool = False) -> Keeper:
    """A library whose job's own row makes no sense; the backup knows it as given up."""
    keeper = Keeper(folder)
    async with opened(folder) as (_, store):
        (job,) = await store.add((new_job(),))
        sent = await store.arm(job, time.time())
        in_doubt = await store.advance(sent, sent.doubt(Problem.of(ProblemKind.PROGRAM_ENDED)))
        closed = await store.advance(in_doubt, in_doubt.close(time.time()))
        if closed_twice:
            backed_up(keeper)
            answered = closed
        else:
            backed_up(keeper)
            open_again = await store.advance(closed, closed.reopen())
            queued = await store.advance(open_again, open_again.send_again())
            answered = await store.arm(queued, time.time())
        body = b'{"code":200,"data":[{"status":"submitted","task_id":"' + TASK.encode() + b'"}]}'
        evidence = Evidence(
            released=True,
            status=200,
            complete=True,
            body=body,
            headers={"content-type": "application/json"},
        )
        await store.record_answer(answered, evidence, time.time())
    change(keeper.library, "UPDATE job SET problem = '{broken'")
    keeper.suspect()
    return keeper


@RESTORED
async def test_a_task_of_a_job_that_the_backup_knows_as_closed_is_followed(tmp_path: Path) -> None:
    keeper = await sent_again_after_it_was_closed(tmp_path)
    keeper.prepare(known(tmp_path))
    (job,) = await jobs_in(tmp_path)
    assert (job.state, job.attempt, job.task_ids) == (JobState.ACCEPTED, 2, (TASK,))
    assert job.finished_at is None


@RESTORED
async def test_a_task_that_no_job_takes_is_told(tmp_path: Path) -> None:
    keeper = await sent_again_after_it_was_closed(tmp_path, closed_twice=True)
    keeper.prepare(known(tmp_path))
    (job,) = await jobs_in(tmp_path)
    kept = keeper.notes.read()
    assert kept is not None
    assert (job.state, kept.restored.task_ids) == (JobState.CLOSED, (TASK,))


@RESTORED
async def test_a_job_of_the_backup_that_makes_no_sense_does_not_come_back(tmp_path: Path) -> None:
    keeper = await with_job(tmp_path)
    async with opened(tmp_path) as (_, store):
        sent = await store.arm((await every_job(store))[0], time.time())
        await store.advance(sent, sent.accept((TASK,), time.time()))
        await store.add((new_job(),))
    change(keeper.library, "UPDATE job SET estimate = 'a lot' WHERE seq = 1")
    backed_up(keeper)
    keeper.suspect()
    keeper.prepare(known(tmp_path))
    kept = keeper.notes.read()
    newer, older = sorted(await jobs_in(tmp_path), key=lambda job: job.seq)
    assert kept is not None
    assert {newer.state, older.state} == {JobState.UNCONFIRMED, JobState.ACCEPTED}
    assert TASK in {*newer.task_ids, *older.task_ids, *kept.restored.task_ids}
    keeper.suspect()
    keeper.notes.was_seen()
    keeper.prepare(known(tmp_path))
    assert not keeper.notes.waits


@RESTORED
async def test_collections_come_over_with_their_jobs(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    async with opened(tmp_path) as (database, store):
        collections = CollectionStore(database)
        first = await collections.create("Client A", 1.0)
        await collections.make_current(first.number)
        backed_up(keeper)
        await collections.rename(first.number, "Client Alpha")
        second = await collections.create("Client B", 2.0)
        await collections.make_current(second.number)
        await store.add((new_job(),))
        before = [replace(each, number=0) for each in await collections.all()]
    break_index(keeper.library, "job_by_run")
    keeper.prepare(known(tmp_path))
    async with opened(tmp_path) as (database, _):
        after = await CollectionStore(database).all()
    assert [replace(each, number=0) for each in after] == before
    assert [(each.name, each.count, each.is_current) for each in after] == [
        ("Client Alpha", 0, False),
        ("Client B", 1, True),
    ]


# Backups


async def test_going_back_to_a_copy_of_an_earlier_schema_leaves_that_as_old_as_it_is(tmp_path: Path) -> None:
    shutil.copy(STORED / "schema-4.sqlite3", tmp_path / "library.sqlite3")
    keeper = await with_job(tmp_path)
    (old,) = keeper.backups.folder.glob("library-before*")
    os.utime(old, (time.time() - 9e6,) * 2)
    newest = backed_up(keeper, ago_s=3600)
    keeper.notes.want(old.name)
    keeper.prepare(known(tmp_path))
    assert [backup.name for backup in keeper.backups.all()] == [newest, old.name]
