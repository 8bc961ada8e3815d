"""What went wrong once, or would have: the queue among several faults at the same time."""

from __future__ import annotations

import asyncio
import io
import random
import sqlite3
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.services.api import client
from gptimg_desktop.services.keys import fingerprint
from gptimg_desktop.services.queue import unknown_tasks
from tests.support import scripted_server as scripts
from tests.support.bench import Bench, bench
from tests.support.scripted_server import KEY, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.engine import Engine

pytestmark = pytest.mark.anyio

DISK_FULL = Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="database or disk is full")
OTHER_KEY = "sk-another-account-12345"
UNKNOWN = {"error": {"message": "task does not exist or has expired", "type": "invalid_request_error"}}


class Disk:
    """A library whose disk can be full."""

    def __init__(self) -> None:
        self.is_full = False

    def prepare(self, engine: Engine) -> None:
        advance = engine.store.advance

        async def sometimes(before: Job, after: Job, **more: Any) -> Job:
            if self.is_full:
                raise StorageError(DISK_FULL)
            return await advance(before, after, **more)

        engine.store.advance = sometimes  # type: ignore[method-assign]


async def looked_again(desk: Bench, server: scripts.ScriptedServer, times: int = 3) -> None:
    """Wait until the poller asked some more times."""
    seen = len(server.of_kind("query"))
    await desk.until(lambda: len(server.of_kind("query")) >= seen + times)


@pytest.mark.row(42)
async def test_polling_survives_a_full_disk_and_a_sick_service_together(home: Path) -> None:
    disk = Disk()
    async with scripted_server() as server, bench(home / "data", server, prepare=disk.prepare) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        disk.is_full = True
        server.queries = deque([scripts.answer(502, b"<html>")])
        await looked_again(desk, server)
        assert desk.gate_kinds == {GateKind.DATABASE}
        disk.is_full = False
        server.queries = deque([scripts.completed])
        await desk.until_states("saved")
        assert desk.gates == ()


async def test_a_key_that_comes_after_the_users_yes_wakes_the_job(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([scripts.accept_and_drop, scripts.accept])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("unconfirmed")
        async with bench(home / "data", server, api_key="") as desk:
            desk.engine.queue.send_again(desk.job.id)
            await desk.until(lambda: GateKind.KEY in desk.gate_kinds)
            assert desk.states == ["queued"]
            desk.engine.use_key(KEY)
            await desk.until_states("saved")
            assert desk.job.doubts == 1  # the first attempt may still have been charged
        assert len(server.accepted) == 2


@pytest.mark.row(50, 51)
async def test_another_accounts_key_never_makes_a_paid_job_lost(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_tasks, "APART_S", 0.0)
    async with scripted_server() as server:
        server.queries = deque([scripts.pending])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("accepted")
        server.queries = deque([scripts.answer(404, UNKNOWN)])
        async with bench(home / "data", server, api_key=OTHER_KEY) as desk:
            await looked_again(desk, server, 5)
            assert desk.states == ["accepted"]
            assert desk.job.note is not None
            assert desk.job.note.kind is ProblemKind.KEY_OF_ANOTHER_ACCOUNT
        async with bench(home / "data", server) as desk:
            await desk.until_states("lost")  # the key that sent it hears the same three times


@pytest.mark.row(51)
async def test_a_job_is_followed_with_the_key_that_sent_it(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        desk.engine.use_key(OTHER_KEY)
        await looked_again(desk, server)
        assert {query.headers["authorization"] for query in server.of_kind("query")} == {f"Bearer {KEY}"}
        desk.generate("another")
        await desk.until(lambda: len(server.accepted) == 2)
        assert server.of_kind("submit")[-1].headers["authorization"] == f"Bearer {OTHER_KEY}"


async def test_a_job_belongs_to_the_key_that_sent_it_not_to_that_of_the_press(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        desk.engine.queue.pause()
        desk.generate()
        await desk.until_states("queued")
        desk.engine.use_key(OTHER_KEY)
        desk.engine.queue.resume(desk.gates[0])
        await desk.until_states("saved")
        assert desk.job.key_fingerprint == fingerprint(OTHER_KEY)


@pytest.mark.expects_log("unexpected end of a submit")
async def test_a_bug_of_ours_after_the_last_byte_leaves_a_question_not_a_riddle(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise LookupError("a bug")

    async with scripted_server() as server, bench(home / "data", server) as desk:
        monkeypatch.setattr(client.ApiClient, "_read_answer", broken)
        desk.generate()
        await desk.until_states("unconfirmed")
        assert len(server.of_kind("submit")) == 1


async def test_a_new_key_opens_what_the_old_one_closed(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        error = {"error": {"code": 402, "message": "Insufficient balance", "type": "payment_required"}}
        server.submits = deque([scripts.answer(402, error), scripts.accept])
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.BALANCE} and desk.states == ["queued"])
        desk.engine.use_key(OTHER_KEY)
        await desk.until_states("saved")
        assert len(server.accepted) == 1


async def test_practice_by_argument_sends_no_waiting_real_job(home: Path) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.engine.queue.pause()
            desk.generate()
            await desk.until_states("queued")
        async with bench(home / "data", server, practice=True) as desk:
            desk.generate("a practice picture")
            await desk.until_states("queued", "saved")
            assert server.accepted == []
            (gate,) = desk.gates
            desk.engine.queue.resume(gate)
            await desk.until_states("saved", "saved")
        assert len(server.accepted) == 1


@pytest.mark.row(91)
async def test_a_start_with_a_full_disk_still_opens_and_finds_out_later(home: Path) -> None:
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.engine.queue.pause()
            desk.generate()
            await desk.until_states("queued")
        connection = sqlite3.connect(home / "data" / "library.sqlite3")
        connection.execute("UPDATE job SET state = 'sending', attempt = 1")
        connection.commit()
        connection.close()
        disk = Disk()
        disk.is_full = True
        async with bench(home / "data", server, prepare=disk.prepare) as desk:
            assert desk.states == ["sending"]
            assert desk.gate_kinds == {GateKind.DATABASE}
            disk.is_full = False
            await desk.until_states("unconfirmed")
        assert server.of_kind("submit") == []


async def test_what_is_found_out_late_about_an_earlier_run_doubts_no_job_of_this_one(home: Path) -> None:
    answered, disk = asyncio.Event(), Disk()

    async def slow(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        await answered.wait()
        await exchange.reply(200, {"data": [{"task_id": exchange.accept()}]})

    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.engine.queue.pause()
            desk.generate()
            await desk.until_states("queued")
        connection = sqlite3.connect(home / "data" / "library.sqlite3")
        connection.execute("UPDATE job SET state = 'sending', attempt = 1")
        connection.commit()
        connection.close()
        disk.is_full = True
        server.submits = deque([slow])
        async with bench(home / "data", server, prepare=disk.prepare) as desk:
            desk.generate("of this run")
            await desk.until(lambda: server.of_kind("submit") and desk.states == ["sending", "sending"])
            disk.is_full = False
            await desk.until_states("unconfirmed", "sending")
            answered.set()
            await desk.until_states("unconfirmed", "saved")
            states = [job.state.value for job in desk.history if job.request.prompt == "of this run"]
            assert "unconfirmed" not in states


async def test_a_waiting_job_that_is_deleted_is_not_sent(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        desk.engine.queue.pause()
        for _ in range(2):
            desk.generate()
        await desk.until_states("queued", "queued")
        first, second = sorted(desk.jobs.values(), key=lambda job: job.seq)
        await desk.mark(Mark.BINNED, first)
        await desk.until_states("cancelled", "queued")
        desk.engine.queue.resume(desk.gates[0])
        await desk.until_states("cancelled", "saved")
        assert len(server.accepted) == 1
        desk.engine.queue.restore((first.id,))
        await desk.until(lambda: desk.jobs[first.id].binned_at is None)
        assert desk.jobs[first.id].state is JobState.CANCELLED
        assert desk.jobs[second.id].binned_at is None


async def test_a_job_in_flight_that_is_deleted_is_still_brought_home(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        await desk.mark(Mark.BINNED, desk.job)
        server.queries = deque([scripts.completed])
        await desk.until_states("saved")
        assert desk.job.binned_at is not None


async def test_a_deleted_failure_that_is_paid_after_all_comes_back_into_sight(home: Path) -> None:
    put_away = asyncio.Event()
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.queries = deque([scripts.failed, scripts.hold(put_away, scripts.completed)])
        desk.generate()
        await desk.until_states("failed")
        await desk.mark(Mark.BINNED, desk.job)
        await desk.until(lambda: desk.job.binned_at is not None)
        put_away.set()
        await desk.until_states("saved")
        await desk.until(lambda: desk.job.binned_at is None)
        assert desk.job.charge == "charged"


async def test_a_task_that_is_gone_takes_no_known_one_with_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two ids that one answer named, one may be no task at all."""
    monkeypatch.setattr(unknown_tasks, "APART_S", 0.02)

    async def accept_with_another_id(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        await exchange.reply(200, {"data": [{"task_id": exchange.accept()}, {"id": "request-1"}]})

    unknown = scripts.answer(404, UNKNOWN)
    left = deque([unknown, scripts.completed])  # a slip, once the other id is given up

    async def know_one(exchange: scripts.Exchange) -> None:
        if exchange.request.path.endswith("request-1"):
            await unknown(exchange)
        elif desk.job.status_word == "pending":
            await left.popleft()(exchange)
        else:
            await scripts.pending(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits, server.queries = deque([accept_with_another_id]), deque([know_one])
        desk.generate()
        await desk.until(lambda: desk.states in (["saved"], ["lost"]))
        assert desk.states == ["saved"]
        assert len(desk.job.images) == 1
        assert len(server.accepted) == 1


@pytest.mark.row(15, 16)
async def test_a_wait_is_kept_though_the_answer_that_asks_for_it_proves_nothing(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([scripts.answer(503, b"<html>upstream", Retry_After="60"), scripts.accept])
        desk.generate()
        await desk.until_states("unconfirmed")
        (gate,) = desk.gates
        assert (gate.kind, gate.service) == (GateKind.RATE, server.url)
        assert gate.until is not None
        assert gate.since is not None
        assert gate.until - gate.since >= 60
        desk.generate("another")
        await desk.until_states("unconfirmed", "queued")
        assert len(server.of_kind("submit")) == 1


def noise(desk: Bench) -> FileReference:
    """A reference too large for the buffers of a socket."""
    file = io.BytesIO()
    Image.frombytes("RGB", (2200, 2200), random.Random(5).randbytes(2200 * 2200 * 3)).save(file, "PNG")
    reference, _ = desk.engine.references.add_bytes(file.getvalue(), "noise.png")
    return reference


@pytest.mark.row(13)
async def test_an_upload_that_always_breaks_holds_nobody_else(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, pace=0.02) as desk:

        async def only_small_ones(exchange: scripts.Exchange) -> None:
            if exchange.request.wanted > 100_000:
                await exchange.reader.readexactly(1000)  # far more is left than the sockets could hold
                exchange.abort()
            else:
                await scripts.accept(exchange)

        server.submits = deque([only_small_ones])
        desk.generate("large", references=(noise(desk),))
        await desk.until(lambda: desk.jobs and desk.job.note)
        desk.generate("small")
        await desk.until_states("queued", "saved")
        assert desk.gates == ()
        first = min(desk.jobs.values(), key=lambda job: job.seq).id

        def is_told() -> bool:
            note = desk.jobs[first].note
            return note is not None and note.kind is ProblemKind.UPLOAD_CUT_OFF

        await desk.until(is_told)
        assert [prompt for _, prompt in server.accepted] == ["small"]


async def test_one_task_is_not_taken_for_two_jobs(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([scripts.accept, scripts.accept_and_drop])
        desk.generate("first")
        await desk.until_states("saved")
        desk.generate("second")
        await desk.until_states("saved", "unconfirmed")
        second = max(desk.jobs.values(), key=lambda job: job.seq).id
        desk.engine.queue.enter_task_id(second, server.accepted[0][0])
        await desk.until(lambda: desk.complaints)
        assert desk.complaints[0][1].kind is ProblemKind.TASK_ID_IN_USE
        assert desk.states == ["saved", "unconfirmed"]


async def test_a_task_id_out_of_a_broken_answer_is_followed_and_noted(home: Path) -> None:
    async def broken(exchange: scripts.Exchange) -> None:
        await exchange.read_body()
        await exchange.reply(502, f"<html>upstream said {exchange.accept()}</html>".encode())

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([broken])
        desk.generate()
        await desk.until_states("saved")
        assert len(server.accepted) == 1
        noted = [job.note.kind for job in desk.history if job.note is not None]
        assert noted == [ProblemKind.TASK_RECOVERED]
