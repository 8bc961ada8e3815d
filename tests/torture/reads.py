"""How the torturing service answers questions about its tasks: the truth, late, in part, or not at all."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.scripted_server import Exchange
    from tests.torture.chance import Chance
    from tests.torture.truth import Charge, Truth

PAGE: Final = b"<html><body><h1>504 Gateway Time-out</h1></body></html>"
ANSWERS: Final = {
    "the truth": 60,
    "500 in JSON": 5,
    "504 page": 3,
    "line cut": 4,
    "unknown task": 4,
    "rate limit": 3,
    "nothing in it": 3,
    "late": 5,
}
"""The ways to answer any question."""
BATCHES: Final = {"the truth": 40, "some left out": 10, "links left out": 6, "failed, untruly": 4}
"""What else may be wrong with an answer about many tasks, each of which is asked about singly then."""
PENDING_WORDS: Final = {"pending": 5, "in_progress": 2, "queued": 2, "reticulating": 1}


class Reads:
    """Tells of the tasks in `truth`; `link_of` makes the address of a task's picture."""

    def __init__(self, chance: Chance, truth: Truth, link_of: Callable[[str], str]) -> None:
        self._chance = chance
        self._truth = truth
        self._link_of = link_of

    async def query(self, exchange: Exchange) -> None:
        """One task."""
        task_id = exchange.request.path.partition("?")[0].rpartition("/")[2]
        charge = self._truth.charges.get(task_id)
        if charge is None:
            await _unknown(exchange)
        elif await self._is_to_be_told(exchange):
            await exchange.reply(200, {"code": 200, "data": self._report(charge)})

    async def batch(self, exchange: Exchange) -> None:
        """Several tasks; what is unknown is left out."""
        await exchange.read_body()
        if not exchange.request.is_whole:  # the program was killed in the middle of it
            return
        ids = exchange.request.json()["task_ids"]
        known = [self._truth.charges[task_id] for task_id in ids if task_id in self._truth.charges]
        if await self._is_to_be_told(exchange):
            await exchange.reply(200, {"code": 200, "data": self._told_of_many(known)})

    async def balance(self, exchange: Exchange) -> None:
        """What is left, now and then."""
        if await self._is_to_be_told(exchange):
            paid = sum(not charge.fails for charge in self._truth.charges.values())
            await exchange.reply(200, {"remain_balance": round(100 - 0.0085 * paid, 4), "success": True})

    async def _is_to_be_told(self, exchange: Exchange) -> bool:
        """Draw a way to answer; False where it was not the truth and is done."""
        way = self._chance.draw(ANSWERS)
        self._truth.note("question", about=exchange.request.path, way=way)
        if way == "late":
            await asyncio.sleep(self._chance.seconds(0.05, 0.2))
        elif way == "line cut":
            exchange.abort()
        elif way == "504 page":
            await exchange.reply(504, PAGE, headers={"Content-Type": "text/html"})
        elif way == "500 in JSON":
            await exchange.reply(
                500, {"error": {"code": 500, "message": "try later", "type": "server_error"}}
            )
        elif way == "rate limit":
            await exchange.reply(429, {"error": {"code": 429, "message": "slow down"}})
        elif way == "unknown task":
            await _unknown(exchange)
        elif way == "nothing in it":
            await exchange.reply(200, {"code": 200, "data": None})
        return way in {"the truth", "late"}

    def _told_of_many(self, charges: list[Charge]) -> list[dict[str, Any]]:
        way = self._chance.draw(BATCHES)
        if way == "some left out":
            return [self._report(charge) for charge in charges if self._chance.happens(0.5)]
        told = [self._report(charge) for charge in charges]
        if way == "links left out":
            return [{name: value for name, value in report.items() if name != "result"} for report in told]
        if way == "failed, untruly":
            return [{"id": report["id"], "status": "failed"} for report in told]
        return told

    def _report(self, charge: Charge) -> dict[str, Any]:
        plain = {"id": charge.task_id, "progress": 0, "cost": 0.0085}
        if not self._chance.is_calm and time.monotonic() < charge.due_at:
            return plain | {"status": self._chance.draw(PENDING_WORDS)}
        if charge.fails:
            return plain | {"status": "failed", "error": {"code": 500, "message": "the model gave up"}}
        links = map(self._link_of, charge.pictures)
        images = [{"url": [link], "expires_at": 4_000_000_000} for link in links]
        return plain | {"status": "completed", "result": {"images": images}}


async def _unknown(exchange: Exchange) -> None:
    await exchange.reply(404, {"error": {"code": 404, "message": "task does not exist or has expired"}})
