"""Jobs that wait can be put in another order, taken back together, and held over a restart; what is paid goes
before them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.line import Move, in_line
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.engine import open_engine
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.jobs import started
from tests.support.scripted_server import picture, scripted_server, whole_file
from tests.support.starts import quick_options

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.engine import Engine
    from tests.support.scripted_server import ScriptedServer

pytestmark = pytest.mark.anyio


def one_at_a_time(engine: Engine) -> None:
    engine.queue.submits_at_once = 1


async def waiting(desk: Bench, *prompts: str) -> dict[str, str]:
    """Queued jobs of these prompts, in this order; their ids by prompt."""
    desk.engine.queue.submits_at_once = 1
    desk.engine.queue.pause()
    for prompt in prompts:
        desk.generate(prompt)
    await desk.until(lambda: len(desk.jobs) == len(prompts))
    assert prompts_in_line(desk) == list(prompts)
    return {job.request.prompt: job.id for job in desk.jobs.values()}


def prompts_in_line(desk: Bench) -> list[str]:
    return [job.request.prompt for job in in_line(desk.jobs.values())]


async def test_jobs_are_sent_in_the_order_of_the_line(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        ids = await waiting(desk, "one", "two", "three")
        desk.engine.queue.move(Move(job_id=ids["three"], before=ids["one"]))
        desk.engine.queue.move(Move(job_id=ids["one"]))
        await desk.until(lambda: prompts_in_line(desk) == ["three", "two", "one"])
        desk.generate("later")
        await desk.until(lambda: len(desk.jobs) == 4)
        desk.engine.queue.resume(desk.gates[0])
        await desk.until_states(*["saved"] * 4)
        assert [prompt for _, prompt in server.accepted] == ["three", "two", "one", "later"]


async def test_the_order_of_the_line_survives_a_restart(home: Path) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            ids = await waiting(desk, "one", "two")
            desk.engine.queue.move(Move(job_id=ids["two"], before=ids["one"]))
            await desk.until(lambda: prompts_in_line(desk) == ["two", "one"])
        async with bench(home / "data", server, prepare=one_at_a_time) as desk:
            await desk.until_states("saved", "saved")
        assert [prompt for _, prompt in server.accepted] == ["two", "one"]


async def test_all_that_waits_can_be_taken_back_and_nothing_was_sent(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        ids = await waiting(desk, "one", "two", "three")
        desk.engine.queue.cancel_all(tuple(ids.values()))
        await desk.until_states("cancelled", "cancelled", "cancelled")
        desk.engine.queue.resume(desk.gates[0])
        assert server.requests == []


async def test_a_pause_of_the_users_outlives_the_program(home: Path) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            await waiting(desk, "one")
        told = Bench()
        options = quick_options(home / "data", server)
        async with open_engine(options, home / "data", Settings(paused=True), told.reports) as engine:
            for job in await started(engine):
                told.jobs[job.id] = job
            try:
                assert told.gate_kinds == {GateKind.USER_PAUSE}
                assert told.states == ["queued"]
                engine.queue.resume(told.gates[0])
                await told.until_states("saved")
            finally:
                await engine.queue.aclose(grace_s=1.0)


# What is paid goes first


async def left_behind(home: Path, server: ScriptedServer, *, ready: bool = False) -> None:
    """A run that ended with a paid job and one that waits."""
    server.queries = deque([scripts.completed if ready else scripts.pending])
    if ready:
        server.downloads = deque([scripts.answer(503, b"")])
    async with bench(home / "data", server) as desk:
        desk.generate("paid")
        await desk.until_states("ready" if ready else "accepted")
        desk.engine.queue.pause()
        desk.generate("waiting")
        await desk.until(lambda: len(desk.jobs) == 2)


SLOW: dict[str, Any] = {"poll_every_s": 0.3}  # a head start lasts some seconds at this pace


@pytest.mark.parametrize("kind", ["query", "download"])
async def test_a_start_asks_about_what_is_paid_before_it_sends_anything(home: Path, kind: str) -> None:
    may_answer = asyncio.Event()
    async with scripted_server() as server:
        await left_behind(home, server, ready=kind == "download")
        before = len(server.of_kind(kind))
        if kind == "query":
            server.queries = deque([scripts.hold(may_answer, scripts.completed)])
        else:
            server.downloads = deque([scripts.hold(may_answer, whole_file(picture()))])
        async with bench(home / "data", server, **SLOW) as desk:
            await desk.until(lambda: len(server.of_kind(kind)) > before)
            assert desk.engine.queue._poller.goes_first(server.url)
            assert [prompt for _, prompt in server.accepted] == ["paid"]
            may_answer.set()
            await desk.until_states("saved", "saved")
        assert [prompt for _, prompt in server.accepted] == ["paid", "waiting"]


async def test_after_a_wait_what_is_paid_is_asked_about_before_anything_is_sent(home: Path) -> None:
    async with scripted_server() as server:
        port = int(server.url.rpartition(":")[2])
        server.queries = deque([scripts.pending])
        async with bench(home / "data", server, pace=100.0, **SLOW) as desk:
            desk.generate("paid")
            await desk.until_states("accepted")
            await server.stop_listening()
            desk.generate("waiting")
            await desk.until(lambda: desk.gate_kinds == {GateKind.OFFLINE})
            await server.listen(port)
            seen = len(server.requests)
            server.queries = deque([scripts.completed])
            desk.engine.queue.go_on()
            await desk.until_states("saved", "saved")
            assert "/v1/tasks/" in server.requests[seen].path


async def test_what_is_paid_and_cannot_be_asked_about_holds_nothing_for_long(home: Path) -> None:
    async with scripted_server() as server:
        await left_behind(home, server)
        server.queries = deque([scripts.hang])
        async with bench(home / "data", server) as desk:
            await desk.until(lambda: len(server.accepted) == 2)
            assert [prompt for _, prompt in server.accepted] == [
                "paid",
                "waiting",
            ]
