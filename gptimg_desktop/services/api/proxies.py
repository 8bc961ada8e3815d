"""The proxy that requests go through: the system's (httpx reads it from the environment), none, or a given
one."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final, TypedDict
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from gptimg_desktop.core.errors import NetworkError, Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEVER_FOR_THIS_MACHINE: Final[Mapping[str, None]] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}
"""Mounts of a client that may use a proxy for every other host."""

_KINDS: Final = ("https", "http", "all")


class ProxyArguments(TypedDict):
    """What httpx's clients take about proxies."""

    proxy: str | None
    trust_env: bool


def through(proxy: str | None) -> ProxyArguments:
    """The arguments of a client for a proxy's address, "" for none, None for the system's settings."""
    return {"proxy": proxy or None, "trust_env": proxy is None}


def proxy_to(host: str, proxy: str | None) -> str:
    """The proxy that leads to a host, as host and port without what else its address holds; "" for none."""
    if proxy is None:
        settings = getproxies()
        found = "" if proxy_bypass(host) else settings.get("https") or settings.get("all") or ""
    else:
        found = proxy
    try:
        parts = urlsplit(found if "://" in found else f"//{found}")
        return f"{parts.hostname or ''}:{parts.port or ''}".strip(":")
    except ValueError:
        return ""


def read_socks_as_meant() -> None:
    """Make `socks://`, which some desktops write into the environment, the `socks5://` that they mean."""
    for name, value in tuple(os.environ.items()):
        if name.lower() in {f"{kind}_proxy" for kind in _KINDS} and value.lower().startswith("socks://"):
            os.environ[name] = "socks5://" + value[len("socks://") :]


@contextlib.contextmanager
def proxy_settings_checked() -> Iterator[None]:
    """Around the making of a client: NetworkError, with the variable's name as host, where it is malformed.

    What the variable holds stays out of the error, for it may hold a password.
    """
    try:
        yield
    except (httpx.InvalidURL, ValueError):
        reason = "the proxy's address is malformed or of an unknown kind"
        problem = Problem.of(ProblemKind.UNREACHABLE, host=_malformed_variable(), reason=reason)
        raise NetworkError(problem) from None


def _malformed_variable() -> str:
    """The name of the first variable that holds no proxy; "proxy" where the setting came from elsewhere."""
    settings = getproxies()
    for name in (f"{kind}_proxy" for kind in _KINDS if not _is_proxy(settings.get(kind))):
        # Where both are set, the one in small letters counts, and it is the greater one.
        return max((given for given in os.environ if given.lower() == name), default="proxy")
    return "proxy"


def _is_proxy(address: str | None) -> bool:
    if not address:
        return True  # none is fine
    try:
        httpx.Proxy(address if "://" in address else f"http://{address}")
    except (httpx.InvalidURL, ValueError):
        return False
    return True
