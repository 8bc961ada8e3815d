"""Whose turn it is, and that nobody waits for ever."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.schedule import PollTimes, Span
from gptimg_desktop.services.queue.agenda import Agenda
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
from gptimg_desktop.services.queue.gates import Gates
from gptimg_desktop.services.queue.ledger import Ledger
from tests.support.jobs import new_job

if TYPE_CHECKING:
    from gptimg_desktop.services.library.jobs import JobStore

pytestmark = pytest.mark.anyio

SERVICE = "http://127.0.0.1:9"
TIMES = PollTimes(first=Span(10, 10), bands=((180, Span(3, 3)), (float("inf"), Span(300, 300))))


@dataclass
class Case:
    """An agenda whose clocks stand still until they are moved."""

    wall: float = 1_800_000_000.0
    running: float = 1000.0
    ledger: Ledger = field(init=False)
    agenda: Agenda = field(init=False)

    def __post_init__(self) -> None:
        clock = Clock(now=lambda: self.wall, monotonic=lambda: self.running, chance=lambda: 0.5)
        connections = Connections()
        nothing: Any = None
        connections.put(
            ServiceConnection(service=SERVICE, client=nothing, downloader=nothing, poll_times=TIMES)
        )
        gates = Gates(clock, lambda _: None)
        self.ledger = Ledger(cast("JobStore", None), clock, lambda _: None, lambda: None)
        self.agenda = Agenda(ledger=self.ledger, gates=gates, connections=connections, clock=clock)

    def knows(self, name: str, *, age_s: float = 0.0) -> None:
        """A job that an earlier run left accepted."""
        at = self.wall - age_s
        self.take(new_job(id=name, state=JobState.ACCEPTED, task_ids=(f"task_{name}",), accepted_at=at))

    def take(self, job: Job) -> None:
        self.ledger._keep(job)

    def accept(self, name: str) -> None:
        """A job that is accepted now."""
        sending = new_job(id=name, state=JobState.SENDING)
        self.take(sending)
        self.take(sending.accept((f"task_{name}",), self.wall))

    def next_in_s(self) -> float | None:
        """How long nothing is due."""
        jobs, wait_s = self.agenda.next()
        assert jobs == []
        return wait_s

    def names(self) -> list[str]:
        """The jobs of the next query, each put off as the poller does it."""
        jobs, _ = self.agenda.next()
        for job in jobs:
            self.agenda.put_off(job)
        return [job.id for job in jobs]


async def test_what_is_accepted_is_looked_at_at_its_time_and_not_before() -> None:
    case = Case()
    case.accept("a")
    assert case.next_in_s() == pytest.approx(10.25)
    case.running += 10
    case.accept("b")
    assert case.agenda.next()[0] == []
    case.running += 0.25
    assert case.names() == ["a"]
    assert case.next_in_s() == pytest.approx(3.25)


async def test_what_moved_on_is_forgotten() -> None:
    case = Case()
    case.knows("a")
    job = case.ledger.get("a")
    assert job is not None
    case.take(replace(job, state=JobState.READY))
    assert case.agenda.next() == ([], None)


@pytest.mark.row(58)
async def test_a_query_holds_what_is_forgotten_first_and_what_waited_longest() -> None:
    case = Case()
    for number in range(120):
        case.knows(f"job {number}", age_s=1000.0 * (number % 7))
    first = case.names()
    assert len(first) == 50
    oldest = {f"job {number}" for number in range(120) if number % 7 == 6}
    assert oldest <= set(first)
    second, third = case.names(), case.names()
    assert sorted([*first, *second, *third]) == sorted(f"job {number}" for number in range(120))


@pytest.mark.row(58)
async def test_without_batches_the_old_do_not_keep_the_young_from_their_turn() -> None:
    case = Case()
    case.agenda.ask_singly(SERVICE)
    case.knows("old", age_s=100)
    case.knows("older", age_s=110)
    case.knows("young")
    asked: list[str] = []
    for _ in range(6):
        asked += case.names()
        case.running += 3.25  # by then all three are due once more, and only one can be asked about
    assert asked[0] == "older"
    assert {"old", "older", "young"} <= set(asked)


@pytest.mark.row(105)
@pytest.mark.parametrize("jump_s", [-10 * 86_400, 10 * 86_400])
async def test_the_wall_clock_does_not_change_the_pace(jump_s: float) -> None:
    case = Case()
    case.accept("a")
    case.wall += jump_s
    case.running += 10.25
    assert case.names() == ["a"]
    assert case.next_in_s() == pytest.approx(3.25)


async def test_a_wake_looks_at_the_first_job_alone() -> None:
    """What is asked at every step of every job must not cost more with more jobs."""
    case = Case()
    for number in range(2000):
        case.accept(f"job {number}")
    looks = case.agenda._looks[SERVICE]
    before = len(looks._by_latest)
    for _ in range(1000):
        assert case.agenda.first_at() == pytest.approx(1010.25)
    assert len(looks._by_latest) == before
    assert looks._ripe == {}
