"""Keys stay with the service they are for, and in the key store where there is one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from keyring.errors import KeyringLocked

from gptimg_desktop.core.connection import KeySource
from gptimg_desktop.core.errors import ProblemKind, StorageError
from gptimg_desktop.services.key_store import FoundStore, KeyStore
from gptimg_desktop.services.keys import Keys, fingerprint
from gptimg_desktop.services.patient_key_store import PatientKeyStore
from tests.support.key_stores import PLACE, MemoryBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOME, OTHER = "https://api.example", "https://other.example"
KEY, NEXT_KEY = "sk-typed-0123456789", "sk-next-0123456789"
NOTHING = ("", KeySource.NONE)
LITTLE_PATIENCE_S = 0.3


@pytest.fixture
def backend() -> Iterator[MemoryBackend]:
    made = MemoryBackend()
    yield made
    made.opened.set()  # whoever still waits goes home


def keys_with(backend: MemoryBackend | None, *, environment_key: str = "") -> Keys:
    """Keys as after a start; None stands for a system without a key store."""
    found = None if backend is None else FoundStore(place=PLACE, backend=backend)
    store = PatientKeyStore(KeyStore(lambda: found))
    return Keys(environment_key=environment_key, environment_service=HOME, store=store)


async def locked(backend: MemoryBackend) -> Keys:
    """Keys whose store is known, but asks for its password from now on; they wait for it a moment only."""
    keys = keys_with(backend)
    await keys.load(HOME)
    backend.opened.clear()
    keys._store.patience_s = LITTLE_PATIENCE_S
    return keys


async def until(condition: Callable[[], object]) -> None:
    """Wait for a thread, which tells nobody when it is done."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class TestForThisRun:
    """What needs no store."""

    def test_the_environments_key_is_for_the_service_of_the_start_alone(self) -> None:
        keys = Keys(environment_key="sk-environment", environment_service=HOME)
        assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)
        assert keys.get(OTHER) == NOTHING

    def test_no_key_in_the_environment_is_no_key(self) -> None:
        assert Keys(environment_service=HOME).get(HOME) == NOTHING
        assert Keys().get("") == NOTHING

    def test_a_typed_key_is_for_the_service_it_was_typed_for(self) -> None:
        keys = Keys()
        keys.remember(HOME, KEY)
        assert keys.get(HOME) == (KEY, KeySource.SESSION)
        assert keys.get(OTHER) == NOTHING
        keys.forget(HOME)
        keys.forget(HOME)
        assert keys.get(HOME) == NOTHING

    def test_a_typed_key_wins_for_this_run_over_the_environments(self) -> None:
        keys = Keys(environment_key="sk-environment", environment_service=HOME)
        keys.remember(HOME, KEY)
        assert keys.get(HOME) == (KEY, KeySource.SESSION)
        keys.forget(HOME)
        assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)

    def test_a_fingerprint_tells_keys_apart_and_does_not_tell_them(self) -> None:
        first, second = fingerprint("sk-0123456789"), fingerprint("sk-0123456780")
        assert first == fingerprint("sk-0123456789")
        assert first != second
        assert len(first) == 12
        assert set(first) <= set("0123456789abcdef")


@pytest.mark.anyio
class TestFromRunToRun:
    """What the store keeps."""

    async def test_a_kept_key_is_there_at_the_next_start_for_its_service_alone(
        self, backend: MemoryBackend
    ) -> None:
        keys = keys_with(backend)
        assert await keys.keep(HOME, KEY) == PLACE
        assert keys.get(HOME) == (KEY, KeySource.STORE)
        later = keys_with(backend)
        assert later.get(HOME) == NOTHING
        assert await later.load(HOME)
        assert not await later.load(OTHER)
        assert (later.get(HOME), later.get(OTHER)) == ((KEY, KeySource.STORE), NOTHING)
        assert later.place == PLACE

    async def test_without_a_store_a_key_is_for_this_run(self) -> None:
        keys = keys_with(None)
        assert await keys.keep(HOME, KEY) == ""
        assert keys.get(HOME) == (KEY, KeySource.SESSION)
        assert not await keys.load(HOME)
        await keys.remove(HOME)
        assert (keys.get(HOME), keys.place) == (NOTHING, "")

    async def test_a_removed_key_is_gone_from_here_and_there(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        await keys.remove(HOME)
        assert keys.get(HOME) == NOTHING
        assert not await keys_with(backend).load(HOME)

    async def test_a_loaded_key_can_be_replaced_and_removed(self, backend: MemoryBackend) -> None:
        await keys_with(backend).keep(HOME, KEY)
        keys = keys_with(backend)
        await keys.load(HOME)
        await keys.keep(HOME, NEXT_KEY)
        assert keys.get(HOME) == (NEXT_KEY, KeySource.STORE)
        await keys.remove(HOME)
        assert keys.get(HOME) == NOTHING
        assert not any(backend.kept.values())

    async def test_a_key_that_was_taken_out_of_the_store_by_others_is_gone(
        self, backend: MemoryBackend
    ) -> None:
        await keys_with(backend).keep(HOME, KEY)
        keys = keys_with(backend)
        await keys.load(HOME)
        backend.kept.clear()
        assert not await keys.load(HOME)
        assert keys.get(HOME) == NOTHING

    async def test_a_key_typed_for_this_run_hides_the_stored_one(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        keys.remember(HOME, NEXT_KEY)
        assert keys.get(HOME) == (NEXT_KEY, KeySource.SESSION)

    async def test_a_forgotten_key_is_used_no_more_but_still_stored(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        keys.forget(HOME)
        assert keys.get(HOME) == NOTHING
        assert await keys.load(HOME)
        assert keys.get(HOME) == (KEY, KeySource.STORE)

    async def test_the_environments_key_comes_before_the_stores(self, backend: MemoryBackend) -> None:
        await keys_with(backend).keep(HOME, KEY)
        keys = keys_with(backend, environment_key="sk-environment")
        await keys.load(HOME)
        assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)

    async def test_beside_the_environments_key_a_typed_one_is_not_kept(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend, environment_key="sk-environment")
        assert await keys.keep(HOME, KEY) == ""
        assert keys.get(HOME) == (KEY, KeySource.SESSION)
        await keys.remove(HOME)
        assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)
        assert backend.asked == 0

    async def test_who_keeps_nothing_is_never_asked_for_a_password(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        keys.remember(HOME, KEY)
        await keys.remove(HOME)
        assert backend.asked == 0
        assert keys.get(HOME) == NOTHING

    @pytest.mark.parametrize("odd", ["", "short", "two words here", "sk-broken\n0123456789"])
    async def test_what_cannot_be_a_key_is_none_and_can_be_removed(
        self, backend: MemoryBackend, odd: str
    ) -> None:
        KeyStore(lambda: FoundStore(place=PLACE, backend=backend)).write(HOME, odd)
        keys = keys_with(backend)
        assert not await keys.load(HOME)
        assert keys.get(HOME) == NOTHING
        await keys.remove(HOME)
        assert backend.get_password("gptimg-desktop", HOME) in {None, ""}


@pytest.mark.anyio
class TestAStoreThatFails:
    """The key works all the same, and nothing hangs."""

    async def test_a_key_that_the_store_refuses_is_used_for_this_run(self, backend: MemoryBackend) -> None:
        backend.fails_with = KeyringLocked("dismissed")
        keys = keys_with(backend)
        with pytest.raises(StorageError) as caught:
            await keys.keep(HOME, KEY)
        assert dict(caught.value.problem.facts) == {"place": PLACE, "reason": "dismissed"}
        assert keys.get(HOME) == (KEY, KeySource.SESSION)

    async def test_what_cannot_be_removed_is_told_and_can_be_tried_again(
        self, backend: MemoryBackend
    ) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        backend.fails_with = KeyringLocked("dismissed")
        with pytest.raises(StorageError):
            await keys.remove(HOME)
        assert keys.get(HOME) == NOTHING
        backend.fails_with = None
        await keys.remove(HOME)
        assert not any(backend.kept.values())

    async def test_a_locked_store_holds_nobody_up_for_long(self, backend: MemoryBackend) -> None:
        keys = await locked(backend)
        with pytest.raises(StorageError) as caught:
            await keys.load(HOME)
        assert caught.value.problem.kind is ProblemKind.KEY_NOT_READ
        assert dict(caught.value.problem.facts) == {"place": PLACE, "reason": "no answer"}
        with pytest.raises(StorageError):
            await keys.keep(HOME, KEY)
        assert keys.get(HOME) == (KEY, KeySource.SESSION)

    async def test_a_key_that_is_kept_too_late_is_taken_out_again(self, backend: MemoryBackend) -> None:
        keys = await locked(backend)
        with pytest.raises(StorageError):
            await keys.keep(HOME, KEY)
        asked = backend.asked
        backend.opened.set()
        await until(lambda: backend.asked > asked and backend.kept and not any(backend.kept.values()))
        assert keys.get(HOME) == (KEY, KeySource.SESSION)

    async def test_one_that_cannot_be_taken_out_is_logged(
        self, backend: MemoryBackend, expect_log: Callable[[str], None], caplog: pytest.LogCaptureFixture
    ) -> None:
        expect_log("too late stays in the key store: key_store_failed")
        keys = await locked(backend)
        backend.clings = True
        with pytest.raises(StorageError):
            await keys.keep(HOME, KEY)
        backend.opened.set()
        await until(lambda: caplog.records)
        assert KEY not in caplog.text

    async def test_what_was_given_up_before_its_turn_is_never_asked(self, backend: MemoryBackend) -> None:
        keys = await locked(backend)
        for _ in range(2):
            with pytest.raises(StorageError):
                await keys.load(HOME)
        asked = backend.asked
        keys._store.patience_s = 20.0
        backend.opened.set()
        assert not await keys.load(OTHER)
        assert backend.asked == asked + 1

    @pytest.mark.parametrize("busy", ["keep", "load"])
    async def test_removing_meanwhile_leaves_nothing(self, backend: MemoryBackend, busy: str) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        asked = backend.asked
        backend.opened.clear()
        work = asyncio.ensure_future(keys.keep(HOME, KEY) if busy == "keep" else keys.load(HOME))
        await until(lambda: backend.asked > asked)
        removing = asyncio.ensure_future(keys.remove(HOME))
        await asyncio.sleep(0)
        assert keys.get(HOME) == NOTHING
        backend.opened.set()
        await asyncio.gather(work, removing)
        assert keys.get(HOME) == NOTHING
        assert not any(backend.kept.values())

    async def test_who_stops_waiting_leaves_no_key_behind(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        await keys.load(HOME)
        backend.opened.clear()
        keeping = asyncio.ensure_future(keys.keep(HOME, KEY))
        await until(lambda: backend.asked > 1)
        keeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeping
        backend.opened.set()
        await until(lambda: backend.kept and not any(backend.kept.values()))

    async def test_a_bug_comes_back_as_what_it_is(self) -> None:
        def broken() -> FoundStore:
            raise ZeroDivisionError

        keys = Keys(store=PatientKeyStore(KeyStore(broken)))
        with pytest.raises(ZeroDivisionError):
            await keys.load(HOME)


@pytest.mark.anyio
async def test_nothing_of_a_key_is_logged(backend: MemoryBackend, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keys = keys_with(backend)
    await keys.keep(HOME, KEY)
    backend.fails_with = KeyringLocked(f"no room for {KEY}")
    with pytest.raises(StorageError) as caught:
        await keys.keep(HOME, KEY)
    assert KEY not in caplog.text + str(caught.value) + repr(caught.value)


@pytest.mark.anyio
class TestWhatTheUserDecidesMeanwhile:
    """A key store may take its time over a password; what was decided since counts."""

    async def test_a_key_typed_while_the_old_one_is_removed_stays(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        backend.opened.clear()
        removing = asyncio.ensure_future(keys.remove(HOME))
        await until(lambda: keys.get(HOME) == NOTHING)
        keys.remember(HOME, NEXT_KEY)
        backend.opened.set()
        await removing
        assert keys.get(HOME) == (NEXT_KEY, KeySource.SESSION)

    async def test_a_key_kept_while_the_old_one_is_removed_can_be_removed_itself(
        self, backend: MemoryBackend
    ) -> None:
        keys = keys_with(backend)
        await keys.keep(HOME, KEY)
        asked = backend.asked
        backend.opened.clear()
        removing = asyncio.ensure_future(keys.remove(HOME))
        await until(lambda: backend.asked > asked)
        keeping = asyncio.ensure_future(keys.keep(HOME, NEXT_KEY))
        await until(lambda: keys.get(HOME)[0] == NEXT_KEY)
        backend.opened.set()
        await asyncio.gather(removing, keeping)
        assert keys.get(HOME) == (NEXT_KEY, KeySource.STORE)
        await keys.remove(HOME)
        assert not any(backend.kept.values())

    async def test_a_key_removed_while_it_is_being_kept_is_not_kept(self, backend: MemoryBackend) -> None:
        keys = keys_with(backend)
        backend.opened.clear()
        keeping = asyncio.ensure_future(keys.keep(HOME, KEY))
        await until(lambda: backend.asked)
        removing = asyncio.ensure_future(keys.remove(HOME))
        await until(lambda: keys.get(HOME) == NOTHING)
        backend.opened.set()
        assert await keeping == ""
        await removing
        assert keys.get(HOME) == NOTHING
        assert not any(backend.kept.values())

    async def test_a_key_forgotten_while_it_is_being_loaded_stays_forgotten(
        self, backend: MemoryBackend
    ) -> None:
        await keys_with(backend).keep(HOME, KEY)
        keys = keys_with(backend)
        asked = backend.asked
        backend.opened.clear()
        loading = asyncio.ensure_future(keys.load(HOME))
        await until(lambda: backend.asked > asked)
        keys.forget(HOME)
        backend.opened.set()
        assert not await loading
        assert keys.get(HOME) == NOTHING
