"""What the collector holds back from: giving a paid picture up too soon, and keeping others waiting."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter, deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.services.queue import last_tries, unknown_tasks
from gptimg_desktop.services.queue.collector import ASKS_AT_ONCE, UNSAFE_TRIES
from gptimg_desktop.ui.messages import sentence
from tests.faults.by_clock import Machine, bench_on
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.ranged_file import RangedFile
from tests.support.scripted_server import answer, picture, scripted_server, task, whole_file

if TYPE_CHECKING:
    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = pytest.mark.anyio

DAY_S = 86_400.0
RED, TEAL = picture(colour="red"), picture(colour="teal")
DEAD = answer(404, b"")
UNKNOWN = answer(404, {"error": {"message": "task does not exist", "type": "invalid_request_error"}})
OTHER_KEY = "sk-another-account-12345"


def delivering(*links: str) -> Act:
    """A task that is done, with these files on the server that is asked."""

    async def act(exchange: Exchange) -> None:
        urls = [f"{exchange.server.url}{link}" if link.startswith("/") else link for link in links]
        await task("completed", result={"images": [{"url": urls}]})(exchange)

    return act


async def tried(desk: Bench, server: ScriptedServer, times: int = 3) -> None:
    """Wait until a file was asked for so many times more."""
    seen = len(server.of_kind("download"))
    await desk.until(lambda: len(server.of_kind("download")) >= seen + times)


def kept(desk: Bench) -> list[bytes]:
    return [Path(image.path).read_bytes() for image in desk.job.images]


def note(desk: Bench) -> ProblemKind | None:
    return None if desk.job.note is None else desk.job.note.kind


# Fresh links


async def test_fresh_links_that_name_fewer_pictures_give_none_up(home: Path) -> None:
    """One of two is here, the other one's link is dead; then the service forgets the other for a while."""
    both, one = delivering("/files/red.png", "/files/teal.png"), delivering("/files/red.png")
    async with scripted_server() as server, bench(home / "data", server) as desk:

        async def file(exchange: Exchange) -> None:
            teal = whole_file(TEAL) if len(server.of_kind("query")) > 4 else DEAD
            await (whole_file(RED) if "red" in exchange.request.path else teal)(exchange)

        server.queries, server.downloads = deque([both, one, one, one, both]), deque([file])
        desk.generate()
        await desk.until_states("saved")
        assert kept(desk) == [RED, TEAL]
        assert desk.job.note is None


def twins(second: Act) -> tuple[Act, Act]:
    """A submit that makes two tasks, and queries of which the first one's task is done."""

    async def submit(exchange: Exchange) -> None:
        await exchange.read_body()
        tasks = [{"task_id": exchange.accept()}, {"task_id": exchange.accept()}]
        await exchange.reply(200, {"code": 200, "data": tasks})

    async def query(exchange: Exchange) -> None:
        is_first = exchange.request.path.endswith(exchange.server.accepted[0][0])
        await (delivering("/files/red.png") if is_first else second)(exchange)

    return submit, query


NO_PICTURE = task("completed", result={"images": []})


async def until_ready_then_unknown(exchange: Exchange) -> None:
    """A task that failed, and that the service has forgotten when a fresh link is asked for."""
    has_delivered = bool(exchange.server.of_kind("download"))
    await (UNKNOWN if has_delivered else scripts.failed)(exchange)


def looks_at_second(server: ScriptedServer) -> int:
    return sum(query.path.endswith(server.accepted[1][0]) for query in server.of_kind("query"))


async def red_or_teal(exchange: Exchange) -> None:
    await whole_file(RED if "red" in exchange.request.path else TEAL)(exchange)


@pytest.mark.row(32)
async def test_of_two_tasks_one_that_names_its_picture_late_is_waited_for(home: Path) -> None:
    late = deque([NO_PICTURE, NO_PICTURE, NO_PICTURE, delivering("/files/teal.png")])

    async def second(exchange: Exchange) -> None:
        await (late.popleft() if len(late) > 1 else late[0])(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        submit, query = twins(second)
        server.submits, server.queries, server.downloads = (
            deque([submit]),
            deque([query]),
            deque([red_or_teal]),
        )
        desk.generate()
        await desk.until_states("saved")
        assert kept(desk) == [RED, TEAL]
        assert desk.job.note is None


@pytest.mark.row(32)
@pytest.mark.parametrize("act", [NO_PICTURE, scripts.failed])
async def test_of_two_tasks_one_without_a_picture_is_told_beside_the_other_one(home: Path, act: Act) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        submit, query = twins(act)
        server.submits, server.queries = deque([submit]), deque([query])
        server.downloads = deque([scripts.cut_file(RED), answer(503, b""), red_or_teal])
        desk.generate()
        await desk.until_states("saved")
        assert kept(desk) == [RED]
        assert looks_at_second(server) >= (10 if act is NO_PICTURE else 1)
        assert desk.job.note == Problem.of(ProblemKind.PICTURE_MISSING, tasks=2, found=1)
        assert "A picture is missing" in sentence(desk.job.note)
        assert len(server.of_kind("submit")) == 1


@pytest.mark.parametrize("act", [NO_PICTURE, scripts.failed, until_ready_then_unknown])
async def test_of_two_tasks_one_without_a_picture_keeps_no_fresh_link_away(home: Path, act: Act) -> None:
    fresh = deque([delivering("/files/red.png"), delivering("/files/red.png?fresh")])

    async def file(exchange: Exchange) -> None:
        await (whole_file(RED) if "fresh" in exchange.request.path else DEAD)(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        submit, query = twins(act)

        async def first_changes(exchange: Exchange) -> None:
            if exchange.request.path.endswith(server.accepted[0][0]):
                is_ready = "ready" in {job.state.value for job in desk.history}
                await fresh[is_ready](exchange)
            else:
                await query(exchange)

        server.submits, server.queries, server.downloads = (
            deque([submit]),
            deque([first_changes]),
            deque([file]),
        )
        desk.generate()
        await desk.until_states("saved")
        assert kept(desk) == [RED]


async def test_what_broke_off_under_an_old_link_is_fetched_under_the_fresh_one(home: Path) -> None:
    """The old link's file could be continued, but not any more where a fresh link was asked for."""
    old, fresh = RangedFile(TEAL, goes=(20, 20, 20)), RangedFile(TEAL)

    async def file(exchange: Exchange) -> None:
        await (fresh if "fresh" in exchange.request.path else old).act(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([delivering("/files/old.png"), delivering("/files/fresh.png")])
        server.downloads = deque([file])
        desk.generate()
        await desk.until_states("saved")
        assert [asked for asked, _ in old.asked] == [None, "bytes=20-", "bytes=40-"]
        assert fresh.asked == [(None, None)]
        assert kept(desk) == [TEAL]


async def test_few_wait_for_a_fresh_link_at_a_time_and_the_others_go_on(home: Path) -> None:
    may_tell, first = asyncio.Event(), Counter[str]()
    copies = ASKS_AT_ONCE + 4

    async def query(exchange: Exchange) -> None:
        first[exchange.request.path] += 1
        if first[exchange.request.path] > 1:
            await may_tell.wait()
        await scripts.completed(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries, server.downloads = deque([query]), deque([DEAD])
        desk.generate(copies=copies)
        await desk.until(lambda: len(first) == copies and first.total() >= copies + ASKS_AT_ONCE)
        await tried(desk, server, 5 * copies)
        assert first.total() == copies + ASKS_AT_ONCE
        server.downloads = deque([whole_file(RED)])
        may_tell.set()
        await desk.until_states(*["saved"] * copies)


# Names that lead inside


async def test_a_name_that_only_leads_inside_from_here_gives_no_picture_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, looked_up = socket.getaddrinfo, []

    def filtered(host: Any, *args: Any, **more: Any) -> Any:
        if host not in {"files.example.org", b"files.example.org"}:
            return resolve(host, *args, **more)
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", filtered)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([delivering("/files/red.png", "https://files.example.org/teal.png")])
        server.downloads = deque([red_or_teal])
        desk.generate()
        await desk.until(lambda: len(server.of_kind("query")) > UNSAFE_TRIES + 2 and len(looked_up) > 8)
        assert desk.states == ["ready"]
        assert note(desk) is ProblemKind.LED_INSIDE
        assert "the program goes on trying" in sentence(desk.job.note or Problem.of(ProblemKind.INTERNAL))
        server.queries = deque([delivering("/files/red.png", "/files/teal.png")])
        await desk.until_states("saved")
        assert kept(desk) == [RED, TEAL]


# When nothing is left to try


def until(machine: Machine, hours: float) -> Act:
    """A task that is done, and whose link is told to live for some hours from now."""

    async def act(exchange: Exchange) -> None:
        image = {"url": ["{url}"], "expires_at": int(machine.now() + hours * 3600)}
        await task("completed", result={"images": [image]})(exchange)

    return act


@pytest.mark.row(67, 105)
async def test_a_date_that_is_wrong_for_a_while_gives_nothing_up(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries, server.downloads = deque([scripts.completed]), deque([DEAD])
        desk.generate()
        await tried(desk, server)
        for _ in range(last_tries.TIMES + 1):
            machine.wall_ahead_s += 30 * DAY_S
            await tried(desk, server, 4 * last_tries.TIMES)
            assert desk.states == ["ready"]
            machine.wall_ahead_s -= 30 * DAY_S
            machine.pass_time(2 * last_tries.APART_S)
            await tried(desk, server)
        server.downloads = deque([whole_file(RED)])
        await desk.until_states("saved")


@pytest.mark.row(67, 105)
async def test_a_link_that_is_told_to_be_good_is_not_given_up_by_the_date(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries, server.downloads = deque([until(machine, 20)]), deque([DEAD])
        desk.generate()
        await tried(desk, server)
        machine.pass_time(30 * DAY_S)
        for _ in range(last_tries.TIMES + 1):
            await tried(desk, server)
            machine.pass_time(last_tries.APART_S + 1)
        assert desk.states == ["ready"]
        server.downloads = deque([whole_file(RED)])
        await desk.until_states("saved")


def _more_than(server: ScriptedServer, asked: int) -> bool:
    return len(server.of_kind("query")) > asked


@pytest.mark.row(51, 67)
async def test_another_accounts_key_gives_no_dead_link_up(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server:
        server.queries, server.downloads = deque([scripts.completed]), deque([DEAD])
        async with bench_on(machine, home, server) as desk:
            desk.generate()
            await tried(desk, server)
        machine.pass_time(30 * DAY_S)
        server.queries = deque([UNKNOWN])
        async with bench_on(machine, home, server, api_key=OTHER_KEY) as desk:
            for _ in range(6):
                await tried(desk, server)
                machine.pass_time(last_tries.APART_S + 1)
            assert desk.states == ["ready"]
        async with bench_on(machine, home, server) as desk:
            for _ in range(3):
                await tried(desk, server)
                machine.pass_time(last_tries.APART_S + 1)
            await desk.until_states("lost")  # to the key that sent it the same is said
            assert desk.job.charge == "charged"
            assert desk.job.problem is not None
            assert desk.job.problem.kind is ProblemKind.TASK_FORGOTTEN  # nobody lists it as done any more
            desk.engine.queue.revive(desk.job.id)
            await desk.until_states("accepted")
            for _ in range(4):
                asked = len(server.of_kind("query"))
                await desk.until(partial(_more_than, server, asked))
                machine.pass_time(unknown_tasks.APART_S + 1)
            await desk.until_states("lost")
            assert desk.job.charge == "charged"  # it stays proved that it was done
            assert "it was charged" in sentence(desk.job.problem)


@pytest.mark.parametrize(("dies_in_s", "waits"), [(9 * 3600.0, True), (1800.0, False)])
async def test_what_failed_waits_for_the_others_unless_its_link_dies_soon(
    home: Path, dies_in_s: float, waits: bool
) -> None:
    machine = Machine()
    images = [{"url": "{url}", "expires_at": machine.now() + dies_in_s}]
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([task("completed", result={"images": images})])
        server.downloads = deque([answer(503, b"")])
        desk.generate()
        await desk.until(lambda: desk.states == ["ready"] and desk.job.note is not None)
        can_wait, _ = desk.engine.queue._collector._rank(desk.job)
        assert can_wait is waits
