"""What the service says about one of its tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


class TaskState(StrEnum):
    """The three things that matter: go on looking, fetch, give the reason."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReport:
    """One answer about one task. `status_word` is the service's own; `expires_at` is Unix seconds."""

    task_id: str
    state: TaskState
    status_word: str = ""
    links: tuple[str, ...] = ()
    expires_at: float | None = None
    cost: Decimal | None = None
    message: str = ""
    raw: bytes = b""


def all_links(reports: Iterable[TaskReport]) -> tuple[str, ...]:
    """The addresses in all reports about one job, in their order."""
    return tuple(link for report in reports for link in report.links)


def first_expiry(reports: Iterable[TaskReport]) -> float | None:
    """When the first of the links dies (Unix seconds); None where no report says."""
    return min((r.expires_at for r in reports if r.expires_at is not None), default=None)


_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


def is_safe_task_id(text: str) -> bool:
    """True where a task id may stand in a path."""
    return _SAFE_ID.fullmatch(text) is not None
