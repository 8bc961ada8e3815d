"""Work in a thread of the pool is done to its end, whoever was cancelled meanwhile."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.services.to_the_end import to_the_end

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

MORE_THAN_THE_POOL_HAS = 64


async def cancel_before_its_turn(work: Callable[[], str], take_back: Callable[[str], object]) -> None:
    """Cancel while all threads of the pool do something else, then let them go on."""
    loop, is_free = asyncio.get_running_loop(), threading.Event()
    busy = [loop.run_in_executor(None, is_free.wait, 10) for _ in range(MORE_THAN_THE_POOL_HAS)]
    task = asyncio.ensure_future(to_the_end(work, take_back))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.sleep(0.05)
    assert not task.done()
    is_free.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(await asyncio.gather(*busy))


async def test_work_that_is_cancelled_before_its_turn_is_done_and_taken_back() -> None:
    taken_back: list[str] = []
    await cancel_before_its_turn(lambda: "a file", taken_back.append)
    assert taken_back == ["a file"]


async def test_a_failure_that_nobody_waits_for_is_not_raised_instead_of_the_cancellation() -> None:
    def work() -> str:
        raise PermissionError

    taken_back: list[str] = []
    await cancel_before_its_turn(work, taken_back.append)
    assert taken_back == []


async def test_what_it_returns_and_raises_is_the_caller_s() -> None:
    assert await to_the_end(partial(sum, (1, 2))) == 3
    with pytest.raises(ZeroDivisionError):
        await to_the_end(partial(divmod, 1, 0))
