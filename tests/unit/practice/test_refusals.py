"""What a submit is turned down for, and in which words."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.verdict import Evidence, Outcome, Verdict, judge
from gptimg_desktop.services.practice import PracticeTransport
from gptimg_desktop.services.practice.alternation import MOST_REMEMBERED, Alternation
from tests.unit.practice.visitor import Visitor, names_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def verdict_on(answer: httpx.Response) -> Verdict:
    """What the program makes of an answer to a submit."""
    return judge(Evidence(released=True, status=answer.status_code, complete=True, body=answer.content))


NOT_A_PICTURE = "data:image/png;base64," + base64.b64encode(b"plain words").decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"model": None}, {"model": "gpt-image-1"},
        {"prompt": None}, {"prompt": ""}, {"prompt": " \n"}, {"prompt": 7}, {"prompt": "x" * 32_001},
        {"n": 2}, {"n": "1"}, {"n": True}, {"n": 0},
        {"size": "16:10"}, {"size": "wide"}, {"size": 1024}, {"size": "0x0"}, {"size": "9000x9000"},
        {"resolution": "8k"}, {"resolution": "1K"}, {"resolution": 1},
        {"official_fallback": "yes"},
        {"image_urls": "https://example.com/a.png"}, {"image_urls": [1]},
        {"image_urls": ["https://example.com/a.png"] * 17},
        {"image_urls": ["file:///etc/hosts"]}, {"image_urls": [NOT_A_PICTURE]},
        {"image_urls": ["data:image/png;base64,?"]}, {"image_urls": ["data:text/plain,hello"]},
        {"image_urls": ["data:image/png;base64," + "A" * 100_001]},
    ],
    ids=lambda fields: json.dumps(fields)[:40],
)  # fmt: skip
async def test_a_wrong_submit_is_refused_in_the_documented_form(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.post(**fields)
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert (error["code"], error["type"]) == (400, "invalid_request_error")
        assert error["message"]
        assert names_in(tmp_path) == set()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"prompt":"data:', b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.post(f"{PRACTICE}/v1/images/generations", content=body)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("prompt", ["a Forbidden city", "禁止的城", "gore", "血腥画面"])
async def test_moderation_refuses_at_once_and_for_good(prompt: str, tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.post(prompt=prompt)
        assert answer.status_code in {400, 500}
        verdict = verdict_on(answer)
        assert verdict.outcome is Outcome.REFUSED
        assert verdict.problem is not None
        assert verdict.problem.kind is ProblemKind.MODERATED
        assert names_in(tmp_path) == set()


async def test_a_moderated_word_inside_another_is_no_reason() -> None:
    async with Visitor() as visitor:
        assert (await visitor.post(prompt="a goreous gown, unforbidden")).status_code == 200


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer  ", "Basic abc", "Bearer sk-wrong", "bearer  sk-wrong-one"]
)
async def test_without_a_right_key_nothing_is_told(authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with Visitor() as visitor:
        bare = httpx.AsyncClient(transport=PracticeTransport(visitor.service), headers=headers)
        async with bare:
            answers = [
                await bare.get(f"{PRACTICE}/v1/tasks/task_1"),
                await bare.post(f"{PRACTICE}/v1/images/generations", json={}),
                await bare.get(f"{PRACTICE}/v1/balance"),
                await bare.get(f"{PRACTICE}/nowhere"),
            ]
    for answer in answers:
        assert answer.status_code == 401
        error = answer.json()["error"]
        assert (error["code"], error["type"], error["param"]) == ("", "apimart_error", "")
        assert re.fullmatch(r"invalid API key \(request id: \w{20,}\)", error["message"])
    assert len({answer.text for answer in answers}) == len(answers)


@pytest.mark.parametrize("prompt", ["a throttle valve", "限流的河"])
async def test_a_throttled_prompt_passes_at_its_second_try(prompt: str, tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.post(prompt=prompt)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert answer.json()["error"]["type"] == "rate_limit_error"
        assert verdict_on(answer).outcome is Outcome.UNSENT
        assert names_in(tmp_path) == set()
        assert (await visitor.post(prompt=f"another {prompt}")).status_code == 429
        assert (await visitor.post(prompt=prompt)).status_code == 200


@pytest.mark.parametrize("prompt", ["an Overloaded cart", "过载的车"])
async def test_a_busy_prompt_passes_at_its_second_try(prompt: str, tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.post(prompt=prompt)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "get_channel_failed"
        assert verdict_on(answer).outcome is Outcome.UNSENT
        assert names_in(tmp_path) == set()
        assert (await visitor.post(prompt=prompt)).status_code == 200


async def test_a_slow_key_is_turned_away_each_second_time() -> None:
    async with Visitor(key="sk-slow-1") as visitor:
        answers = [await visitor.get("/v1/balance") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 429, 200, 429]
        assert [answer.headers.get("retry-after") for answer in answers] == [None, "2", None, "2"]


def test_what_was_turned_away_is_not_remembered_without_end() -> None:
    alternation = Alternation()
    for number in range(MOST_REMEMBERED + 1):
        assert alternation.is_odd(str(number))
    assert not alternation.is_odd("1")
    assert alternation.is_odd("0")


async def test_a_folder_that_takes_nothing_means_try_again_later(tmp_path: Path) -> None:
    blocked = tmp_path / "tasks"
    blocked.write_text("a file where the folder should be")
    async with Visitor(blocked) as visitor:
        answer = await visitor.post()
        verdict = verdict_on(answer)
        assert verdict.outcome is Outcome.UNSENT


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("POST", "/v1/images"), ("GET", "/v1/tasks/"), ("GET", "/v1/tasks/a/b")],
)
async def test_an_unknown_address_is_not_found(method: str, path: str) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.request(method, PRACTICE + path)
        assert answer.status_code == 404
        assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/images/generations", "POST"),
        ("GET", "/v1/tasks/batch", "POST"),
        ("PUT", "/v1/uploads/images", "POST"),
        ("DELETE", "/v1/tasks/task_1", "GET"),
        ("POST", "/v1/balance", "GET"),
        ("POST", "/v1/models", "GET"),
    ],
)
async def test_a_wrong_method_is_told_the_right_one(method: str, path: str, allowed: str) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.request(method, PRACTICE + path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_a_file_cannot_be_written() -> None:
    async with Visitor(speed=0) as visitor:
        link = await visitor.link(await visitor.submit())
        assert (await visitor.client.put(link, content=b"mine")).status_code == 405
        assert (await visitor.client.get(link)).content != b"mine"
