"""What is known about a job, in groups of labelled lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from gptimg_desktop.core.bin import KEPT_S
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.job import OVER, JobState
from gptimg_desktop.core.prices import money
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.request import MODEL
from gptimg_desktop.core.sizes import AUTO, PixelSize, outcomes
from gptimg_desktop.core.take import Part
from gptimg_desktop.ui.gallery.caption import elapsed, on_service_until, started_at
from gptimg_desktop.ui.messages import file_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.core.reference import Reference
    from gptimg_desktop.core.request import GenerationRequest

_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600
_MOST_NAME: Final = 40
_TIMED: Final = frozenset({JobState.SAVED, JobState.FAILED, JobState.REJECTED})
"""Endings for which the time from sending to the end says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line; without a label its text has the whole width.

    `detail` stands below the text; `copied` is what a button beside it copies.
    `is_long` asks for a line of its own, to be copied from; `shows_end` for its end where there is no room
    for all of it.
    """

    label: str
    text: str
    detail: str = ""
    copied: str = ""
    is_long: bool = False
    shows_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGroup:
    """Lines that belong together; `part` is what of the settings they tell, where it can be used again."""

    heading: str
    facts: tuple[Fact, ...]
    part: Part | None = None


def fact_groups(job: Job, now: float) -> tuple[FactGroup, ...]:
    """Everything that has something to say, in reading order. `now` is Unix seconds."""
    groups = _of_an_import(job) if job.is_imported else _of_a_request(job, now)
    told = {heading: tuple(fact for fact in facts if fact.text) for heading, facts in groups.items()}
    parts = {} if job.is_imported else {_tr("Asked for"): Part.SIZE, _tr("References"): Part.REFERENCES}
    return tuple(
        FactGroup(heading=heading, facts=facts, part=parts.get(heading))
        for heading, facts in told.items()
        if facts
    )


def _of_a_request(job: Job, now: float) -> dict[str, Iterable[Fact]]:
    return {
        _tr("Came back"): _result(job.images),
        _tr("Asked for"): _asked(job.request),
        _tr("References"): _references(job.request.references),
        _tr("Cost"): _cost(job),
        _tr("Times"): (*_times(job, now), *_put_away(job)),
        _tr("Service"): _service(job, now),
    }


def _of_an_import(job: Job) -> dict[str, Iterable[Fact]]:
    """Nobody was asked for it, and nothing was paid."""
    made = Fact(label=_tr("Made"), text=moment(job.created_at))
    return {_tr("Picture"): _result(job.images), _tr("Times"): (made, *_put_away(job))}


def moment(at: float) -> str:
    """A point in time as the user's country writes it, with seconds."""
    written = QDateTime.fromSecsSinceEpoch(int(at))
    locale = QLocale()
    day = locale.toString(written.date(), QLocale.FormatType.ShortFormat)
    return f"{day} {locale.toString(written.time(), 'HH:mm:ss')}"


def clock_time(at: float) -> str:
    """The time of day alone, "14:03:22"."""
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M:%S}"


# What was asked for


def _asked(request: GenerationRequest) -> Iterable[Fact]:
    yield Fact(label=_tr("Size"), text=_size_text(request))
    yield Fact(label=_tr("Resolution"), text=request.tier.label)
    yield Fact(label=_tr("Pixels"), text=_promised_text(request))
    yield Fact(label=_tr("Images"), text="1")
    yield Fact(label=_tr("Official channel"), text=_tr("on") if request.official_fallback else _tr("off"))
    yield Fact(label=_tr("Model"), text=MODEL)


def _size_text(request: GenerationRequest) -> str:
    if isinstance(request.size, PixelSize):
        return request.size.label
    return _tr("Auto") if request.size == AUTO else str(request.size)


def _promised_text(request: GenerationRequest) -> str:
    """All that may come back: "1024×1024 or 1254×1254"."""
    sizes = outcomes(request.size, request.tier)
    return _tr(" or ").join(size.label for size in sizes) or _tr("the service decides")


def _references(references: tuple[Reference, ...]) -> Iterable[Fact]:
    return (_reference(number, reference) for number, reference in enumerate(references, 1))


def _reference(number: int, reference: Reference) -> Fact:
    if isinstance(reference, FileReference):
        kind = reference.media_type.rpartition("/")[2].upper()
        told = (_tr("File"), kind, file_size(reference.size_bytes))
        pixels = PixelSize(reference.width, reference.height).label
        text = f"{number}. {_shortened(reference.name)}"
        return Fact(label="", text=text, detail=" · ".join((*told, pixels)))
    text = f"{number}. {_shortened(reference.host)}"
    path = reference.url.partition("://")[2].partition("/")[2]
    detail = " · ".join((_tr("Address"), _shortened(f"/{path}")))
    return Fact(label="", text=text, detail=detail, copied=reference.url)


def _shortened(name: str) -> str:
    return name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 13]}…{name[-12:]}"


# What came


def _result(images: tuple[SavedImage, ...]) -> Iterable[Fact]:
    if len(images) == 1:
        yield from _one_image(images[0])
        return
    for number, image in enumerate(images, 1):
        told = (image.pixels.label, image.format.upper(), file_size(image.size_bytes))
        yield Fact(label=_tr("Image {number}").format(number=number), text=" · ".join(told))
        yield Fact(
            label=_tr("File {number}").format(number=number), text=image.path, is_long=True, shows_end=True
        )


def _one_image(image: SavedImage) -> Iterable[Fact]:
    yield Fact(label=_tr("Pixels"), text=image.pixels.label)
    yield Fact(label=_tr("Format"), text=image.format.upper())
    yield Fact(label=_tr("File size"), text=file_size(image.size_bytes))
    label = _tr("File (changed since)") if image.is_changed else _tr("File")
    label = _tr("File (not there any more)") if image.is_missing else label
    yield Fact(label=label, text=image.path, is_long=True, shows_end=True)


# What it cost


def _cost(job: Job) -> Iterable[Fact]:
    """Nothing about the practice service's play money."""
    if job.service != PRACTICE:
        yield Fact(label=_tr("Estimated"), text=money(job.estimate))
        yield Fact(label=_tr("Service says"), text="" if job.cost is None else money(job.cost))
    attempts = job.attempt if job.attempt > 1 or job.doubts else 0
    yield Fact(label=_tr("Times sent"), text=str(attempts) if attempts else "")
    yield Fact(label=_tr("Doubtful"), text=_doubts_text(job.doubts))


def _doubts_text(doubts: int) -> str:
    if doubts == 1:
        return _tr("1 earlier attempt may have been charged")
    return _tr("{count} earlier attempts may have been charged").format(count=doubts) if doubts else ""


# When


def _times(job: Job, now: float) -> Iterable[Fact]:
    yield Fact(label=_tr("Asked"), text=moment(job.created_at))
    later = {
        _tr("Sent"): job.armed_at,
        _tr("Accepted"): job.accepted_at,
        _tr("Finished"): job.finished_at,
    }
    for label, at in later.items():
        yield Fact(label=label, text="" if at is None else _since(job.created_at, at))
    yield Fact(label=_tr("Took"), text=_took_text(job))
    yield Fact(label=_tr("Running"), text=_running_text(job, now))


def _put_away(job: Job) -> Iterable[Fact]:
    """Since when it is in the bin, and how long it stays there."""
    if job.binned_at is None:
        return
    day = QDateTime.fromSecsSinceEpoch(int(job.binned_at + KEPT_S)).date()
    until = QLocale().toString(day, QLocale.FormatType.ShortFormat)
    goes = job.state in OVER
    detail = _tr("goes for good on {day}").format(day=until) if goes else ""
    yield Fact(label=_tr("In the bin"), text=moment(job.binned_at), detail=detail)


def _since(day: float, at: float) -> str:
    """The time of day alone where it was the same day."""
    dates = [datetime.fromtimestamp(each).astimezone().date() for each in (day, at)]
    return clock_time(at) if dates[0] == dates[1] else moment(at)


def _took_text(job: Job) -> str:
    if job.state not in _TIMED or job.finished_at is None or job.armed_at is None:
        return ""
    return elapsed(job.finished_at - job.armed_at)


def _running_text(job: Job, now: float) -> str:
    started = started_at(job)
    return "" if started is None else elapsed(now - started)


# Who


def _service(job: Job, now: float) -> Iterable[Fact]:
    yield Fact(label=_tr("Address"), text=_service_text(job))
    yield Fact(label=_tr("Status"), text=_shortened(job.status_word))
    yield Fact(label=_tr("Fetch until"), text=_expiry_text(job, now))
    for number, task_id in enumerate(job.task_ids, 1):
        label = _tr("Task id") if number == 1 else _tr("Task id {number}").format(number=number)
        yield Fact(label=label, text=task_id, is_long=True)


def _expiry_text(job: Job, now: float) -> str:
    """How long the service keeps a picture that is not here yet."""
    until = on_service_until(job)
    if until is None:
        return ""
    left = until - now
    if left <= 0:
        return _tr("the link has run out; it is tried all the same")
    if left >= 2 * _DAY_S:
        span = _tr("{count} days").format(count=int(left // _DAY_S))
    elif left >= 2 * _HOUR_S:
        span = _tr("{count} hours").format(count=int(left // _HOUR_S))
    else:
        span = elapsed(left)
    return _tr("{when} ({span} left)").format(when=_since(now, until), span=span)


def _service_text(job: Job) -> str:
    if job.service == PRACTICE:
        return _tr("Practice (offline, free)")
    return job.service.partition("://")[2] or job.service


def _tr(text: str) -> str:
    return QCoreApplication.translate("Facts", text)
