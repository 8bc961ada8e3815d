"""What is known about a job, as lines of a label and a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.prices import money
from gptimg_desktop.core.request import FileReference
from gptimg_desktop.core.sizes import AUTO, PixelSize, outcomes
from gptimg_desktop.ui.gallery.caption import delivered, elapsed, started_at

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.request import Reference

_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600
_MOST_NAME: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the details."""

    label: str
    text: str


def facts_of(job: Job, now: float) -> tuple[Fact, ...]:
    """Every line that has something to say, in reading order. `now` is Unix seconds."""
    lines = {
        _tr("Asked"): asked_text(job),
        _tr("Got"): _got_text(job),
        _tr("Price"): price_text(job),
        _tr("References"): _references_text(job.request.references),
        _tr("Route"): _tr("Official channel") if job.request.official_fallback else "",
        _tr("Created"): moment(job.created_at),
        _tr("Took"): _took_text(job),
        _tr("Running"): _running_text(job, now),
        _tr("Fetch until"): _expiry_text(job, now),
        _tr("Service says"): job.status_word,
        _tr("Service"): _service_text(job),
    }
    return tuple(Fact(label=label, text=text) for label, text in lines.items() if text)


def asked_text(job: Job) -> str:
    """The size that was asked for and all that may come: "1:1 at 1K (1024×1024 or 1254×1254)"."""
    request = job.request
    if isinstance(request.size, PixelSize):
        return request.size.label
    name = _tr("Auto") if request.size == AUTO else str(request.size)
    told = _tr("{size} at {tier}").format(size=name, tier=request.tier.label)
    sizes = _tr(" or ").join(size.label for size in outcomes(request.size, request.tier))
    return f"{told} ({sizes})" if sizes else told


def price_text(job: Job) -> str:
    """What the service told that it cost, else what it will probably cost."""
    if job.service == PRACTICE:
        return ""
    if job.cost == job.estimate:
        return money(job.estimate)
    if job.cost is not None:
        return _tr("{cost} (estimated {estimate})").format(cost=money(job.cost), estimate=money(job.estimate))
    return _tr("about {estimate}").format(estimate=money(job.estimate))


def moment(at: float) -> str:
    """A point in time as the user's country writes it, with seconds."""
    written = QDateTime.fromSecsSinceEpoch(int(at))
    locale = QLocale()
    day = locale.toString(written.date(), QLocale.FormatType.ShortFormat)
    return f"{day} {locale.toString(written.time(), 'HH:mm:ss')}"


def clock_time(at: float) -> str:
    """The time of day alone, "14:03:22"."""
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M:%S}"


def _got_text(job: Job) -> str:
    got = delivered(job)
    if got is None:
        return ""
    count = len(job.images)
    return got.label if count == 1 else _tr("{size} and {count} more").format(size=got.label, count=count - 1)


def _references_text(references: tuple[Reference, ...]) -> str:
    return "\n".join(
        f"{position}. {_shortened(item.name if isinstance(item, FileReference) else item.host)}"
        for position, item in enumerate(references, 1)
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 13]}…{name[-12:]}"


def _took_text(job: Job) -> str:
    if job.state is not JobState.SAVED or job.finished_at is None or job.armed_at is None:
        return ""
    return elapsed(job.finished_at - job.armed_at)


def _running_text(job: Job, now: float) -> str:
    started = started_at(job)
    return "" if started is None else elapsed(now - started)


def _expiry_text(job: Job, now: float) -> str:
    """How long the service keeps a picture that is not here yet."""
    if job.state is not JobState.READY or job.expires_at is None:
        return ""
    left = job.expires_at - now
    if left <= 0:
        return _tr("the link has run out; it is tried all the same")
    if left >= 2 * _DAY_S:
        span = _tr("{count} days").format(count=int(left // _DAY_S))
    elif left >= 2 * _HOUR_S:
        span = _tr("{count} hours").format(count=int(left // _HOUR_S))
    else:
        span = elapsed(left)
    return _tr("{when} ({span} left)").format(when=clock_time(job.expires_at), span=span)


def _service_text(job: Job) -> str:
    if job.service == PRACTICE:
        return _tr("Practice (offline, free)")
    return job.service.partition("://")[2] or job.service


def _tr(text: str) -> str:
    return QCoreApplication.translate("Facts", text)
