"""API keys: typed, from the environment, or kept in the system's key store, and written nowhere else."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections import Counter
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import KeySource, clean_key
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind, StorageError
from gptimg_desktop.services.key_store import KeyStore
from gptimg_desktop.services.patient_key_store import PatientKeyStore

if TYPE_CHECKING:
    from collections.abc import Iterator

_PURPOSE: Final = b"gptimg-desktop key fingerprint"


class Keys:
    """One key for each service: the one typed in this run, else the environment's, which is for the service
    of the start alone, else the one that `load` found in the store.

    A key that is removed, or replaced, stays so, whatever the store answers late. The store is asked by
    `load`, `keep` and `remove` alone, because asking can bring up a password dialog.
    """

    def __init__(
        self,
        *,
        environment_key: str = "",
        environment_service: str = "",
        store: PatientKeyStore | None = None,
    ) -> None:
        self._environment_key = environment_key
        self._environment_service = environment_service
        self._store = store or PatientKeyStore(KeyStore())
        self._typed: dict[str, str] = {}
        self._stored: dict[str, str] = {}
        self._may_be_stored: set[str] = set()
        self._decisions: Counter[str] = Counter()

    @property
    def place(self) -> str:
        """The name of the system's key store; empty before it was asked for the first time, and where there
        is none."""
        return self._store.known_place

    def get(self, service: str) -> tuple[str, KeySource]:
        """The key for a service and where it came from; ("", NONE) where there is none. A typed key that is
        kept comes from the store."""
        stored = self._stored.get(service, "")
        if typed := self._typed.get(service, ""):
            return typed, KeySource.STORE if typed == stored else KeySource.SESSION
        if self._has_environment_key(service):
            return self._environment_key, KeySource.ENVIRONMENT
        return (stored, KeySource.STORE) if stored else ("", KeySource.NONE)

    def remember(self, service: str, key: str) -> None:
        """Use a key for as long as the program runs."""
        self._decisions[service] += 1
        self._typed[service] = key

    def forget(self, service: str) -> None:
        """Use neither the typed nor the stored key any more; the store keeps what it has."""
        self._decisions[service] += 1
        self._typed.pop(service, None)
        self._stored.pop(service, None)

    async def load(self, service: str) -> bool:
        """Take the store's key for a service into use; False where there is none, or nothing like a key, or
        the user has decided otherwise in the meantime.

        StorageError where the store fails or does not answer.
        """
        decision = self._decisions[service]
        self._may_be_stored.add(service)
        if not await self._store.place():
            return False
        with _told_as(ProblemKind.KEY_NOT_READ):
            found = await self._store.read(service)
        if decision != self._decisions[service]:
            return False
        try:
            self._stored[service] = clean_key(found)
        except BadInputError:
            self._stored.pop(service, None)
        return service in self._stored

    async def keep(self, service: str, key: str) -> str:
        """Use a key and keep it in the store; the store's name, empty where it was not kept, or is not wanted
        any more.

        Beside a key in the environment, which wins at the next start, a typed one is for this run only.
        StorageError where the store fails or does not answer; the key is in use all the same.
        """
        self.remember(service, key)
        decision = self._decisions[service]
        if self._has_environment_key(service) or not await self._store.place():
            return ""
        if decision != self._decisions[service]:
            return ""
        self._may_be_stored.add(service)
        await self._store.write(service, key)
        if decision != self._decisions[service]:
            return ""
        self._stored[service] = key
        return self.place

    async def remove(self, service: str) -> None:
        """Forget a key, at once, and take it out of the store.

        StorageError where the store fails or does not answer: then the key is there still.
        """
        self.forget(service)
        decision = self._decisions[service]
        if service in self._may_be_stored and await self._store.place():
            with _told_as(ProblemKind.KEY_NOT_REMOVED):
                await self._store.remove(service)
        if decision == self._decisions[service]:  # else another key may be on its way into the store
            self._may_be_stored.discard(service)

    def _has_environment_key(self, service: str) -> bool:
        return bool(self._environment_key) and service == self._environment_service


@contextlib.contextmanager
def _told_as(kind: ProblemKind) -> Iterator[None]:
    """The store's failure as what it means here."""
    try:
        yield
    except StorageError as error:
        raise StorageError(Problem(kind=kind, facts=error.problem.facts)) from None


def fingerprint(key: str) -> str:
    """Tells keys apart without telling them: 12 hex digits."""
    return hmac.new(key.encode(), _PURPOSE, hashlib.sha256).hexdigest()[:12]
