"""Keys stay with the service they are for."""

from __future__ import annotations

from gptimg_desktop.core.connection import KeySource
from gptimg_desktop.services.keys import Keys, fingerprint

HOME, OTHER = "https://api.example", "https://other.example"


def test_the_environments_key_is_for_the_service_of_the_start_alone() -> None:
    keys = Keys(environment_key="sk-environment", environment_service=HOME)
    assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)
    assert keys.get(OTHER) == ("", KeySource.NONE)


def test_no_key_in_the_environment_is_no_key() -> None:
    assert Keys(environment_service=HOME).get(HOME) == ("", KeySource.NONE)
    assert Keys().get("") == ("", KeySource.NONE)


def test_a_typed_key_is_for_the_service_it_was_typed_for() -> None:
    keys = Keys()
    keys.remember(HOME, "sk-typed")
    assert keys.get(HOME) == ("sk-typed", KeySource.SESSION)
    assert keys.get(OTHER) == ("", KeySource.NONE)
    keys.forget(HOME)
    keys.forget(HOME)
    assert keys.get(HOME) == ("", KeySource.NONE)


def test_a_typed_key_wins_for_this_run_over_the_environments() -> None:
    keys = Keys(environment_key="sk-environment", environment_service=HOME)
    keys.remember(HOME, "sk-typed")
    assert keys.get(HOME) == ("sk-typed", KeySource.SESSION)
    keys.forget(HOME)
    assert keys.get(HOME) == ("sk-environment", KeySource.ENVIRONMENT)


def test_a_fingerprint_tells_keys_apart_and_does_not_tell_them() -> None:
    first, second = fingerprint("sk-0123456789"), fingerprint("sk-0123456780")
    assert first == fingerprint("sk-0123456789")
    assert first != second
    assert len(first) == 12
    assert set(first) <= set("0123456789abcdef")
