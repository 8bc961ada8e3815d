"""What the environment sets, and what it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from gptimg_desktop.options import PRACTICE_SPEED, BadOptionError, Options, from_environment


def test_an_empty_environment_changes_nothing() -> None:
    assert from_environment({}) == Options()
    assert Options().practice_speed == PRACTICE_SPEED


@pytest.mark.parametrize(
    ("name", "text", "set_to"),
    [
        ("GPTIMG_BASE_URL", "https://api.example/v1/", {"base_url": "https://api.example"}),
        ("GPTIMG_BASE_URL", "http://127.0.0.1:8000", {"base_url": "http://127.0.0.1:8000"}),
        ("GPTIMG_API_KEY", " Bearer sk-0123456789\n", {"api_key": "sk-0123456789"}),
        ("GPTIMG_PRACTICE_SPEED", "1", {"practice_speed": 1.0}),
        ("GPTIMG_PRACTICE_SPEED", "0", {"practice_speed": 0.0}),
        ("GPTIMG_POLL_FIRST_S", "0", {"poll_first_s": 0.0}),
        ("GPTIMG_POLL_EVERY_S", " 0.25 ", {"poll_every_s": 0.25}),
    ],
)
def test_each_variable_sets_its_option(name: str, text: str, set_to: dict[str, Any]) -> None:
    assert from_environment({name: text}) == Options(**set_to)


@pytest.mark.parametrize(
    "name",
    [
        "GPTIMG_BASE_URL",
        "GPTIMG_API_KEY",
        "GPTIMG_PRACTICE_SPEED",
        "GPTIMG_POLL_FIRST_S",
        "GPTIMG_POLL_EVERY_S",
    ],
)
@pytest.mark.parametrize("text", ["", "  "])
def test_a_variable_with_nothing_in_it_is_not_set(name: str, text: str) -> None:
    assert from_environment({name: text}) == Options()


@pytest.mark.parametrize("name", ["GPTIMG_PRACTICE_SPEED", "GPTIMG_POLL_FIRST_S", "GPTIMG_POLL_EVERY_S"])
@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf", "-inf", "1e9", "1,5"])
def test_a_number_that_makes_no_sense_is_named(name: str, text: str) -> None:
    with pytest.raises(BadOptionError, match=name) as refused:
        from_environment({name: text})
    assert text in str(refused.value)


@pytest.mark.parametrize(
    "text", ["http://api.example", "api.example", "https://", "file:///etc", "https://u:p@api.example"]
)
def test_an_address_that_cannot_be_used_is_named(text: str) -> None:
    with pytest.raises(BadOptionError, match="GPTIMG_BASE_URL"):
        from_environment({"GPTIMG_BASE_URL": text})


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("canary canary", "there is a blank in it"),
        ("canary\nX-Evil: 1", "or the end of a line"),
        ("canärycanary", "characters that no key has"),
        ("canary", "too short; a key has 8 characters or more"),
        ("Bearer canary", "too short"),
        ("canary" * 100, "too long; a key has 512 characters or fewer"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_and_the_key_is_not_shown(key: str, told: str) -> None:
    with pytest.raises(BadOptionError, match="GPTIMG_API_KEY") as refused:
        from_environment({"GPTIMG_API_KEY": key})
    assert told in str(refused.value)
    assert "can" not in str(refused.value).replace("cannot", "")
