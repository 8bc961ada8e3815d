"""Tasks are named, told of when they fail, and ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from tests.conftest import LogNet

pytestmark = pytest.mark.anyio


async def fail() -> None:
    raise ZeroDivisionError("a bug")


@pytest.mark.expects_log("ERROR .*task the broken one failed(.|\n)*ZeroDivisionError: a bug")
async def test_a_failure_is_logged_and_told_once(log_net: LogNet) -> None:
    told: list[str] = []
    tasks = Tasks(told.append)
    tasks.start("the broken one", fail())
    await tasks.finish()
    assert told == ["the broken one"]
    assert len(log_net.lines) == 1


@pytest.mark.expects_log("task the broken one failed")
async def test_nobody_needs_to_be_told() -> None:
    tasks = Tasks()
    tasks.start("the broken one", fail())
    await tasks.finish()


@pytest.mark.expects_log("task the broken one failed")
async def test_a_failure_leaves_the_others_running() -> None:
    tasks, go = Tasks(), asyncio.Event()
    other = tasks.start("other", go.wait())
    broken = tasks.start("the broken one", fail())
    await asyncio.wait([broken])
    assert not other.done()
    go.set()
    await tasks.finish()
    assert other.result() is True


async def test_success_and_cancelling_are_no_failures() -> None:
    told: list[str] = []
    tasks = Tasks(told.append)
    task = tasks.start("fine", asyncio.sleep(0, "result"))
    assert task.get_name() == "fine"
    assert await task == "result"
    tasks.start("cancelled", asyncio.Event().wait())
    await tasks.cancel()
    assert told == []


async def test_cancelling_waits_until_everything_has_ended() -> None:
    tasks, ended = Tasks(), []

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            ended.append("cleaned up")

    task = tasks.start("slow", slow())
    await asyncio.sleep(0)
    await tasks.cancel()
    assert ended == ["cleaned up"]
    assert task.cancelled()


async def test_cancelling_ends_what_is_started_while_it_waits() -> None:
    tasks = Tasks()
    late: list[asyncio.Task[object]] = []

    async def starts_another() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            late.append(tasks.start("late", asyncio.Event().wait()))

    tasks.start("first", starts_another())
    await asyncio.sleep(0)
    await tasks.cancel()
    assert [task.cancelled() for task in late] == [True]


async def test_finishing_waits_for_what_is_started_meanwhile() -> None:
    tasks, seen = Tasks(), []

    async def second() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        seen.append("second")

    async def first() -> None:
        tasks.start("second", second())

    tasks.start("first", first())
    await tasks.finish()
    assert seen == ["second"]


async def test_there_may_be_nothing_to_end() -> None:
    await Tasks().cancel()
    await Tasks().finish()
