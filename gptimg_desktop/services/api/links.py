"""Which links to result files are followed: https to a named host; this machine only where agreed."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from gptimg_desktop.core.connection import LOOPBACK
from gptimg_desktop.core.errors import DownloadError, Problem, ProblemKind

MOST_CHARACTERS: Final = 4_096
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_NAMES_OF_THE_HOUSE: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def check_link(link: str, *, loopback: bool) -> None:
    """DownloadError unless a link leads to a named host on https's usual port; with `loopback` it may also
    lead to this machine, over http and on any port."""
    parts = _parts(link)
    if parts is None or not (_is_public(parts) or (loopback and _is_here(parts))):
        raise unsafe(link)


def unsafe(link: str) -> DownloadError:
    """A link that is never followed; the service may give a better one when it is asked anew."""
    return DownloadError(Problem.of(ProblemKind.LINK_UNSAFE, host=host_of(link)), dead_link=True)


def host_of(link: str) -> str:
    """The host that a link names, or how the link begins where it names none."""
    try:
        return urlsplit(link).hostname or link[:100]
    except ValueError:
        return link[:100]


def _parts(link: str) -> SplitResult | None:
    """The parts of a link, None where it is none or where the parser that connects reads another host."""
    if len(link) > MOST_CHARACTERS or not link.isascii() or not link.isprintable():
        return None
    try:
        parts, url = urlsplit(link), httpx.URL(link)
        # httpx reads `host` later on, and it fails there for a name that cannot be decoded.
        agreed = bool(url.host) and url.raw_host.decode() == parts.hostname
        agreed = agreed and (url.port or parts.port) == parts.port
    except (httpx.InvalidURL, ValueError):
        return None
    return parts if agreed else None


def _is_here(parts: SplitResult) -> bool:
    return parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}


def _is_public(parts: SplitResult) -> bool:
    host = (parts.hostname or "").removesuffix(".")
    return (
        parts.scheme == "https"
        and parts.port in {None, 443}
        and parts.username is None
        and _NAME.fullmatch(host) is not None
        and not host.endswith(_NAMES_OF_THE_HOUSE)
        and not _is_address(host)
    )


def _is_address(host: str) -> bool:
    """True for any way to write an IP address, shortened and numeric forms included."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return all(label.isdigit() or label.startswith("0x") for label in host.split("."))
    return True
