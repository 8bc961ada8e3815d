"""The whole service of one round: the API on one port, pictures on another, and a third host behind it."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING

from tests.support.scripted_server import ScriptedServer, serving
from tests.torture.chance import Chance
from tests.torture.files import Files, Stranger
from tests.torture.reads import Reads
from tests.torture.submits import EVERY_WAY, Submits
from tests.torture.truth import Truth

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path


class Service:
    """Misbehaves by chance until it is told to be calm."""

    def __init__(
        self,
        folder: Path,
        seed: str,
        ways: Mapping[str, int] = EVERY_WAY,
        *,
        silent_s: tuple[float, float] = (0.05, 0.4),
    ) -> None:
        self.truth = Truth(folder / "truth.jsonl")
        self.api = ScriptedServer()
        self.files, self.elsewhere = Stranger(), Stranger()
        self._chance = Chance(seed)
        reads = Reads(self._chance, self.truth, self._link_of)
        self.api.submits = deque([Submits(self._chance, self.truth, ways, silent_s=silent_s)])
        self.api.queries = deque([reads.query])
        self.api.batches = deque([reads.batch])
        self.api.balances = deque([reads.balance])
        self.files.downloads = deque([Files(self._chance, self.elsewhere)])

    def be_calm(self) -> None:
        """From now on everything is told, at once and truly."""
        self._chance.is_calm = True
        self.truth.note("calm")

    @property
    def strangers(self) -> tuple[Stranger, Stranger]:
        return self.files, self.elsewhere

    def _link_of(self, picture: str) -> str:
        return f"{self.files.url}/files/{picture}.png?signature=abc"


@contextlib.asynccontextmanager
async def open_service(service: Service) -> AsyncIterator[Service]:
    """Its three hosts, listening."""
    hosts = (service.api, *service.strangers)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(service.truth.close)
        for host in hosts:
            await stack.enter_async_context(serving(host))
        yield service
