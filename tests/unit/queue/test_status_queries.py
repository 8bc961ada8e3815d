"""Many jobs are watched with few questions: batch queries where a service takes them, else single ones."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.gate import GateKind
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.scripted_server import KEY, ScriptedServer, answer, batch, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

OTHER_KEY = "sk-other-0123456789abcdef"
UNKNOWN = {"error": {"code": 404, "message": "task does not exist or has expired"}}
GATHERED: dict[str, Any] = {"poll_first_s": 0.3, "poll_every_s": 0.3}


def asked_together(server: ScriptedServer) -> list[int]:
    """How many tasks each batch query named."""
    return [len(request.json()["task_ids"]) for request in server.of_kind("batch")]


async def accepted(desk: Bench, server: ScriptedServer, count: int) -> None:
    """Have jobs taken by the service while nobody looks at them yet."""
    desk.generate(copies=count)
    await desk.until(lambda: desk.states == ["accepted"] * count)
    assert server.of_kind("batch") == []


@pytest.mark.row(58)
async def test_one_query_asks_about_all_that_run(home: Path) -> None:
    async with (
        scripted_server() as server,
        bench(home / "data", server, poll_first_s=1.0, poll_every_s=0.05) as desk,
    ):
        server.batches = deque([batch("processing"), batch("pending"), batch("completed")])
        await accepted(desk, server, 7)
        await desk.until_states(*["saved"] * 7)
        assert sum(asked_together(server)) >= 7
        assert len(server.of_kind("batch")) <= 12
        assert server.of_kind("query") == []


@pytest.mark.row(58)
async def test_a_query_names_fifty_tasks_at_most(home: Path) -> None:
    async with (
        scripted_server() as server,
        bench(home / "data", server, poll_first_s=2.0, poll_every_s=0.01) as desk,
    ):
        server.batches = deque([batch("completed")])
        desk.generate(copies=60)
        await desk.until(lambda: desk.states == ["saved"] * 60)
        assert max(asked_together(server)) <= 50
        named = Counter(task for request in server.of_kind("batch") for task in request.json()["task_ids"])
        assert set(named.values()) == {1}


async def test_a_single_job_is_asked_about_singly(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.batches = deque([batch()])
        desk.generate()
        await desk.until_states("saved")
        assert server.of_kind("batch") == []


SHAPES: dict[str, Any] = {
    "a list": list,
    "by id": lambda told: {task["id"]: task for task in told},
    "under tasks": lambda told: {"tasks": told},
    "under items": lambda told: {"items": told},
    "backwards": lambda told: told[::-1],
    "with task_id": lambda told: [{"task_id": task["id"]} | task | {"id": 7} for task in told],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.row(53)
async def test_every_shape_of_the_answer_brings_the_pictures_home(home: Path, shape: Any) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([batch(shape=shape)])
        await accepted(desk, server, 3)
        await desk.until_states("saved", "saved", "saved")
        assert server.of_kind("query") == []


@pytest.mark.parametrize(
    "act",
    [
        scripts.not_here,
        answer(405, b""),
        answer(400, {"error": {"code": 400, "message": "no such endpoint"}}),
        answer(413, b""),
        answer(200, b"<html>hello</html>"),
        answer(200, {"data": "soon"}),
    ],
)
@pytest.mark.row(52)
async def test_without_batch_queries_each_task_is_asked_about_and_that_is_remembered(
    home: Path, act: scripts.Act
) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([act])
        server.queries = deque([scripts.pending, scripts.pending, scripts.completed])
        await accepted(desk, server, 3)
        await desk.until_states("saved", "saved", "saved")
        desk.generate(copies=3)
        await desk.until_states(*["saved"] * 6)
        assert len(server.of_kind("batch")) == 1


@pytest.mark.row(53)
async def test_what_a_batch_leaves_out_is_asked_about_singly(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([batch("completed", shape=lambda told: told[1:])])
        server.queries = deque([scripts.pending, scripts.completed])
        await accepted(desk, server, 3)
        await desk.until_states("saved", "saved", "saved")
        assert len(server.of_kind("batch")) == 1
        assert len({request.path for request in server.of_kind("query")}) == 1


async def test_an_unknown_task_in_a_batch_is_not_given_up(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([answer(200, {"data": []})])
        server.queries = deque([answer(404, UNKNOWN)])
        await accepted(desk, server, 2)
        await desk.until(lambda: len(server.of_kind("query")) >= 6)
        assert desk.states == ["accepted", "accepted"]


@pytest.mark.parametrize(
    "act", [answer(500, b"<html>524</html>"), answer(503, b""), scripts.drop_in_mid_body]
)
async def test_trouble_in_a_batch_does_not_end_batches(home: Path, act: scripts.Act) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([act, batch()])
        await accepted(desk, server, 3)
        await desk.until_states("saved", "saved", "saved")
        assert len(server.of_kind("batch")) >= 2
        assert len(server.accepted) == 3


async def test_a_refused_key_in_a_batch_closes_one_gate(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([answer(401, {"error": {"code": 401, "message": "bad key"}})])
        await accepted(desk, server, 3)
        await desk.until(lambda: desk.gate_kinds == {GateKind.KEY})
        assert len(desk.gates) == 1
        assert desk.states == ["accepted"] * 3


async def test_failed_and_running_tasks_of_one_answer_go_their_own_ways(home: Path) -> None:
    async def mixed(exchange: Exchange) -> None:
        await exchange.read_body()
        first, second, third = exchange.request.json()["task_ids"]
        link = exchange.server.file_url(third)
        told = [
            {"id": first, "status": "failed", "error": {"code": "", "message": "the model gave up"}},
            {"id": second, "status": "queued"},
            {"id": third, "status": "succeeded", "result": {"images": [{"url": link}]}},
        ]
        await exchange.reply(200, {"code": 200, "data": told})

    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([mixed])
        server.queries = deque([scripts.failed, scripts.pending])  # a failure is asked about once more
        await accepted(desk, server, 3)
        await desk.until(lambda: sorted(desk.states) == ["accepted", "failed", "saved"])


@pytest.mark.parametrize(
    "act",
    [answer(500, b"<html>"), answer(402, b"{}"), answer(503, b""), scripts.drop_in_mid_body],
    ids=["500", "402", "503", "broken off"],
)
async def test_a_batch_that_never_works_keeps_no_picture_from_coming(home: Path, act: scripts.Act) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([act])
        server.queries = deque([scripts.completed])
        desk.generate(copies=2)
        await desk.until_states("saved", "saved")
        assert len(server.of_kind("batch")) == 3


async def test_a_batch_that_only_sums_up_is_followed_by_single_questions(home: Path) -> None:
    def without_results(told: list[Any]) -> list[Any]:
        return [{"id": task["id"], "status": "completed", "progress": 100} for task in told]

    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([batch(shape=without_results)])
        server.queries = deque([scripts.completed])
        desk.generate(copies=2)
        await desk.until_states("saved", "saved")


async def test_a_failure_in_a_batch_is_heard_twice(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([batch("failed")])
        server.queries = deque([scripts.completed])
        desk.generate(copies=2)
        await desk.until_states("saved", "saved")


@pytest.mark.row(51)
async def test_jobs_of_two_keys_never_share_a_question(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **GATHERED) as desk:
        server.batches = deque([batch("pending"), batch("pending"), batch("completed")])
        await accepted(desk, server, 2)
        of_first = {task_id for task_id, _ in server.accepted}
        desk.engine.use_key(OTHER_KEY)
        desk.generate("another", copies=2)
        await desk.until_states(*["saved"] * 4)
        for request in server.of_kind("batch"):
            key = KEY if set(request.json()["task_ids"]) <= of_first else OTHER_KEY
            assert request.headers["authorization"] == f"Bearer {key}"
            assert not (set(request.json()["task_ids"]) & of_first and key == OTHER_KEY)
