"""What the service says about the account behind a key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from gptimg_desktop.core.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """US dollars. `remaining` is None where the service does not count (`unlimited`) or did not say."""

    remaining: Decimal | None = None
    used: Decimal | None = None
    unlimited: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.unlimited and self.remaining is not None and self.remaining <= 0


class KeyStanding(StrEnum):
    """What a free call with a key proved."""

    WORKS = "works"
    REFUSED = "refused"
    NO_BALANCE = "no_balance"  # the key is right, the account is empty
    NO_NETWORK = "no_network"  # nothing was proved
    UNPROVED = "unproved"  # the service answered, but nothing that tells


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTest:
    """The result of trying a key for nothing. `problem` says what came instead of a plain yes."""

    standing: KeyStanding
    balance: Balance | None = None
    problem: Problem | None = None
