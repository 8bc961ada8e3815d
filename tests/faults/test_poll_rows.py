"""Faults while a task is made, and that none of them loses its picture."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import NetworkError, ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.settings import Delivery, Settings
from gptimg_desktop.services.api.client import ApiClient, TimeLimits
from gptimg_desktop.ui.messages import sentence
from tests.faults.by_case import each, generate_all, once, submits, until_all
from tests.faults.by_clock import Machine, bench_on
from tests.faults.odd_bodies import PAGE, envelope
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import KEY, answer, batch, picture, scripted_server, task, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.bench import Bench
    from tests.support.scripted_server import Act, Exchange, ScriptedServer

pytestmark = pytest.mark.anyio

UNKNOWN = answer(404, envelope(404, "invalid_request_error", "task does not exist or has expired"))
IMAGELESS = task("completed", result={"images": []})
APART: dict[str, Any] = {"poll_first_s": 0.3, "poll_every_s": 0.3}
DELIVERED = ["queued", "sending", "accepted", "ready", "saved"]


def states_of(desk: Bench) -> list[str]:
    """The states that the job went through."""
    return [state for state, _ in itertools.groupby(job.state.value for job in desk.history)]


async def abort(exchange: Exchange) -> None:
    exchange.abort()


async def looked_at(desk: Bench, server: ScriptedServer, times: int) -> None:
    """Wait until the service was asked so many times more."""
    seen = len(server.of_kind("query"))
    await desk.until(lambda: len(server.of_kind("query")) >= seen + times)


@pytest.mark.row(42)
async def test_two_hundred_looks_that_fail_end_nothing(home: Path) -> None:
    trouble = [answer(500, PAGE), answer(502, b""), abort, answer(504, envelope(504)), answer(200, PAGE)]
    async with scripted_server() as server, bench(home / "data", server, poll_every_s=0.002) as desk:
        server.queries = deque([*(trouble * 40), scripts.completed])
        desk.generate()
        for _ in range(10):
            await looked_at(desk, server, 20)
        await desk.until_states("saved")
        assert len(server.of_kind("query")) == 201
        assert states_of(desk) == DELIVERED


WORDS: list[Any] = [
    "submitted",
    "pending",
    "in_progress",
    "queued",
    "PROCESSING",
    "banana",
    "",
    None,
    7,
    [],
    "over",
]
ENDS = {"completed": "saved", " Completed ": "saved", "SUCCEEDED": "saved", "failed": "failed"}
ENDS |= {" FAILED\n": "failed", "cancelled": "failed"}


@pytest.mark.row(43)
async def test_only_the_words_for_an_end_end_a_task(home: Path) -> None:
    cases = {f"goes on at {word!r}": [task(word), task(word), scripts.completed] for word in WORDS}
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = each(cases)
        generate_all(desk, cases)
        await until_all(desk, cases, "saved")
        heard = {job.status_word for job in desk.history if job.state == "accepted"}
        assert {"banana", "PROCESSING"} <= heard


@pytest.mark.row(43)
@pytest.mark.parametrize(("word", "end"), ENDS.items())
async def test_an_end_is_one_however_it_is_written(home: Path, word: str, end: str) -> None:
    done = task(word, result={"images": [{"url": "{url}"}]} if end == "saved" else None)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([done])
        desk.generate()
        await desk.until_states(end)


@pytest.mark.row(44)
async def test_what_can_be_fetched_stays_so_though_the_service_takes_it_back(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.completed, scripts.pending, scripts.completed])
        server.downloads = deque([answer(404, b""), answer(404, b""), whole_file(picture())])
        desk.generate()
        await desk.until_states("saved")
        assert len(server.of_kind("query")) >= 2
        assert states_of(desk) == DELIVERED


@pytest.mark.row(45)
async def test_a_failure_that_is_taken_back_is_fetched_and_not_sent_again(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.failed, scripts.pending, scripts.failed, scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        assert states_of(desk) == ["queued", "sending", "accepted", "failed", "ready", "saved"]
        assert desk.job.problem is None
        assert len(server.accepted) == 1


def looks_at_each(server: ScriptedServer) -> Counter[str]:
    """How often the service was asked about each task, singly or with others."""
    together = (task_id for request in server.of_kind("batch") for task_id in request.json()["task_ids"])
    singly = (request.path.rpartition("/")[2] for request in server.of_kind("query"))
    return Counter(itertools.chain(together, singly))


@pytest.mark.row(45)
async def test_failures_are_looked_at_four_times_together_and_nobody_hears_of_it(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, **APART) as desk:
        server.batches = deque([batch("failed")])
        server.queries = deque([scripts.failed])
        desk.generate(copies=3)
        await desk.until_states("failed", "failed", "failed")
        told, batches = len(desk.history), len(server.of_kind("batch"))
        tasks = [task_id for task_id, _ in server.accepted]
        all_six = dict.fromkeys(tasks, 1 + 1 + 4)  # together, singly to be sure, and late
        await desk.until(lambda: looks_at_each(server) == all_six)
        assert len(desk.history) == told
        assert len(server.of_kind("batch")) > batches
        desk.generate("another")
        await desk.until(lambda: sum(looks_at_each(server).values()) == 3 * 6 + 1 + 4)
        assert {task_id: looks_at_each(server)[task_id] for task_id in tasks} == all_six


LATE_TROUBLE = [
    [abort, answer(500, PAGE), answer(401, envelope(401))],
    [UNKNOWN, answer(200, PAGE), answer(504, b"")],
]


@pytest.mark.row(45)
@pytest.mark.parametrize("trouble", LATE_TROUBLE)
async def test_trouble_in_a_late_look_is_nobodys_trouble(home: Path, trouble: list[Act]) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.failed, *trouble, scripts.completed])
        desk.generate()
        await desk.until_states("failed")
        told = len(desk.history)
        await desk.until(lambda: len(desk.history) > told or desk.gates)
        assert desk.history[told].state == "ready"
        assert desk.gates == ()
        await desk.until_states("saved")


LATE_SILENCE = {"a sick service": answer(502, PAGE), "a line that breaks": abort, "no such task": UNKNOWN}


@pytest.mark.row(45)
@pytest.mark.parametrize("silence", LATE_SILENCE.values(), ids=LATE_SILENCE.keys())
async def test_late_looks_are_four_though_none_is_answered(home: Path, silence: Act) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.failed, silence])
        desk.generate()
        await desk.until_states("failed")
        failed = server.accepted[0][0]
        await desk.until(lambda: looks_at_each(server)[failed] == 1 + 4)
        server.queries = deque([*([scripts.pending] * 10), scripts.completed])
        desk.generate("another")
        await desk.until_states("failed", "saved")
        assert looks_at_each(server)[failed] == 1 + 4
        assert desk.gates == ()


@pytest.mark.row(45)
@pytest.mark.parametrize(("away_s", "end"), [(1800, "saved"), (7200, "failed")])
async def test_a_start_looks_once_at_what_failed_shortly_before(home: Path, away_s: float, end: str) -> None:
    machine = Machine()
    async with scripted_server() as server:
        server.queries = deque([scripts.failed])
        async with bench_on(machine, home, server, poll_every_s=30.0) as desk:
            desk.generate()
            await desk.until_states("failed")
        machine.pass_time(away_s)
        server.queries = deque([scripts.completed])
        async with bench_on(machine, home, server) as desk:
            desk.generate("another")
            await desk.until_states(end, "saved")


@pytest.mark.row(46)
async def test_a_task_that_is_done_without_a_picture_is_looked_at_until_there_is_one(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([*([IMAGELESS] * 14), scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        noted = [job.note for job in desk.history if job.note is not None]
        assert [note.kind for note in noted] == [ProblemKind.NO_IMAGES]
        assert noted[0].facts["task_id"] == server.accepted[0][0]
        assert len(server.of_kind("query")) == 15
        assert states_of(desk) == DELIVERED


@pytest.mark.row(46)
async def test_for_ten_minutes_nobody_is_troubled_with_a_missing_picture(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([*([IMAGELESS] * 10), scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        assert [job.note for job in desk.history if job.note is not None] == []


LINK = {"url": ["{url}"]}
EXPIRIES: dict[str, Any] = {
    "none": LINK,
    "zero": LINK | {"expires_at": 0},
    "in the past": LINK | {"expires_at": 1_000_000_000},
    "in milliseconds": LINK | {"expires_at": 4_000_000_000_000},
    "as text": LINK | {"expires_at": "4000000000"},
    "in words": LINK | {"expires_at": "tomorrow"},
    "below zero": LINK | {"expires_at": -5},
}


@pytest.mark.row(48)
async def test_an_expiry_is_a_hint_and_nothing_waits_for_it(home: Path) -> None:
    cases = {case: [task("completed", result={"images": [image]})] for case, image in EXPIRIES.items()}
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = each(cases)
        generate_all(desk, cases)
        await until_all(desk, cases, "saved")
        told = {job.request.prompt: job.expires_at for job in desk.jobs.values()}
        assert told["in milliseconds"] == told["as text"] == 4_000_000_000
        assert told["none"] is told["zero"] is told["in words"] is told["below zero"] is None


@pytest.mark.row(49)
async def test_a_task_that_is_unknown_at_first_is_looked_at_further(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([UNKNOWN, UNKNOWN, UNKNOWN, scripts.pending, scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        assert states_of(desk) == DELIVERED


@pytest.mark.row(50)
async def test_a_task_that_is_unknown_for_half_an_hour_is_lost_and_can_be_found_again(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([UNKNOWN])
        desk.generate()
        for _ in range(3):
            await desk.until(lambda: desk.states == ["accepted"])
            await looked_at(desk, server, 3)
            machine.pass_time(601)
        await desk.until_states("lost")
        assert desk.job.charge == "unknown"  # it may as well have failed, and that costs nothing
        assert desk.job.problem is not None
        assert "may have been charged" in sentence(desk.job.problem)
        desk.engine.queue.revive(desk.job.id)
        await looked_at(desk, server, 3)
        assert desk.states == ["accepted"]
        server.queries = deque([scripts.completed])
        await desk.until_states("saved")


@pytest.mark.row(50)
async def test_an_answer_in_between_begins_the_half_hour_anew(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([UNKNOWN])
        desk.generate()
        await looked_at(desk, server, 2)
        for _ in range(2):
            machine.pass_time(601)
            await looked_at(desk, server, 2)
        server.queries = deque([scripts.pending, UNKNOWN])
        await looked_at(desk, server, 3)
        machine.pass_time(601)
        await looked_at(desk, server, 3)
        assert desk.states == ["accepted"]


@pytest.mark.row(53)
async def test_of_several_entries_about_one_task_none_takes_back_that_it_is_over(home: Path) -> None:
    def shape(told: list[Any]) -> list[Any]:
        early = [{"id": entry["id"], "status": "processing"} for entry in told]
        return [*early, {"id": "task_of_somebody_else", "status": "failed"}, *told[::-1], *early]

    async with scripted_server() as server, bench(home / "data", server, **APART) as desk:
        server.batches = deque([batch(shape=shape)])
        desk.generate(copies=3)
        await desk.until_states("saved", "saved", "saved")
        assert server.of_kind("query") == []
        assert len(server.of_kind("batch")) == 1


POISON: dict[str, Any] = {
    "a status that is none": {"status": {"word": "failed"}, "result": 7},
    "no status": {"result": {"images": "x"}},
    "a number for a status": {"status": 500},
    "null": {"status": None},
}


@pytest.mark.row(54)
@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
async def test_senseless_entries_hold_none_of_the_others(home: Path, poison: Any) -> None:
    def shape(told: list[Any]) -> list[Any]:
        return [*({"id": entry["id"]} | poison for entry in told[:2]), 7, *told[2:]]

    async with scripted_server() as server, bench(home / "data", server, **APART) as desk:
        server.batches = deque([batch(shape=shape)])
        server.queries = deque([scripts.completed])
        desk.generate(copies=4)
        await desk.until_states("saved", "saved", "saved", "saved")
        assert len(server.of_kind("query")) == 2
        assert len(server.of_kind("batch")) == 1


def pause(status: int) -> Act:
    """The service asks for a minute, in its own time, which is years away from ours."""
    there = {"Date": "Fri, 01 Jan 1999 12:00:00 GMT", "Retry-After": "Fri, 01 Jan 1999 12:01:00 GMT"}
    return answer(status, b"", **there)


async def ask_balance(desk: Bench) -> None:
    desk.engine.queue.pause()
    desk.generate()
    with pytest.raises(Exception, match=r"rate_limited|service_busy"):
        await desk.engine.balance()
    desk.engine.queue.resume(next(gate for gate in desk.gates if gate.kind is GateKind.USER_PAUSE))


async def just_generate(desk: Bench) -> None:
    desk.generate()


async def generate_three(desk: Bench) -> None:
    desk.generate(copies=3)


async def generate_with_reference(desk: Bench) -> None:
    reference, _ = desk.engine.references.add_bytes(picture(), "a.png")
    desk.generate(references=(reference,))


WAYS: dict[str, tuple[str, dict[str, Any], Callable[[Bench], Any]]] = {
    "a submit": ("submits", {}, just_generate),
    "a look": ("queries", {}, just_generate),
    "a look at several": ("batches", APART, generate_three),
    "a question for fresh links": ("queries", {"links": "dead"}, just_generate),
    "an upload": ("uploads", {}, generate_with_reference),
    "the balance": ("balances", {}, ask_balance),
}
BUSY = [(way, status) for way in WAYS for status in (429, 503)]


@pytest.mark.row(15, 16, 55)
@pytest.mark.parametrize(("way", "status"), BUSY, ids=str)
async def test_a_pause_that_is_asked_for_anywhere_is_kept_everywhere(
    home: Path, way: str, status: int
) -> None:
    kind, more, act = WAYS[way]
    options, machine = dict(more), Machine()
    settings = Settings(delivery=Delivery.UPLOAD if kind == "uploads" else Delivery.INLINE)
    async with scripted_server() as server:
        then = {"balances": answer(200, {"success": True, "remain_balance": 5})}.get(kind)
        queue = getattr(server, kind)
        server.batches = deque([batch()])
        first = [pause(status)]
        if options.pop("links", ""):
            server.downloads = deque([answer(404, b""), whole_file(picture())])
            first = [scripts.completed, pause(status)]
        last = then or {"batches": batch(), "uploads": scripts.not_here}.get(kind, queue[-1])
        setattr(server, kind, deque([*first, last]))
        async with bench_on(machine, home, server, settings, **options) as desk:
            await act(desk)
            await desk.until(lambda: GateKind.RATE in desk.gate_kinds)
            (gate,) = [gate for gate in desk.gates if gate.kind is GateKind.RATE]
            assert gate.until is not None
            assert 59 < gate.until - machine.now() <= 66.1
            asked = len(server.requests) - len(server.of_kind("download"))
            desk.generate("another")
            await desk.until(lambda: "queued" in desk.states)
            machine.pass_time(29)
            with pytest.raises(AssertionError, match="in vain"):
                await waited(desk, lambda: len(server.requests) - len(server.of_kind("download")) > asked)
            machine.pass_time(40)
            # A bare 503 to a submit proves nothing about the job itself.
            rest = {"saved", "unconfirmed"} if (way, status) == ("a submit", 503) else {"saved"}
            await desk.until(lambda: set(desk.states) == rest)
            assert desk.gates == ()
            assert len(server.accepted) == desk.states.count("saved")


async def waited(desk: Bench, condition: Callable[[], bool]) -> None:
    """Give the queue some turns to do what it must not do."""
    for _ in range(50):
        await asyncio.sleep(0)
        assert not condition()
    raise AssertionError("in vain")


@pytest.mark.row(56)
async def test_an_endlessly_slow_answer_is_cut_at_a_time(home: Path) -> None:
    async def dribble(exchange: Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not exchange.reader.at_eof():
            exchange.writer.write(b" ")
            await exchange.writer.drain()
            await asyncio.sleep(0.01)

    async with scripted_server() as server:
        server.queries = deque([dribble])
        client = ApiClient(service=server.url, key=KEY, limits=TimeLimits(read_s=0.2))
        started = time.perf_counter()
        try:
            with pytest.raises(NetworkError) as caught:
                await client.task("task_1")
        finally:
            await client.aclose()
        assert caught.value.problem.kind is ProblemKind.TIMED_OUT
        assert time.perf_counter() - started < 2


@pytest.mark.row(56)
async def test_an_endless_answer_is_cut_at_a_size_and_asked_for_again(home: Path) -> None:
    sent = 0

    async def endless(exchange: Exchange) -> None:
        nonlocal sent
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\n")
        for _ in range(500):
            exchange.writer.write(bytes(1_000_000))
            await exchange.writer.drain()
            sent += 1_000_000

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([endless, scripts.completed])
        desk.generate()
        await desk.until_states("saved")
        assert sent < 20_000_000


@pytest.mark.row(57)
async def test_a_task_may_take_days(home: Path) -> None:
    machine = Machine()
    async with scripted_server() as server, bench_on(machine, home, server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        for after_s in (700, 86_400, 3 * 86_400):
            machine.pass_time(after_s)
            await looked_at(desk, server, 2)
            assert desk.states == ["accepted"]
        server.queries = deque([scripts.completed])
        await desk.until_states("saved")
        assert states_of(desk) == DELIVERED


@pytest.mark.row(58)
async def test_two_hundred_jobs_are_looked_at_fifty_at_a_time_and_at_a_pace(home: Path) -> None:
    every_s, came = 0.15, []

    async def timed(exchange: Exchange) -> None:
        came.append(time.monotonic())
        await batch()(exchange)

    async with scripted_server() as server:
        server.batches = deque([timed])
        options: dict[str, Any] = {"poll_first_s": 2.5, "poll_every_s": every_s}
        async with bench(home / "data", server, **options) as desk:
            desk.engine.queue.submits_at_once = 8
            desk.generate(copies=100)
            desk.generate(copies=100)
            await desk.until(lambda: desk.states.count("saved") == 200)
            named = [len(request.json()["task_ids"]) for request in server.of_kind("batch")]
            assert max(named) <= 50
            assert len(named) <= 20
            assert server.of_kind("query") == []
            assert min(b - a for a, b in itertools.pairwise(came)) > every_s * 0.7


@pytest.mark.row(58)
async def test_each_of_many_jobs_is_sent_and_charged_once(home: Path) -> None:
    cases = [f"picture {n}" for n in range(20)]
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([abort, answer(500, PAGE), scripts.completed])
        generate_all(desk, cases)
        await until_all(desk, cases, "saved")
        assert submits(server) == once(cases) == Counter(prompt for _, prompt in server.accepted)
