"""Hosts that keep pictures and must never see the key; they record all bytes that reach them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from tests.support.scripted_server import Exchange, Request, ScriptedServer
from tests.torture.submits import PAGE, dribble
from tests.torture.truth import picture_of

if TYPE_CHECKING:
    import asyncio

    from tests.torture.chance import Chance

WAYS: Final = {
    "whole": 50,
    "slow": 45,
    "cut": 7,
    "cut, and claims to be whole": 5,
    "gone": 5,
    "page": 4,
    "line cut": 4,
    "elsewhere": 8,
}
MOST_AT_ONCE: Final = 65_536


@dataclass
class Stranger(ScriptedServer):
    """A host of its own; `heard` is every byte that came with the requests."""

    heard: bytearray = field(default_factory=bytearray)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._listen(reader)
            if request is not None:
                await self.downloads[0](Exchange(request, reader, writer, self))
        except ConnectionError:
            pass  # the program went away
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader) -> Request | None:
        """One request; None where none came whole."""
        came = bytearray()
        while b"\r\n\r\n" not in came:
            piece = await reader.read(MOST_AT_ONCE)
            self.heard += piece
            came += piece
            if not piece:
                return None
        first, *lines = came.decode("latin-1").split("\r\n")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
        return Request("GET", first.split(" ")[1], headers)


class Files:
    """Serves each picture, as `WAYS` says, from the byte on that is asked for; some requests are sent
    on to the host `elsewhere`."""

    def __init__(self, chance: Chance, elsewhere: Stranger) -> None:
        self._chance = chance
        self._elsewhere = elsewhere
        elsewhere.downloads = deque([_whole])

    async def __call__(self, exchange: Exchange) -> None:
        way = self._chance.draw(WAYS)
        content = picture_of(_name_of(exchange))
        if way == "whole":
            await _whole(exchange)
        elif way == "slow":
            status, headers, rest = _asked_for(exchange)
            pause_s = self._chance.seconds(0.05, 0.2)
            await dribble(exchange, rest, pieces=6, pause_s=pause_s, status=status, headers=headers)
        elif way == "cut":
            status, headers, rest = _asked_for(exchange)
            await exchange.reply(status, rest[: len(rest) * 3 // 4], headers=headers, length=len(rest))
        elif way == "cut, and claims to be whole":
            await exchange.reply(200, content[: int(len(content) * self._chance.number(0.2, 0.8))])
        elif way == "gone":
            await exchange.reply(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif way == "page":
            await exchange.reply(200, PAGE, headers={"Content-Type": "text/html"})
        elif way == "elsewhere":
            address = self._elsewhere.url + exchange.request.path
            await exchange.reply(302, b"", headers={"Location": address})
        else:
            exchange.abort()


async def _whole(exchange: Exchange) -> None:
    status, headers, rest = _asked_for(exchange)
    await exchange.reply(status, rest, headers=headers)


def _asked_for(exchange: Exchange) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes of what is asked for: the picture, or the rest of it as it is now."""
    name = _name_of(exchange)
    content, asked = picture_of(name), exchange.request.headers
    headers = {"Content-Type": "image/png", "ETag": f'"{name}"'}
    start = asked.get("range", "").removeprefix("bytes=").removesuffix("-")
    if not start.isdigit() or int(start) >= len(content) or asked.get("if-range") != headers["ETag"]:
        return 200, headers, content
    headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return 206, headers, content[int(start) :]


def _name_of(exchange: Exchange) -> str:
    return PurePosixPath(exchange.request.path.partition("?")[0]).stem
