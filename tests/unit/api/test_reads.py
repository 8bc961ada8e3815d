"""Free questions over a real socket: tasks by the batch, the balance, whether a key is good, uploads."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.account import Balance, KeyStanding
from gptimg_desktop.core.errors import (
    ApiError,
    AppError,
    AuthError,
    BalanceError,
    NetworkError,
    NotOfferedError,
    ProblemKind,
    RateError,
    StorageError,
    UnknownTaskError,
)
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.task import TaskState
from gptimg_desktop.services.api.client import ApiClient, TimeLimits
from tests.support import scripted_server as scripts
from tests.support.scripted_server import KEY, Act, ScriptedServer, answer, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

QUICK = TimeLimits(connect_s=5, write_s=5, answer_s=5, read_s=5)
DONE = {"status": "completed", "result": {"images": [{"url": ["https://x.example/a.png"]}]}}
PAGE = b"<!doctype html><title>524</title>"


@contextlib.asynccontextmanager
async def asking(language: str = "", **queues: Act) -> AsyncIterator[tuple[ApiClient, ScriptedServer]]:
    """A client, and a server whose queues of these names hold one act each."""
    async with scripted_server() as server:
        for name, act in queues.items():
            setattr(server, name, deque([act]))
        client = ApiClient(service=server.url, key=KEY, limits=QUICK, language=language)
        try:
            yield client, server
        finally:
            await client.aclose()


def envelope(status: int, kind: str = "", message: str = "no") -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "type": kind}}


# Batch queries

SHAPES: dict[str, Any] = {
    "a list in the envelope": {"code": 200, "data": [{"id": "task_a"} | DONE, {"id": "task_b"} | DONE]},
    "in any order": {"data": [{"task_id": "task_b"} | DONE, {"task_id": "task_a"} | DONE]},
    "a bare list": [{"id": "task_a"} | DONE, {"id": "task_b"} | DONE],
    "an object by id": {"data": {"task_a": DONE, "task_b": DONE}},
    "a bare object by id": {"task_a": DONE, "task_b": DONE},
    "under tasks": {"data": {"tasks": [{"id": "task_a"} | DONE, {"id": "task_b"} | DONE]}},
    "under items, by id": {"items": {"task_a": DONE, "task_b": DONE}},
    "with strangers and rubbish among them": {
        "data": [
            None,
            7,
            {"id": 9},
            {"id": "task_z"} | DONE,
            {"id": "task_a"} | DONE,
            {"id": "task_b"} | DONE,
        ]
    },
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
async def test_every_shape_of_a_batch_answer_is_read(body: Any) -> None:
    async with asking(batches=answer(200, body)) as (client, server):
        reports = await client.tasks(["task_a", "task_b"])
    assert set(reports) == {"task_a", "task_b"}
    for task_id, report in reports.items():
        assert (report.task_id, report.state, report.links) == (
            task_id,
            TaskState.COMPLETED,
            ("https://x.example/a.png",),
        )
        assert json.loads(report.raw)["status"] == "completed"
    (asked,) = server.of_kind("batch")
    assert (asked.method, asked.json()) == ("POST", {"task_ids": ["task_a", "task_b"]})
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("body", [{"data": []}, [], {"data": {}}, {"data": {"tasks": []}}])
async def test_unknown_ids_are_simply_missing(body: Any) -> None:
    async with asking(batches=answer(200, body)) as (client, _):
        assert await client.tasks(["task_a"]) == {}


@pytest.mark.parametrize(
    "entry",
    [{"id": "task_a"}, {"id": "task_a", "error": {"message": "no such task"}}, {"status": "pending"}],
)
async def test_an_entry_that_tells_nothing_counts_as_missing(entry: Any) -> None:
    async with asking(batches=answer(200, {"data": [entry]})) as (client, _):
        assert await client.tasks(["task_a"]) == {}


NONSENSE: dict[str, Act] = {
    "404": scripts.not_here,
    "404 without a word": answer(404, b""),
    "405": answer(405, envelope(405)),
    "400": answer(400, envelope(400, "invalid_request_error")),
    "a page with 200": answer(200, PAGE),
    "nothing with 200": answer(200, b""),
    "null": answer(200, b"null"),
    "a number": answer(200, {"data": 7}),
    "a text": answer(200, {"data": "ok"}),
    "rubbish in the list": answer(200, {"data": [1, 2]}),
    "404 inside a 200": answer(200, {"code": 404, "message": "no such path", "data": None}),
}


@pytest.mark.parametrize("act", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_service_without_batch_queries_is_told_from_one_in_trouble(act: Act) -> None:
    async with asking(batches=act) as (client, _):
        with pytest.raises(NotOfferedError):
            await client.tasks(["task_a", "task_b"])


TROUBLE: dict[str, tuple[Act, type[AppError]]] = {
    "401": (answer(401, envelope(401)), AuthError),
    "401 inside a 200": (answer(200, envelope(401)), AuthError),
    "code 401 inside a 200": (answer(200, {"code": "401", "message": "no", "data": None}), AuthError),
    "402": (answer(402, envelope(402)), BalanceError),
    "429": (answer(429, envelope(429), retry_after="7"), RateError),
    "500": (answer(500, envelope(500)), ApiError),
    "503 page": (answer(503, PAGE), ApiError),
    "too long": (answer(200, b" " * (5 * 1024 * 1024)), ApiError),
}


@pytest.mark.parametrize(("act", "error"), TROUBLE.values(), ids=TROUBLE.keys())
async def test_trouble_in_a_batch_query_is_what_it_is(act: Act, error: type[AppError]) -> None:
    async with asking(batches=act) as (client, _):
        with pytest.raises(error) as caught:
            await client.tasks(["task_a", "task_b"])
    assert type(caught.value) is error
    if isinstance(caught.value, RateError):
        assert caught.value.retry_after_s == 7.0


# The language of error texts


async def test_the_language_goes_with_every_question_about_tasks() -> None:
    async with asking("zh", batches=answer(200, [])) as (client, server):
        await client.task("task_a")
        await client.tasks(["task_a"])
        assert [request.path for request in server.requests] == [
            "/v1/tasks/task_a?language=zh",
            "/v1/tasks/batch?language=zh",
        ]


async def test_without_a_language_nothing_is_added() -> None:
    async with asking() as (client, server):
        await client.task("task_a")
        assert server.requests[0].path == "/v1/tasks/task_a"


@pytest.mark.parametrize("status", [200, 400, 404])
@pytest.mark.parametrize(
    "words", ["task does not exist or has expired", "Task Not Found", "任务不存在或已过期"]
)
async def test_an_unknown_task_is_known_by_its_words(status: int, words: str) -> None:
    async with asking(queries=answer(status, envelope(status if status >= 300 else 400, "", words))) as (
        client,
        _,
    ):
        with pytest.raises(UnknownTaskError) as caught:
            await client.task("task_a")
    assert caught.value.problem.facts["message"] == words


# Money


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({"cost": 0.006}, "0.006"),
        ({"cost": "0.006"}, "0.006"),
        ({"cost": 0.006, "credits_cost": 0.06}, "0.006"),
        ({"credits_cost": 0.085}, "0.0085"),
        ({"credits_cost": "0.14", "cost": None}, "0.014"),
        ({"cost": True, "credits_cost": []}, None),
        ({}, None),
    ],
)
async def test_the_cost_of_a_task_is_read_in_dollars_or_in_credits(
    fields: dict[str, Any], cost: str | None
) -> None:
    async with asking(queries=scripts.answer(200, {"data": {"status": "pending"} | fields})) as (client, _):
        report = await client.task("task_a")
    assert report.cost == (None if cost is None else Decimal(cost))


BALANCES: dict[str, tuple[Any, Balance]] = {
    "documented": (
        {"success": True, "remain_balance": 10.5, "used_balance": 2.3, "unlimited_quota": False},
        Balance(remaining=Decimal("10.5"), used=Decimal("2.3")),
    ),
    "as strings": ({"remain_balance": "8.10"}, Balance(remaining=Decimal("8.10"))),
    "in credits": ({"success": True, "remain_credits": 81}, Balance(remaining=Decimal("8.1"))),
    "in the envelope": ({"code": 200, "data": {"remain_balance": 3}}, Balance(remaining=Decimal(3))),
    "unlimited": ({"success": True, "unlimited_quota": True}, Balance(unlimited=True)),
    "below zero": ({"remain_balance": -0.02}, Balance(remaining=Decimal("-0.02"))),
}


@pytest.mark.parametrize(("body", "balance"), BALANCES.values(), ids=BALANCES.keys())
async def test_every_shape_of_a_balance_is_read(body: Any, balance: Balance) -> None:
    async with asking(balances=answer(200, body)) as (client, server):
        assert await client.balance() == balance
        assert [request.path for request in server.requests] == ["/v1/balance"]


async def test_the_second_address_of_the_balance_is_tried() -> None:
    async with asking() as (client, server):
        server.balances = deque([scripts.not_here, answer(200, {"remain_balance": 1})])
        assert await client.balance() == Balance(remaining=Decimal(1))
        assert [request.path for request in server.requests] == ["/v1/balance", "/v1/user/balance"]


@pytest.mark.parametrize(
    "body",
    [
        {"success": False, "message": "not for you"},
        {"success": False, "remain_balance": 5},
        {"remain_balance": "many"},
        {"remain_balance": None},
        {"remain_balance": True},
        {},
        [],
        b"",
        PAGE,
    ],
)
async def test_a_balance_that_makes_no_sense_is_not_told(body: Any) -> None:
    async with asking(balances=answer(200, body)) as (client, _):
        with pytest.raises(NotOfferedError):
            await client.balance()


# Trying a key

EMPTY = {"success": True, "remain_balance": 0, "unlimited_quota": False}
LIST = {"object": "list", "data": [{"id": "gpt-image-2"}]}
TESTS: dict[str, tuple[Act, Act, KeyStanding]] = {
    "balance": (answer(200, {"remain_balance": 8}), scripts.not_here, KeyStanding.WORKS),
    "models alone": (scripts.not_here, answer(200, LIST), KeyStanding.WORKS),
    "refused": (answer(401, envelope(401)), answer(200, LIST), KeyStanding.REFUSED),
    "refused by models": (scripts.not_here, answer(401, envelope(401)), KeyStanding.REFUSED),
    "refused inside a 200": (answer(200, envelope(401)), scripts.not_here, KeyStanding.REFUSED),
    "empty": (answer(200, EMPTY), scripts.not_here, KeyStanding.NO_BALANCE),
    "402": (answer(402, envelope(402)), scripts.not_here, KeyStanding.NO_BALANCE),
    "402 of models": (scripts.not_here, answer(402, envelope(402)), KeyStanding.NO_BALANCE),
    "nothing there": (scripts.not_here, scripts.not_here, KeyStanding.UNPROVED),
    "pages": (answer(200, PAGE), answer(200, PAGE), KeyStanding.UNPROVED),
    "a 500": (answer(500, PAGE), answer(500, PAGE), KeyStanding.UNPROVED),
    "throttled": (answer(429, b""), answer(429, b""), KeyStanding.UNPROVED),
}


@pytest.mark.parametrize(("balances", "models", "standing"), TESTS.values(), ids=TESTS.keys())
async def test_a_key_is_tried_by_calls_that_cost_nothing(
    balances: Act, models: Act, standing: KeyStanding
) -> None:
    async with asking(balances=balances, models=models) as (client, server):
        test = await client.try_key()
    assert test.standing is standing
    assert (test.problem is None) == (standing is KeyStanding.WORKS)
    assert {request.method for request in server.requests} == {"GET"}
    assert server.accepted == []


async def test_a_refused_key_comes_with_the_services_own_words() -> None:
    words = "invalid API key (request id: 20261122)"
    error = {"error": {"code": "", "message": words, "param": "", "type": "apimart_error"}}
    async with asking(balances=answer(401, error)) as (client, _):
        test = await client.try_key()
    assert test.problem is not None
    assert test.problem.facts["message"] == words


async def test_without_a_network_a_key_is_not_judged() -> None:
    async with asking() as (client, server):
        await server.stop_listening()
        test = await client.try_key()
    assert test.standing is KeyStanding.NO_NETWORK
    assert test.problem is not None
    assert test.problem.kind is ProblemKind.UNREACHABLE


# Uploads


def kept(folder: Path, content: bytes = b"") -> tuple[FileReference, Path]:
    content = content or picture()
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    reference = FileReference(
        sha256=sha256,
        media_type="image/png",
        size_bytes=len(content),
        width=64,
        height=48,
        name="Skizze “neu”.png",
    )
    return reference, path


async def test_an_upload_is_one_form_field_with_the_file_as_it_is(tmp_path: Path) -> None:
    reference, path = kept(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2_000)
    address = "https://upload.example/f/1.png"
    async with asking(uploads=answer(200, {"url": address, "filename": "x", "bytes": 1})) as (client, server):
        assert await client.upload(reference, path) == address
    (sent,) = server.of_kind("upload")
    assert sent.is_whole
    boundary = sent.headers["content-type"].removeprefix("multipart/form-data; boundary=").encode()
    nothing, part, end = sent.body.split(b"--" + boundary)
    assert (nothing, end) == (b"", b"--\r\n")
    head, _, content = part.partition(b"\r\n\r\n")
    assert content == path.read_bytes() + b"\r\n"
    assert b'Content-Disposition: form-data; name="file"; filename="' in head
    assert b"Content-Type: image/png" in head
    assert reference.name.encode() not in sent.body  # file names may say more than their owner wants


@pytest.mark.parametrize(
    "act",
    [
        scripts.not_here,
        answer(405, b""),
        answer(200, PAGE),
        answer(200, {"url": "javascript:alert(1)"}),
        answer(200, {"url": 7}),
        answer(200, {}),
    ],
)
async def test_a_service_without_uploads_is_found_out(tmp_path: Path, act: Act) -> None:
    async with asking(uploads=act) as (client, _):
        with pytest.raises(NotOfferedError):
            await client.upload(*kept(tmp_path))


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (answer(401, envelope(401)), AuthError),
        (answer(402, envelope(402)), BalanceError),
        (answer(413, b"too large"), ApiError),
        (answer(500, PAGE), ApiError),
        (scripts.drop_in_mid_body, NetworkError),
    ],
)
async def test_an_upload_that_was_not_taken_says_why(tmp_path: Path, act: Act, error: type[AppError]) -> None:
    async with asking(uploads=act) as (client, _):
        with pytest.raises(error):
            await client.upload(*kept(tmp_path, picture() + bytes(2_000_000)))


async def test_a_reference_that_is_gone_or_has_changed_is_not_uploaded(tmp_path: Path) -> None:
    reference, path = kept(tmp_path)
    path.write_bytes(bytes(reference.size_bytes))
    async with asking(uploads=answer(200, {"url": "https://x.example/1"})) as (client, server):
        with pytest.raises(StorageError):
            await client.upload(reference, path)
        path.unlink()
        with pytest.raises(StorageError):
            await client.upload(reference, path)
        assert not any(request.is_whole for request in server.of_kind("upload"))
