"""When each accepted job is looked at, and which ones one query can ask about together.

All pauses are measured on the monotonic clock; the wall clock is asked once, for the age of what an earlier
run left behind.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.core.schedule import PollTimes
from gptimg_desktop.services.api.reads import MOST_IDS
from gptimg_desktop.services.queue.looks import Look, Looks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

_UNPLANNED = PollTimes()


class Agenda:
    """When the first job comes due, all of its connection that may be looked at by then share a query.

    Where a service takes no batch, and for jobs that a batch left out, each has a query of its own. A job
    that failed is looked at a few times more, since a failure was seen to be taken back.
    """

    def __init__(self, *, ledger: Ledger, gates: Gates, connections: Connections, clock: Clock) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._clock = clock
        self._looks: defaultdict[str, Looks] = defaultdict(Looks)
        self._since: dict[str, float] = {}
        self._late: dict[str, tuple[float, ...]] = {}
        self._imageless: Counter[str] = Counter()
        self._without_batch: set[str] = set()
        self._alone: set[str] = set()
        self._not_before: dict[ServiceConnection, float] = {}
        self._turns = itertools.count()
        ledger.on_step(self._follow)

    # What is planned

    def look_now(self, job_id: str) -> None:
        """A job that is followed is due at once."""
        job = self._ledger.get(job_id)
        if job is not None and job_id in self._since:
            at = max(self._clock.monotonic(), self._free_from(job))
            self._looks[job.service].plan(Look(job_id=job_id, earliest=at, latest=at))

    def look_at_all_now(self) -> None:
        """Everything that is followed is due at once."""
        for job_id in self._since:
            self.look_now(job_id)

    def ask_alone(self, job_id: str) -> None:
        """A batch query did not tell of a job: it is asked about by itself, at once and from now on."""
        self._alone.add(job_id)
        self.look_now(job_id)

    def ask_singly(self, service: str) -> None:
        """A service (its address) takes no batch queries."""
        self._without_batch.add(service)

    def put_off(self, job: Job) -> None:
        """The next look at a job, on the schedule of its age."""
        age_s = self._clock.monotonic() - self._since[job.id]
        times = self._times(job)
        self._plan(job, times.next_delay(age_s, 0.0), times.next_delay(age_s, self._clock.chance()))

    def put_off_without_images(self, job: Job) -> bool:
        """The next look at a job that is called done without a picture; True where that was said so often
        that people should know."""
        self._imageless[job.id] += 1
        answers, times = self._imageless[job.id], self._times(job)
        pause_s = times.imageless_delay(answers, self._clock.chance())
        self._plan(job, pause_s, pause_s)
        return answers > len(times.imageless)

    def wait_as_asked(self, connection: ServiceConnection, wait_s: float) -> None:
        """Look at nothing through a connection for so long."""
        self._not_before[connection] = at = self._clock.monotonic() + wait_s
        for job_id in self._since:
            job = self._ledger.get(job_id)
            if job is not None and self._connections.for_job(job) is connection:
                self._put_off_until(job, at)

    def _put_off_until(self, job: Job, at: float) -> None:
        looks = self._looks[job.service]
        look = looks.get(job.id)
        if look is not None and look.earliest < at:
            looks.plan(Look(job_id=job.id, earliest=at, latest=max(look.latest, at)))

    def had_late_look(self, job: Job) -> None:
        """A job that had failed was asked about once more, whatever came of it: the next look is the next
        late one, if any."""
        left = self._late.pop(job.id, ())
        if left:
            self._late[job.id] = left[1:]
            pause_s = max(0.0, left[0] - self._clock.monotonic())
            self._plan(job, pause_s, pause_s)
        else:
            self._forget(job)

    def _follow(self, former: Job | None, job: Job) -> None:
        """Take up what is accepted or has failed, and forget what moved on."""
        before = None if former is None else former.state
        if job.state is before:
            return
        if job.state is JobState.ACCEPTED:
            self._take_up(job, before)
        elif job.state is JobState.FAILED and job.task_ids and before in {None, JobState.ACCEPTED}:
            self._take_up_failed(job, before)
        elif job.id in self._since:
            self._forget(job)

    def _take_up(self, job: Job, before: JobState | None) -> None:
        is_new = before in {JobState.SENDING, JobState.UNCONFIRMED}
        now = self._clock.monotonic()
        self._since[job.id] = now if is_new else now - self._wall_age_s(job.accepted_at)
        times = self._times(job)
        if is_new:
            self._plan(job, times.first_delay(0.0), times.first_delay(self._clock.chance()))
        else:
            self.look_now(job.id)

    def _take_up_failed(self, job: Job, before: JobState | None) -> None:
        """Several looks at what failed, and one more at once where that was shortly before this start."""
        now, late = self._clock.monotonic(), self._times(job).late
        if before is not None:
            self._alone.discard(job.id)
            self._since.setdefault(job.id, now)
            self._late[job.id] = tuple(now + after_s for after_s in late)
            self.had_late_look(job)
        elif late and self._wall_age_s(job.finished_at) < PollTimes().late[-1]:
            self._since[job.id] = now
            self._late[job.id] = tuple(now + after_s for after_s in late)
            self.look_now(job.id)

    def _forget(self, job: Job) -> None:
        self._looks[job.service].drop(job.id)
        for kept in (self._since, self._late, self._imageless):
            kept.pop(job.id, None)
        self._alone.discard(job.id)

    def _plan(self, job: Job, least_s: float, drawn_s: float) -> None:
        """Never sooner than the schedule's least, and late enough for others to join."""
        now, gathering_s = self._clock.monotonic(), self._times(job).gathering_s
        earliest = max(now + least_s, self._free_from(job))
        latest = max(now + drawn_s, earliest + gathering_s)
        self._looks[job.service].plan(Look(job_id=job.id, earliest=earliest, latest=latest))

    def _free_from(self, job: Job) -> float:
        """Before this the service does not want to be asked about a job (monotonic seconds)."""
        connection = self._connections.for_job(job)
        return 0.0 if connection is None else self._not_before.get(connection, 0.0)

    def _times(self, job: Job) -> PollTimes:
        connection = self._connections.get(job.service)
        return _UNPLANNED if connection is None else connection.poll_times

    def _wall_age_s(self, at: float | None) -> float:
        now = self._clock.now()
        return max(0.0, now - (now if at is None else at))

    # What comes next

    def next(self) -> tuple[list[Job], float | None]:
        """The jobs to look at now, in one query; or none, and in how many seconds there will be some (None:
        not before something changes)."""
        free = {service: at for service, looks in self._free() if (at := looks.first_at()) is not None}
        if not free:
            return [], None
        service = min(free, key=free.__getitem__)
        now = self._clock.monotonic()
        if free[service] > now:
            return [], free[service] - now
        return self._together(self._in_turn(self._looks[service].ripe(now))), 0

    def first_at(self) -> float | None:
        """When the next look has to be (monotonic seconds), None where nothing can be looked at."""
        return min((at for _, looks in self._free() if (at := looks.first_at()) is not None), default=None)

    def due(self, service: str) -> frozenset[str]:
        """The ids of all jobs of a service whose look is due by now, held or not."""
        now = self._clock.monotonic()
        return frozenset(look.job_id for look in self._looks[service].ripe(now) if look.latest <= now)

    def _free(self) -> Iterator[tuple[str, Looks]]:
        """The services that can be asked now."""
        for service, looks in self._looks.items():
            if self._connections.get(service) is not None and not self._gates.holds_reads(service):
                yield service, looks

    def _in_turn(self, ripe: Collection[Look]) -> list[Job]:
        """What the service will forget first and what waited longest, in turn: then nothing is too late
        and nothing waits for ever."""
        oldest = sorted(ripe, key=lambda look: self._since[look.job_id])
        longest = sorted(ripe, key=attrgetter("latest"))
        pairs = zip(oldest, longest, strict=True)
        if next(self._turns) % 2:
            pairs = zip(longest, oldest, strict=True)
        ids = dict.fromkeys(look.job_id for pair in pairs for look in pair)
        return [job for job_id in ids if (job := self._ledger.get(job_id)) is not None]

    def _together(self, jobs: list[Job]) -> list[Job]:
        """The first job, and as many others as one query can name along with it."""
        first, *others = jobs
        if not self._fits_a_batch(first):
            return [first]
        connection = self._connections.for_job(first)
        return [first, *self._company(others, connection, MOST_IDS - len(first.task_ids))]

    def _company(self, jobs: Iterable[Job], connection: ServiceConnection | None, room: int) -> Iterator[Job]:
        for job in jobs:
            if room <= 0:
                return
            if (
                len(job.task_ids) <= room
                and self._fits_a_batch(job)
                and self._connections.for_job(job) is connection
            ):
                yield job
                room -= len(job.task_ids)

    def _fits_a_batch(self, job: Job) -> bool:
        return job.service not in self._without_batch and job.id not in self._alone
