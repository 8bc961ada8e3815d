"""What a start was given: arguments before environment, environment before settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import (
    LEAST_KEY_CHARACTERS,
    MOST_KEY_CHARACTERS,
    KeyFault,
    clean_base_url,
    clean_key,
    key_fault,
)
from gptimg_desktop.core.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PRACTICE_SPEED: Final = 8.0

_KEY_FAULTS: Final = {
    KeyFault.TOO_SHORT: f"it is too short; a key has {LEAST_KEY_CHARACTERS} characters or more",
    KeyFault.TOO_LONG: f"it is too long; a key has {MOST_KEY_CHARACTERS} characters or fewer",
    KeyFault.BLANK: "there is a blank in it, or the end of a line",
    KeyFault.FOREIGN: "it has characters that no key has; copy it anew, as plain text",
}


class BadOptionError(Exception):
    """A variable or argument that cannot be used; its text is for the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`data_dir` None: the system's place. `poll_first_s`, `poll_every_s`: fixed poll times, for tests.
    `pace` scales the queue's own pauses, `notice_s` is how long waiting jobs hold back after a start."""

    data_dir: Path | None = None
    base_url: str | None = None
    practice: bool = False
    files: tuple[Path, ...] = ()
    api_key: str = ""
    practice_speed: float = PRACTICE_SPEED
    poll_first_s: float | None = None
    poll_every_s: float | None = None
    pace: float = 1.0
    notice_s: float = 3.0


def from_environment(environ: Mapping[str, str]) -> Options:
    """The options that the environment sets; BadOptionError names a variable that makes no sense."""
    return Options(
        base_url=_checked(
            "GPTIMG_BASE_URL", environ, clean_base_url, "an https address, or http to 127.0.0.1"
        ),
        api_key=_key("GPTIMG_API_KEY", environ),
        practice_speed=_seconds("GPTIMG_PRACTICE_SPEED", environ, PRACTICE_SPEED) or 0.0,
        poll_first_s=_seconds("GPTIMG_POLL_FIRST_S", environ, None),
        poll_every_s=_seconds("GPTIMG_POLL_EVERY_S", environ, None),
    )


def _checked(name: str, environ: Mapping[str, str], clean: Callable[[str], str], wanted: str) -> str | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    try:
        return clean(text)
    except BadInputError:
        raise BadOptionError(f"{name} is not {wanted}") from None


def _key(name: str, environ: Mapping[str, str]) -> str:
    """The key; what is wrong with one is told without a word of it."""
    text = environ.get(name, "").strip()
    fault = key_fault(text) if text else None
    if fault is not None:
        raise BadOptionError(f"{name} cannot be an API key: {_KEY_FAULTS[fault]}")
    return clean_key(text) if text else ""


def _seconds(name: str, environ: Mapping[str, str], default: float | None) -> float | None:
    text = environ.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value < 1_000_000:
        raise BadOptionError(f"{name} is not a number from 0 on: {text!r}")
    return value
