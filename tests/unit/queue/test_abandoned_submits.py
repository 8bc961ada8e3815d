"""Bugs of ours in the middle of a submit: its answer is kept, and somebody cares for its job."""

from __future__ import annotations

import sqlite3
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.library.jobs import JobStore
from gptimg_desktop.services.queue import submitter
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.core.verdict import Verdict
    from gptimg_desktop.engine import Engine

pytestmark = [pytest.mark.anyio, pytest.mark.row(102)]

UNREADABLE = r"its answer could not be read(.|\n)*ZeroDivisionError: a bug"
ENDED = r"task submit .* failed(.|\n)*ZeroDivisionError: a bug"
DISK_FULL = Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="database or disk is full")


def broken_reading(_: object) -> Verdict:
    raise ZeroDivisionError("a bug")


def broken_once(really: Callable[[Any], None], when: Callable[[Any], bool]) -> Callable[[Any], None]:
    """A callback of the window with a bug that shows the first time `when` holds of what it is told."""
    left = [1]

    def call(told: Any) -> None:
        if left and when(told):
            left.pop()
            raise ZeroDivisionError("a bug")
        really(told)

    return call


def kept(home: Path, query: str) -> list[tuple[Any, ...]]:
    """What is committed, seen through a connection of the test's own."""
    connection = sqlite3.connect(f"file:{home / 'data' / 'library.sqlite3'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


# An answer that we cannot read


@pytest.mark.expects_log(UNREADABLE)
async def test_an_answer_that_breaks_the_reading_is_stored_and_read_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitter, "judge", broken_reading)
    async with scripted_server() as server:
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("unconfirmed")
            ((body,),) = kept(home, "SELECT body FROM attempt WHERE replied_at IS NOT NULL")
            assert server.accepted[0][0].encode() in body
            assert desk.gates == ()
        async with bench(home / "data", server) as desk:  # the reading is mended by then
            desk.engine.queue.look_again(desk.job.id)
            await desk.until_states("saved")
        assert len(server.accepted) == 1


class ForgetfulStore(JobStore):
    """A library that takes the answer as it came, and then nothing more of that job: as in a crash there."""

    async def advance(self, before: Job, after: Job, *, reports: Iterable[TaskReport] = ()) -> Job:
        if after.state is JobState.ACCEPTED:
            raise StorageError(DISK_FULL)
        return await super().advance(before, after, reports=reports)


@pytest.mark.expects_log(UNREADABLE)
async def test_a_kept_answer_that_breaks_the_reading_keeps_no_start_from_opening(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(engine: Engine) -> None:
        engine.store.__class__ = ForgetfulStore

    async with scripted_server() as server:
        async with bench(home / "data", server, prepare=forget) as desk:
            desk.generate()
            await desk.until(lambda: GateKind.DATABASE in desk.gate_kinds)
        assert kept(home, "SELECT state FROM job") == [("sending",)]
        monkeypatch.setattr(submitter, "judge", broken_reading)
        async with bench(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.generate("another")
            await desk.until_states("unconfirmed", "unconfirmed")
        assert len(server.accepted) == 2


# A window that cannot be told


@pytest.mark.expects_log(ENDED)
async def test_a_window_that_breaks_at_the_arming_leaves_no_job_with_nobody(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        ledger: Any = desk.engine.queue._ledger
        ledger._publish = broken_once(ledger._publish, lambda job: job.state is JobState.SENDING)
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {GateKind.USER_PAUSE})
        await desk.until(lambda: desk.states in (["queued"], ["unconfirmed"]) and len(desk.history) > 1)
        assert kept(home, "SELECT state FROM job") == [(desk.job.state.value,)]
        assert server.accepted == []


@pytest.mark.expects_log(ENDED)
async def test_a_window_that_breaks_at_the_consequence_leaves_no_job_with_nobody(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([scripts.answer(429, b"", Retry_After="0"), scripts.accept])
        gates: Any = desk.engine.queue._gates
        gates._changed = broken_once(gates._changed, bool)
        desk.generate()
        await desk.until(lambda: GateKind.USER_PAUSE in desk.gate_kinds and desk.states == ["queued"])
        desk.engine.queue.resume(next(gate for gate in desk.gates if gate.kind is GateKind.USER_PAUSE))
        await desk.until_states("saved")
        assert desk.job.attempt == 2
        assert len(server.accepted) == 1
