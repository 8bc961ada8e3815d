"""One submit, seen from the server's side of the socket."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from gptimg_desktop.core.errors import AppError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.core.verdict import Evidence, Outcome, judge
from gptimg_desktop.services.api.body import RequestBody
from gptimg_desktop.services.api.client import ApiClient, TimeLimits
from tests.support import scripted_server as scripts
from tests.support.scripted_server import KEY, Exchange, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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
    lines: list[tuple[str, int]] = []

    async def serve_for_long(exchange: Exchange) -> None:
        """Answer, keep the line open, and answer whatever else comes over it."""
        lines.append(exchange.writer.get_extra_info("peername"))
        await exchange.read_body()
        answer = {"data": [{"task_id": exchange.accept()}]}
        await exchange.reply(200, answer, headers={"Connection": "keep-alive"})
        request = await scripts._head(exchange.reader)
        if request is not None:
            await serve_for_long(Exchange(request, exchange.reader, exchange.writer, exchange.server))

    async with scripted_server() as server:
        server.submits = deque([serve_for_long])
        client = ApiClient(service=server.url, key=KEY)
        for _ in range(3):
            verdict = judge(await client.submit(BODY, let_go))
            assert verdict.outcome is Outcome.ACCEPTED
        await client.aclose()
        assert len(lines) == len(set(lines)) == 3


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


class Line(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """Takes a request whole, answers in pieces, and fails in the ways that a test wants."""

    def __init__(
        self,
        *pieces: bytes,
        at_start: BaseException | None = None,
        at_end: BaseException | None = None,
        at_close: BaseException | None = None,
        reads: bool = True,
    ) -> None:
        self.pieces = pieces
        self.at_start, self.at_end, self.at_close = at_start, at_end, at_close
        self.reads = reads

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.reads:
            await request.aread()
        if self.at_start is not None:
            raise self.at_start
        return httpx.Response(200, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.at_end is not None:
            raise self.at_end

    async def aclose(self) -> None:
        if self.at_close is not None:
            raise self.at_close


ODD_FAILURES = [httpx.StreamClosed(), ValueError("odd"), AssertionError(), OSError(5, "odd"), KeyError("odd")]
GOOD_ANSWER = b'{"data": [{"task_id": "task_1"}]}'


async def submit_over(line: Line) -> Evidence:
    return await ApiClient(service="https://api.example.org", key=KEY, transport=line).submit(BODY, let_go)


@pytest.mark.parametrize("failure", ODD_FAILURES, ids=repr)
async def test_whatever_breaks_off_an_answer_is_evidence_with_what_came(failure: Exception) -> None:
    evidence = await submit_over(Line(b'{"data": [', b'{"task', at_end=failure))
    assert (evidence.released, evidence.status, evidence.complete) == (True, 200, False)
    assert evidence.body == b'{"data": [{"task'
    assert evidence.failure is not None
    assert evidence.failure.kind is ProblemKind.ANSWER_LOST


@pytest.mark.parametrize("failure", ODD_FAILURES, ids=repr)
async def test_once_the_last_byte_is_out_every_failure_is_evidence(failure: Exception) -> None:
    evidence = await submit_over(Line(at_start=failure))
    assert (evidence.released, evidence.status) == (True, None)
    assert evidence.failure is not None
    assert evidence.failure.kind is ProblemKind.ANSWER_LOST


@pytest.mark.parametrize("failure", ODD_FAILURES, ids=repr)
async def test_a_line_that_fails_before_the_last_byte_is_proof_of_nothing_sent(failure: Exception) -> None:
    evidence = await submit_over(Line(at_start=failure, reads=False))
    assert not evidence.released
    assert judge(evidence).outcome is Outcome.UNSENT


@pytest.mark.parametrize("failure", ODD_FAILURES, ids=repr)
async def test_an_answer_stands_though_its_line_does_not_close(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gptimg_desktop")
    evidence = await submit_over(Line(GOOD_ANSWER, at_close=failure))
    assert judge(evidence).task_ids == ("task_1",)
    assert [record.levelname for record in caplog.records if "closing" in record.message] == ["INFO"]


async def test_being_cancelled_is_no_evidence() -> None:
    end = asyncio.CancelledError
    for line in (Line(at_start=end()), Line(GOOD_ANSWER, at_end=end()), Line(GOOD_ANSWER, at_close=end())):
        with pytest.raises(asyncio.CancelledError):
            await submit_over(line)


async def test_a_broken_answer_stays_evidence_though_its_line_does_not_close() -> None:
    evidence = await submit_over(Line(b"{", at_end=httpx.StreamClosed(), at_close=OSError(5, "odd")))
    assert (evidence.body, evidence.complete) == (b"{", False)


@pytest.mark.parametrize("location", ["https://[bad/", "https://xn--.com/", "//[bad/"])
async def test_a_look_that_is_sent_to_an_odd_address_is_a_network_fault(location: str) -> None:
    async with scripted_server() as server:
        server.queries = deque([scripts.answer(302, b"", Location=location)])
        client = ApiClient(service=server.url, key=KEY)
        with pytest.raises(AppError):
            await client.task("task_1")
        await client.aclose()


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
