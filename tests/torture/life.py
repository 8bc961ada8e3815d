"""One process of the program, from its start to its end or its murder."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Final, Self

from tests.bench.child import ROOT, environment
from tests.torture.canary import KEY
from tests.torture.errand import AT_REST, KEY_NAME, UP, Errand

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PATIENCE_S: Final = 90.0


class StuckError(Exception):
    """The process did not do its part in time, or ended in a way of its own."""


class Life:
    """A process that runs an errand; all that it says goes into a file beside its data.

    `module` is `worker` (the engine) or `window` (the whole program). It never outlives the `async with`.
    """

    def __init__(self, module: str, errand: Errand) -> None:
        self._module = module
        self._errand = errand
        self.output: Path = errand.folder / "output.txt"

    async def __aenter__(self) -> Self:
        home = self._errand.folder / "home"
        home.mkdir(exist_ok=True)
        places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_CONFIG_HOME": str(home)}
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                f"tests.torture.{self._module}",
                *self._errand.arguments(),
                cwd=ROOT,
                env=environment(**places, **{KEY_NAME: KEY}),
                stdout=asyncio.subprocess.PIPE,
                stderr=output,
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def up(self, word: str = UP) -> None:
        """Wait until it works; StuckError where it does not."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                is_up = await self._hears(word)
        except TimeoutError:
            is_up = False
        if not is_up:
            raise StuckError(f"a start failed: {self._last_words()}")

    async def rests_within(self, seconds: float) -> bool:
        """True where all its jobs came to rest in that time and it ended."""
        try:
            async with asyncio.timeout(seconds):
                await self._rest()
        except TimeoutError:
            return False
        return True

    async def rests(self) -> None:
        """Wait until all its jobs rest and it has ended; StuckError where that never comes."""
        if not await self.rests_within(PATIENCE_S):
            raise StuckError("jobs did not come to rest")

    async def _rest(self) -> None:
        if not await self._hears(AT_REST) or await self._process.wait() != 0:
            raise StuckError(f"it ended by itself ({self._process.returncode}): {self._last_words()}")

    async def ends(self) -> None:
        """Ask it to end in order, and wait for that."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._process.wait()
        except TimeoutError:
            raise StuckError("it did not end when asked to") from None

    async def kill(self) -> None:
        """End it with SIGKILL, if it still lives."""
        with contextlib.suppress(ProcessLookupError):  # asyncio's own would reap it under the watcher's eyes
            os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _hears(self, word: str) -> bool:
        """Read on until it says a word; False where it ended without."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            with self.output.open("ab") as output:
                output.write(line)
            if line.decode("utf-8", "replace").strip() == word:
                return True
        return False

    def _last_words(self) -> str:
        return self.output.read_text("utf-8", "replace")[-1500:]
