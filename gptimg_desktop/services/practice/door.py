"""Who is let in: any bearer key, but for those that stand for a wrong or a slow one."""

from __future__ import annotations

import secrets
import time

from gptimg_desktop.services.practice.alternation import Alternation
from gptimg_desktop.services.practice.exchange import RefusedError, observed_error, rate_limit_error
from gptimg_desktop.services.practice.magic import SLOW_KEYS, WRONG_KEYS


class Door:
    """Checks the key of each request to the API."""

    def __init__(self) -> None:
        self._slow = Alternation()

    def key(self, authorization: str) -> str:
        """The key in an Authorization header; RefusedError with 401 or 429 where it is not let in."""
        scheme, _, text = authorization.partition(" ")
        key = text.strip()
        if scheme.lower() != "bearer" or not key or key.startswith(WRONG_KEYS):
            raise RefusedError(observed_error(401, "", f"invalid API key (request id: {_request_id()})"))
        if key.startswith(SLOW_KEYS) and not self._slow.is_odd(key):
            raise RefusedError(rate_limit_error())
        return key


def _request_id() -> str:
    """What the vendor's support asks for: the moment, then chance."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + secrets.token_hex(8)
