"""API keys: from the environment, or typed for this run. Neither is ever written anywhere."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from gptimg_desktop.core.connection import KeySource

_PURPOSE: Final = b"gptimg-desktop key fingerprint"


class Keys:
    """One key for each service: the one typed in this run, else the environment's, which is for the service
    of the start alone."""

    def __init__(self, *, environment_key: str = "", environment_service: str = "") -> None:
        self._environment_key = environment_key
        self._environment_service = environment_service
        self._session: dict[str, str] = {}

    def get(self, service: str) -> tuple[str, KeySource]:
        """The key for a service and where it came from; ("", NONE) where there is none."""
        if service in self._session:
            return self._session[service], KeySource.SESSION
        if self._environment_key and service == self._environment_service:
            return self._environment_key, KeySource.ENVIRONMENT
        return "", KeySource.NONE

    def remember(self, service: str, key: str) -> None:
        """Use a key for as long as the program runs."""
        self._session[service] = key

    def forget(self, service: str) -> None:
        self._session.pop(service, None)


def fingerprint(key: str) -> str:
    """Tells keys apart without telling them: 12 hex digits."""
    return hmac.new(key.encode(), _PURPOSE, hashlib.sha256).hexdigest()[:12]
