"""The write-ahead rules: each test fails when its rule is taken out."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.library.jobs import JobStore
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import Exchange, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.engine import Engine

pytestmark = pytest.mark.anyio

DISK_FULL = Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="database or disk is full")


def stored(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    """What is committed, seen through a connection of the test's own."""
    connection = sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def test_w1_the_job_is_committed_before_the_network_hears_of_it(home: Path) -> None:
    seen = []

    async def look(exchange: Exchange) -> None:
        seen.append(stored(home / "data", "SELECT prompt FROM job"))
        await scripts.accept(exchange)

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([look])
        desk.generate()
        await desk.until_states("saved")
        assert seen == [[("an oak chair",)]]


async def test_w2_sending_is_committed_when_the_last_byte_arrives(home: Path) -> None:
    seen = []

    async def look(exchange: Exchange) -> None:
        request = exchange.request
        request.body += await exchange.reader.readexactly(request.wanted)
        seen.append(stored(home / "data", "SELECT state, attempt FROM job"))
        seen.append(stored(home / "data", "SELECT attempt, replied_at FROM attempt"))
        await exchange.reply(200, {"data": [{"task_id": exchange.accept()}]})

    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([look])
        desk.generate()
        await desk.until_states("saved")
        assert seen == [[("sending", 1)], [(1, None)]]


async def test_w2_a_job_that_moved_on_elsewhere_is_not_sent(home: Path) -> None:
    """Another process took the job (or the user cancelled it): compare-and-set keeps the last byte here."""
    async with scripted_server() as server:

        def steal(engine: Engine) -> None:
            arm = engine.store.arm

            async def arm_too_late(job: Job, at: float, *, key_fingerprint: str = "") -> Job:
                connection = sqlite3.connect(home / "data" / "library.sqlite3")
                connection.execute("UPDATE job SET state = 'sending', attempt = attempt + 1")
                connection.commit()
                connection.close()
                return await arm(job, at, key_fingerprint=key_fingerprint)

            engine.store.arm = arm_too_late  # type: ignore[method-assign]

        async with bench(home / "data", server, prepare=steal) as desk:
            desk.generate()
            await desk.until(lambda: server.of_kind("submit") and not server.connections)
            await desk.until_states("unconfirmed")  # the library says SENDING, and nobody knows by whom
            assert server.accepted == []
            assert [request.is_whole for request in server.of_kind("submit")] == [False]


async def test_w2_without_a_safety_record_nothing_is_sent(home: Path) -> None:
    async with scripted_server() as server:

        def fill_disk(engine: Engine) -> None:
            async def arm(job: Job, at: float, *, key_fingerprint: str = "") -> Job:
                raise StorageError(DISK_FULL)

            engine.store.arm = arm  # type: ignore[method-assign]

        async with bench(home / "data", server, prepare=fill_disk) as desk:
            desk.generate()
            await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
            assert desk.states == ["queued"]
            assert server.accepted == []


class ForgetfulStore(JobStore):
    """A library that takes the answer as it came, and then nothing more of that job: as in a crash there."""

    async def advance(self, before: Job, after: Job, *, reports: Iterable[TaskReport] = ()) -> Job:
        if after.state is JobState.ACCEPTED:
            raise StorageError(DISK_FULL)
        return await super().advance(before, after, reports=reports)


async def test_w3_the_answer_is_kept_before_it_is_read(home: Path) -> None:
    """After a crash between the two, the next start finds the task in the raw answer and goes on."""
    async with scripted_server() as server:

        def forget(engine: Engine) -> None:
            engine.store.__class__ = ForgetfulStore

        async with bench(home / "data", server, prepare=forget) as desk:
            desk.generate()
            await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
            assert desk.states == ["sending"]
            ((status, body),) = stored(home / "data", "SELECT status, body FROM attempt")
            assert status == 200
            assert server.accepted[0][0].encode() in body  # type: ignore[operator]
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1
        assert len(server.of_kind("submit")) == 1


@pytest.mark.expects_log("accepted as task_0+, which cannot be stored")
async def test_w3_an_answer_is_held_until_the_disk_takes_it(home: Path) -> None:
    refusals = 3
    async with scripted_server() as server:

        def hiccup(engine: Engine) -> None:
            record = engine.store.record_answer

            async def sometimes(*args: object) -> None:
                nonlocal refusals
                refusals -= 1
                if refusals >= 0:
                    raise StorageError(DISK_FULL)
                await record(*args)  # type: ignore[arg-type]

            engine.store.record_answer = sometimes  # type: ignore[assignment]

        async with bench(home / "data", server, prepare=hiccup) as desk:
            desk.generate()
            await desk.until_states("saved")
            assert desk.gates == ()
        assert len(server.accepted) == 1


async def test_w4_ending_waits_for_the_answer_of_what_may_be_paid(home: Path) -> None:
    async def answer_late(exchange: Exchange) -> None:
        await exchange.read_body()
        task_id = exchange.accept()
        await asyncio.sleep(0.1)  # the other side's time, not ours
        await exchange.reply(200, {"data": [{"task_id": task_id}]})

    async with scripted_server() as server:
        server.submits = deque([answer_late])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until(lambda: server.accepted)
        assert stored(home / "data", "SELECT state FROM job") == [("accepted",)]


async def test_w5_an_attempt_is_recorded_once(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([scripts.answer(429, b"", Retry_After="0"), scripts.accept])
        desk.generate()
        await desk.until_states("saved")
        assert desk.job.attempt == 2
        assert stored(home / "data", "SELECT attempt, status FROM attempt") == [(1, 429), (2, 200)]


async def test_w6_the_file_is_there_before_the_row_says_so(home: Path) -> None:
    async with scripted_server() as server:
        early = []

        def look(engine: Engine) -> None:
            plan, advance = engine.store.plan_image, engine.store.advance

            async def note_plan(job: Job, image: object) -> None:
                await plan(job, image)  # type: ignore[arg-type]
                early.append(("planned", len(list((home / "data" / "images").rglob("[!.]*.png")))))

            async def note_save(before: Job, after: Job, **more: object) -> Job:
                if after.state is JobState.SAVED:
                    early.append(("saving", len(list((home / "data" / "images").rglob("[!.]*.png")))))
                return await advance(before, after, **more)  # type: ignore[arg-type]

            engine.store.plan_image = note_plan  # type: ignore[method-assign]
            engine.store.advance = note_save  # type: ignore[method-assign]

        async with bench(home / "data", server, prepare=look) as desk:
            desk.generate()
            await desk.until_states("saved")
        assert early == [("planned", 0), ("saving", 1)]


class LateStore(JobStore):
    """A library that never gets to say that a picture is saved: as in a crash after the file has its name."""

    async def advance(self, before: Job, after: Job, *, reports: Iterable[TaskReport] = ()) -> Job:
        if after.state is JobState.SAVED:
            raise StorageError(DISK_FULL)
        return await super().advance(before, after, reports=reports)


async def test_w6_a_file_without_its_row_is_taken_up(home: Path) -> None:
    images = home / "data" / "images"
    async with scripted_server() as server:

        def forget(engine: Engine) -> None:
            engine.store.__class__ = LateStore

        async with bench(home / "data", server, prepare=forget, pace=1.0) as desk:
            desk.generate()
            await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
            assert desk.states == ["ready"]
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
            assert [Path(desk.job.images[0].path)] == list(images.rglob("*.png"))
        assert len(server.of_kind("download")) == 1


@pytest.mark.row(78)
async def test_w8_without_room_nothing_is_sent(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "images").write_text("a file where the folder should be")
    async with scripted_server() as server, bench(home / "data", server) as desk:
        desk.generate()
        await desk.until(lambda: GateKind.DISK in desk.gate_kinds)
        assert desk.states == ["queued"]
        assert server.requests == []
        (gate,) = desk.gates
        assert gate.problem is not None
        assert gate.problem.kind is ProblemKind.FOLDER_UNWRITABLE
        (home / "data" / "images").unlink()
        await desk.until_states("saved")
        assert desk.gates == ()
