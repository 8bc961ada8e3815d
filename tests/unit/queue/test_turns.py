"""One job is changed by one at a time, different ones side by side, all of them by one alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.queue.turns import Turns

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

pytestmark = pytest.mark.anyio


class Stage:
    """Actors that enter with a turn and leave when they are told; `on` are those who are there now."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.on: list[str] = []
        self.entered: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def comes(self, name: str, turn: AbstractAsyncContextManager[None]) -> None:
        self._leave[name] = asyncio.Event()
        self._tasks[name] = asyncio.ensure_future(self._act(name, turn))
        await settled()

    async def goes(self, *names: str) -> None:
        for name in names:
            self._leave[name].set()
            await self._tasks[name]
        await settled()

    async def gives_up(self, name: str) -> None:
        self._tasks[name].cancel()
        await settled()

    async def _act(self, name: str, turn: AbstractAsyncContextManager[None]) -> None:
        async with turn:
            self.on.append(name)
            self.entered.append(name)
            await self._leave[name].wait()
            self.on.remove(name)


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_different_jobs_side_by_side_and_one_job_after_the_other() -> None:
    stage = Stage()
    await stage.comes("a1", stage.turns.of_one("a"))
    await stage.comes("a2", stage.turns.of_one("a"))
    await stage.comes("b1", stage.turns.of_one("b"))
    assert stage.on == ["a1", "b1"]
    await stage.goes("a1")
    assert stage.on == ["b1", "a2"]
    await stage.goes("b1", "a2")


async def test_all_jobs_wait_for_those_inside_and_are_passed_by_nobody() -> None:
    stage = Stage()
    await stage.comes("a", stage.turns.of_one("a"))
    await stage.comes("all", stage.turns.of_all())
    await stage.comes("b", stage.turns.of_one("b"))
    await stage.comes("all too", stage.turns.of_all())
    assert stage.on == ["a"]
    await stage.goes("a")
    assert stage.on == ["all"]
    await stage.goes("all")
    assert stage.on == ["b"]
    await stage.goes("b")
    assert stage.on == ["all too"]
    await stage.goes("all too")
    assert stage.entered == ["a", "all", "b", "all too"]


async def test_who_gives_up_waiting_holds_nobody_up_and_lets_nobody_in_early() -> None:
    stage = Stage()
    await stage.comes("a1", stage.turns.of_one("a"))
    await stage.comes("a2", stage.turns.of_one("a"))
    await stage.comes("a3", stage.turns.of_one("a"))
    await stage.gives_up("a2")
    assert stage.on == ["a1"]
    await stage.comes("all", stage.turns.of_all())
    await stage.gives_up("all")
    await stage.comes("b", stage.turns.of_one("b"))
    assert stage.on == ["a1", "b"]
    await stage.goes("a1", "a3", "b")
    await stage.comes("all", stage.turns.of_all())
    assert stage.on == ["all"]
    await stage.goes("all")
