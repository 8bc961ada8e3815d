"""Whatever the service answers about tasks and the account: only clear words end a task, and nothing is sent
again.

Each case is a job with a script of its own; many of them run side by side.
"""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.account import KeyStanding
from gptimg_desktop.core.errors import AppError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Charge
from tests.faults.by_case import charged, each, generate_all, once, submits, until_all
from tests.faults.odd_bodies import (
    BLANKS,
    PAGE,
    USELESS,
    assert_plain_all_along,
    assert_told_plainly,
    envelope,
    problem_of,
)
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import KEY, Act, answer, picture, scripted_server, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

EXPIRED = "task does not exist or has expired"

# Questions about one task


def told(data: Any, **more: Any) -> Act:
    """An answer about a task, in the service's envelope; `TASK` in it becomes the task's id."""

    async def act(exchange: Exchange) -> None:
        task_id = exchange.request.path.rpartition("/")[2]
        body = json.dumps({"code": 200, "data": data} | more)
        body = body.replace("TASK", task_id).replace("LINK", exchange.server.file_url(task_id))
        await exchange.reply(200, body.encode())

    return act


def done(images: Any) -> Act:
    return told({"id": "TASK", "status": "completed", "result": {"images": images}})


STILL_RUNNING: dict[str, Act] = {
    **{name: answer(200, body) for name, body in USELESS.items()},
    "blanks without end": answer(200, BLANKS),
    "400 as documented": answer(400, envelope(400, "invalid_request_error")),
    "402 as documented": answer(402, envelope(402, "payment_required")),
    "403 as documented": answer(403, envelope(403, "permission_error")),
    "500 as documented": answer(500, envelope(500, "server_error")),
    "502 as documented": answer(502, envelope(502, "bad_gateway")),
    "503 as documented": answer(503, envelope(503, "service_unavailable")),
    "429 as documented": answer(429, envelope(429, "rate_limit_error"), retry_after="0"),
    "524": answer(524, PAGE),
    "404 page": answer(404, PAGE),
    "a bare string": answer(500, {"error": "out of luck"}),
    "code 500 inside a 200": answer(200, {"code": 500, "message": "out of luck", "data": None}),
    "unknown": answer(400, envelope(400, "", EXPIRED)),
    "unknown behind a 404": answer(404, envelope(404, "", EXPIRED)),
    "unknown inside a 200": answer(200, {"code": 404, "message": EXPIRED, "data": None}),
    "moved": answer(302, b"", location="http://[broken"),
    "half an answer": answer(200, b'{"code":200,"da', Content_Length="400"),
    "no status": told({"id": "TASK", "progress": 50}),
    "a status that is null": told({"id": "TASK", "status": None}),
    "a status that is a number": told({"id": "TASK", "status": 2}),
    "a status that is a list": told({"id": "TASK", "status": ["completed"]}),
    "a new word": told({"id": "TASK", "status": "simmering"}),
    "an endless word": told({"id": "TASK", "status": "x" * 10_240}),
    "numbers as texts": told(
        {"id": "TASK", "status": "processing", "progress": "50 %", "cost": "0.006", "created": "1780407010"}
    ),
    "numbers that are none": told(
        {"id": "TASK", "status": "pending", "cost": float("nan"), "progress": float("inf"), "created": 10**50}
    ),
    "money in excess": told({"id": "TASK", "status": "pending", "cost": 1e300, "credits_cost": -5}),
    "done without a result": told({"id": "TASK", "status": "completed"}),
    "done with null": told({"id": "TASK", "status": "completed", "result": None}),
    "done with a text": told({"id": "TASK", "status": "completed", "result": "LINK"}),
    "done with no images": done([]),
    "done with images of null": done([None, 7, True, [], {}]),
    "done with an empty address": done([{"url": ["", "  "]}]),
    "done with deep addresses": done([{"url": [[[[[{"link": "x"}]]]]]}]),
    "no envelope and no name": answer(200, {"status": "completed", "result": {"images": []}}),
}


@pytest.mark.row(42, 43, 46)
async def test_no_odd_answer_about_a_task_ends_it(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = each({case: [act, act, scripts.completed] for case, act in STILL_RUNNING.items()})
        generate_all(desk, STILL_RUNNING)
        await until_all(desk, STILL_RUNNING, "saved")
        assert {job.state.value for job in desk.history} <= {
            "queued",
            "sending",
            "accepted",
            "ready",
            "saved",
        }
        assert submits(server) == charged(server) == once(STILL_RUNNING)
        assert_plain_all_along(desk)


async def test_a_refused_key_leaves_the_task_where_it_is(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([answer(401, envelope(401, "authentication_error"))])
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.KEY})
        assert desk.states == ["accepted"]
        assert len(server.of_kind("submit")) == 1
        assert_plain_all_along(desk)


FAILED: dict[str, Act] = {
    "as documented": told(
        {"status": "failed", "error": {"code": 500, "message": "gave up", "type": "server_error"}}
    ),
    "a code as text": told({"status": "failed", "error": {"code": "upstream_error", "message": "gave up"}}),
    "an empty code": told({"status": "failed", "error": {"code": "", "message": "gave up"}}),
    "a code and no message": told({"status": "failed", "error": {"code": 500}}),
    "a bare string": told({"status": "failed", "error": "gave up"}),
    "null": told({"status": "failed", "error": None}),
    "nothing": told({"status": "failed"}),
    "a number": told({"status": "failed", "error": 500}),
    "empty": told({"status": "failed", "error": {}}),
    "a long text": told({"status": "failed", "error": "gave up " * 100_000}),
    "several lines": told({"status": "failed", "error": "gave\nup\r\n\tsoon"}),
    "half a surrogate": told({"status": "failed", "error": {"message": "odd \ud800"}}),
    "in capitals": told({"status": " FAILED "}),
    "cancelled": told({"status": "cancelled"}),
    "in a list": told([{"status": "failed"}]),
    "with half a result": told({"status": "failed", "result": {"images": []}}),
}


async def test_a_failed_task_has_failed_whatever_it_says_of_its_reason(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = each({case: [scripts.pending, act] for case, act in FAILED.items()})
        generate_all(desk, FAILED)
        await until_all(desk, FAILED, "failed")
        for job in desk.jobs.values():
            assert job.charge is Charge.NONE
            assert "Nothing was charged" in problem_of(job)
        assert submits(server) == charged(server) == once(FAILED)
        assert server.of_kind("download") == []
        assert_plain_all_along(desk)


DONE: dict[str, Act] = {
    "as documented": done([{"url": ["LINK"], "expires_at": 4_000_000_000}]),
    "a bare address": done([{"url": "LINK"}]),
    "no list": done({"url": "LINK"}),
    "an address alone": done(["LINK"]),
    "among rubbish": done([None, {"url": [None, 7, "", ["LINK"]]}, {}]),
    "twice": done([{"url": ["LINK", "LINK"]}]),
    "an expiry as text": done([{"url": ["LINK"], "expires_at": "4000000000"}]),
    "an expiry that is none": done([{"url": ["LINK"], "expires_at": {"at": [1]}}]),
    "an expiry beyond all": done([{"url": ["LINK"], "expires_at": 10**400}]),
    "succeeded": told({"status": "succeeded", "result": {"images": [{"url": "LINK"}]}}),
    "costs as texts": told(
        {"status": "completed", "cost": "0.0085", "result": {"images": [{"url": "LINK"}]}}
    ),
    "costs that are none": told(
        {"status": "completed", "cost": float("nan"), "result": {"images": [{"url": "LINK"}]}}
    ),
}


@pytest.mark.row(47, 48)
async def test_a_result_in_any_shape_is_fetched(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = each({case: [act] for case, act in DONE.items()})
        generate_all(desk, DONE)
        await until_all(desk, DONE, "saved")
        assert {len(job.images) for job in desk.jobs.values()} == {1}
        assert submits(server) == charged(server) == once(DONE)
        assert_plain_all_along(desk)


@pytest.mark.row(47)
async def test_every_picture_of_a_task_is_saved(home: Path) -> None:
    several = done([{"url": ["LINK?1", "LINK?2"]}, {"url": "LINK?3"}, {"url": ["LINK?1"]}])
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([several])
        server.downloads = deque(scripts.whole_file(picture(20 + n, 30)) for n in range(3))
        desk.generate()
        await desk.until_states("saved")
        assert sorted(image.pixels.width for image in desk.job.images) == [20, 21, 22]
        assert len({image.path for image in desk.job.images}) == len(server.of_kind("download")) == 3
        assert len(server.of_kind("submit")) == len(server.accepted) == 1


# Questions about several tasks

WORST = (
    "empty",
    "a page",
    "deep data",
    "not a number",
    "a huge number",
    "another charset",
    "half a surrogate",
    "data is null",
    "entries are null",
    "lists in lists",
    "the same name twice",
)
TOGETHER: dict[str, Act] = {
    **{name: answer(200, USELESS[name]) for name in WORST},
    "blanks without end": answer(200, BLANKS),
    "rows without names": answer(200, {"data": [{"status": "failed"}, {"status": "completed"}]}),
    "names that are lists": answer(200, {"data": [{"id": ["x"], "status": "failed"}]}),
    "strangers": answer(200, {"data": [{"id": "task_of_somebody_else", "status": "failed"}]}),
    "strangers by name": answer(200, {"data": {"task_of_somebody_else": {"status": "failed"}}}),
    "an error as the list": answer(200, {"data": {"error": "no"}}),
    "500 as documented": answer(500, envelope(500, "server_error")),
    "524": answer(524, PAGE),
}


@pytest.mark.parametrize("act", TOGETHER.values(), ids=TOGETHER.keys())
@pytest.mark.row(53, 54)
async def test_no_odd_answer_about_several_tasks_ends_one(home: Path, act: Act) -> None:
    async with (
        scripted_server() as server,
        bench(home / "data", server, poll_first_s=0.05, poll_every_s=0.05) as desk,
    ):

        async def done_once_asked_together(exchange: Exchange) -> None:
            await (scripts.completed if server.of_kind("batch") else task("processing"))(exchange)

        server.batches = deque([act, act, scripts.batch()])
        server.queries = deque([done_once_asked_together])
        desk.generate(copies=2)
        await desk.until_states("saved", "saved")
        assert len(server.of_kind("submit")) == len(server.accepted) == 2
        assert_plain_all_along(desk)


# The balance, which holds nothing up

BALANCES: dict[str, Act] = {
    **{name: answer(200, body) for name, body in USELESS.items()},
    "blanks without end": answer(200, BLANKS),
    "refused inside a 200": answer(200, {"success": False, "message": "no", "remain_balance": 5}),
    "not a number": answer(200, {"success": True, "remain_balance": float("nan")}),
    "words": answer(200, {"remain_balance": "plenty"}),
    "a list": answer(200, {"remain_balance": [5], "remain_credits": {"n": 50}}),
    "401": answer(401, envelope(401)),
    "402 page": answer(402, PAGE),
    "500": answer(500, b""),
    "moved": answer(302, b"", location="http://[broken"),
    "half an answer": answer(200, b'{"remain', Content_Length="400"),
}


async def test_no_odd_answer_about_the_balance_holds_anything_or_proves_a_key(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        for act in BALANCES.values():
            server.balances = deque([act])
            with pytest.raises(AppError) as caught:
                await desk.engine.balance()
            assert_told_plainly(caught.value.problem)
            test = await desk.engine.try_key(KEY)
            assert test.standing is not KeyStanding.WORKS
            assert_told_plainly(test.problem)
        desk.generate()
        await desk.until_states("saved")
        assert len(server.accepted) == 1
        assert desk.gates == ()
