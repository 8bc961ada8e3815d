"""A task from its submit to its end, as the answers tell it, across restarts and past its retention."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.services.practice import PracticeService, poll_times
from tests.unit.practice.visitor import NOON, Clock, Visitor, names_in, opened

if TYPE_CHECKING:
    from pathlib import Path

DAY_S = 86_400


@pytest.mark.anyio
async def test_a_task_is_pending_for_its_time_and_then_leads_to_a_picture() -> None:
    async with Visitor() as visitor:
        answer = await visitor.post(size="3:2")
        task_id = answer.json()["data"][0]["task_id"]
        assert answer.json() == {"code": 200, "data": [{"status": "submitted", "task_id": task_id}]}
        assert re.fullmatch("task_[0-9A-Z]{26}", task_id)

        visitor.clock.now += 29
        assert await visitor.look(task_id) == {
            "cost": 0.0085, "credits_cost": 0.085, "created": int(NOON), "estimated_time": 60,
            "id": task_id, "progress": 0, "status": "pending",
        }  # fmt: skip

        visitor.clock.now += 32
        done = await visitor.look(task_id)
        assert (done["status"], done["progress"]) == ("completed", 100)
        assert 30 <= done["actual_time"] <= 60
        assert int(NOON) + 30 <= done["completed"] <= int(NOON) + 60
        assert done["result"]["images"][0]["expires_at"] == done["completed"] + DAY_S

        file = await visitor.client.get(done["result"]["images"][0]["url"][0])
        assert opened(file.content).size == (1536, 1024)


@pytest.mark.parametrize(("speed", "least_s", "most_s"), [(8, 3.75, 7.5), (0.5, 60, 120)])
@pytest.mark.anyio
async def test_speed_sets_the_pace(speed: float, least_s: float, most_s: float) -> None:
    async with Visitor(speed=speed) as visitor:
        task_id = await visitor.submit()
        visitor.clock.now = NOON + least_s - 0.01
        assert (await visitor.look(task_id))["status"] == "pending"
        visitor.clock.now = NOON + most_s
        assert (await visitor.look(task_id))["status"] == "completed"


@pytest.mark.anyio
async def test_speed_zero_is_done_at_once() -> None:
    async with Visitor(speed=0) as visitor:
        assert (await visitor.look(await visitor.submit()))["status"] == "completed"


def test_a_negative_speed_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="speed"):
        PracticeService(folder=None, speed=-1)


def test_polling_keeps_the_pace_of_the_service() -> None:
    assert poll_times(8).first_delay(0.0) == 10 / 8
    assert poll_times(0).first_delay(0.5) == poll_times(0).next_delay(1e6, 0.5) == 0.01


@pytest.mark.anyio
async def test_after_a_restart_a_running_task_ends_at_its_old_time_with_the_same_picture(
    tmp_path: Path,
) -> None:
    fields = {"prompt": "blue hills", "size": "auto"}
    async with Visitor(tmp_path / "tasks") as first:
        task_id = await first.submit(**fields)
    async with Visitor(tmp_path / "tasks", speed=0, clock=Clock(NOON + 29)) as second:
        assert (await second.look(task_id))["status"] == "pending"
        second.clock.now = NOON + 60
        seen = await second.look(task_id)
        data = (await second.client.get(await second.link(task_id))).content
    first.clock.now = NOON + 60
    async with Visitor(tmp_path / "tasks", clock=Clock(NOON + 3_000)) as third:
        assert await third.look(task_id) == seen | {"estimated_time": 60}
        assert (await third.client.get(await third.link(task_id))).content == data


@pytest.mark.anyio
async def test_a_task_is_on_the_disk_before_its_id_is_told(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        task_id = await visitor.submit()
        assert names_in(tmp_path) == {f"{task_id}.json"}


@pytest.mark.anyio
async def test_a_damaged_task_file_is_an_unknown_task(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        task_id = await visitor.submit()
    (tmp_path / f"{task_id}.json").write_text('{"task": {"id"')
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.client.get(f"{PRACTICE}/v1/tasks/{task_id}")
        assert answer.status_code == 400
        assert "does not exist" in answer.text


@pytest.mark.anyio
async def test_after_a_week_tasks_are_forgotten_and_their_files_go(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        old = await visitor.submit()
        (tmp_path / f"{old}.part").write_text("left by a kill")
        (tmp_path / "notes.txt").write_text("not ours")
        visitor.clock.now += 7 * DAY_S - 1
        assert (await visitor.look(old))["status"] == "completed"
        visitor.clock.now += 2
        answer = await visitor.client.get(f"{PRACTICE}/v1/tasks/{old}")
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "task does not exist or has expired"
        new = await visitor.submit()
        assert names_in(tmp_path) == {f"{new}.json", "notes.txt"}


@pytest.mark.parametrize(
    "task_id", ["task_01KT48E134GCG3W870HKHPVMNA", "task_x", "..%2Fsecret", "T" * 10_000]
)
@pytest.mark.anyio
async def test_an_unknown_task_is_told_so(tmp_path: Path, task_id: str) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.client.get(f"{PRACTICE}/v1/tasks/{task_id}")
        assert answer.status_code in {400, 404}
        assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.anyio
async def test_a_link_works_for_a_day(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        task_id = await visitor.submit()
        visitor.clock.now += 60
        done, link = await visitor.look(task_id), await visitor.link(task_id)
        visitor.clock.now = done["result"]["images"][0]["expires_at"] - 1
        assert (await visitor.client.get(link)).status_code == 200
        visitor.clock.now += 1
        late = await visitor.client.get(link)
        assert late.status_code == 403
        assert late.headers["content-type"] == "application/xml"
        assert late.text.startswith("<?xml")


@pytest.mark.anyio
async def test_a_picture_is_not_there_before_its_task_is_done_nor_under_another_name() -> None:
    async with Visitor() as visitor:
        task_id = await visitor.submit()
        visitor.clock.now += 60
        link = await visitor.link(task_id)
        guessed = link[:-5] + ("0" if link[-5] != "0" else "1") + ".png"
        assert (await visitor.client.get(guessed)).status_code == 404
        visitor.clock.now = NOON
        assert (await visitor.client.get(link)).status_code == 404


@pytest.mark.parametrize("prompt", ["let it FAIL, please", "这一次会失败"])
@pytest.mark.anyio
async def test_a_task_can_be_made_to_fail(prompt: str) -> None:
    async with Visitor() as visitor:
        task_id = await visitor.submit(prompt=prompt)
        assert (await visitor.look(task_id))["status"] == "pending"
        visitor.clock.now += 60
        failed = await visitor.look(task_id)
        assert failed["status"] == "failed"
        assert failed["error"]["type"] == "server_error"
        assert failed["error"]["message"]
        assert failed["cost"] == 0
        assert "result" not in failed


@pytest.mark.anyio
async def test_a_part_of_a_longer_word_does_not_make_it_fail() -> None:
    async with Visitor(speed=0) as visitor:
        task_id = await visitor.submit(prompt="a failsafe lighthouse")
        assert (await visitor.look(task_id))["status"] == "completed"


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({"resolution": "1k"}, 0.0085),
        ({"resolution": "2k"}, 0.014),
        ({"resolution": "4k"}, 0.021),
        ({"size": "2048x2048"}, 0.014),
    ],
)
@pytest.mark.anyio
async def test_a_task_costs_what_its_tier_costs_from_its_first_look_on(
    fields: dict[str, str], cost: float
) -> None:
    async with Visitor() as visitor:
        task_id = await visitor.submit(**fields)
        for seconds in (0, 60):
            visitor.clock.now += seconds
            told = await visitor.look(task_id)
            assert (told["cost"], told["credits_cost"]) == (cost, round(cost * 10, 6))


@pytest.mark.parametrize("prompt", ["an unsafe scene", "违规的画面"])
@pytest.mark.anyio
async def test_a_task_can_be_made_to_fail_for_its_content(prompt: str) -> None:
    async with Visitor() as visitor:
        task_id = await visitor.submit(prompt=prompt)
        assert (await visitor.look(task_id))["status"] == "pending"
        visitor.clock.now += 60
        failed = await visitor.look(task_id)
        assert failed["status"] == "failed"
        assert failed["error"]["code"] == "moderation_blocked"
        assert "safety system" in failed["error"]["message"]
        assert (failed["cost"], failed["credits_cost"]) == (0, 0)


@pytest.mark.parametrize("query", ["?language=zh", "?language=zh-CN", "?x=1&language=ZH_tw"])
@pytest.mark.parametrize("prompt", ["fail", "unsafe"])
@pytest.mark.anyio
async def test_failures_are_told_in_chinese_to_those_who_ask_for_it(prompt: str, query: str) -> None:
    async with Visitor(speed=0) as visitor:
        task_id = await visitor.submit(prompt=prompt)
        failed = (await visitor.get(f"/v1/tasks/{task_id}{query}")).json()["data"]
        assert re.search("[\u4e00-\u9fff]", failed["error"]["message"])
        unknown = await visitor.get(f"/v1/tasks/task_x{query}")
        assert unknown.status_code == 400
        assert unknown.json()["error"]["message"] == "任务不存在或已过期"


@pytest.mark.parametrize("query", ["", "?language=en", "?language=fr", "?language="])
@pytest.mark.anyio
async def test_failures_are_told_in_english_to_all_others(query: str) -> None:
    async with Visitor(speed=0) as visitor:
        task_id = await visitor.submit(prompt="fail")
        failed = (await visitor.get(f"/v1/tasks/{task_id}{query}")).json()["data"]
        assert failed["error"]["message"].isascii()
        unknown = await visitor.get(f"/v1/tasks/task_x{query}")
        assert unknown.json()["error"]["message"] == "task does not exist or has expired"
