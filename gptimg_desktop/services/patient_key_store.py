"""The key store for the event loop: asked in threads, one question after the other, waited for with patience
that ends.

A locked store waits for its password as long as its dialog is open. The threads are daemons, which neither a
pool nor the end of the program waits for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.services.key_store import KeyStore

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_S: Final = 60.0
"""Time for a person to find and type the password of a locked store."""


class PatientKeyStore:
    """A `KeyStore` with the same questions. Who is not answered in time gets a StorageError
    KEY_STORE_FAILED, and what is written after that is taken out again, so that what was told stays true."""

    def __init__(self, store: KeyStore, *, patience_s: float = PATIENCE_S) -> None:
        self._store = store
        self.patience_s = patience_s
        self._last: threading.Thread | None = None
        self._place: str | None = None

    @property
    def known_place(self) -> str:
        """The store's name as far as it was found out; empty before, and where there is no store."""
        return self._place or ""

    async def place(self) -> str:
        """The store's name; empty where there is none."""
        if self._place is None:
            self._place = await self._ask(self._store.place)
        return self._place

    async def read(self, service: str) -> str:
        """The key that is kept for a service; empty where there is none."""
        return await self._ask(lambda: self._store.read(service))

    async def write(self, service: str, key: str) -> None:
        """Keep a key, in place of the one before."""
        await self._ask(lambda: self._store.write(service, key), lambda: self._store.remove(service))

    async def remove(self, service: str) -> None:
        """Keep nothing for a service any more."""
        await self._ask(lambda: self._store.remove(service))

    async def _ask(self, work: Callable[[], T], undo: Callable[[], None] | None = None) -> T:
        question = _Question(work, undo, self._last)
        self._last = threading.Thread(target=question.put, name="key store", daemon=True)
        self._last.start()
        try:
            await asyncio.wait({question.answer}, timeout=self.patience_s)
        except asyncio.CancelledError:
            question.settle()
            question.answer.cancel()
            raise
        if not question.answer.done() and question.settle():
            raise StorageError(
                Problem.of(ProblemKind.KEY_STORE_FAILED, place=self.known_place, reason="no answer")
            )
        return await question.answer


class _Question(Generic[T]):
    """One question to the store, settled once: by its answer, or by whoever asked and went away."""

    def __init__(
        self, work: Callable[[], T], undo: Callable[[], None] | None, before: threading.Thread | None
    ) -> None:
        self._work = work
        self._undo = undo
        self._before = before
        self._settled = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[T] = self._loop.create_future()

    def settle(self) -> bool:
        """True for the first who calls, who then decides what became of the question."""
        return self._settled.acquire(blocking=False)

    def put(self) -> None:
        """Ask, in a thread of its own, once the questions before have been answered."""
        if self._before is not None:
            self._before.join()
        if self._settled.locked():
            return
        try:
            result = self._work()
        except StorageError as error:
            self._tell(partial(self._fail, error))
        except Exception as error:  # raised again where the question came from
            if not self._tell(partial(self._fail, error)):
                logger.exception("a late answer of the key store failed")
        else:
            if not self._tell(partial(self._succeed, result)):
                self._take_back()

    def _tell(self, tell: Callable[[], None]) -> bool:
        """Hand the outcome to the loop; False where nobody waits for it any more."""
        if not self.settle():
            return False
        with contextlib.suppress(RuntimeError):  # the loop has ended since
            self._loop.call_soon_threadsafe(tell)
        return True

    def _take_back(self) -> None:
        try:
            if self._undo is not None:
                self._undo()
        except StorageError as error:
            logger.warning("a key that was kept too late stays in the key store: %s", error.problem.kind)

    def _succeed(self, result: T) -> None:
        if not self.answer.done():
            self.answer.set_result(result)

    def _fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
