"""References that are uploaded before their request is sent, where the user chose that way."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import (
    ApiError,
    AuthError,
    BalanceError,
    NetworkError,
    NotOfferedError,
    RateError,
)
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.settings import Delivery
from gptimg_desktop.core.verdict import Evidence, Outcome, Verdict, judge
from gptimg_desktop.services.api.upload import LIFE_S, MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.clock import Clock
    from gptimg_desktop.services.queue.connections import ServiceConnection

logger = logging.getLogger(__name__)

USED_FOR_S: Final = LIFE_S / 2
"""How long an address is used again: the service may look at it only when the task's turn comes."""

_GATES: Final = {AuthError: GateKind.KEY, BalanceError: GateKind.BALANCE, RateError: GateKind.RATE}

_Key = tuple[str, str, str]


class Uploads:
    """Each picture is uploaded once for all jobs that show it. Where a service takes no uploads, or not this
    picture, it goes inside the request as ever."""

    def __init__(self, reference_path: Callable[[str], Path], clock: Clock, delivery: Delivery) -> None:
        self.delivery = delivery
        self._reference_path = reference_path
        self._clock = clock
        self._addresses: dict[_Key, tuple[str, float]] = {}
        self._without: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def addresses(self, job: Job, connection: ServiceConnection) -> dict[str, str]:
        """The addresses of a job's pictures by their sha256, without those that go inside the request.

        AppError where the network, the key, the balance or the pace is in the way: then nothing was sent.
        """
        found: dict[str, str] = {}
        if self.delivery is Delivery.INLINE:
            return found
        for reference in job.request.references:
            if isinstance(reference, FileReference) and reference.size_bytes <= MOST_BYTES:
                async with self._one_at_a_time:
                    address = await self._address(reference, connection)
                if address:
                    found[reference.sha256] = address
        return found

    def forget(self, job: Job, connection: ServiceConnection) -> None:
        """The request was refused, perhaps for an address: the next one gets new ones."""
        for reference in job.request.references:
            if isinstance(reference, FileReference):
                self._addresses.pop(_key(reference, connection), None)

    async def _address(self, reference: FileReference, connection: ServiceConnection) -> str:
        key = _key(reference, connection)
        address, until = self._addresses.get(key, ("", 0.0))
        if address and self._clock.now() < until:
            return address
        if connection.service in self._without:
            return ""
        try:
            address = await connection.client.upload(reference, self._reference_path(reference.sha256))
        except ApiError as error:
            if type(error) in _GATES:
                raise
            if isinstance(error, NotOfferedError):
                self._without.add(connection.service)
            logger.info("a reference was not taken as an upload: %s", error)
            return ""
        self._addresses[key] = (address, self._clock.now() + USED_FOR_S)
        return address


def _key(reference: FileReference, connection: ServiceConnection) -> _Key:
    return connection.service, connection.key_fingerprint, reference.sha256


def held_up_by(error: ApiError | NetworkError) -> Verdict:
    """What a failed upload means for its job: nothing was sent, and it may go later."""
    if isinstance(error, NetworkError):
        return judge(Evidence(released=False, failure=error.problem))
    gate = _GATES.get(type(error))
    wait_s = error.retry_after_s if isinstance(error, RateError) else None
    return Verdict(outcome=Outcome.UNSENT, problem=error.problem, gate=gate, retry_after_s=wait_s)
