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
from gptimg_desktop.ui.messages import gate_sentence
from tests.support.bench import Bench, bench
from tests.support.scripted_server import (
    Exchange,
    ScriptedServer,
    accept,
    accept_and_drop,
    answer,
    scripted_server,
)

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


async def accept_two_at_length(exchange: Exchange) -> None:
    """Makes two tasks of one submit."""
    await exchange.read_body()
    told = [{"task_id": exchange.accept()}, {"task_id": exchange.accept()}]
    await exchange.reply(200, {"data": told, "more": "x" * 40_000})


def break_journal(home: Path, engine: Engine) -> None:
    """The journal takes nothing any more, though it did when the job was armed."""
    engine._library.journal.close()
    (home / "data" / "journal").unlink()
    (home / "data" / "journal").mkdir()


class Library:
    """An engine's library, which can be full."""

    def __init__(self, engine: Engine) -> None:
        self._database: Any = engine.store._database

    async def fill(self) -> None:
        await self._set("PRAGMA max_page_count = 1")  # SQLite makes of it what it holds already

    async def make_room(self) -> None:
        await self._set("PRAGMA max_page_count = 100000")

    async def _set(self, pragma: str) -> None:
        database, loop = self._database, asyncio.get_running_loop()
        await loop.run_in_executor(database._writer, lambda: database._writing.execute(pragma).fetchall())


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


def note(home: Path, entry: JournalEntry) -> None:
    """As an earlier run may have left it."""
    journal = EmergencyJournal(home / "data" / "journal")
    journal.note([entry])
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


@pytest.mark.expects_log(ACCEPTED)
async def test_without_a_journal_the_id_is_held_and_named_until_there_is_room(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:

        async def accept_and_break(exchange: Exchange) -> None:
            await exchange.read_body()
            break_journal(home, desk.engine)
            await accept_at_length(exchange)

        server.submits = deque([accept_and_break])
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
    note(home, stranger)
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


# Several tasks of one submit


@pytest.mark.expects_log(ACCEPTED, "accepted as task_0+1, which cannot be stored")
async def test_every_task_in_the_journal_is_followed(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([accept_two_at_length])
        async with asyncio.timeout(10), bench(home / "data", server) as desk:
            await full_at_the_answer(desk)
            await desk.until(lambda: len(desk.complaints) == 2)
        await both_come_home(home, server)


@pytest.mark.expects_log(
    ACCEPTED, "accepted as task_0+1, which cannot be stored", "closing with 1 submits unanswered"
)
async def test_every_task_is_followed_after_a_death_with_the_answer_in_both_places(home: Path) -> None:
    """The library took the answer at last, and the journal was not cleared yet."""
    settling = asyncio.Event()

    async def die(*_: object, **__: object) -> None:
        settling.set()
        await asyncio.Event().wait()

    async with scripted_server() as server:
        server.submits = deque([accept_two_at_length])
        async with bench(home / "data", server) as desk:
            submitter: Any = desk.engine.queue._submitter
            submitter.settle = die
            library = await full_at_the_answer(desk)
            await library.make_room()
            await desk.until(settling.is_set)
        assert len(journalled(home)) == 2
        await both_come_home(home, server)


async def both_come_home(home: Path, server: ScriptedServer) -> None:
    """The next start follows both tasks, and says nothing of tasks without a job."""
    tasks = tuple(task_id for task_id, _ in server.accepted)
    async with bench(home / "data", server) as desk:
        await desk.until_states("saved")
        assert desk.job.task_ids == tasks
        assert desk.complaints == []
    assert {request.path.rpartition("/")[2] for request in server.of_kind("query")} == set(tasks)
    assert journalled(home) == ()
    assert len(server.of_kind("submit")) == 1


# Whose entries they are


@pytest.mark.expects_log(ACCEPTED)
async def test_what_this_run_journalled_is_left_to_whoever_keeps_it(home: Path) -> None:
    """What an earlier run left may be found out late, while an answer of this run waits in the journal."""
    async with scripted_server() as server:
        server.submits = deque([accept_at_length])
        async with bench(home / "data", server) as desk:
            library = await full_at_the_answer(desk)
            await library.make_room()
            queue: Any = desk.engine.queue
            await queue._answers.recall(queue._ledger)
            await desk.until_states("saved")
            await desk.until(lambda: not queue._submitter._sending)
            assert desk.gates == ()
            assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.ANSWER_IN_JOURNAL]
    assert journalled(home) == ()


@pytest.mark.expects_log("no place for task task_of_the_first_attempt")
async def test_a_task_of_an_earlier_attempt_is_not_taken_for_the_present_one(home: Path) -> None:
    """Nobody could tell which of two charges it would stand for."""
    async with scripted_server() as server:
        server.submits = deque([answer(429, b"", Retry_After="0"), accept_and_drop])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("unconfirmed")
            assert desk.job.attempt == 2
        note(home, JournalEntry(job_id=desk.job.id, attempt=1, task_id="task_of_the_first_attempt"))
        async with bench(home / "data", server) as desk:
            assert desk.states == ["unconfirmed"]
            ((_, problem),) = desk.complaints
            assert problem.kind is ProblemKind.TASK_WITHOUT_JOB
        assert server.of_kind("query") == []


# Without a journal


@pytest.mark.expects_log("the emergency journal cannot be made", "the emergency journal cannot be read")
async def test_without_a_journal_nothing_is_sent_and_the_gate_says_why(home: Path) -> None:
    (home / "data" / "journal").mkdir(parents=True)
    async with scripted_server() as server, bench(home / "data", server) as desk:
        assert [problem.kind for _, problem in desk.complaints] == [ProblemKind.JOURNAL_UNREADABLE]
        desk.generate()
        await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
        assert desk.states == ["queued"]
        assert server.requests == []
        (gate,) = desk.gates
        assert "journal" in gate_sentence(gate)
        (home / "data" / "journal").rmdir()
        await desk.until_states("saved")
        assert desk.gates == ()
        assert len(server.accepted) == 1


async def test_a_task_of_a_job_that_is_long_over_is_in_its_place_already(home: Path) -> None:
    """The journal could not be cleared in time, and the job is not in hand any more."""
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
            job = desk.job
        journal = EmergencyJournal(home / "data" / "journal")
        journal.open()
        entry = JournalEntry(job_id=job.id, attempt=job.attempt, task_id=job.task_ids[0])
        journal.note((entry,))
        journal.close()
        async with bench(home / "data", server) as desk:
            assert desk.complaints == []
            assert desk.states == ["saved"]
        assert journal.entries() == ()
