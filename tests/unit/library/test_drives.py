"""Drives are asked with patience, and those that owe an answer are not asked again."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.library.files.drives import Drives

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio


@pytest.fixture
def awake() -> Iterator[threading.Event]:
    """Until it is set nothing that waits for it comes back."""
    event = threading.Event()
    yield event
    event.set()


def fail() -> None:
    raise PermissionError("no")


async def test_what_was_done_comes_back_and_what_went_wrong_is_raised() -> None:
    drives = Drives()
    thread = await drives.ask("/p/a", threading.current_thread)
    assert thread is not threading.current_thread()
    assert thread.daemon  # so that no end waits for it
    with pytest.raises(PermissionError):
        await drives.ask("/p/a", fail)


async def test_who_owes_an_answer_is_not_asked_again(awake: threading.Event) -> None:
    drives = Drives(patience_s=0.05)
    asked: list[int] = []
    with pytest.raises(TimeoutError):
        await drives.ask("/p/a", awake.wait)
    with pytest.raises(TimeoutError):
        await drives.ask("/p/a", partial(asked.append, 1))
    assert asked == []
    await drives.ask("/p/b", partial(asked.append, 2))  # one file may have its own reason
    with pytest.raises(TimeoutError):
        await drives.ask("/p/c", awake.wait)
    with pytest.raises(TimeoutError):
        await drives.ask("/p/b", partial(asked.append, 3))  # two of a folder are the drive
    await drives.ask("/q/a", partial(asked.append, 4))
    assert asked == [2, 4]
    awake.set()
    await asyncio.wait(drives._owed["/p"].values(), timeout=5)
    await drives.ask("/p/a", partial(asked.append, 5))
    assert asked == [2, 4, 5]


async def test_an_answer_that_comes_too_late_and_is_an_error_disturbs_nobody(awake: threading.Event) -> None:
    drives = Drives(patience_s=0.05)

    def fail_late() -> None:
        awake.wait()
        fail()

    with pytest.raises(TimeoutError):
        await drives.ask("/p/a", fail_late)
    awake.set()
    await asyncio.wait(drives._owed["/p"].values(), timeout=5)
    assert await drives.ask("/p/a", lambda: 1) == 1


async def test_so_many_of_a_folder_are_handled_at_a_time() -> None:
    drives = Drives()
    most = {"/p": 0, "/q": 0}
    busy = dict(most)

    async def handle(folder: str, number: int) -> None:
        async with drives.turn(f"{folder}/{number}"):
            busy[folder] += 1
            most[folder] = max(most[folder], busy[folder])
            await asyncio.sleep(0.001)
            busy[folder] -= 1

    await asyncio.gather(*(handle(folder, number) for folder in most for number in range(8)))
    assert most == {"/p": 2, "/q": 2}
