"""The worst answers through the real window: it stays, says what is true, and sends nothing twice."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.by_case import charged, each, once, submits
from tests.faults.odd_bodies import BLANKS, PAGE, USELESS, envelope
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import Act, answer, picture, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

FOR_PROGRAMS = ("Traceback", "Exception", "{", "object at 0x", "NaN", "<html", "[[[")


def taken(body: bytes | Any) -> Act:
    """Take the job, which is charged from now on, and then say this."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        exchange.accept()
        await exchange.reply(200, body)

    return act


def press(desk: Desk, *prompts: str) -> None:
    for prompt in prompts:
        desk.generate(prompt)


def shown(desk: Desk, prompt: str) -> str:
    """All that stands in the window while a job is selected."""
    row = next(row for row, job in enumerate(desk.jobs()) if job.request.prompt == prompt)
    desk.select(row)
    texts = desk.texts()
    assert [word for word in FOR_PROGRAMS if word in texts] == []
    return texts


async def test_a_submit_answered_by_nonsense_asks_the_user(home: Path) -> None:
    worst = {
        "deep": taken(USELESS["deep lists"]),
        "blanks": taken(BLANKS),
        "a page": taken(PAGE),
        "bytes": taken(USELESS["another charset"]),
        "letters": taken({"code": 200, "data": [{"task_id": "t" * 10_240}]}),
        "a way out": taken({"code": 200, "data": [{"task_id": "../../etc/passwd\nX: y"}]}),
    }
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = each({case: [act, scripts.accept] for case, act in worst.items()})
        press(desk, *worst)
        await desk.until_states(*["unconfirmed"] * len(worst))
        for case in worst:
            assert "may have been charged" in shown(desk, case)
        server.submits = deque([scripts.accept])
        press(desk, "something new")
        await desk.until_states("saved", *["unconfirmed"] * len(worst))
        assert submits(server) == charged(server) == once([*worst, "something new"])


def about_the_task(data: Any) -> Act:
    return answer(200, json.dumps({"code": 200, "data": data}).encode())


async def test_odd_reports_end_nothing_and_a_failure_is_told_as_it_is(home: Path) -> None:
    failure = {"status": "failed", "error": {"code": "", "message": "odd \ud800 word\nand <b>more</b>"}}
    cases = {
        "deep": [answer(200, USELESS["deep data"]), scripts.completed],
        "nothing": [answer(200, b""), answer(524, PAGE), scripts.completed],
        "numbers": [about_the_task({"status": 7, "cost": "x", "progress": None}), scripts.completed],
        "failure": [about_the_task(failure)],
    }
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = each(cases)
        press(desk, *cases)
        await desk.until_states("failed", "saved", "saved", "saved")
        texts = shown(desk, "failure")
        assert "Not charged" in texts
        assert "odd ? word and <b>more</b>" in texts
        assert submits(server) == charged(server) == once(cases)


async def test_files_that_are_none_are_never_shown_as_pictures(home: Path) -> None:
    good = picture(160, 90)
    cases: dict[str, list[Act]] = {
        "a page": [answer(200, PAGE), scripts.whole_file(good)],
        "half": [scripts.quietly_cut_file(good), scripts.whole_file(good)],
        "expired": [answer(403, b"<?xml version='1.0'?><Error/>"), scripts.whole_file(good)],
    }
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.completed])
        server.downloads = each(cases)
        press(desk, *cases)
        await desk.until_states("saved", "saved", "saved")
        assert {job.images[0].size_bytes for job in desk.jobs()} == {len(good)}
        assert submits(server) == charged(server) == once(cases)


@pytest.mark.row(23)
async def test_a_key_that_is_refused_is_told_with_the_number_of_the_request(home: Path) -> None:
    words = "invalid API key (request id: 20261122-42)"
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([answer(401, envelope("", "apimart_error", words))])
        press(desk, "a chair")
        await desk.until(lambda: "did not take the key" in desk.texts() and desk.states() == ["queued"])
        assert "20261122-42" in shown(desk, "a chair")
        assert len(server.of_kind("submit")) == 1
        assert server.accepted == []
