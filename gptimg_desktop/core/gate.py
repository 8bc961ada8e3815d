"""Why the queue waits: a gate holds every job of one service (or of all) and changes none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem


class GateKind(StrEnum):
    """What the queue waits for."""

    OFFLINE = "offline"
    RATE = "rate"
    TLS = "tls"
    KEY = "key"
    BALANCE = "balance"
    DISK = "disk"
    DATABASE = "database"
    RESUMING = "resuming"
    LIBRARY = "library"
    USER_PAUSE = "user_pause"


PASSING: Final = frozenset({GateKind.RATE, GateKind.OFFLINE})
"""What passes without anybody's help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A closed gate. `service` None holds every service; `until` is the wall-clock time (Unix seconds) at
    which the queue tries again by itself, None where somebody must act first. `since` is when it was closed
    (Unix seconds): whatever fails while it is closed leaves that as it was."""

    kind: GateKind
    service: str | None = None
    problem: Problem | None = None
    until: float | None = None
    since: float | None = None
