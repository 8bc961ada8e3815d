"""Tasks as a poll shows them, and the few texts that come in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.services.practice.chance import SLOWEST_S
from gptimg_desktop.services.practice.moderation import SAFETY_MESSAGE

if TYPE_CHECKING:
    from gptimg_desktop.services.practice.tasks import Task

CREDITS_PER_DOLLAR: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence in both languages of the service."""

    english: str
    chinese: str

    def told_in(self, language: str) -> str:
        """Chinese for `zh` and its kinds, English for any other language."""
        return self.chinese if language.lower().startswith("zh") else self.english


UNKNOWN_TASK: Final = Text(
    english="task does not exist or has expired",
    chinese="任务不存在或已过期",
)
FAILED: Final = Text(
    english="The practice service failed this task on purpose, because its prompt asked for it.",
    chinese="提示词要求任务失败，练习服务因此让它失败了。",
)
BLOCKED: Final = Text(
    english=SAFETY_MESSAGE,
    chinese="您的请求被安全系统拒绝。safety_violations=[violence]",
)


class TaskReports:
    """Describes tasks. `speed` is the pace of the service, `files` the address of its file host."""

    def __init__(self, *, speed: float, files: str) -> None:
        self._estimate_s = round(SLOWEST_S / speed) if speed else 0
        self._files = files

    def describe(self, task: Task, now: float, language: str) -> dict[str, Any]:
        """The task at a moment: progress jumps from 0 to 100, and a failed one cost nothing."""
        finished = task.is_finished(now)
        common = {
            **costs(0.0 if finished and task.fails else task.cost),
            "created": int(task.created),
            "estimated_time": self._estimate_s,
            "id": task.id,
        }
        if not finished:
            return common | {"progress": 0, "status": "pending"}
        common |= {
            "actual_time": int(task.finishes) - int(task.created),
            "completed": int(task.finishes),
            "progress": 100,
        }
        if task.fails:
            return common | {"error": _error(task, language), "status": "failed"}
        image = {"expires_at": task.expires, "url": [f"{self._files}/f/image/{task.file_name}"]}
        return common | {"result": {"images": [image]}, "status": "completed"}


def costs(dollars: float) -> dict[str, float]:
    """A price in both its currencies."""
    return {"cost": dollars, "credits_cost": credit(Decimal(str(dollars)))}


def credit(dollars: Decimal) -> float:
    """Dollars as the credits that the service also counts in."""
    return float(dollars * CREDITS_PER_DOLLAR)


def _error(task: Task, language: str) -> dict[str, Any]:
    if task.blocked:
        message = BLOCKED.told_in(language)
        return {"code": "moderation_blocked", "message": message, "type": "invalid_request_error"}
    return {"code": 500, "message": FAILED.told_in(language), "type": "server_error"}
