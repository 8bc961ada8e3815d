"""Asks what is left in the accounts, for the window and to find out later what one request cost.

A question is free, is never in the way, and is not asked while a request's fate is open: an answer that could
lie on either side of it would tell nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import AppError, NotOfferedError, RateError
from gptimg_desktop.core.findings import KnownBalance
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.services.queue.wake import Wake
from gptimg_desktop.services.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gptimg_desktop.core.account import Balance
    from gptimg_desktop.services.library.balances import BalanceStore
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
    from gptimg_desktop.services.queue.gates import Gates
    from gptimg_desktop.services.queue.ledger import Ledger

logger = logging.getLogger(__name__)

PAUSE_S: Final = 10.0
"""The least time between two questions about one account that nobody asked for."""
_MONEY_MOVES: Final = frozenset({JobState.ACCEPTED, JobState.SAVED, JobState.FAILED, JobState.UNCONFIRMED})


class Balances:
    """Asks at the start, after jobs have moved money, and when somebody wants to know.

    `told` gets every answer with the connection that it is about. Who does not tell is not asked again.
    """

    def __init__(
        self,
        *,
        store: BalanceStore,
        ledger: Ledger,
        connections: Connections,
        gates: Gates,
        clock: Clock,
        told: Callable[[ServiceConnection, Balance], None],
    ) -> None:
        self._store = store
        self._connections = connections
        self._gates = gates
        self._clock = clock
        self._told = told
        self._sending: set[str] = set()
        self._sends = 0
        self._due: dict[ServiceConnection, float] = {}
        self._not_before: dict[ServiceConnection, float] = {}
        self._silent: set[ServiceConnection] = set()
        self._tasks = Tasks()
        self._wake = Wake()
        ledger.on_step(self._follow)

    # Its life

    def start(self, jobs: Iterable[Job]) -> None:
        """Begin with the accounts of jobs that may still be charged."""
        for job in jobs:
            if job.is_running or job.state is JobState.UNCONFIRMED:
                self._want(self._account_of(job), in_s=0.0)
        self._tasks.start("balances", self._run())

    async def aclose(self) -> None:
        """Ask nothing more."""
        await self._tasks.cancel()

    # What happens

    def _follow(self, former: Job | None, job: Job) -> None:
        if former is None:  # what an earlier run was just sending is not being sent now
            return
        self._note_sending(job)
        if former.state is not job.state and job.state in _MONEY_MOVES:
            soon = job.state is JobState.UNCONFIRMED
            self._want(self._account_of(job), in_s=0.0 if soon else PAUSE_S)

    def _note_sending(self, job: Job) -> None:
        if job.state is JobState.SENDING:
            self._sends += job.id not in self._sending
            self._sending.add(job.id)
        elif job.id in self._sending:
            self._sending.discard(job.id)
            self._wake.call()

    # Questions

    async def ask(self, connection: ServiceConnection) -> Balance:
        """What is left, as somebody wants to know now; AppError where the service does not say.

        The answer is kept where nothing was sent meanwhile; StorageError where the library takes nothing.
        """
        self._due.pop(connection, None)
        self._not_before[connection] = self._clock.monotonic() + PAUSE_S
        asked_at, sends, was_quiet = self._clock.now(), self._sends, not self._sending
        try:
            balance = await connection.client.balance()
        except NotOfferedError:
            self._silent.add(connection)
            raise
        except RateError as error:
            self._gates.close_for_refusal(error, connection.service)
            raise
        is_telling = was_quiet and sends == self._sends and connection.service != PRACTICE
        if is_telling and balance.remaining is not None:
            known = KnownBalance(at=asked_at, remaining=balance.remaining)
            await self._store.keep(connection.service, connection.key_fingerprint, known)
        self._told(connection, balance)
        return balance

    async def look(self, job: Job) -> None:
        """Ask about the account of a job once more, where that may tell something."""
        connection = self._account_of(job)
        if connection is not None and connection not in self._silent and not self._sending:
            await self._ask_quietly(connection)

    async def _ask_quietly(self, connection: ServiceConnection) -> None:
        try:
            await self.ask(connection)
        except AppError as error:
            logger.info("no balance of %s: %s", connection.service, error.problem.kind)

    def _account_of(self, job: Job) -> ServiceConnection | None:
        """The connection whose account a job is charged to; None where that is not connected."""
        if job.service == PRACTICE:
            return None
        if job.state is JobState.QUEUED:
            return self._connections.get(job.service)
        connection = self._connections.for_job(job)
        is_its_own = connection is not None and connection.key_fingerprint == job.key_fingerprint
        return connection if is_its_own else None

    # When

    def _want(self, connection: ServiceConnection | None, *, in_s: float) -> None:
        if connection is None or connection in self._silent:
            return
        soonest = max(self._clock.monotonic() + in_s, self._not_before.get(connection, 0.0))
        self._due[connection] = min(soonest, self._due.get(connection, soonest))
        self._wake.call()

    async def _run(self) -> None:
        while True:
            await self._wake.wait(self._wait_s())
            connection = self._next()
            if connection is not None:
                await self._ask_quietly(connection)

    def _wait_s(self) -> float | None:
        """Seconds until the next question; None while there is none, or a request's fate is open."""
        if self._sending or not self._due:
            return None
        return max(0.0, min(self._due.values()) - self._clock.monotonic())

    def _next(self) -> ServiceConnection | None:
        """Whom to ask now. One whom a gate keeps quiet is asked later."""
        if self._sending or not self._due:
            return None
        now = self._clock.monotonic()
        connection, at = min(self._due.items(), key=_due_at)
        if at > now:
            return None
        del self._due[connection]
        if connection in self._silent:
            return None
        if self._gates.holds_reads(connection.service):
            self._due[connection] = now + PAUSE_S
            return None
        return connection


def _due_at(entry: tuple[ServiceConnection, float]) -> float:
    return entry[1]
