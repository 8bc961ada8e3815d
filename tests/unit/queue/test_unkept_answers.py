"""The service took a job, and the library cannot say so: the task id goes where it can, and never gets lost.

The library is full for real: SQLite refuses every page beyond those that it has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.services.library.emergency_journal import EmergencyJournal, JournalEntry
from tests.support.bench import Bench, bench
from tests.support.scripted_server import Exchange, accept, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.engine import Engine

pytestmark = [pytest.mark.anyio, pytest.mark.row(40)]

ACCEPTED = r"accepted as task_0+, which cannot be stored"


async def accept_at_length(exchange: Exchange) -> None:
    """Takes the job, in an answer for which the library needs more pages."""
    await exchange.read_body()
    task_id = exchange.accept()
    await exchange.reply(200, {"data": [{"status": "submitted", "task_id": task_id}], "more": "x" * 40_000})


class Library:
    """An engine's library, which can be full."""

    def __init__(self, engine: Engine) -> None:
        self._database: Any = engine.store._database

    async def fill(self) -> None:
        await self._set("PRAGMA max_page_count = 1")  # SQLite makes of it what it holds already

    async def make_room(self) -> None:
        await self._set("PRAGMA max_page_count = 100000")

    async def _set(self, pragma: str) -> None:
        database = self._database
        await database._run(database._writer, lambda: database._writing.execute(pragma).fetchall())


async def full_at_the_answer(desk: Bench) -> Library:
    """One press; the library is full from now on."""
    library = Library(desk.engine)
    await library.fill()
    desk.generate()
    await desk.until(lambda: desk.complaints)
    return library


def journalled(home: Path) -> tuple[JournalEntry, ...]:
    journal = EmergencyJournal(home / "data" / "journal")
    try:
        return journal.entries()
    finally:
        journal.close()


@pytest.mark.expects_log(ACCEPTED)
async def test_the_journal_takes_the_id_and_the_next_start_goes_on(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([accept_at_length])
        async with asyncio.timeout(10), bench(home / "data", server) as desk:
            await full_at_the_answer(desk)
            (_, problem), *_ = desk.complaints
            assert problem.kind is ProblemKind.ANSWER_IN_JOURNAL
            assert problem.facts["task_id"] == server.accepted[0][0]
            assert GateKind.DATABASE in desk.gate_kinds
            assert desk.states == ["sending"]
            assert desk.unkept == ()
        ((task_id, _),) = server.accepted
        assert [entry.task_id for entry in journalled(home)] == [task_id]
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
            assert desk.job.task_ids == (task_id,)
        assert journalled(home) == ()
        assert len(server.accepted) == 1


@pytest.mark.expects_log(ACCEPTED)
async def test_when_there_is_room_again_the_same_run_goes_on(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([accept_at_length])
        async with bench(home / "data", server) as desk:
            library = await full_at_the_answer(desk)
            await library.make_room()
            await desk.until_states("saved")
            assert desk.gates == ()
        assert journalled(home) == ()
        assert len(server.accepted) == 1


@pytest.mark.expects_log(ACCEPTED, "the emergency journal cannot be read")
async def test_without_a_journal_the_id_is_held_and_named_until_there_is_room(home: Path) -> None:
    def break_journal(engine: Engine) -> None:
        engine._journal.close()
        (home / "data" / "journal").unlink()
        (home / "data" / "journal").mkdir()

    async with scripted_server() as server:
        server.submits = deque([accept_at_length])
        async with bench(home / "data", server, prepare=break_journal) as desk:
            library = await full_at_the_answer(desk)
            ((task_id, _),) = server.accepted
            (_, problem), *_ = desk.complaints
            assert problem.kind is ProblemKind.ANSWER_NOT_KEPT
            assert list(desk.unkept) == [task_id]
            await library.make_room()
            await desk.until_states("saved")
            assert not desk.unkept
            assert len(desk.complaints) == 1


@pytest.mark.expects_log(ACCEPTED)
async def test_an_id_that_was_unconfirmed_meanwhile_is_taken_up(home: Path) -> None:
    """The journal could not be read at one start, which made the job unconfirmed; the next one can."""
    async with scripted_server() as server:
        server.submits = deque([accept_at_length])
        async with bench(home / "data", server) as desk:
            await full_at_the_answer(desk)
        (home / "data" / "journal").rename(home / "aside")
        async with bench(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
        (home / "aside").replace(home / "data" / "journal")
        async with bench(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.expects_log("no place for task task_7")
async def test_a_task_of_no_job_is_told_and_stays(home: Path) -> None:
    (home / "data").mkdir()
    stranger = JournalEntry(job_id="gone", attempt=1, task_id="task_7")
    journal = EmergencyJournal(home / "data" / "journal")
    journal.note([stranger])
    journal.close()
    async with scripted_server() as server, bench(home / "data", server) as desk:
        ((_, problem),) = desk.complaints
        assert problem.kind is ProblemKind.TASK_WITHOUT_JOB
        assert problem.facts["task_id"] == "task_7"
    assert journalled(home) == (stranger,)


async def test_in_peace_the_journal_is_never_written(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([accept])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
    assert not any((home / "data" / "journal").read_bytes())
