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
IN_FULL: Final = frozenset({"taken", "taken, told slowly"})
"""The ways in which an answer may name several tasks, all of which a client can know then."""
LONG: Final = 0.5
"""The share of answers for which a library needs more room than it has at hand."""
LENGTH: Final = 40_000
SEVERAL: Final = 0.12
"""The share of submits that make several tasks, and of tasks that make several pictures."""
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
        task_ids = [exchange.accept()]
        if way in IN_FULL and self._chance.happens(SEVERAL):
            task_ids.append(another_id(exchange))
        for task_id in task_ids:
            self._truth.take(self._charge(exchange, way, task_id, is_first=task_id == task_ids[0]))
        await asyncio.sleep(self._chance.seconds(0.0, 0.15))
        await self._answer(exchange, way, self._told(task_ids))
        if way in NAMES_IT:
            self._truth.note("told", tasks=task_ids)

    def _charge(self, exchange: Exchange, way: str, task_id: str, *, is_first: bool) -> Charge:
        is_several = self._chance.happens(SEVERAL)
        return Charge(
            task_id=task_id,
            prompt=exchange.request.json()["prompt"],
            way=way,
            names_it=way in NAMES_IT,
            due_at=time.monotonic() + self._chance.seconds(0.05, 1.5),
            pictures=(task_id, f"{task_id}-2") if is_several else (task_id,),
            is_first=is_first,
            fails=self._chance.happens(FAILING),
        )

    def _told(self, task_ids: list[str]) -> bytes:
        tasks = [{"status": "submitted", "task_id": task_id} for task_id in task_ids]
        more = "x" * LENGTH if self._chance.happens(LONG) else ""
        return json.dumps({"code": 200, "data": tasks, "more": more}).encode()

    async def _answer(self, exchange: Exchange, way: str, told: bytes) -> None:
        way = way.removeprefix("taken").removeprefix(", ")
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


def another_id(exchange: Exchange) -> str:
    """Of a task that was made beside the one that was asked for."""
    return f"task_{next(exchange.server.ids):026d}"


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
