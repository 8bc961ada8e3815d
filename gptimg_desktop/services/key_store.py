"""The system's key store, by way of keyring: the one place where keys are kept from run to run.

Only stores that the system protects count. Files that anybody can read, which keyring can be talked into by
plug-ins, its environment variable or its settings file, are no store here.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

COLLECTION: Final = "gptimg-desktop"
"""What keyring calls the service; its user name is the address of ours."""

PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "keyring.backends.SecretService.Keyring": "Secret Service keyring",
        "keyring.backends.libsecret.Keyring": "Secret Service keyring",
        "keyring.backends.kwallet.DBusKeyring": "KWallet",
        "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet",
        "keyring.backends.macOS.Keyring": "macOS Keychain",
        "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
    }
)
"""keyring's own backends that encrypt, by class, and the names that their users know."""

_CHAIN: Final = "keyring.backends.chainer.ChainerBackend"
_MOST_COPIES: Final = 3
"""A store may hold a key twice, written through different interfaces; removing takes one at a time."""


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStore:
    """A key store of this system that can be trusted with a key."""

    place: str
    backend: Backend


def find_store() -> FoundStore | None:
    """The store that keyring chose, None where there is none or it is not a protected one.

    Where keyring asks several in turn, the first protected one alone is taken: a key is then read where it
    was written, and is never copied to the others.
    """
    import keyring  # noqa: PLC0415 - it takes its time, and most runs need none

    try:
        chosen = keyring.get_keyring()
        return _first_protected(getattr(chosen, "backends", ()) if _name_of(chosen) == _CHAIN else (chosen,))
    except Exception:  # noqa: BLE001 - what is configured may be anything, and anything may be wrong with it
        return None


def _first_protected(backends: Iterable[Backend]) -> FoundStore | None:
    for backend in backends:
        if place := PLACES.get(_name_of(backend), ""):
            return FoundStore(place=place, backend=backend)
    return None


def _name_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


class KeyStore:
    """One key for each service, in the system's store.

    Everything blocks, for as long as the system asks its user for a password: for worker threads, one at a
    time. Without a store nothing is found and nothing is kept; one that fails is a StorageError
    KEY_STORE_FAILED, in whose facts no key ever stands.
    """

    def __init__(self, find: Callable[[], FoundStore | None] = find_store) -> None:
        self._find = find
        self._found: FoundStore | None = None
        self._has_looked = False

    def place(self) -> str:
        """The store's name as its users know it; empty where there is none."""
        found = self._store()
        return found.place if found is not None else ""

    def read(self, service: str) -> str:
        """The key that is kept for a service; empty where there is none."""
        found = self._store()
        if found is None:
            return ""
        return _asked(found.place, lambda: found.backend.get_password(COLLECTION, service)) or ""

    def write(self, service: str, key: str) -> None:
        """Keep a key, in place of the one before; a store that forgets it at once has failed."""
        found = self._store()
        if found is None:
            return
        _asked(found.place, lambda: found.backend.set_password(COLLECTION, service, key), hidden=key)
        if self.read(service) != key:
            raise _failure(found.place, "it did not keep what was written")

    def remove(self, service: str) -> None:
        """Keep nothing for a service any more; there may have been nothing."""
        found = self._store()
        if found is None:
            return
        for _ in range(_MOST_COPIES):
            if not self.read(service):
                return
            _asked(found.place, lambda: found.backend.delete_password(COLLECTION, service))
        if self.read(service):
            raise _failure(found.place, "it did not let go of the key")

    def _store(self) -> FoundStore | None:
        if not self._has_looked:
            self._found, self._has_looked = self._find(), True
        return self._found


def _asked(place: str, ask: Callable[[], T], *, hidden: str = "") -> T:
    """What a backend answers; `hidden` stays out of the error."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - each backend has exceptions of its own
        reason = str(error) or type(error).__name__
        if hidden:
            reason = reason.replace(hidden, "…")
        raise _failure(place, reason) from None  # its cause could quote the key in a log


def _failure(place: str, reason: str) -> StorageError:
    return StorageError(Problem.of(ProblemKind.KEY_STORE_FAILED, place=place, reason=reason))
