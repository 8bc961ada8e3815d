"""Files of the user's, on whatever drive: asked apart, a few at a time, and with patience that ends.

A drive behind a network may never answer. What waits for it occupies no pool, no other folder, and not the
end of the program.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakValueDictionary

from gptimg_desktop.services.apart import begin_apart

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PATIENCE_S: Final = 30.0
AT_ONCE: Final = 2
"""As many as there are threads for pictures: what waits in line for one of them holds nothing in memory."""


class Drives:
    """Remembers who still owes an answer after its time: such a file is not asked again, nor is any other of
    a folder that owes several."""

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._owed: dict[str, dict[str, asyncio.Future[object]]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def turn(self, path: str) -> asyncio.Semaphore:
        """To be held while a file is handled: only so many of a folder are at a time."""
        folder = _folder(path)
        turn = self._turns.get(folder)
        if turn is None:
            turn = self._turns[folder] = asyncio.Semaphore(AT_ONCE)
        return turn

    async def ask(self, path: str, work: Callable[[], T]) -> T:
        """The result of work on a file, which may block; TimeoutError where it does not come in time."""
        if self._is_silent(path):
            raise TimeoutError
        answer = begin_apart(work, "ask a drive")
        await asyncio.wait([answer], timeout=self.patience_s)
        if not answer.done():
            self._owed.setdefault(_folder(path), {})[path] = answer  # type: ignore[assignment]
            raise TimeoutError
        return answer.result()

    def _is_silent(self, path: str) -> bool:
        folder = _folder(path)
        owed = {each: answer for each, answer in self._owed.pop(folder, {}).items() if not answer.done()}
        if owed:
            self._owed[folder] = owed
        return path in owed or len(owed) >= AT_ONCE


def _folder(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - foreign text stays text
