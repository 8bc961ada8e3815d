"""One submit, seen from the server's side of the socket."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from pathlib import Path

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.core.verdict import Evidence, Outcome, judge
from gptimg_desktop.services.api.body import RequestBody
from gptimg_desktop.services.api.client import ApiClient, TimeLimits
from tests.support import scripted_server as scripts
from tests.support.scripted_server import KEY, Exchange, ScriptedServer, scripted_server

pytestmark = pytest.mark.anyio

BODY = RequestBody(GenerationRequest(prompt="a chair", size=Ratio.R1X1, tier=Tier.K1), Path)
QUICK = TimeLimits(connect_s=0.5, write_s=0.5, answer_s=0.3, read_s=0.3)


async def let_go() -> None:
    """An arming that succeeds."""


async def submit(server: ScriptedServer, arm: scripts.Arm = let_go) -> Evidence:
    client = ApiClient(service=server.url, key=KEY, limits=QUICK)
    try:
        return await client.submit(BODY, arm)
    finally:
        await client.aclose()


async def test_the_last_byte_waits_for_the_commit() -> None:
    """While arming lasts, the server has everything but the closing brace; afterwards that too."""
    arming, committed, seen = asyncio.Event(), asyncio.Event(), []

    async def arm() -> None:
        arming.set()
        await committed.wait()

    async def watch(exchange: Exchange) -> None:
        request = exchange.request
        request.body += await exchange.reader.readexactly(request.wanted - 1)
        await arming.wait()
        try:
            async with asyncio.timeout(0.05):
                seen.append(await exchange.reader.read(1))
        except TimeoutError:
            seen.append(b"")
        committed.set()
        request.body += await exchange.reader.readexactly(1)
        await exchange.reply(200, {"data": [{"task_id": exchange.accept()}]})

    async with scripted_server() as server:
        server.submits = deque([watch])
        evidence = await submit(server, arm)
        assert seen == [b""]
        assert json.loads(server.requests[0].body)["prompt"] == "a chair"
        assert judge(evidence).outcome is Outcome.ACCEPTED


async def test_a_failed_commit_keeps_the_last_byte_here() -> None:
    refusal = StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="disk full"))

    async def arm() -> None:
        raise refusal

    async with scripted_server() as server:
        with pytest.raises(StorageError) as caught:
            await submit(server, arm)
        assert caught.value is refusal
        assert server.accepted == []
        assert len(server.requests[0].body) < server.requests[0].wanted


async def test_each_submit_has_a_connection_of_its_own() -> None:
    """A stale kept-alive connection could make a lost answer look like an unsent request."""
    lines: set[tuple[str, int]] = set()

    async def note_line(exchange: Exchange) -> None:
        lines.add(exchange.writer.get_extra_info("peername"))
        await scripts.accept(exchange)

    async with scripted_server() as server:
        server.submits = deque([note_line])
        client = ApiClient(service=server.url, key=KEY)
        for _ in range(3):
            await client.submit(BODY, let_go)
        await client.aclose()
        assert len(lines) == 3


ENDINGS = {
    "accepted": (scripts.accept, Outcome.ACCEPTED),
    "dropped": (scripts.accept_and_drop, Outcome.UNKNOWN),
    "silent": (scripts.accept_and_hang, Outcome.UNKNOWN),
    "web page": (scripts.answer(200, b"<html>"), Outcome.UNKNOWN),
    "gateway": (scripts.answer(524, b"<html>"), Outcome.UNKNOWN),
    "key": (scripts.answer(401, {"error": {"code": "", "message": "invalid API key"}}), Outcome.UNSENT),
    "rate": (scripts.answer(429, b"", Retry_After="7"), Outcome.UNSENT),
    "moved": (scripts.answer(307, b"", Location="https://elsewhere.invalid/"), Outcome.UNSENT),
    "refused": (scripts.answer(422, {"error": {"message": "no"}}), Outcome.REFUSED),
}


@pytest.mark.parametrize("name", ENDINGS)
async def test_every_ending_is_evidence_and_nothing_is_repeated(name: str) -> None:
    act, outcome = ENDINGS[name]
    async with scripted_server() as server:
        server.submits = deque([act])
        verdict = judge(await submit(server))
        assert verdict.outcome is outcome
        assert len(server.requests) == 1
        assert name != "rate" or verdict.retry_after_s == 7


async def test_an_answer_that_breaks_off_still_tells_its_task() -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.read_body()
        text = json.dumps({"data": [{"task_id": exchange.accept()}], "more": "x" * 99}).encode()
        await exchange.reply(200, text[:-20], length=len(text))

    async with scripted_server() as server:
        server.submits = deque([cut])
        verdict = judge(await submit(server))
        assert verdict.recovered
        assert verdict.task_ids == (server.accepted[0][0],)


async def test_an_endless_answer_is_cut_off() -> None:
    async def flood(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.reply(200, b" " * 3_000_000)

    async with scripted_server() as server:
        server.submits = deque([flood])
        evidence = await submit(server)
        assert not evidence.complete
        assert len(evidence.body) <= 64 * 1024


async def test_nobody_listening_is_proof_that_nothing_was_sent() -> None:
    async with scripted_server() as server:
        pass
    verdict = judge(await submit(server))
    assert verdict.outcome is Outcome.UNSENT
    assert verdict.problem is not None
    assert verdict.problem.kind is ProblemKind.UNREACHABLE
