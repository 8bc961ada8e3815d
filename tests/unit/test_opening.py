"""The library on its way to be open while the loop is busy with the window."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.opening import Opening, open_library
from gptimg_desktop.services.library.care.keeper import LIBRARY, Keeper
from gptimg_desktop.services.library.care.last_seen import LastSeen, read
from tests.support.jobs import new_job, newest
from tests.support.scripted_server import picture

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def opening(folder: Path, told: list[object]) -> Opening:
    def complain(problem: Problem) -> None:
        told.append((problem.kind, threading.current_thread() is threading.main_thread()))

    def restoring() -> None:
        told.append(("restoring", threading.current_thread() is threading.main_thread()))

    return Opening(folder, folder / "pictures", complain, now=time.time, restoring=restoring)


def last_seen(folder: Path) -> LastSeen | None:
    return read(folder / "library.seen")


async def with_job(folder: Path) -> None:
    async with open_library(folder, folder / "pictures", lambda _: None, now=time.time) as library:
        await library.store.add((new_job(),))


async def test_it_opens_while_the_loop_does_something_else(tmp_path: Path) -> None:
    on_its_way = opening(tmp_path, [])
    on_its_way.begin()
    until = time.monotonic() + 30
    while last_seen(tmp_path) is None and time.monotonic() < until:  # nothing here lets the loop go on
        threading.Event().wait(0.01)
    seen = last_seen(tmp_path)
    assert seen is not None
    assert seen.is_open
    library = await on_its_way.library()
    assert await newest(library.history, 10) == ()
    await on_its_way.aclose()


async def test_what_nobody_waited_for_is_closed_all_the_same(tmp_path: Path) -> None:
    on_its_way = opening(tmp_path, [])
    on_its_way.begin()
    await on_its_way.aclose()
    await on_its_way.aclose()
    seen = last_seen(tmp_path)
    assert seen is not None
    assert not seen.is_open
    assert not (tmp_path / f"{LIBRARY}-wal").exists()


async def test_who_stops_waiting_leaves_nothing_open(tmp_path: Path) -> None:
    on_its_way = opening(tmp_path, [])
    on_its_way.begin()
    waiting = asyncio.ensure_future(on_its_way.library())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    await on_its_way.aclose()
    seen = last_seen(tmp_path)
    assert seen is not None
    assert not seen.is_open


async def test_what_is_said_on_the_way_is_said_in_the_loop(tmp_path: Path) -> None:
    await with_job(tmp_path)
    keeper = Keeper(tmp_path)
    backup = keeper.backups.make(
        keeper.library, now=time.time(), told=lambda *_: None, is_cancelled=lambda: False
    )
    keeper.notes.want(backup.name)
    path = tmp_path / "backups" / backup.name
    path.write_bytes(b"\xa5" * 4096)
    told: list[object] = []
    on_its_way = opening(tmp_path, told)
    on_its_way.begin()
    library = await on_its_way.library()
    assert len(await newest(library.history, 10)) == 1
    assert (ProblemKind.BACKUP_DAMAGED, True) in told
    assert ("restoring", True) in told
    await on_its_way.aclose()


async def test_a_try_that_came_to_nothing_can_be_made_again(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.mkdir()
    (place / LIBRARY).mkdir()  # no file at all
    on_its_way = opening(place, [])
    on_its_way.begin()
    with pytest.raises(StorageError):
        await on_its_way.library()
    (place / LIBRARY).rmdir()
    on_its_way.begin()
    assert await newest((await on_its_way.library()).history, 10) == ()
    await on_its_way.aclose()


@pytest.mark.expects_log("the library is not used as it is")
async def test_a_restore_takes_up_pictures_from_former_folders_too(tmp_path: Path) -> None:
    await with_job(tmp_path)
    (tmp_path / LIBRARY).unlink()
    for number, folder in enumerate(("pictures", "former", "former/Practice")):
        day = tmp_path / folder / "2024-01-31"
        day.mkdir(parents=True)
        (day / "oak chair_0001.png").write_bytes(picture(8 + number, 8))
    former = (tmp_path / "former", tmp_path / "pictures", tmp_path / "never there")
    async with open_library(
        tmp_path, tmp_path / "pictures", lambda _: None, now=time.time, former_folders=former
    ) as library:
        found = sorted(image.path for job in await newest(library.history, 10) for image in job.images)
    folders = ("former", "former/Practice", "pictures")  # each once, also where it is named twice
    assert found == sorted(str(tmp_path / folder / "2024-01-31" / "oak chair_0001.png") for folder in folders)
