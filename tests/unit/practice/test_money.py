"""The balance of practice: falls by what tasks cost, gets back what failed, never goes below zero."""

from __future__ import annotations

import json
import sys
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.services.practice import PracticeService
from gptimg_desktop.services.practice.exchange import Answer, Asked
from tests.unit.practice.visitor import Visitor, names_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

DOLLAR = Decimal(1)


async def balance(visitor: Visitor, path: str = "/v1/balance") -> dict[str, Any]:
    answer = await visitor.get(path)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("path", ["/v1/balance", "/v1/user/balance"])
async def test_the_balance_falls_by_each_accepted_task(path: str) -> None:
    async with Visitor(balance=DOLLAR) as visitor:
        untouched = {"success": True, "remain_balance": 1.0, "remain_credits": 10.0}
        assert await balance(visitor, path) == untouched | {"used_balance": 0.0, "unlimited_quota": False}
        await visitor.submit()
        await visitor.submit(resolution="4k")
        assert await balance(visitor, path) == {
            "success": True,
            "remain_balance": 0.9705,
            "remain_credits": 9.705,
            "used_balance": 0.0295,
            "unlimited_quota": False,
        }


async def test_practice_without_a_limit_never_ends() -> None:
    async with Visitor() as visitor:
        await visitor.submit()
        told = await balance(visitor)
        assert (told["unlimited_quota"], told["remain_balance"], told["used_balance"]) == (True, -1, 0.0085)
        assert (await visitor.get("/v1/models")).status_code == 200


@pytest.mark.parametrize("prompt", ["fail", "unsafe"])
async def test_a_failed_task_gives_its_price_back_when_it_fails(prompt: str) -> None:
    async with Visitor(balance=DOLLAR) as visitor:
        task_id = await visitor.submit(prompt=prompt)
        assert (await visitor.look(task_id))["cost"] == (await balance(visitor))["used_balance"] == 0.0085
        visitor.clock.now += 60
        assert (await visitor.look(task_id))["cost"] == (await balance(visitor))["used_balance"] == 0
        assert (await balance(visitor))["remain_balance"] == 1


@pytest.mark.parametrize("prompt", ["forbidden", "gore", "throttle", "overloaded", ""])
async def test_refusals_cost_nothing(prompt: str) -> None:
    async with Visitor(balance=DOLLAR) as visitor:
        assert (await visitor.post(prompt=prompt)).status_code >= 400
        assert (await balance(visitor))["used_balance"] == 0


async def test_a_task_that_cannot_be_kept_costs_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "tasks"
    blocked.write_text("a file where the folder should be")
    async with Visitor(blocked, balance=DOLLAR) as visitor:
        assert (await visitor.post()).status_code == 503
        assert (await balance(visitor))["used_balance"] == 0


async def test_a_submit_that_costs_more_than_there_is_is_refused(tmp_path: Path) -> None:
    async with Visitor(tmp_path, balance=Decimal("0.01")) as visitor:
        answer = await visitor.post(resolution="4k")
        assert answer.status_code == 402
        error = answer.json()["error"]
        assert (error["code"], error["type"]) == (402, "payment_required")
        assert names_in(tmp_path) == set()
        assert (await visitor.get("/v1/models")).status_code == 200
        task_id = await visitor.submit()
        models = await visitor.get("/v1/models")
        assert (models.status_code, models.json()["error"]["type"]) == (402, "payment_required")
        assert (await visitor.look(task_id))["status"] == "pending"


async def test_what_a_failed_task_gave_back_can_be_spent() -> None:
    async with Visitor(balance=Decimal("0.0085")) as visitor:
        await visitor.submit(prompt="fail")
        assert (await visitor.post()).status_code == 402
        visitor.clock.now += 60
        assert (await visitor.post()).status_code == 200


async def test_the_models_are_listed() -> None:
    async with Visitor() as visitor:
        listed = (await visitor.get("/v1/models")).json()
        assert listed["object"] == "list"
        assert [model["id"] for model in listed["data"]] == ["gpt-image-2"]
        assert listed["data"][0]["object"] == "model"


async def test_a_key_with_an_empty_account_submits_nothing(tmp_path: Path) -> None:
    async with Visitor(tmp_path, key="sk-empty-1") as visitor:
        for answer in (await visitor.post(), await visitor.get("/v1/models")):
            assert answer.status_code == 402
            assert answer.json()["error"]["type"] == "payment_required"
        assert names_in(tmp_path) == set()
        told = await balance(visitor)
        assert (told["remain_balance"], told["unlimited_quota"]) == (0, False)


async def test_many_threads_never_spend_more_than_there_is() -> None:
    service = PracticeService(folder=None, speed=1, balance=Decimal("0.0085") * 25)
    body = json.dumps({"model": "gpt-image-2", "prompt": "a bay"}).encode()
    answers: list[Answer] = []

    def submit() -> None:
        for _ in range(10):
            answers.append(service.answer(asked("POST", "/v1/images/generations", body)))  # noqa: PERF401

    threads = [threading.Thread(target=submit) for _ in range(8)]
    patience = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns as often as they can
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(patience)
    assert sorted(answer.status for answer in answers) == [200] * 25 + [402] * 55
    assert json.loads(service.answer(asked("GET", "/v1/balance")).body)["remain_balance"] == 0


def asked(method: str, path: str, body: bytes = b"") -> Asked:
    return Asked(method=method, host="practice.invalid", path=path, authorization="Bearer a-key", body=body)
