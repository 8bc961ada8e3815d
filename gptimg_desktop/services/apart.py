"""Work that may never come back, such as a look at a drive behind a network that is gone.

It is done in a thread of its own, a daemon, which neither a pool nor the end of the program waits for.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def begin_apart(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Begin a piece of work at once; what comes of it is in the future, and nobody has to wait for that."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            tell = partial(_succeed, outcome, work())
        except Exception as error:  # noqa: BLE001 - raised again where the work was asked for
            tell = partial(_fail, outcome, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended since
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=run, name=name, daemon=True).start()
    return outcome


def _succeed(outcome: asyncio.Future[T], result: T) -> None:
    if not outcome.done():
        outcome.set_result(result)


def _fail(outcome: asyncio.Future[T], error: Exception) -> None:
    if not outcome.done():
        outcome.set_exception(error)
        outcome.exception()  # nobody may be left who asks
