"""How the torturing service answers a submit: in every way that was ever seen, and some more."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tests.torture.truth import Charge

if TYPE_CHECKING:
    from tests.support.scripted_server import Exchange
    from tests.torture.chance import Chance
    from tests.torture.truth import Truth

PAGE: Final = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
TAKEN_UNTOLD: Final = {
    "taken, line cut": 6,
    "taken, silent, line cut": 4,
    "taken, 500 in JSON": 3,
    "taken, 502 page": 3,
    "taken, 200 page": 2,
    "taken, JSON cut before the id": 3,
}
"""The task is paid, and no client can know of it."""
EVERY_WAY: Final = {
    "taken": 100,
    "taken, told slowly": 30,
    "taken, JSON cut after the id": 3,
    **TAKEN_UNTOLD,
    "500 in JSON": 3,
    "502 page": 2,
    "rate limit": 5,
    "busy": 4,
    "cut in mid-body": 4,
    "cut at once": 2,
    "refused": 2,
}
NAMES_IT: Final = frozenset({"taken", "taken, told slowly", "taken, JSON cut after the id"})
FAILING: Final = 0.06
"""The share of tasks that fail later, which are not paid then."""

_Act = Callable[["Exchange"], Awaitable[None]]


def _error(code: object, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": "server_error"}}


class Submits:
    """Takes jobs as `ways` (weights) says. `silent_s` is how long it says nothing before it cuts the line."""

    def __init__(
        self,
        chance: Chance,
        truth: Truth,
        ways: Mapping[str, int] = EVERY_WAY,
        *,
        silent_s: tuple[float, float] = (0.05, 0.4),
    ) -> None:
        self._chance = chance
        self._truth = truth
        self._ways = ways
        self._silent_s = silent_s
        self._acts: dict[str, _Act] = {
            "500 in JSON": self._says(500, _error(500, "upstream connection lost")),
            "502 page": self._says(502, PAGE),
            "rate limit": self._says(429, _error("rate_limit_error", "slow down")),
            "busy": self._says(503, _error("get_channel_failed", "no channel is free")),
            "refused": self._says(400, _error("invalid_request_error", "this cannot be drawn")),
            "cut in mid-body": self._cut_in_mid_body,
            "cut at once": self._cut_at_once,
        }

    async def __call__(self, exchange: Exchange) -> None:
        way = self._chance.draw(self._ways)
        self._truth.note("submit", way=way)
        if way in self._acts:
            await self._acts[way](exchange)
            return
        await exchange.read_body()
        if exchange.request.is_whole:
            await self._take(exchange, way)

    async def _take(self, exchange: Exchange, way: str) -> None:
        if self._chance.happens(0.5):
            await asyncio.sleep(self._chance.seconds(0.0, 0.1))
        charge = Charge(
            task_id=exchange.accept(),
            prompt=exchange.request.json()["prompt"],
            way=way,
            names_it=way in NAMES_IT,
            due_at=time.monotonic() + self._chance.seconds(0.05, 1.5),
            fails=self._chance.happens(FAILING),
        )
        self._truth.take(charge)
        await asyncio.sleep(self._chance.seconds(0.0, 0.15))
        await self._answer(exchange, charge)
        if charge.names_it:
            self._truth.tell(charge.task_id)

    async def _answer(self, exchange: Exchange, charge: Charge) -> None:
        told = json.dumps(
            {"code": 200, "data": [{"status": "submitted", "task_id": charge.task_id}]}
        ).encode()
        way = charge.way.removeprefix("taken").removeprefix(", ")
        if way == "told slowly":
            await dribble(exchange, told, pieces=3, pause_s=self._chance.seconds(0.01, 0.05))
        elif way == "JSON cut after the id":
            await exchange.reply(200, told[:-3], length=len(told))
        elif way == "JSON cut before the id":
            await exchange.reply(200, told[: told.index(b"task_id")], length=len(told))
        elif way == "500 in JSON":
            await exchange.reply(500, _error(500, "upstream connection lost"))
        elif way.endswith("page"):
            await exchange.reply(int(way.split()[0]), PAGE, headers={"Content-Type": "text/html"})
        elif way:
            await asyncio.sleep(self._chance.seconds(*self._silent_s) if "silent" in way else 0)
            exchange.abort()
        else:
            await exchange.reply(200, told)

    def _says(self, status: int, body: Any) -> _Act:
        async def act(exchange: Exchange) -> None:
            await exchange.read_body()
            await asyncio.sleep(self._chance.seconds(0.0, 0.05))
            await exchange.reply(status, body)

        return act

    async def _cut_in_mid_body(self, exchange: Exchange) -> None:
        await exchange.read_half()
        exchange.abort()

    async def _cut_at_once(self, exchange: Exchange) -> None:
        exchange.abort()


async def dribble(
    exchange: Exchange,
    content: bytes,
    *,
    pieces: int,
    pause_s: float,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer in so many pieces, with a pause before each."""
    lines = {"Content-Length": str(len(content)), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
    exchange.writer.write(f"HTTP/1.1 {status} Slow\r\n{head}\r\n".encode())
    size = -(-len(content) // pieces)
    for start in range(0, len(content), size):
        await asyncio.sleep(pause_s)
        exchange.writer.write(content[start : start + size])
        await exchange.writer.drain()
