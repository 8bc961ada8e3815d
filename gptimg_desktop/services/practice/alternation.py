"""Every first, third, fifth … time that something comes."""

from __future__ import annotations

import threading
from typing import Final

MOST_REMEMBERED: Final = 1_000


class Alternation:
    """Tells for each text whether it comes for an odd time; safe to use from several threads.

    What came for an odd time longest ago is forgotten once too many texts are remembered.
    """

    def __init__(self) -> None:
        self._odd: dict[str, None] = {}
        self._lock = threading.Lock()

    def is_odd(self, text: str) -> bool:
        """True at the first time, False at the second, and so on."""
        with self._lock:
            if text in self._odd:
                del self._odd[text]
                return False
            self._odd[text] = None
            if len(self._odd) > MOST_REMEMBERED:
                del self._odd[next(iter(self._odd))]
            return True
