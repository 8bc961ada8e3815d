"""The money of practice: what is left, what was used, and what failed tasks give back."""

from __future__ import annotations

import heapq
import threading
from decimal import Decimal

from gptimg_desktop.core.account import Balance


class Account:
    """US dollars that fall with each accepted task; safe to use from several threads.

    A task is paid for when it is accepted, so that accepted tasks never cost more than there is. One that
    fails gives its price back at the moment it fails. `start` None: never ends, only what was used counts.
    Times are Unix seconds.
    """

    def __init__(self, start: Decimal | None) -> None:
        self._start = start
        self._used = Decimal(0)
        self._refunds: list[tuple[float, Decimal]] = []
        self._lock = threading.Lock()

    def balance(self, now: float) -> Balance:
        """What is left and what was used at a moment."""
        with self._lock:
            self._settle(now)
            remaining = None if self._start is None else self._start - self._used
            return Balance(remaining=remaining, used=self._used, unlimited=self._start is None)

    def affords(self, price: Decimal, now: float) -> bool:
        """True where the price could be paid at a moment."""
        with self._lock:
            self._settle(now)
            return self._has(price)

    def pay(self, price: Decimal, now: float) -> bool:
        """Take the price; False, and nothing is taken, where it is more than there is."""
        with self._lock:
            self._settle(now)
            if not self._has(price):
                return False
            self._used += price
            return True

    def give_back(self, price: Decimal, moment: float) -> None:
        """Undo a payment at a moment to come, or one that has passed."""
        with self._lock:
            heapq.heappush(self._refunds, (moment, price))

    def _has(self, price: Decimal) -> bool:
        return self._start is None or price <= self._start - self._used

    def _settle(self, now: float) -> None:
        while self._refunds and self._refunds[0][0] <= now:
            self._used -= heapq.heappop(self._refunds)[1]
