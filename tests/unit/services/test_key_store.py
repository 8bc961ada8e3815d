"""The system's key store: which ones are trusted, and what is told of those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services.key_store import COLLECTION, FoundStore, KeyStore, find_store
from tests.support.key_stores import PLACE, MemoryBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from keyring.backend import KeyringBackend

SERVICE, OTHER = "https://api.example", "https://other.example"
KEY = "sk-canary-0123456789"


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def store(backend: MemoryBackend) -> KeyStore:
    return KeyStore(lambda: FoundStore(place=PLACE, backend=backend))


class TestAStoreThatWorks:
    """Keys go in, come back and go away."""

    def test_a_key_is_kept_for_its_service_alone(self, store: KeyStore) -> None:
        store.write(SERVICE, KEY)
        assert store.read(SERVICE) == KEY
        assert store.read(OTHER) == ""
        assert store.place() == PLACE

    def test_it_is_filed_under_the_programs_name_and_the_services_address(
        self, store: KeyStore, backend: MemoryBackend
    ) -> None:
        store.write(SERVICE, KEY)
        assert backend.kept == {(COLLECTION, SERVICE): [KEY]}

    def test_a_new_key_takes_the_place_of_the_old_one(self, store: KeyStore) -> None:
        store.write(SERVICE, "sk-old-0123456789")
        store.write(SERVICE, KEY)
        assert store.read(SERVICE) == KEY

    def test_a_removed_key_is_gone_and_may_be_removed_again(self, store: KeyStore) -> None:
        store.write(SERVICE, KEY)
        store.remove(SERVICE)
        store.remove(SERVICE)
        assert store.read(SERVICE) == ""

    def test_a_key_that_is_held_twice_is_removed_twice(self, store: KeyStore, backend: MemoryBackend) -> None:
        backend.kept[COLLECTION, SERVICE] = [KEY, "sk-older-012345678"]
        store.remove(SERVICE)
        assert store.read(SERVICE) == ""


class TestAStoreThatFails:
    """The place and the reason are told; the key never is."""

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (KeyringLocked("Failed to unlock the collection!"), "Failed to unlock the collection!"),
            (PasswordSetError(f"cannot take {KEY}"), "cannot take …"),
            (OSError(), "OSError"),
        ],
    )
    def test_what_the_store_says_is_passed_on_without_the_key(
        self, store: KeyStore, backend: MemoryBackend, error: Exception, reason: str
    ) -> None:
        backend.fails_with = error
        with pytest.raises(StorageError) as caught:
            store.write(SERVICE, KEY)
        assert caught.value.problem.kind is ProblemKind.KEY_STORE_FAILED
        assert dict(caught.value.problem.facts) == {"place": PLACE, "reason": reason}
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    @pytest.mark.parametrize("act", [KeyStore.read, KeyStore.remove])
    def test_reading_and_removing_can_fail_too(
        self, store: KeyStore, backend: MemoryBackend, act: Callable[[KeyStore, str], object]
    ) -> None:
        backend.fails_with = KeyringLocked("dismissed")
        with pytest.raises(StorageError):
            act(store, SERVICE)

    def test_a_store_that_forgets_what_it_took_has_failed(
        self, store: KeyStore, backend: MemoryBackend
    ) -> None:
        backend.forgets = True
        with pytest.raises(StorageError):
            store.write(SERVICE, KEY)

    def test_a_store_that_does_not_let_go_has_failed(self, store: KeyStore, backend: MemoryBackend) -> None:
        store.write(SERVICE, KEY)
        backend.clings = True
        with pytest.raises(StorageError):
            store.remove(SERVICE)

    def test_a_refused_removal_is_told(self, store: KeyStore, backend: MemoryBackend) -> None:
        store.write(SERVICE, KEY)
        backend.refuses_removal = PasswordDeleteError("Cancelled by user")
        with pytest.raises(StorageError) as caught:
            store.remove(SERVICE)
        assert caught.value.problem.facts["reason"] == "Cancelled by user"


class TestWhichStoresAreTrusted:
    """Protected ones of the system's, by whatever way keyring came to them."""

    @pytest.fixture(autouse=True)
    def chosen(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[KeyringBackend], None]]:
        """Chooses keyring's backend, as its settings file and plug-ins can."""
        monkeypatch.setattr("keyring.core._keyring_backend", None)
        yield keyring.set_keyring
        monkeypatch.undo()

    @pytest.mark.parametrize("made", [fail.Keyring, null.Keyring, MemoryBackend])
    def test_none_a_forgetful_one_and_a_foreign_one_are_no_stores(
        self, chosen: Callable[[KeyringBackend], None], made: Callable[[], KeyringBackend]
    ) -> None:
        chosen(made())
        store = KeyStore()
        store.write(SERVICE, KEY)
        store.remove(SERVICE)
        assert (store.place(), store.read(SERVICE)) == ("", "")

    @pytest.mark.parametrize("name", ["no.such.module.Keyring", "keyring.backends.null.Nothing", "x"])
    def test_a_backend_that_cannot_be_loaded_is_none(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
        assert find_store() is None

    def test_the_secret_service_is_called_by_its_name(self, chosen: Callable[[KeyringBackend], None]) -> None:
        backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
        chosen(backend)
        assert find_store() == FoundStore(place="Secret Service keyring", backend=backend)

    def test_of_several_the_first_protected_one_is_taken(
        self, chosen: Callable[[KeyringBackend], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
        monkeypatch.setattr(chainer.ChainerBackend, "backends", [MemoryBackend(), backend])
        chosen(chainer.ChainerBackend())  # type: ignore[no-untyped-call]
        assert find_store() == FoundStore(place="Secret Service keyring", backend=backend)

    def test_it_is_looked_for_once(self) -> None:
        looked: list[None] = []
        store = KeyStore(lambda: looked.append(None))
        assert (store.place(), store.read(SERVICE), len(looked)) == ("", "", 1)
