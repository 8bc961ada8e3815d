"""What a failed conversation means, told apart by whether the service could have acted on it."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx

from gptimg_desktop.core.errors import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def network_problem(error: Exception, host: str, *, proxy: str = "") -> Problem:
    """The problem behind a conversation that proves nothing but that it broke off; `proxy` is what leads to
    the host, "" for nothing."""
    reason = str(error)[:300] or type(error).__name__
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return Problem.of(ProblemKind.TLS_UNTRUSTED, host=host, reason=reason)
    if isinstance(error, NEVER_CONNECTED):
        way = {"proxy": proxy} if proxy else {}
        return Problem.of(ProblemKind.UNREACHABLE, host=host, reason=reason, **way)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Problem.of(ProblemKind.TIMED_OUT, host=host)
    return Problem.of(ProblemKind.CUT_OFF, host=host, reason=reason)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
