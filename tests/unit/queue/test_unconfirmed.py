"""What the queue finds out about unconfirmed jobs: when it asks for the balance, and what it makes of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.findings import SETTLED_AFTER_S, Leaning, Unclear
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.scripted_server import ScriptedServer, answer, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.findings import Findings

pytestmark = pytest.mark.anyio

PAUSE = "gptimg_desktop.services.queue.balances.PAUSE_S"
START = 8.1
PRICE = 0.0085


def telling(server: ScriptedServer, *, charged: int | None = None) -> None:
    """Have the server say what is left: a price less for each job that it took, or for `charged` of them."""

    async def act(exchange: scripts.Exchange) -> None:
        taken = len(server.accepted) if charged is None else charged
        await exchange.reply(200, {"success": True, "remain_balance": round(START - PRICE * taken, 4)})

    server.balances = deque([act])


def balances(data_dir: Path) -> list[str]:
    """What the library keeps, in the order of asking."""
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as library:
        return [row[0] for row in library.execute("SELECT remaining FROM balance ORDER BY number")]


def go_back(data_dir: Path, seconds: float) -> None:
    """Let everything in a library have happened earlier."""
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as library, library:
        library.execute("UPDATE balance SET at = at - ?", (seconds,))
        library.execute(
            "UPDATE job SET created_at = created_at - :s, armed_at = armed_at - :s,"
            " accepted_at = accepted_at - :s, finished_at = finished_at - :s",
            {"s": seconds},
        )
        library.execute("UPDATE attempt SET armed_at = armed_at - ?", (seconds,))


async def found(desk: Bench, job_id: str = "") -> Findings:
    """What the queue tells about an unconfirmed job when it is asked."""
    seen = len(desk.findings)
    desk.engine.queue.find_out(job_id or desk.job.id)
    await desk.until(lambda: len(desk.findings) > seen)
    return desk.findings[-1]


async def known(desk: Bench) -> None:
    """Have the balance asked before anything is sent, as the window does when it opens."""
    await desk.engine.balance()


async def test_a_charge_shows_in_the_balance_before_and_after(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        telling(server)
        await known(desk)
        server.submits = deque([scripts.accept_and_drop])
        desk.generate()
        await desk.until_states("unconfirmed")
        desk.engine.queue.look_again(desk.job.id)
        await desk.until(lambda: desk.findings)
        trail = desk.findings[-1].trail
        assert trail.leaning is Leaning.PROBABLY_CHARGED
        assert trail.before is not None
        assert trail.after is not None
        assert [str(trail.before.remaining), str(trail.after.remaining)] == ["8.1", "8.0915"]
        await desk.until(lambda: desk.complaints)
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.STILL_UNCONFIRMED]
        assert len(server.of_kind("submit")) == 1


async def test_an_unchanged_balance_tells_once_a_picture_would_have_been_made(home: Path) -> None:
    async with scripted_server() as server:
        telling(server, charged=0)
        server.submits = deque([answer(502, b"<html>bad gateway</html>")])
        async with bench(home / "data", server) as desk:
            await known(desk)
            desk.generate()
            await desk.until_states("unconfirmed")
            await desk.until(lambda: len(server.of_kind("balance")) == 1)
            desk.engine.queue.look_again(desk.job.id)
            await desk.until(lambda: desk.findings)
            assert desk.findings[-1].trail.why_not is Unclear.TOO_SOON
        go_back(home / "data", SETTLED_AFTER_S + 60)
        async with bench(home / "data", server) as desk:
            await desk.until(lambda: desk.balances)
            findings = await found(desk)
            assert findings.trail.leaning is Leaning.PROBABLY_NOT
            assert desk.states == ["unconfirmed"]
        assert len(server.of_kind("submit")) == 1


async def test_other_jobs_of_the_account_are_reckoned_with(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        telling(server)
        await known(desk)
        server.submits = deque([scripts.accept, scripts.accept_and_drop])
        desk.generate()
        await desk.until_states("saved")
        desk.generate("another")
        await desk.until_states("saved", "unconfirmed")
        doubtful = next(job for job in desk.jobs.values() if job.state.value == "unconfirmed")
        desk.engine.queue.look_again(doubtful.id)
        await desk.until(lambda: desk.findings)
        trail = desk.findings[-1].trail
        assert (trail.leaning, str(trail.explained), trail.explained_by) == (
            Leaning.PROBABLY_CHARGED,
            "0.0085",
            1,
        )


@pytest.mark.parametrize("taken", [0, 1, 2])
async def test_two_that_nobody_confirmed_are_told_together_or_not_at_all(home: Path, taken: int) -> None:
    async with scripted_server() as server:
        telling(server)
        charged, lost = [scripts.accept_and_drop] * taken, answer(502, b"<html>")
        async with bench(home / "data", server) as desk:
            await known(desk)
            server.submits = deque([*charged, *[lost] * (2 - taken), lost])
            desk.generate(copies=2)
            await desk.until_states("unconfirmed", "unconfirmed")
        go_back(home / "data", SETTLED_AFTER_S + 60)
        async with bench(home / "data", server) as desk:
            await desk.until(lambda: desk.balances)
            trails = [(await found(desk, job_id)).trail for job_id in tuple(desk.jobs)]
        told = {0: Leaning.PROBABLY_NOT, 1: Unclear.SHARED, 2: Leaning.PROBABLY_CHARGED}
        assert [trail.why_not or trail.leaning for trail in trails] == [told[taken]] * 2
        assert [trail.unconfirmed for trail in trails] == [1, 1]


async def test_with_others_under_way_nothing_is_told(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        telling(server)
        await known(desk)
        server.queries = deque([scripts.pending])
        server.submits = deque([scripts.accept, scripts.accept_and_drop])
        desk.generate()
        await desk.until_states("accepted")
        desk.generate("another")
        await desk.until_states("accepted", "unconfirmed")
        doubtful = next(job for job in desk.jobs.values() if job.state.value == "unconfirmed")
        desk.engine.queue.look_again(doubtful.id)
        await desk.until(lambda: desk.findings)
        assert desk.findings[-1].trail.why_not is Unclear.IN_FLIGHT
        assert desk.findings[-1].trail.in_flight == 1


async def test_what_came_back_is_told_as_it_came(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        body = b'{"data":[{"status":"submitted","task_id":"task_01KT48E134GC'
        server.submits = deque([answer(200, body, Content_Type="application/json; charset=utf-8")])
        desk.generate()
        await desk.until_states("unconfirmed")
        came_back = (await found(desk)).came_back
        assert came_back is not None
        assert (came_back.status, came_back.text, came_back.media_type) == (
            200,
            body.decode(),
            "application/json",
        )
        assert came_back.task_ids == ("task_01KT48E134GC",)


async def test_without_an_answer_nothing_came_back(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([scripts.accept_and_drop])
        desk.generate()
        await desk.until_states("unconfirmed")
        findings = await found(desk)
        assert findings.came_back is None
        assert findings.trail.why_not is Unclear.NOT_TOLD


async def test_the_balance_is_asked_where_jobs_wait_at_the_start_and_after_one_is_unconfirmed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PAUSE, 0.0)
    async with scripted_server() as server:
        telling(server)
        async with bench(home / "data", server) as desk:
            desk.engine.queue.pause()
            desk.generate()
            await desk.until_states("queued")
        assert server.of_kind("balance") == []
        server.submits = deque([scripts.accept_and_drop])
        async with bench(home / "data", server, notice_s=0.3) as desk:
            await desk.until_states("unconfirmed")
            await desk.until(lambda: len(balances(home / "data")) == 2)
        assert balances(home / "data") == ["8.1", "8.0915"]


async def test_many_jobs_ask_for_one_balance(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        telling(server)
        server.submits = deque([scripts.accept, scripts.accept, scripts.accept_and_drop])
        await known(desk)
        desk.generate(copies=9)
        await desk.until(lambda: sorted(desk.states) == ["saved"] * 2 + ["unconfirmed"] * 7)
        assert len(server.of_kind("balance")) == 1  # the next one is due ten seconds later


async def test_it_is_not_asked_while_a_submit_is_open(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PAUSE, 0.0)
    may_answer = asyncio.Event()

    async def answer_later(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        await may_answer.wait()
        await scripts.accept(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        telling(server)
        server.submits = deque([answer_later, scripts.accept])
        desk.generate()
        await desk.until_states("sending")
        for saved in (1, 2, 3):
            desk.generate("another")
            await desk.until_states("sending", *["saved"] * saved)
        assert server.of_kind("balance") == []
        may_answer.set()
        await desk.until_states(*["saved"] * 4)
        await desk.until(lambda: server.of_kind("balance"))


async def test_an_answer_that_a_submit_overtook_is_not_kept(home: Path) -> None:
    may_answer = asyncio.Event()

    async def answer_later(exchange: scripts.Exchange) -> None:
        await may_answer.wait()
        await exchange.reply(200, {"remain_balance": 8.1})

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.balances = deque([answer_later])
        asking = asyncio.create_task(desk.engine.balance())
        desk.generate()
        await desk.until_states("saved")
        may_answer.set()
        await asking
        assert balances(home / "data") == []
        assert len(desk.balances) == 1  # the window may show it all the same


async def test_a_service_that_does_not_say_is_not_asked_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PAUSE, 0.0)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        for count in (1, 2, 3):
            desk.generate()
            await desk.until_states(*["saved"] * count)
        await desk.until(lambda: len(server.of_kind("balance")) == 2)  # both of its addresses
        server.submits = deque([scripts.accept_and_drop])
        desk.generate()
        await desk.until_states("saved", "saved", "saved", "unconfirmed")
        doubtful = next(job for job in desk.jobs.values() if job.state.value == "unconfirmed")
        desk.engine.queue.look_again(doubtful.id)
        await desk.until(lambda: desk.findings)
        assert len(server.of_kind("balance")) == 2
        assert desk.gates == ()


@pytest.mark.parametrize("act", [scripts.hang, answer(500, b"oops"), answer(200, {"remain_balance": "x"})])
async def test_no_trouble_with_the_balance_is_in_the_way(home: Path, act: scripts.Act) -> None:
    async with scripted_server() as server:
        server.balances = deque([act])
        async with bench(home / "data", server) as desk:
            desk.engine.queue.pause()
            desk.generate()
            await desk.until_states("queued")
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
            assert (desk.gates, desk.complaints) == ((), [])


async def test_practice_asks_for_no_balance(home: Path) -> None:
    async with bench(home / "data", None) as desk:
        desk.generate()
        await desk.until_states("saved")
        assert desk.balances == []
        assert balances(home / "data") == []
