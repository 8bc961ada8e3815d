"""Many tasks asked for at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gptimg_desktop.core.connection import PRACTICE
from tests.unit.practice.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_each_task_is_told_as_a_single_look_tells_it() -> None:
    async with Visitor() as visitor:
        early = [await visitor.submit(), await visitor.submit(prompt="let it fail", resolution="4k")]
        visitor.clock.now += 60
        ids = [*early, await visitor.submit()]
        tasks = await visitor.batch(*ids)
        assert {task["status"] for task in tasks} == {"completed", "failed", "pending"}
        assert {task["id"]: task for task in tasks} == {
            task_id: await visitor.look(task_id) for task_id in ids
        }


async def test_the_order_is_the_service_s_own_and_nothing_comes_twice() -> None:
    async with Visitor() as visitor:
        ids = []
        for _ in range(3):
            ids.append(await visitor.submit())
            visitor.clock.now += 1
        tasks = await visitor.batch(ids[2], ids[0], ids[2], ids[1])
        assert [task["id"] for task in tasks] == ids


async def test_unknown_and_expired_ids_are_left_out() -> None:
    async with Visitor() as visitor:
        old = await visitor.submit()
        visitor.clock.now += 7 * 86_400 + 1
        new = await visitor.submit()
        asked = [old, "task_01KT48E134GCG3W870HKHPVMNA", new, "", "../x", "T" * 10_000]
        assert [task["id"] for task in await visitor.batch(*asked)] == [new]
        assert await visitor.batch(old) == []


async def test_fifty_ids_are_taken() -> None:
    async with Visitor() as visitor:
        task_id = await visitor.submit()
        assert len(await visitor.batch(task_id, *(f"task_{number}" for number in range(49)))) == 1


@pytest.mark.parametrize(
    "content",
    [
        {"task_ids": [f"task_{number}" for number in range(51)]},
        {"task_ids": []},
        {"task_ids": "task_1"},
        {"task_ids": {"task_1": True}},
        {"task_ids": ["task_1", 2]},
        {"task_ids": [None]},
        {"task_ids": None},
        {"task_ids": ["task_1"], "language": 7},
        {},
        [],
        "task_1",
    ],
)
async def test_a_wrong_query_is_refused_in_the_documented_form(content: Any) -> None:
    async with Visitor() as visitor:
        answer = await visitor.ask_batch(content)
        assert answer.status_code == 400
        assert (answer.json()["error"]["code"], answer.json()["error"]["type"]) == (
            400,
            "invalid_request_error",
        )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.post(f"{PRACTICE}/v1/tasks/batch", content=body)
        assert answer.status_code == 400
        assert "JSON" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("more", "query", "chinese"),
    [
        ({"language": "zh"}, "", True),
        ({}, "?language=zh-CN", True),
        ({"language": "en"}, "?language=zh", False),
        ({}, "", False),
    ],
)
async def test_failures_are_told_in_the_language_asked_for(
    more: dict[str, str], query: str, chinese: bool
) -> None:
    async with Visitor(speed=0) as visitor:
        task_id = await visitor.submit(prompt="fail")
        answer = await visitor.ask_batch({"task_ids": [task_id], **more}, query)
        (task,) = answer.json()["data"]
        assert bool(re.search("[\u4e00-\u9fff]", task["error"]["message"])) is chinese
