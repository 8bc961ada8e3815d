"""What a tile says in words: the prompt's beginning, the size, how long it has been running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.sizes import AUTO, PixelSize, outcomes
from gptimg_desktop.ui.messages import brief, job_charge_label, state_label

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job

_MOST_TITLE: Final = 120
_MOST_WORDS: Final = 240


def title(job: Job) -> str:
    """The first words of the prompt, on one line."""
    return " ".join(job.request.prompt[: 2 * _MOST_TITLE].split())[:_MOST_TITLE]


def expected(job: Job) -> PixelSize | None:
    """The size that most probably comes back; None where the service decides."""
    found = outcomes(job.request.size, job.request.tier)
    return found[0] if found else None


def delivered(job: Job) -> PixelSize | None:
    """The size that came back; None while nothing has."""
    return job.images[0].pixels if job.images else None


def size_line(job: Job) -> str:
    """Pixels: what came, what was asked for where that differs, else what is asked for."""
    asked, got = expected(job), delivered(job)
    if got is None:
        return _asked(job)
    if asked is None or asked == got:
        return got.label
    return _tr("asked {asked}, got {got}").format(asked=asked.label, got=got.label)


def state_line(job: Job) -> str:
    """The line below the prompt on a tile."""
    parts = [size_line(job)]
    if job.state is not JobState.SAVED:
        parts.insert(0, state_label(job.state))
    if job.service == PRACTICE:
        parts.append(_tr("practice"))
    return " · ".join(parts)


def accessible_text(job: Job) -> str:
    """The whole tile for a screen reader: "oak chair, 2048×1152, saved"."""
    parts = [title(job), size_line(job), state_label(job.state).lower()]
    if job.problem is not None:
        parts.append(brief(job.problem))
    if not job.is_running and job.state is not JobState.SAVED:
        parts.append(job_charge_label(job).lower())
    if job.picked:
        parts.append(_tr("picked"))
    return ", ".join(part for part in parts if part)


def words_of_service(problem: Problem) -> str:
    """What the service itself said about it, in quotation marks; "" where it said nothing."""
    words = " ".join(str(problem.facts.get("message", ""))[:_MOST_WORDS].split())
    return _tr("“{words}”").format(words=words) if words else ""


def elapsed(seconds: float) -> str:
    """A span of time as a clock shows it: "0:23", "1:04:10"."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def started_at(job: Job) -> float | None:
    """When the present work on a job began (Unix seconds); None before it was sent."""
    if job.state is JobState.SENDING:
        return job.armed_at
    if job.state in {JobState.ACCEPTED, JobState.READY}:
        return job.accepted_at if job.armed_at is None else job.armed_at
    return None


def _asked(job: Job) -> str:
    asked = expected(job)
    if asked is not None:
        return asked.label
    return _tr("auto, {tier}").format(tier=job.request.tier.label) if job.request.size == AUTO else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tile", text)
