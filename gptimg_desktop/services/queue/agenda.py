"""When each accepted job is looked at, and which ones one query can ask about together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.api.reads import MOST_IDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.schedule import PollTimes
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger


GATHERING: Final = 0.25
"""How long a look waits at least for others to join, as a share of the time between two queries."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A job is looked at by `latest`, and from `earliest` on where another one is (monotonic seconds)."""

    earliest: float
    latest: float


class Agenda:
    """When the first job comes due, all of its connection that may be looked at by then share a query.

    Where a service takes no batch, and for jobs that a batch left out, each has a query of its own.
    """

    def __init__(self, *, ledger: Ledger, gates: Gates, connections: Connections, clock: Clock) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._clock = clock
        self._due: dict[str, _Due] = {}
        self._without_batch: set[str] = set()
        self._alone: set[str] = set()

    def look_now(self, job_id: str) -> None:
        """A job is due at once."""
        self._due[job_id] = _Due(0.0, self._clock.monotonic())

    def ask_alone(self, job_id: str) -> None:
        """A batch query did not tell of a job: it is asked about by itself, at once and from now on."""
        self._alone.add(job_id)
        self.look_now(job_id)

    def ask_singly(self, service: str) -> None:
        """A service (its address) takes no batch queries."""
        self._without_batch.add(service)

    def take_up(self) -> None:
        """Give every accepted job a due time, and forget those that moved on."""
        accepted = {job.id: job for job in self._ledger.in_state(JobState.ACCEPTED)}
        self._due = {job_id: due for job_id, due in self._due.items() if job_id in accepted}
        self._alone.intersection_update(accepted)
        now = self._clock.monotonic()
        for job in accepted.values():
            connection = self._connections.get(job.service)
            if job.id not in self._due and connection is not None:
                times = connection.poll_times
                least_s, drawn_s = times.first_delay(0.0), times.first_delay(self._clock.chance())
                self._due[job.id] = _due(now, least_s, drawn_s, times)

    def next(self) -> tuple[list[Job], float]:
        """The jobs to look at next, in one query, among those that no gate holds; and in how many seconds."""
        free = [
            (due, job)
            for job_id, due in self._due.items()
            if (job := self._ledger.get(job_id)) is not None
            and self._connections.get(job.service) is not None
            and not self._gates.holds_reads(job.service)
        ]
        if not free:
            return [], 0
        free.sort(key=_due_then_order)
        due, first = free[0]
        now = self._clock.monotonic()
        if due.latest > now:
            return [first], due.latest - now
        return self._with_company(first, [job for due, job in free[1:] if due.earliest <= now]), 0

    def _with_company(self, first: Job, others: Iterable[Job]) -> list[Job]:
        """The job, and as many others as one query can name along with it."""
        if not self._fits_a_batch(first):
            return [first]
        connection = self._connections.for_job(first)
        chosen, room = [first], MOST_IDS - len(first.task_ids)
        for job in others:
            if (
                len(job.task_ids) <= room
                and self._fits_a_batch(job)
                and self._connections.for_job(job) is connection
            ):
                chosen.append(job)
                room -= len(job.task_ids)
        return chosen

    def _fits_a_batch(self, job: Job) -> bool:
        return job.service not in self._without_batch and job.id not in self._alone

    def put_off(self, job: Job, connection: ServiceConnection) -> None:
        """The next look at a job, on the schedule of its age."""
        now = self._clock.monotonic()
        age_s = max(0.0, self._clock.now() - (job.accepted_at or self._clock.now()))
        times = connection.poll_times
        least_s, drawn_s = times.next_delay(age_s, 0.0), times.next_delay(age_s, self._clock.chance())
        self._due[job.id] = _due(now, least_s, drawn_s, times)


def _due(now: float, least_s: float, drawn_s: float, times: PollTimes) -> _Due:
    """Never sooner than the schedule's least, and late enough for others to join."""
    return _Due(now + least_s, now + max(drawn_s, least_s + times.between_reads_s * GATHERING))


def _due_then_order(entry: tuple[_Due, Job]) -> tuple[float, int]:
    return entry[0].latest, entry[1].seq
