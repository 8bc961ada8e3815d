"""Brings finished pictures home: download, check, make durable, and only then call them saved."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import (
    ApiError,
    DownloadError,
    NetworkError,
    Problem,
    ProblemKind,
    StorageError,
    UnknownTaskError,
)
from gptimg_desktop.core.job import LINK_LIFE_S, Job, JobState, SavedImage
from gptimg_desktop.core.schedule import TRANSIENT
from gptimg_desktop.core.task import TaskState, all_links, first_expiry
from gptimg_desktop.services.queue.fetch_line import FetchLine, Rank
from gptimg_desktop.services.queue.fetcher import Fetched, Fetcher
from gptimg_desktop.services.queue.last_tries import LastTries
from gptimg_desktop.services.queue.unknown_tasks import UnknownTasks
from gptimg_desktop.services.queue.wake import Wake
from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.services.library.files.picture_folder import PictureFolder
    from gptimg_desktop.services.library.imaging.imaging import Imaging
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
SOON_S: Final = 3600.0
UNSAFE_TRIES: Final = 3
ASK_EVERY: Final = 3
"""After so many bad tries of any kind a fresh link is asked for."""
ASKS_AT_ONCE: Final = 2
"""Who waits for his turn to ask keeps the poller waiting too, so others try once more before they ask."""
RETENTION_S: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Haul:
    """What one try brought of a job's images, and what kept the others away."""

    fetched: tuple[Fetched, ...]
    failures: tuple[DownloadError | NetworkError, ...]

    @property
    def images(self) -> tuple[SavedImage, ...]:
        return tuple(fetched.image for fetched in self.fetched)

    def remark_on(self, job: Job) -> Problem | None:
        """What people should know: of what is missing first, then of what is odd."""
        remarks = [failure.problem for failure in self.failures]
        if len(job.links) < len(job.task_ids):
            facts = {"tasks": len(job.task_ids), "found": len(job.links)}
            remarks.append(Problem.of(ProblemKind.PICTURE_MISSING, **facts))
        remarks += [fetched.remark for fetched in self.fetched if fetched.remark is not None]
        return next(iter(remarks), None)


class Collector:
    """Fetches the images of READY jobs, two at a time, nearest expiry first. Waits that the service asked for
    hold it only where it asks for a fresh link.

    `pace` scales the pauses between tries.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        gates: Gates,
        connections: Connections,
        folder_for: Callable[[Job], PictureFolder],
        imaging: Imaging,
        clock: Clock,
        pace: float = 1.0,
    ) -> None:
        self._ledger = ledger
        self._gates = gates
        self._connections = connections
        self._fetcher = Fetcher(store=ledger.store, folder_for=folder_for, imaging=imaging)
        self._clock = clock
        self._backoff = TRANSIENT.scaled(pace)
        self._tasks = Tasks(failed=gates.close_for_bug)
        self._unknown = UnknownTasks(clock)
        self._line = FetchLine()
        self._in_hand: set[str] = set()
        self._fetching: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._asked_anew: Counter[str] = Counter()
        self._last_tries = LastTries(clock)
        self._not_before: dict[str, float] = {}
        self._wake = Wake()
        ledger.on_step(self._follow)
        ledger.on_change(self._wake.call, JobState.READY)
        gates.on_change(self._wake.call)

    async def run(self) -> None:
        """Fetch what is ready, for ever."""
        while True:
            self._gates.pass_due()
            job, wait_s = self._next()
            if job is None:
                await self._wake.wait(wait_s)
                continue
            self._in_hand.add(job.id)
            self._fetching.add(job.id)
            self._tasks.start(f"collect {job.id}", self._collect(job))

    def fetch_all_now(self) -> None:
        """Nothing waits for its next try any more: the machine slept, or the network came back."""
        self._line.end_rests()
        self._wake.call()

    async def aclose(self) -> None:
        """Stop; what is on its way is fetched again at the next start."""
        await self._tasks.cancel()
        await self._fetcher.aclose()

    # Whose turn it is

    def _follow(self, former: Job | None, job: Job) -> None:
        """Line up what becomes ready, and let go of what moved on."""
        if job.id in self._in_hand:
            return
        if job.state is not JobState.READY:
            self._line.drop(job.id)
        elif job.id not in self._line or former is None or former.fetch_until != job.fetch_until:
            self._line.put(job.id, job.service, self._rank(job))

    def _next(self) -> tuple[Job | None, float | None]:
        """The job to fetch now, or the seconds until there may be one (None: until something changes)."""
        if len(self._fetching) >= AT_ONCE or self._gates.holds_saves():
            return None, self._gates.next_due_s()
        now = self._clock.monotonic()
        job_id = self._line.take(self._connections.services, now)
        if job_id is not None:
            return self._ledger.get(job_id), 0
        first_at = self._line.first_at()
        return None, None if first_at is None else first_at - now

    def _put_back(self, job_id: str) -> None:
        """A try is over: what is still to be fetched waits for its next one."""
        job = self._ledger.get(job_id)
        if job is None or job.state is not JobState.READY:
            self._forget(job_id)
        else:
            until = self._not_before.get(job_id, 0.0)
            self._line.put_off(job_id, job.service, self._rank(job), until)

    def _rank(self, job: Job) -> Rank:
        """What never failed goes before what did, unless a link dies soon; else the nearest expiry."""
        can_wait = self._failures[job.id] > 0 and job.fetch_until > self._clock.now() + SOON_S
        return can_wait, job.fetch_until

    def _forget(self, job_id: str) -> None:
        for counted in (self._failures, self._asked_anew, self._not_before):
            counted.pop(job_id, None)
        self._last_tries.forget(job_id)
        self._unknown.known(job_id)

    # One try

    async def _collect(self, job: Job) -> None:
        try:
            await self._try(job)
        except StorageError as error:
            self._gates.close_for_storage(error.problem)
        except Exception:
            self._later(job)
            raise
        finally:
            self._fetching.discard(job.id)
            self._in_hand.discard(job.id)
            self._put_back(job.id)
            self._wake.call()

    async def _try(self, job: Job) -> None:
        connection = self._connections.for_job(job)
        if connection is None:
            return
        haul = await self._haul(job, connection)
        if not haul.failures or (haul.images and self._are_hopeless(job, haul)):
            await self._save(job, haul, haul.remark_on(job))
            return
        # Asking may take its turn; others can be fetched meanwhile.
        self._fetching.discard(job.id)
        self._wake.call()
        self._later(job)
        await self._after_bad_try(job, haul, connection)

    async def _haul(self, job: Job, connection: ServiceConnection) -> _Haul:
        """All images of a job that can be had. They are on disk even where another one is not yet."""
        fetched: list[Fetched] = []
        failures: list[DownloadError | NetworkError] = []
        for index in range(len(job.links)):
            there = [earlier.image for earlier in fetched]
            try:
                fetched.append(await self._fetcher.fetch(job, index, connection.downloader, there))
            except (DownloadError, NetworkError) as error:
                failures.append(error)
        return _Haul(fetched=tuple(fetched), failures=tuple(failures))

    def _are_hopeless(self, job: Job, haul: _Haul) -> bool:
        """True where the service, asked anew, still names addresses that are never fetched from: then what
        could be had is all there is."""
        unsafe = all(failure.problem.kind is ProblemKind.LINK_UNSAFE for failure in haul.failures)
        return unsafe and self._asked_anew[job.id] >= UNSAFE_TRIES

    async def _save(self, job: Job, haul: _Haul, remark: Problem | None) -> None:
        now = self._clock.now()

        def save(job: Job) -> Job:
            saved = job.save(haul.images, now)
            return saved if remark is None else saved.annotate(remark)

        await self._ledger.step(job.id, save)
        await self._fetcher.forget(job)
        self._gates.folder_works()

    # After a bad try

    async def _after_bad_try(self, job: Job, haul: _Haul, connection: ServiceConnection) -> None:
        dead = next((failure for failure in haul.failures if _is_dead(failure)), None)
        error = dead or haul.failures[0]
        problem = self._as_of_now(job, error.problem)
        await self._ledger.step(job.id, lambda job: job.annotate(problem))
        if dead is None and self._failures[job.id] % ASK_EVERY:
            return
        if self._gates.holds_reads(job.service) or len(self._in_hand - self._fetching) > ASKS_AT_ONCE:
            return
        try:
            await self._fresh_links(job, connection)
            self._asked_anew[job.id] += error.problem.kind is ProblemKind.LINK_UNSAFE
            if dead is not None:
                await self._perhaps_expired(job, haul, problem)
        except UnknownTaskError:
            if dead is not None:
                await self._perhaps_lost(job, haul, problem, connection)
        except (ApiError, NetworkError) as nothing:
            logger.info("job %s: no fresh link: %s", job.id, nothing.problem.kind)
            if self._connections.is_current(connection):
                self._gates.close_for_refusal(nothing, job.service)

    def _as_of_now(self, job: Job, problem: Problem) -> Problem:
        """Of a dead link whose time is over, that it is."""
        expiry = job.fetch_until
        if problem.kind is not ProblemKind.LINK_DEAD or self._clock.now() <= expiry:
            return problem
        host = problem.facts.get("host", "")
        return Problem.of(ProblemKind.LINK_EXPIRED, host=host, expired_at=expiry)

    async def _fresh_links(self, job: Job, connection: ServiceConnection) -> None:
        reports = await connection.ask(job, known_only=True)
        if len(reports) == len(job.task_ids):
            self._unknown.known(job.id)
        links, expires_at = all_links(reports), first_expiry(reports)
        is_over = all(report.state is not TaskState.PENDING for report in reports)
        if is_over and len(links) >= len(job.links):  # fewer would give up a picture that is paid
            await self._ledger.step(
                job.id,
                lambda job: job.deliver(links, expires_at=expires_at, cost=None).annotate(job.note),
                reports=reports,
            )

    async def _perhaps_expired(self, job: Job, haul: _Haul, problem: Problem) -> None:
        """The service still lists the job, and its link is dead: lost once both had their full time and every
        answer of late brought another dead link."""
        if problem.kind is not ProblemKind.LINK_EXPIRED or not self._is_over(job.id):
            self._last_tries.forget(job.id)
        elif self._last_tries.failed(job.id):
            await self._give_up(job, haul, problem)

    async def _perhaps_lost(
        self, job: Job, haul: _Haul, problem: Problem, connection: ServiceConnection
    ) -> None:
        """The link is dead and the task unknown: lost once both had their full time."""
        heard = connection.sent(job) and self._unknown.heard(job)
        if heard and self._is_over(job.id):
            forgotten = Problem.of(ProblemKind.TASK_FORGOTTEN)
            await self._give_up(job, haul, problem if haul.images else forgotten)

    def _is_over(self, job_id: str) -> bool:
        """True where a job had its full time. A link that the service has just called good says more than a
        clock that may be wrong."""
        job, now = self._ledger.get(job_id), self._clock.now()
        if job is None:
            return False
        told = job.expires_at
        is_told_good = told is not None and now < told <= now + 2 * LINK_LIFE_S
        return not is_told_good and now > job.fetch_until + RETENTION_S

    async def _give_up(self, job: Job, haul: _Haul, problem: Problem) -> None:
        """Keep the images that were had; without any the job is lost."""
        if haul.images:
            await self._save(job, haul, problem)
            return
        now = self._clock.now()
        await self._ledger.step(job.id, lambda job: job.lose(problem, now))
        await self._fetcher.forget(job)

    def _later(self, job: Job) -> None:
        self._failures[job.id] += 1
        pause = self._backoff.delay(self._failures[job.id], self._clock.chance())
        self._not_before[job.id] = self._clock.monotonic() + pause


def _is_dead(failure: DownloadError | NetworkError) -> bool:
    return isinstance(failure, DownloadError) and failure.dead_link
