"""Rows 88 to 95: what the user gets when the library itself is hit."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.core.importing import ImportWish
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.restored import RestoreCause, Restored
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.safekeeping import JOBS_BETWEEN
from gptimg_desktop.services.library import job_rows
from gptimg_desktop.services.library.care.keeper import Keeper
from gptimg_desktop.services.library.care.rescue import Known, Rescue
from gptimg_desktop.services.library.database import Database
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal, JournalEntry
from gptimg_desktop.ui.plain_label import PlainLabel
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.jobs import new_job
from tests.support.scripted_server import ScriptedServer, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from gptimg_desktop.core.backup import Backup

pytestmark = pytest.mark.anyio

RESTORED = pytest.mark.expects_log("the library is not used as it is")
TASK: Final = "task_" + "0" * 26
PNG: Final = picture(8, 8)
as_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may do that")


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as serving:
        yield serving


def library_in(data_dir: Path) -> Path:
    return data_dir / "library.sqlite3"


def never() -> bool:
    return False


def untold(_done: int, _total: int) -> None:
    """Nobody watches."""


def backed_up(keeper: Keeper, *, ago_s: float = 0.0) -> None:
    keeper.backups.make(keeper.library, now=time.time() - ago_s, told=untold, is_cancelled=never)


def known(keeper: Keeper, *entries: JournalEntry) -> Known:
    return Known(entries=entries, folders=(keeper.library.parent / "images",), now=time.time())


def zero(path: Path) -> None:
    """Nothing can be read any more, and the file is as long as it was."""
    path.write_bytes(bytes(path.stat().st_size))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def gone(path: Path) -> None:
    path.unlink()


def junk_in_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 3 * 4096] = random.Random(1).randbytes(2 * 4096)
    path.write_bytes(content)


async def unmade(desk: Desk, prompt: str) -> None:
    """A press that waits, since the queue is paused."""
    desk.app.engine.queue.pause()
    before = len(desk.states())
    desk.generate(prompt)
    await desk.until(lambda: len(desk.states()) == before + 1 and desk.states()[0] == "queued")


async def go_on(desk: Desk) -> None:
    """Read what was restored, and say so."""
    desk.click("restoredGoOn")
    await desk.until(lambda: not desk.find(QWidget, "restoredPanel").isVisible())


def prompts(server: ScriptedServer) -> list[str]:
    """What the service was asked for, as far as all of it came."""
    whole = (request for request in server.of_kind("submit") if request.is_whole and request.body)
    return [request.json()["prompt"] for request in whole]


# The money rule


@pytest.mark.row(88, 89)
@RESTORED
@pytest.mark.parametrize("hit", [zero, empty, gone, junk_in_the_middle])
async def test_what_waited_in_the_backup_and_was_sent_since_is_never_sent_by_itself(
    tmp_path: Path, server: ScriptedServer, hit: Callable[[Path], None]
) -> None:
    server.queries = deque([scripts.task("processing")])
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
        desk.app.parts.wishes.resume_all()
        await desk.until_states("accepted")
    hit(library_in(tmp_path))
    async with window(tmp_path, server) as desk:
        await desk.until(lambda: len(desk.states()) == 1 and desk.states() != ["queued"])
        assert desk.find(QWidget, "restoredPanel").isVisible()
        desk.generate("a second chair")  # everything new waits until the report was read
        await desk.until(lambda: len(desk.states()) == 2)
        await asyncio.sleep(0.1)
        assert prompts(server) == ["an oak chair"]
        await go_on(desk)
        await desk.until(lambda: prompts(server) == ["an oak chair", "a second chair"])
    async with window(tmp_path, server) as desk:  # what was read once is not told again
        await desk.until(lambda: len(desk.states()) == 2)
        assert desk.app.window.findChild(QWidget, "restoredPanel") is None
    assert [prompt for _, prompt in server.accepted] == ["an oak chair", "a second chair"]


@pytest.mark.row(88)
@RESTORED
async def test_what_was_not_read_is_told_at_every_start_and_holds_the_queue(
    tmp_path: Path, server: ScriptedServer
) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
    zero(library_in(tmp_path))
    async with window(tmp_path, server) as desk:
        desk.app.parts.wishes.resume_all()
        await desk.until(lambda: desk.states() == ["unconfirmed"])
    async with window(tmp_path, server) as desk:
        await desk.until(lambda: desk.states() == ["unconfirmed"])
        assert "it asks you first" in desk.texts()
        desk.generate("another")
        await desk.until(lambda: len(desk.states()) == 2)
        await asyncio.sleep(0.1)
        assert prompts(server) == []


@pytest.mark.row(88, 89)
@RESTORED
async def test_a_task_that_the_journal_knows_is_followed(tmp_path: Path, server: ScriptedServer) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
        (job,) = desk.jobs()
    zero(library_in(tmp_path))
    journal = EmergencyJournal(tmp_path / "journal")
    journal.note([JournalEntry(job_id=job.id, attempt=1, task_id=TASK)])
    journal.close()
    async with window(tmp_path, server) as desk:
        await desk.until_states("saved")
        assert "One paid task is followed" in desk.texts()
    assert prompts(server) == []


@pytest.mark.row(88, 89)
@RESTORED
async def test_pictures_on_disk_are_in_the_gallery_again(tmp_path: Path, server: ScriptedServer) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
        desk.app.parts.wishes.resume_all()
        await desk.until_states("saved")
        desk.generate("newer than the backup")
        await desk.until_states("saved", "saved")
        paths = {image.path for job in desk.jobs() for image in job.images}
    zero(library_in(tmp_path))
    async with window(tmp_path, server) as desk:
        await desk.until_states("saved", "saved")
        newer, older = desk.jobs()
        assert {image.path for job in (newer, older) for image in job.images} == paths
        assert older.request.prompt == "an oak chair"  # its file was named after it
        assert newer.is_imported
        told = desk.texts()
        assert "The library was damaged and has been restored." in told
        assert "One job found its picture" in told
        assert "One picture on the disk had no job" in told
        assert "library.corrupt-" in told
    assert len(prompts(server)) == 2


@pytest.mark.row(88)
@RESTORED
async def test_what_can_be_read_of_the_damaged_file_is_not_lost(
    tmp_path: Path, server: ScriptedServer
) -> None:
    server.queries = deque([scripts.task("processing")])
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
        desk.app.parts.wishes.resume_all()
        await desk.until_states("accepted")
        desk.generate("newer than the backup")
        await desk.until_states("accepted", "accepted")
    break_an_index(library_in(tmp_path))
    async with window(tmp_path, server) as desk:
        await desk.until_states("accepted", "accepted")
        assert [job.request.prompt for job in desk.jobs()] == ["newer than the backup", "an oak chair"]
    assert len(prompts(server)) == 2


def break_an_index(path: Path) -> None:
    """The table stays as it is, and what SQLite finds rows by is nonsense."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        question = "SELECT rootpage FROM sqlite_schema WHERE name = 'job_by_run'"
        (page,) = connection.execute(question).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = random.Random(2).randbytes(size)
    path.write_bytes(content)


@pytest.mark.row(88, 90)
@RESTORED
async def test_the_log_of_the_damaged_file_goes_aside_with_it(tmp_path: Path, server: ScriptedServer) -> None:
    server.queries = deque([scripts.task("processing")])
    killed = tmp_path / "killed"
    async with window(tmp_path / "data", server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
        desk.app.parts.wishes.resume_all()
        await desk.until_states("accepted")
        shutil.copytree(tmp_path / "data", killed)
    zero(library_in(killed))
    async with window(killed, server) as desk:
        await desk.until(lambda: len(desk.states()) == 1 and desk.states() != ["queued"])
        restored = await desk.app.engine.safety.restored()
        assert restored is not None
        assert Path(f"{restored.set_aside}-wal").stat().st_size > 0
    assert len(prompts(server)) == 1


@pytest.mark.row(88)
@RESTORED
async def test_a_rescue_that_takes_long_is_told_in_the_window(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        await desk.app.engine.safety.back_up(untold)
    zero(library_in(tmp_path))
    was_told, run = threading.Event(), Rescue.run

    def long(rescue: Rescue, *values: Any, **more: Any) -> Restored:
        assert was_told.wait(20)
        return run(rescue, *values, **more)

    monkeypatch.setattr(Rescue, "run", long)

    async def look() -> str:
        while True:
            for line in QApplication.allWidgets():
                if line.objectName() == "progress_restore" and line.isVisible():
                    buttons = [each for each in line.findChildren(QAbstractButton) if each.isVisible()]
                    assert buttons == []  # nothing else can be opened
                    return line.findChildren(PlainLabel)[0].text()
            await asyncio.sleep(0.01)

    looking = asyncio.create_task(look())
    looking.add_done_callback(lambda _: was_told.set())
    async with window(tmp_path, server) as desk:
        await desk.until_states("unconfirmed")
        assert "Restoring the library" in await looking
        assert desk.app.window.findChild(QWidget, "progress_restore") is None


# A copy that is older than it should be


@pytest.mark.row(90)
@RESTORED
async def test_an_older_library_in_its_place_sends_nothing_again(
    tmp_path: Path, server: ScriptedServer
) -> None:
    async with window(tmp_path / "data", server) as desk:
        await unmade(desk, "an oak chair")
    old = library_in(tmp_path / "data").read_bytes()
    async with window(tmp_path / "data", server) as desk:
        await desk.until_states("saved")
    for path in (tmp_path / "data" / "images").rglob("*.png"):
        path.unlink()
    shutil.rmtree(tmp_path / "data" / "backups", ignore_errors=True)
    library_in(tmp_path / "data").write_bytes(old)
    async with window(tmp_path / "data", server) as desk:
        await desk.until_states("unconfirmed")
        assert "This library is older than what this program last wrote." in desk.texts()
        await asyncio.sleep(0.1)
    assert prompts(server) == ["an oak chair"]


@pytest.mark.row(90)
@RESTORED
async def test_a_library_whose_log_was_taken_away_sends_nothing_again(
    tmp_path: Path, server: ScriptedServer
) -> None:
    server.queries = deque([scripts.task("processing")])
    async with window(tmp_path / "data", server) as desk:
        await unmade(desk, "an oak chair")
    copied = tmp_path / "copied"
    async with window(tmp_path / "data", server) as desk:
        await desk.until_states("accepted")
        copied.mkdir()
        for name in ("library.sqlite3", "library.seen", "journal"):
            shutil.copy(tmp_path / "data" / name, copied)
    async with window(copied, server) as desk:
        await desk.until_states("unconfirmed")
        await asyncio.sleep(0.1)
    assert prompts(server) == ["an oak chair"]


@pytest.mark.row(90)
async def test_a_killed_program_with_its_log_is_not_taken_for_older(
    tmp_path: Path, server: ScriptedServer
) -> None:
    server.queries = deque([scripts.task("processing")])
    copied = tmp_path / "copied"
    async with window(tmp_path / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("accepted")
        copied.mkdir()
        for path in (tmp_path / "data").glob("library*"):
            shutil.copy(path, copied)
    async with window(copied, server) as desk:
        await desk.until_states("accepted")
        assert desk.app.window.findChild(QWidget, "restoredPanel") is None


# What can be looked at alone


@pytest.mark.row(94)
async def test_a_newer_library_is_shown_and_left_as_it_is(tmp_path: Path, server: ScriptedServer) -> None:
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("saved")
    with contextlib.closing(sqlite3.connect(library_in(tmp_path))) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = library_in(tmp_path).read_bytes()
    async with window(tmp_path, server) as desk:
        await desk.until_states("saved")
        assert "a newer version of this program made it" in desk.texts()
        button = desk.find(QAbstractButton, "generateButton")
        await desk.until(lambda: "newer version" in button.toolTip())
        assert not button.isEnabled()
        desk.generate("one more")
        desk.select()
        QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_Delete)
        QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_P)
        await asyncio.sleep(0.1)
        assert desk.states() == ["saved"]
        assert desk.texts().count("a newer version of this program made it") == 1
        keeps_soon = desk.app.parts.composing.findChild(QTimer)
        desk.type_prompt("typed at the last moment")
        assert keeps_soon is not None
        assert keeps_soon.isActive()
    assert not keeps_soon.isActive()
    assert len(prompts(server)) == 1
    assert library_in(tmp_path).read_bytes() == before
    assert not library_in(tmp_path).with_name("library.sqlite3-wal").exists()


LOOK = """
import asyncio, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gptimg_desktop.ui.desktop.application import Application
import qasync
from tests.support.desk import window

application = Application(sys.argv[:1])

async def look():
    async with window(Path(sys.argv[1])) as desk:
        await desk.until_states("saved")
        print(desk.texts())
        desk.generate("one more")
        await asyncio.sleep(0.3)
        print("TILES", desk.states())

with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
    runner.run(look())
"""


@pytest.mark.row(92)
@as_root
async def test_a_read_only_folder_is_shown_and_takes_no_press(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with window(data) as desk:
        desk.generate()
        await desk.until_states("saved")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    for path in (data, *(each for each in data.rglob("*") if each.is_dir())):
        path.chmod(0o555)
    found = await asyncio.to_thread(
        subprocess.run,
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", LOOK, str(data)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    for path in (data, *(each for each in data.rglob("*") if each.is_dir())):
        path.chmod(0o755)
    assert "since nothing can be written into its folder" in found.stdout, found.stderr
    assert "TILES ['saved']" in found.stdout
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


# Others


@pytest.mark.row(93)
async def test_a_library_that_another_program_holds_is_opened_once_it_lets_go(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptimg_desktop.app.LOCKED_PAUSE_S", 0.01)
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
    other = sqlite3.connect(library_in(tmp_path), isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    is_free = asyncio.Event()

    def let_go() -> None:
        is_free.set()
        other.close()

    asyncio.get_running_loop().call_later(7.0, let_go)
    async with window(tmp_path, server) as desk:
        assert is_free.is_set()
        await desk.until_states("saved")
        assert "Another program holds the library" not in desk.texts()


@pytest.mark.row(93)
async def test_a_library_that_is_held_while_it_is_used_closes_the_gate_for_a_while(
    tmp_path: Path, server: ScriptedServer
) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        other = sqlite3.connect(library_in(tmp_path), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = asyncio.get_running_loop().time()
        desk.app.parts.wishes.resume_all()
        await desk.until(lambda: "The library cannot be written" in desk.texts())
        assert asyncio.get_running_loop().time() - began >= 4.9
        assert prompts(server) == []
        other.close()
        await desk.until_states("saved")
    assert prompts(server) == ["an oak chair"]


@pytest.mark.row(95)
async def test_a_library_in_a_folder_of_a_cloud_is_told(tmp_path: Path, server: ScriptedServer) -> None:
    async with window(tmp_path / "OneDrive - Agentur" / "data", server) as desk:
        assert "another program synchronizes" in desk.texts()
    async with window(tmp_path / "plain", server) as desk:
        assert "another program synchronizes" not in desk.texts()


# P10


@pytest.mark.row(88)
@pytest.mark.timeout(240)
@RESTORED
async def test_p10_after_200_hits_every_picture_and_every_task_of_the_backup_is_there(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    database = Database(keeper.library)
    await database.open()
    await database.write(lambda connection: saved_jobs(connection, tmp_path / "images", 400))
    await database.write(lambda connection: job_rows.insert(connection, new_job(created_at=time.time())))
    await asyncio.to_thread(backed_up, keeper)
    with_backup = await database.read(tasks_in)
    await database.write(lambda connection: saved_jobs(connection, tmp_path / "images", 99))
    pictures = await database.read(pictures_in)
    database.close()
    chance, restored = random.Random(20_260), 0
    whole = keeper.library.read_bytes()
    for number in range(200):
        for left in (*tmp_path.glob("library*"), *tmp_path.glob("restored*")):
            left.unlink()
        keeper.library.write_bytes(hit(whole, chance, number))
        await asyncio.to_thread(keeper.prepare, known(keeper))
        kept = keeper.notes.read()
        with contextlib.closing(sqlite3.connect(keeper.library)) as connection:
            if kept is None:  # the page held nothing that matters, or what no check can see
                continue
            restored += 1
            assert pictures <= pictures_in(connection)
            assert with_backup <= tasks_in(connection)
            states = {state for (state,) in connection.execute("SELECT DISTINCT state FROM job")}
            assert states == {"saved", "unconfirmed"}
    assert restored > 150


def saved_jobs(connection: sqlite3.Connection, folder: Path, count: int) -> None:
    day = folder / "2026-11-23"
    day.mkdir(parents=True, exist_ok=True)
    for _ in range(count):
        job = job_rows.insert(connection, new_job(created_at=time.time() - 50))
        path = day / f"an-oak-chair_{job.seq:04d}.png"
        path.write_bytes(PNG)
        job_rows.advance(connection, job, saved(job, path))


def saved(job: Job, path: Path) -> Job:
    image = SavedImage(
        index=0,
        path=str(path),
        sha256=hashlib.sha256(PNG).hexdigest(),
        size_bytes=len(PNG),
        pixels=PixelSize(8, 8),
        format="png",
    )
    task = f"task_{job.seq:026d}"
    return replace(job, state=JobState.SAVED, task_ids=(task,), images=(image,), finished_at=time.time())


def hit(whole: bytes, chance: random.Random, number: int) -> bytes:
    """One page zeroed, filled with noise, or with thirty bits turned over."""
    content = bytearray(whole)
    at = chance.randrange(len(whole) // 4096) * 4096
    if number % 3 == 0:
        content[at : at + 4096] = bytes(4096)
    elif number % 3 == 1:
        content[at : at + 4096] = chance.randbytes(4096)
    else:
        for _ in range(30):
            content[at + chance.randrange(4096)] ^= 1 << chance.randrange(8)
    return bytes(content)


def pictures_in(connection: sqlite3.Connection) -> set[str]:
    return {str(path) for (path,) in connection.execute("SELECT path FROM image")}


def tasks_in(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("SELECT task_ids FROM job WHERE task_ids <> '[]'")
    return {str(ids) for (ids,) in found}


# Going back by hand


@pytest.mark.row(88)
async def test_going_back_to_a_backup_brings_over_what_is_newer(
    tmp_path: Path, server: ScriptedServer
) -> None:
    async with window(tmp_path, server) as desk:
        await unmade(desk, "an oak chair")
        backup = await desk.app.engine.safety.back_up(untold)
        desk.app.parts.wishes.resume_all()
        await desk.until_states("saved")
        desk.generate("newer")
        await desk.until_states("saved", "saved")
        desk.app.parts.safekeeping.choose_backup()
        await desk.until(lambda: desk.app.window.findChild(QAbstractButton, "backupsRestore") is not None)
        await desk.until(lambda: desk.find(QAbstractButton, "backupsRestore").isEnabled())
        desk.click("backupsRestore")
        await desk.until(lambda: desk.app.wants_restart)
    async with window(tmp_path, server) as desk:
        await desk.until_states("saved", "saved")
        assert [job.request.prompt for job in desk.jobs()] == ["newer", "an oak chair"]
        assert "went back to the backup that you chose" in desk.texts()
        restored = await desk.app.engine.safety.restored()
        assert restored is not None
        assert (restored.cause, restored.backup_at) == (RestoreCause.ASKED, backup.made_at)
        assert restored.doubted == 0
    assert prompts(server) == ["an oak chair", "newer"]


async def restored_from(desk: Desk, backup: Backup) -> None:
    """Choose a backup, the newest one, and let the window close for it."""
    assert (await desk.app.engine.safety.backups())[0].name == backup.name
    desk.app.parts.safekeeping.choose_backup()
    await desk.until(lambda: desk.app.window.findChild(QAbstractButton, "backupsRestore") is not None)
    await desk.until(lambda: desk.find(QAbstractButton, "backupsRestore").isEnabled())
    desk.click("backupsRestore")
    await desk.until(lambda: desk.app.wants_restart)


def brought(folder: Path, name: str, width: int) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(picture(width, 8))
    return path


async def import_one(desk: Desk, path: Path, *, copied: bool) -> None:
    wish = ImportWish(paths=(str(path),), are_copied=copied)
    desk.app.parts.caring.import_(wish)
    await desk.until(lambda: path.stem in {job.request.prompt for job in desk.jobs()}, "the import")


@pytest.mark.row(88)
async def test_going_back_takes_imports_back_but_nothing_that_was_generated(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """What was imported since is as it was before, in the gallery; its files stay, copies too."""
    source = tmp_path / "source"
    async with window(tmp_path / "home", server) as desk:
        await import_one(desk, brought(source, "early.png", 20), copied=False)
        backup = await desk.app.engine.safety.back_up(untold)
        await import_one(desk, brought(source, "late copy.png", 21), copied=True)
        await import_one(desk, brought(source, "late.png", 22), copied=False)
        desk.generate("newer")
        await desk.until(lambda: sorted(desk.states()) == ["saved"] * 4)
        copies = list((tmp_path / "home" / "images" / "Imported").rglob("*.png"))
        desk.type_prompt("half a thought")
        await restored_from(desk, backup)
    async with window(tmp_path / "home", server) as desk:
        await desk.until(lambda: {job.request.prompt for job in desk.jobs()} == {"newer", "early"})
        assert "2 pictures that were imported since are not in the gallery" in desk.texts()
        assert desk.app.window.compose.draft().prompt == "half a thought", "what was typed last"
        assert len(copies) == 1
        assert copies[0].exists()
        assert (source / "late.png").exists()
        await desk.app.engine.restored_was_seen()
        await import_one(desk, source / "late copy.png", copied=True)
        assert list((tmp_path / "home" / "images" / "Imported").rglob("*.png")) == copies, "no second copy"
    assert prompts(server) == ["newer"]


@pytest.mark.row(88)
@RESTORED
async def test_a_paid_picture_that_lost_its_job_is_no_import_that_is_taken_back(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """It was taken in from the disk once, and moved since, where no look at the picture folder finds it."""
    async with window(tmp_path / "home", server) as desk:
        await import_one(desk, brought(tmp_path / "source", "early.png", 20), copied=False)
        backup = await desk.app.engine.safety.back_up(untold)
        desk.generate("newer")
        await desk.until(lambda: desk.states() == ["saved", "saved"])
    zero(library_in(tmp_path / "home"))
    async with window(tmp_path / "home", server) as desk:
        await desk.until(lambda: "newer_0002" in {job.request.prompt for job in desk.jobs()})
        await desk.app.engine.restored_was_seen()
        moved = tmp_path / "moved"
        (adopted,) = (job for job in desk.jobs() if job.request.prompt == "newer_0002")
        Path(adopted.images[0].path).parent.rename(moved)
        desk.app.parts.caring.relink(str(moved))
        await desk.until(lambda: any(str(moved) in job.images[0].path for job in desk.jobs()), "found again")
        await restored_from(desk, backup)
    async with window(tmp_path / "home", server) as desk:
        await desk.until(lambda: {job.request.prompt for job in desk.jobs()} == {"newer_0002", "early"})


async def test_after_its_end_no_backup_begins(tmp_path: Path, server: ScriptedServer) -> None:
    """What is committed at the very end is told still; a copy begun then would outlive the library."""
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("saved")
        safekeeping, (job,) = desk.app.parts.safekeeping, desk.jobs()
        await safekeeping.stop()
        for number in range(JOBS_BETWEEN + 1):
            safekeeping.note(replace(job, seq=job.seq + number))
        safekeeping.back_up()
        assert safekeeping._making is None


async def test_a_damaged_backup_is_refused_and_nothing_changes(
    tmp_path: Path, server: ScriptedServer
) -> None:
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("saved")
        safety = desk.app.engine.safety
        backup = await safety.back_up(untold)
        zero(tmp_path / "backups" / backup.name)
        with pytest.raises(StorageError) as refused:
            await safety.restore_at_next_start(backup.name)
        assert refused.value.problem.kind is ProblemKind.BACKUP_DAMAGED
        (tmp_path / "restore-wanted").write_text(backup.name)
    async with window(tmp_path, server) as desk:
        await desk.until_states("saved")
        assert "This backup is damaged" in desk.texts()
        assert desk.app.window.findChild(QWidget, "restoredPanel") is None


async def test_a_cancelled_backup_leaves_nothing_behind(tmp_path: Path, server: ScriptedServer) -> None:
    async with window(tmp_path, server) as desk:
        desk.generate()
        await desk.until_states("saved")
        making = asyncio.create_task(desk.app.engine.safety.back_up(untold))
        await asyncio.sleep(0)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        assert list((tmp_path / "backups").glob(".*")) == []
