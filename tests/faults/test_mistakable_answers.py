"""Answers that could be mistaken: for words, for ours, for a picture, for a good key."""

from __future__ import annotations

import itertools
import json
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import ProblemKind
from tests.faults.odd_bodies import assert_told_plainly, envelope
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import Act, Exchange, answer, picture, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def told(data: Any) -> Act:
    async def act(exchange: Exchange) -> None:
        task_id = exchange.request.path.rpartition("/")[2]
        text = json.dumps({"code": 200, "data": data})
        text = text.replace("TASK", task_id).replace("LINK", exchange.server.file_url(task_id))
        await exchange.reply(200, text.encode())

    return act


@pytest.mark.parametrize("message", [{"detail": "bad size"}, {"detail": None}, [None]])
async def test_a_refusal_whose_message_is_no_text(home: Path, message: Any) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([answer(400, envelope(400, "", message))])
        desk.generate()
        await desk.until_states("rejected")
        assert_told_plainly(desk.job)


@pytest.mark.parametrize("error", [{"message": {"detail": "bad"}}, [{"message": "bad"}], {"message": [None]}])
async def test_a_failed_task_whose_error_is_no_text(home: Path, error: Any) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([told({"status": "failed", "error": error})])
        desk.generate()
        await desk.until_states("failed")
        assert_told_plainly(desk.job)


@pytest.mark.parametrize("name", ["id", "task_id"])
@pytest.mark.parametrize("word", ["failed", "completed"])
async def test_a_report_about_another_task(home: Path, name: str, word: str) -> None:
    stranger = {
        name: "task_of_somebody_else",
        "status": word,
        "result": {"images": [{"url": "LINK?stranger"}]},
    }
    if word == "failed":
        del stranger["result"]
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([told(stranger), scripts.completed])
        desk.generate()
        await desk.until(lambda: desk.states in (["saved"], ["failed"]))
        assert desk.states == ["saved"]
        assert [request.path for request in server.of_kind("download") if "stranger" in request.path] == []


@pytest.mark.parametrize("link", ["http://files.example.org/a.png", "nonsense", "https://10.0.0.1/a.png"])
async def test_a_blocked_address_is_asked_for_afresh(home: Path, link: str) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque(
            [told({"status": "completed", "result": {"images": [{"url": link}]}}), scripts.completed]
        )
        desk.generate()
        await desk.until_states("saved")


async def test_a_good_picture_beside_a_blocked_address_is_had(home: Path) -> None:
    links = ["javascript:alert(1)", "LINK"]
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([told({"status": "completed", "result": {"images": [{"url": links}]}})])
        desk.generate()
        await desk.until(lambda: server.of_kind("download"))


async def test_an_answer_with_thousands_of_ids_holds_nobody_else(home: Path) -> None:
    many = {"code": 200, "data": [{"task_id": f"task_{n}"} for n in range(5_000)]}
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([answer(200, many), scripts.accept])
        server.queries = deque([scripts.completed])
        desk.generate()
        await desk.until(lambda: desk.states not in ([], ["queued"], ["sending"]))
        desk.generate("another one")
        await desk.until(lambda: desk.states[-1] == "saved")
        assert len(server.of_kind("query")) < 200


@pytest.mark.parametrize(
    "body",
    [
        {"code": 401, "message": "invalid api key", "data": []},
        {"error": {"code": 401, "message": "invalid api key"}, "data": []},
        {"success": False, "message": "invalid api key", "data": []},
    ],
)
async def test_a_refusal_inside_a_200_of_the_models_is_no_yes(home: Path, body: Any) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.models = deque([answer(200, body)])
        test = await desk.engine.try_key(scripts.KEY)
        assert test.standing != "works"


async def test_where_one_address_is_never_a_good_one_the_other_picture_is_saved(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        links = ["LINK", "https://10.0.0.1/a.png"]
        server.queries = deque([told({"status": "completed", "result": {"images": [{"url": links}]}})])
        desk.generate()
        await desk.until_states("saved")
        assert [image.index for image in desk.job.images] == [0]
        assert desk.job.note is not None
        assert desk.job.note.kind is ProblemKind.LINK_UNSAFE


async def test_one_bad_redirect_after_other_trouble_gives_no_picture_up(home: Path) -> None:
    tries = itertools.count(1)

    async def file(exchange: Exchange) -> None:
        if not exchange.request.path.endswith("?second"):
            await scripts.whole_file(picture())(exchange)
        elif (number := next(tries)) <= 3:
            await scripts.cut_file(picture())(exchange)
        elif number == 4:
            await exchange.reply(302, b"", headers={"Location": "http://10.0.0.1/x.png"})
        else:
            await scripts.whole_file(picture(colour="red"))(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        links = ["LINK", "LINK?second"]
        server.queries = deque([told({"status": "completed", "result": {"images": [{"url": links}]}})])
        server.downloads = deque([file])
        desk.generate()
        await desk.until_states("saved")
        assert len(desk.job.images) == 2
        assert desk.job.note is None
