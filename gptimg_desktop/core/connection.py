"""Which service the next image comes from, with which key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind

PRACTICE: Final = "https://practice.invalid"
"""The address of the built-in practice service: a name that no network resolves."""

IMPORTED: Final = "imported"
"""Stands in the place of a service for pictures that the user brought along."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


ALIASES: Final = (
    "https://api.apimart.ai",
    "https://api.apib.ai",
    "https://api.aiuxu.com",
    "https://api.aishuch.com",
)
"""Addresses under which the same service is known to answer; the later ones serve mainland China."""

PROXY_KINDS: Final = frozenset({"http", "https", "socks5", "socks5h"})


class KeySource(StrEnum):
    """Where the key in use came from."""

    NONE = "none"
    ENVIRONMENT = "environment"
    SESSION = "session"
    STORE = "store"  # the system's key store


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the next job goes. `key_hint` is the last four characters of the key, for recognition only;
    `key_place` names the system's key store where the key is kept there."""

    service: str
    key_source: KeySource = KeySource.NONE
    key_hint: str = ""
    key_place: str = ""

    @property
    def is_practice(self) -> bool:
        return self.service == PRACTICE


LEAST_KEY_CHARACTERS: Final = 8
MOST_KEY_CHARACTERS: Final = 512


class KeyFault(StrEnum):
    """Why a text cannot be a key."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BLANK = "blank"  # a blank, or the end of a line, inside
    FOREIGN = "foreign"  # characters that no header takes


def clean_key(text: str) -> str:
    """The key in what the user pasted: trimmed, without `Bearer`; BadInputError where it cannot be one."""
    key = _bare_key(text)
    if key_fault(text) is not None:
        raise BadInputError(Problem.of(ProblemKind.KEY_MALFORMED))
    return key


def key_fault(text: str) -> KeyFault | None:
    """What keeps a text from being a key; None where it may be one."""
    key = _bare_key(text)
    faults = {
        KeyFault.TOO_SHORT: len(key) < LEAST_KEY_CHARACTERS,
        KeyFault.TOO_LONG: len(key) > MOST_KEY_CHARACTERS,
        KeyFault.BLANK: len(key.split()) > 1,
        KeyFault.FOREIGN: not key.isascii() or not key.isprintable(),
    }
    return next((fault for fault, applies in faults.items() if applies), None)


def _bare_key(text: str) -> str:
    key = text.strip().strip("\"'")
    return key[7:].strip() if key[:7].lower() == "bearer " else key


def clean_base_url(text: str) -> str:
    """The service's address without `/v1` and slashes at its end; BadInputError for anything but https,
    or http to this machine."""
    address = text.strip().rstrip("/")
    address = address.removesuffix("/v1").rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    plain = bool(host) and parts.username is None and not parts.query and not parts.fragment
    plain = plain and address.isascii() and address.isprintable() and not set(address) & set(' \\"<>')
    if plain and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        return parts._replace(netloc=parts.netloc.lower()).geturl()
    raise BadInputError(Problem.of(ProblemKind.ADDRESS_UNUSABLE, address=text[:200]))


def clean_proxy(text: str) -> str:
    """A proxy's address, `http://` where no kind is named; BadInputError for anything that is none."""
    address = text.strip()
    address = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in PROXY_KINDS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    plain = usable and parts.path in {"", "/"} and not (parts.query or parts.fragment)
    if plain and address.isascii() and address.isprintable() and " " not in address:
        return address.removesuffix("/")
    raise BadInputError(Problem.of(ProblemKind.PROXY_UNUSABLE))


def is_loopback(address: str) -> bool:
    """True where an address (a URL) points at this machine."""
    return (urlsplit(address).hostname or "") in LOOPBACK
