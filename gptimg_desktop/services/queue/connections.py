"""The services that jobs came from: each job is followed where it was sent, with the key that sent it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import UnknownTaskError
from gptimg_desktop.services.queue.read_pace import ReadPace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.schedule import PollTimes
    from gptimg_desktop.core.task import TaskReport
    from gptimg_desktop.services.api.client import ApiClient
    from gptimg_desktop.services.api.downloads import Downloader


class ReplacedError(RuntimeError):
    """The connection is not the current one any more; nothing new is sent with its key."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServiceConnection:
    """Everything that is needed to talk to one service with one key. Questions about tasks go through here,
    since they keep to the pace of the host."""

    service: str
    client: ApiClient
    downloader: Downloader
    poll_times: PollTimes
    key_fingerprint: str = ""
    pace: ReadPace = field(default_factory=ReadPace)

    def sent(self, job: Job) -> bool:
        """True where the job was sent with this key, as far as that is known."""
        return job.key_fingerprint in {"", self.key_fingerprint}

    async def ask(self, job: Job, *, known_only: bool = False) -> list[TaskReport]:
        """What the service says of each task of a job (nearly always one); AppError where it says nothing.

        With `known_only` unknown ones are left out, as long as there is a known one.
        """
        reports, unknown = [], None
        for task_id in job.task_ids:
            try:
                reports.append(await self.task(task_id))
            except UnknownTaskError as error:
                unknown = error
        if unknown is not None and not (known_only and reports):
            raise unknown
        return reports

    async def task(self, task_id: str) -> TaskReport:
        """What the service says of one task; AppError where it says nothing."""
        await self.pace.turn(self.poll_times.between_reads_s)
        return await self.client.task(task_id)

    async def tasks(self, task_ids: Sequence[str]) -> dict[str, TaskReport]:
        """What the service says of several tasks, by id; AppError where it says nothing."""
        await self.pace.turn(self.poll_times.between_reads_s)
        return await self.client.tasks(task_ids)

    async def renew(self) -> None:
        """Let go of all open lines but those of submits: they may be dead without knowing it."""
        await self.client.renew()
        await self.downloader.renew()

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.downloader.aclose()


class Connections:
    """One current connection for each service. Replaced ones go on serving the jobs that they sent."""

    def __init__(self) -> None:
        self._current: dict[str, ServiceConnection] = {}
        self._replaced: list[ServiceConnection] = []
        self._useless: list[ServiceConnection] = []
        self._refused: dict[str, Problem] = {}
        self._paces: dict[str, ReadPace] = {}

    def put(self, connection: ServiceConnection) -> None:
        """Use a connection from now on; it keeps to the pace of its service's former ones."""
        service = connection.service
        self.drop(service)
        self._refused.pop(service, None)
        pace = self._paces.setdefault(service, connection.pace)
        self._current[service] = replace(connection, pace=pace)

    def drop(self, service: str) -> None:
        """Jobs of the service wait from now on."""
        former = self._current.pop(service, None)
        if former is not None:
            self._replaced.insert(0, former)

    def refuse(self, service: str, problem: Problem) -> None:
        """No connection can be made, though there is a key."""
        self.drop(service)
        self._refused[service] = problem

    def why_not(self, service: str) -> Problem | None:
        """Why a service is not connected, where that is not just for want of a key."""
        return self._refused.get(service)

    @property
    def services(self) -> tuple[str, ...]:
        """The addresses of all services that are connected now."""
        return tuple(self._current)

    def get(self, service: str) -> ServiceConnection | None:
        """The connection for what is sent now."""
        return self._current.get(service)

    def for_job(self, job: Job) -> ServiceConnection | None:
        """The connection for questions about a job: with the key that sent it, else the current one; None
        while its service is not connected."""
        current = self._current.get(job.service)
        if current is None or current.sent(job):
            return current
        own = (former for former in self._replaced if former.service == job.service and former.sent(job))
        return next(own, current)

    def is_current(self, connection: ServiceConnection) -> bool:
        return self._current.get(connection.service) is connection

    def give_up(self, connection: ServiceConnection) -> None:
        """A replaced connection's key is refused: ask with the current one from now on."""
        if connection in self._replaced:
            self._replaced.remove(connection)
            self._useless.append(connection)

    async def renew(self) -> None:
        """Let go of open lines, after the machine slept or the network changed."""
        for connection in (*self._current.values(), *self._replaced):
            await connection.renew()

    async def aclose(self) -> None:
        for connection in (*self._current.values(), *self._replaced, *self._useless):
            await connection.aclose()
        self._current.clear()
        self._replaced.clear()
        self._useless.clear()
