"""What a submit is turned down for, and in which words."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.verdict import Evidence, Outcome, judge
from gptimg_desktop.services.practice import PracticeTransport
from tests.unit.practice.visitor import Visitor, names_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

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
        verdict = judge(
            Evidence(released=True, status=answer.status_code, complete=True, body=answer.content)
        )
        assert verdict.outcome is Outcome.REFUSED
        assert verdict.problem is not None
        assert verdict.problem.kind is ProblemKind.MODERATED
        assert names_in(tmp_path) == set()


async def test_a_moderated_word_inside_another_is_no_reason() -> None:
    async with Visitor() as visitor:
        assert (await visitor.post(prompt="a goreous gown, unforbidden")).status_code == 200


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer  ", "Basic abc"])
async def test_without_a_key_nothing_is_told(authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with Visitor() as visitor:
        bare = httpx.AsyncClient(transport=PracticeTransport(visitor.service), headers=headers)
        async with bare:
            for answer in (
                await bare.get(f"{PRACTICE}/v1/tasks/task_1"),
                await bare.post(f"{PRACTICE}/v1/images/generations", json={}),
            ):
                assert answer.status_code == 401
                assert answer.json()["error"]["type"] == "authentication_error"


async def test_a_folder_that_takes_nothing_means_try_again_later(tmp_path: Path) -> None:
    blocked = tmp_path / "tasks"
    blocked.write_text("a file where the folder should be")
    async with Visitor(blocked) as visitor:
        answer = await visitor.post()
        verdict = judge(
            Evidence(released=True, status=answer.status_code, complete=True, body=answer.content)
        )
        assert verdict.outcome is Outcome.UNSENT


async def test_an_unknown_address_is_not_found() -> None:
    async with Visitor() as visitor:
        for method, path in (("GET", "/v1/images/generations"), ("POST", "/v1/tasks/batch"), ("GET", "/")):
            answer = await visitor.client.request(method, PRACTICE + path)
            assert answer.status_code == 404
            assert answer.json()["error"]["type"] == "invalid_request_error"
