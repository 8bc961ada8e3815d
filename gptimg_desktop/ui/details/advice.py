"""What now: the way on after an ending, where the problem's own sentence does not name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job

_ADVICE: Final = {
    JobState.FAILED: QT_TRANSLATE_NOOP(
        "Advice", "The same request may well succeed the next time. It is a new job with its own price."
    ),
    JobState.REJECTED: QT_TRANSLATE_NOOP(
        "Advice", "The same request would most likely be refused again, so change it first."
    ),
    JobState.CANCELLED: QT_TRANSLATE_NOOP("Advice", "It was taken back before anything was sent."),
    JobState.CLOSED: QT_TRANSLATE_NOOP(
        "Advice", "You gave it up. Generating again is a new job with its own price."
    ),
    JobState.LOST: QT_TRANSLATE_NOOP("Advice", "Checking again is free and may still find it."),
}
_SELF_EXPLAINING: Final = frozenset({ProblemKind.MODERATED})


def advice(job: Job) -> str:
    """One or two sentences; empty where there is nothing to do or it was said already."""
    if job.problem is not None and job.problem.kind in _SELF_EXPLAINING:
        return ""
    text = _ADVICE.get(job.state)
    return "" if text is None else QCoreApplication.translate("Advice", str(text))
