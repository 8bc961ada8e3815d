"""Copies are whole and checked before they count, stand in rotation, and hold nobody up."""

from __future__ import annotations

import asyncio
import stat
import threading
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.backup import DAYS, NEWEST, WEEKS, worth_keeping
from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.care import backups as module
from gptimg_desktop.services.library.care.backups import BackupCancelled, Backups
from gptimg_desktop.services.library.database import Database
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000.0
DAY = 86_400.0


def never() -> bool:
    return False


def untold(_done: int, _total: int) -> None:
    """Nobody watches."""


@asynccontextmanager
async def library_of(path: Path, jobs: int) -> AsyncIterator[Database]:
    database = Database(path)
    await database.open()
    try:
        await add(database, jobs)
        yield database
    finally:
        database.close()


async def add(database: Database, jobs: int) -> None:
    def work(connection: object) -> None:
        for _ in range(jobs):
            job_rows.insert(connection, new_job())  # type: ignore[arg-type]  # the database's own

    await database.write(work)


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups")


async def test_a_copy_of_a_library_in_use_is_whole_and_ours_alone(tmp_path: Path, backups: Backups) -> None:
    heard: list[tuple[int, int]] = []
    path = tmp_path / "library.sqlite3"
    async with library_of(path, 30):
        made = await asyncio.to_thread(
            backups.make, path, now=NOW, told=lambda *far: heard.append(far), is_cancelled=never
        )
    assert (made.jobs, made.made_at) == (30, NOW)
    assert backups.all()[0].name == made.name
    assert backups.look_into(made) == made
    assert stat.S_IMODE(backups.path(made).stat().st_mode) == 0o600
    assert [file.name for file in backups.folder.iterdir()] == [made.name]
    assert heard[-1][0] == heard[-1][1] > 0


async def test_writers_go_on_while_a_copy_is_made_and_it_is_as_the_library_was(
    tmp_path: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGES", 4)
    path, began, goes_on = tmp_path / "library.sqlite3", threading.Event(), threading.Event()

    def wait(_done: int, _total: int) -> None:
        began.set()
        assert goes_on.wait(10)

    async with library_of(path, 200) as database:
        making = asyncio.to_thread(backups.make, path, now=NOW, told=wait, is_cancelled=never)
        task = asyncio.create_task(making)
        await asyncio.to_thread(began.wait, 10)
        started = time.monotonic()
        await add(database, 50)
        assert time.monotonic() - started < 1.0
        goes_on.set()
        made = await task
    assert made.jobs == 200


async def test_one_that_is_given_up_or_finds_no_room_leaves_nothing(
    tmp_path: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite3"
    async with library_of(path, 5):
        with pytest.raises(BackupCancelled):
            backups.make(path, now=NOW, told=untold, is_cancelled=lambda: True)
        monkeypatch.setattr(module, "ROOM_TO_SPARE", 10**18)
        with pytest.raises(StorageError) as refused:
            backups.make(path, now=NOW, told=untold, is_cancelled=never)
    assert refused.value.problem.kind is ProblemKind.DISK_FULL
    assert list(backups.folder.iterdir()) == []


async def test_a_library_that_is_damaged_is_found_out_and_the_good_copies_stay(
    tmp_path: Path, backups: Backups
) -> None:
    path = tmp_path / "library.sqlite3"
    async with library_of(path, 300):
        good = backups.make(path, now=NOW, told=untold, is_cancelled=never)
    content = bytearray(path.read_bytes())
    content[8 * 4096 : 9 * 4096] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        backups.make(path, now=NOW + DAY, told=untold, is_cancelled=never)
    assert refused.value.problem.kind is ProblemKind.LIBRARY_DAMAGED
    assert [backup.name for backup in backups.all()] == [good.name]


async def test_a_copy_that_rots_is_no_good_any_more(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "library.sqlite3"
    async with library_of(path, 5):
        made = backups.make(path, now=NOW, told=untold, is_cancelled=never)
    content = bytearray(backups.path(made).read_bytes())
    content[4096:8192] = bytes(4096)
    backups.path(made).write_bytes(content)
    assert not backups.look_into(made).is_good


async def test_copies_stand_in_rotation(tmp_path: Path, backups: Backups) -> None:
    path = tmp_path / "library.sqlite3"
    async with library_of(path, 1):
        for number in range(9):
            backups.make(path, now=NOW + number, told=untold, is_cancelled=never)
    assert [backup.made_at for backup in backups.all()] == [NOW + number for number in range(8, 3, -1)]


def test_of_many_the_newest_and_one_of_each_day_and_week_stay() -> None:
    hourly = [NOW - 3600.0 * hour for hour in range(24 * 60)]
    kept = sorted(worth_keeping(hourly), reverse=True)
    assert kept[:NEWEST] == hourly[:NEWEST]
    assert len({at // DAY for at in kept}) >= DAYS
    assert len({at // (7 * DAY) for at in kept}) == WEEKS
    assert len(kept) <= NEWEST + DAYS + WEEKS
    assert worth_keeping([]) == frozenset()
    assert worth_keeping([NOW]) == {NOW}
