"""A file on a server that can continue it, and that breaks off where a test says so."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.scripted_server import Exchange


class RangedFile:
    """Serves `content` under `tag`. `goes` says after how many bytes each of the first answers breaks off."""

    def __init__(self, content: bytes, *, tag: str = '"v1"', goes: Iterable[int] = ()) -> None:
        self.content = content
        self.tag = tag
        self.goes = deque(goes)
        self.asked: list[tuple[str | None, str | None]] = []

    async def act(self, exchange: Exchange) -> None:
        headers = exchange.request.headers
        self.asked.append((headers.get("range"), headers.get("if-range")))
        start = self._start(headers)
        status, more = 200, {"ETag": self.tag} if self.tag else {}
        if start:
            status = 206
            more["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        end = start + self.goes.popleft() if self.goes else len(self.content)
        rest = len(self.content) - start
        await exchange.reply(status, self.content[start:end], headers=more, length=rest)

    def _start(self, headers: dict[str, str]) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        return int(found[1]) if found and headers.get("if-range") == self.tag else 0
