"""The end of the program waits for pictures in hand, for a moment."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from gptimg_desktop.services.library.imaging import imaging as module
from gptimg_desktop.services.library.imaging.imaging import Imaging

pytestmark = pytest.mark.anyio


async def test_the_end_waits_no_longer_than_a_moment_for_what_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert module.CLOSE_S <= 2
    monkeypatch.setattr(module, "CLOSE_S", 0.1)
    imaging, begun, over = Imaging(), threading.Barrier(3), threading.Event()

    def work() -> None:
        begun.wait()
        over.wait()

    running = [asyncio.ensure_future(imaging.run(work)) for _ in range(5)]
    try:
        await asyncio.to_thread(begun.wait)
        begin = time.monotonic()
        imaging.close()
        assert time.monotonic() - begin < 5
        assert not over.is_set()
    finally:
        over.set()
        await asyncio.gather(*running, return_exceptions=True)


async def test_what_ends_in_time_has_ended_after_the_end() -> None:
    imaging, begun, ended = Imaging(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        time.sleep(0.05)
        ended.set()

    running = asyncio.ensure_future(imaging.run(work))
    await asyncio.to_thread(begun.wait)
    imaging.close()
    assert ended.is_set()
    await running
