"""What a tile says in words: the prompt's beginning, the size, how long it has been running."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from gptimg_desktop.core.bin import KEPT_S
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.filter import Sort
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.prices import money
from gptimg_desktop.core.sizes import AUTO, PixelSize, outcomes
from gptimg_desktop.ui.messages import brief, job_charge_label, state_label, unseen_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.usual_times import UsualTime

_UNBROKEN: Final = "\u00a0"
_MOST_TITLE: Final = 120
_MOST_WORDS: Final = 240
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
STILL_SENDING_S: Final = 60
SLOW_S: Final = 120
VERY_SLOW_S: Final = 600
"""When a tile says that something takes long. They are words alone: nothing ends because of them."""
_UNANSWERED: Final = frozenset({ProblemKind.ODD_ANSWER, ProblemKind.TASK_UNKNOWN})
"""Notes on a job that is being made which say that looking at it told nothing."""
_NO_TROUBLE: Final = frozenset({ProblemKind.TASK_RECOVERED, ProblemKind.SEVERAL_TASKS})
"""Notes that keep no picture from being fetched."""
_OF_THE_LINE: Final = frozenset(
    {
        ProblemKind.UNREACHABLE,
        ProblemKind.TLS_UNTRUSTED,
        ProblemKind.MOVED,
        ProblemKind.KEY_MISSING,
        ProblemKind.KEY_REFUSED,
        ProblemKind.BALANCE_EMPTY,
        ProblemKind.RATE_LIMITED,
        ProblemKind.SERVICE_BUSY,
    }
)
"""Notes on a waiting job that were as true of all others, and may be over."""


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
    """Pixels: what came, then what was asked for where that differs; else what is asked for."""
    return _sizes(job, _label)


def state_line(job: Job, now: float | None = None, *, has_sign: bool = False) -> str:
    """The line below the prompt on a tile. `now` (Unix seconds) tells how long the bin keeps it; `has_sign`
    where a sign beside it tells practice."""
    parts = [size_line(job)]
    if job.state is not JobState.SAVED:
        parts.insert(0, state_words(job))
    if now is not None and job.binned_at is not None:
        parts.insert(0, days_in_bin(job, now))
    if job.service == PRACTICE and not has_sign:
        parts.append(_tr("practice"))
    if job.is_imported:
        parts.append(_tr("imported"))
    return " · ".join(part for part in parts if part)


def days_in_bin(job: Job, now: float) -> str:
    """How long the bin still keeps a job: "12 days left"; "" where it is not in the bin."""
    if job.binned_at is None:
        return ""
    left = job.binned_at + KEPT_S - now
    if left > _DAY_S:
        return _tr("{count} days left").format(count=math.ceil(left / _DAY_S))
    return time_left(left) if left > 0 else _tr("Goes at the next start")


def is_held_up(job: Job) -> bool:
    """True while a finished picture was tried to be fetched and did not come."""
    return job.state is JobState.READY and job.note is not None and job.note.kind not in _NO_TROUBLE


def state_words(job: Job) -> str:
    """Where a job stands, in one to four words."""
    return _tr("Cannot be fetched yet") if is_held_up(job) else state_label(job.state)


def present_note(job: Job) -> Problem | None:
    """What is noted on a job, as far as it is so now: what held a waiting job up with all the others may be
    over, and is told by what holds them."""
    if job.state is JobState.QUEUED and job.note is not None and job.note.kind in _OF_THE_LINE:
        return None
    return job.note


def damage(job: Job) -> Problem | None:
    """What is said about a picture that the service itself delivered damaged; None for any other."""
    note = job.note if job.state is JobState.SAVED else None
    return note if note is not None and note.kind is ProblemKind.DELIVERED_DAMAGED else None


def accessible_text(job: Job, unseen: Problem | None = None) -> str:
    """The whole tile for a screen reader: "oak chair, 2048 by 1152, picked, saved". `unseen` says why its
    picture could not be shown."""
    parts = [title(job), _sizes(job, _spoken), *_marks(job), state_words(job).lower()]
    if job.problem is not None:
        parts.append(brief(job.problem))
    wrong = damage(job) or unseen
    if wrong is not None:
        parts.append(unseen_picture(wrong)[0].lower())
    if not job.is_running and job.state is not JobState.SAVED:
        parts.append(job_charge_label(job).lower())
    return ", ".join(part for part in parts if part)


def _marks(job: Job) -> list[str]:
    """What the user said about it, and where it comes from."""
    said = {
        _tr("picked"): job.picked,
        _tr("rejected"): job.rejected,
        _tr("practice"): job.service == PRACTICE,
        _tr("imported"): job.is_imported,
        _tr("in the bin"): job.binned_at is not None,
        _tr("file missing"): any(image.is_missing for image in job.images),
        _tr("file changed since it was saved"): any(image.is_changed for image in job.images),
    }
    return [word for word, is_so in said.items() if is_so]


def scroll_words(job: Job, sort: Sort, now: float) -> str:
    """What a list has come to at a job, in the words of what it is sorted by."""
    if sort is Sort.SIZE:
        return size_line(job)
    if sort is Sort.COST:
        return money(job.price)
    then, today = _day(job.created_at), _day(now)
    if (today - then).days in {0, 1}:
        return _tr("Today") if then == today else _tr("Yesterday")
    return QLocale().toString(QDate(then.year, then.month, then.day), QLocale.FormatType.LongFormat)


def place_in_line(place: int, waiting: int) -> str:
    """Where a waiting job stands, counted from 1."""
    if place == 1:
        return _tr("Next in line")
    number = QLocale().toString
    return _tr("Place {place} of {waiting}").format(place=number(place), waiting=number(waiting))


def time_line(job: Job, now: float, usual: UsualTime | None) -> str:
    """How long a job has been worked on, and how long that usually takes: "0:23 of about 0:48"."""
    began = started_at(job)
    if began is None:
        return ""
    spent = elapsed(now - began)
    if usual is None or job.state is not JobState.ACCEPTED or job.accepted_at is None:
        return spent
    about = usual.median + max(0.0, job.accepted_at - began)
    told = _tr("{spent} of about {usual}") if now - began <= about else _tr("{spent}, usually {usual}")
    first, blank, rest = told.partition(" ")
    return (first + blank + rest.replace(" ", _UNBROKEN)).format(spent=spent, usual=elapsed(about))


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


def goes_on_when_hidden(job: Job) -> bool:
    """True for what was sent: it cannot be taken back, and its picture comes home wherever the tile is."""
    return job.is_running and job.state is not JobState.QUEUED


# What takes long


def patience(job: Job, now: float, *, silent_since: float | None = None) -> str:
    """A word where a job takes long or its picture waits to be fetched; "" where there is nothing to say.

    `now` and `silent_since` (when looking first told nothing) are Unix seconds.
    """
    if job.state is JobState.SENDING and job.armed_at is not None:
        return _tr("Still waiting for confirmation") if now - job.armed_at >= STILL_SENDING_S else ""
    if job.state is JobState.READY:
        held_up = _tr("Cannot be fetched yet; still trying") if is_held_up(job) else ""
        return ". ".join(told for told in (held_up, _still_there(job, now)) if told)
    if job.state is not JobState.ACCEPTED:
        return ""
    if is_silent(job):
        return _silence(silent_since, now)
    waited = now - (now if job.accepted_at is None else job.accepted_at)
    if waited >= VERY_SLOW_S:
        return _tr("Taking much longer than usual; still looking")
    return _tr("Taking longer than usual") if waited >= SLOW_S else ""


def short_patience(job: Job, now: float) -> str:
    """How long a finished picture can still be fetched, where there is no room for more; else ""."""
    until = on_service_until(job)
    return "" if until is None or until <= now else time_left(until - now)


def is_silent(job: Job) -> bool:
    """True while the service says nothing usable about a job that it took."""
    return job.state is JobState.ACCEPTED and job.note is not None and job.note.kind in _UNANSWERED


def on_service_until(job: Job) -> float | None:
    """Until when a finished picture that is not here can be fetched, as far as is known (Unix seconds)."""
    return job.fetch_until if job.state is JobState.READY else None


def day_and_time(at: float, now: float) -> str:
    """A moment near now: "14:00", "tomorrow 14:00", else with its date."""
    then, today = datetime.fromtimestamp(at).astimezone(), datetime.fromtimestamp(now).astimezone().date()
    days = (then.date() - today).days
    if days == 0:
        return f"{then:%H:%M}"
    if days == 1:
        return _tr("tomorrow {time}").format(time=f"{then:%H:%M}")
    day = QDate(then.year, then.month, then.day)
    return f"{QLocale().toString(day, QLocale.FormatType.ShortFormat)} {then:%H:%M}"


def time_left(seconds: float) -> str:
    """A span in its largest unit: "3 h left", "45 min left"; the last two minutes as a clock."""
    if seconds >= 2 * _DAY_S:
        return _tr("{count} days left").format(count=int(seconds // _DAY_S))
    if seconds >= 2 * _HOUR_S:
        return _tr("{count} h left").format(count=int(seconds // _HOUR_S))
    if seconds >= 2 * _MINUTE_S:
        return _tr("{count} min left").format(count=int(seconds // _MINUTE_S))
    return _tr("{time} left").format(time=elapsed(seconds))


def _still_there(job: Job, now: float) -> str:
    until = on_service_until(job)
    if until is None:
        return ""
    if until <= now:
        return _tr("The link has run out; it is tried all the same")
    told = _tr("On the service until {when}, {left}")
    left = time_left(until - now).replace(" ", _UNBROKEN)  # a line that wraps wraps before it
    return told.format(when=day_and_time(until, now), left=left)


def _silence(since: float | None, now: float) -> str:
    if since is None:
        return _tr("The service says nothing about it; still looking")
    return _tr("Nothing heard since {when}; still looking").format(when=day_and_time(since, now))


def _sizes(job: Job, word: Callable[[PixelSize], str]) -> str:
    """What came, what was asked for where that differs, else what is asked for; each size in `word`."""
    asked, got = expected(job), delivered(job)
    if got is not None and (asked is None or asked == got or job.is_imported):
        return word(got)
    if got is not None and asked is not None:
        return _tr("{got}, asked {asked}").format(got=word(got), asked=word(asked))
    if asked is not None:
        return word(asked)
    return _tr("auto, {tier}").format(tier=job.request.tier.label) if job.request.size == AUTO else ""


def _label(size: PixelSize) -> str:
    return size.label


def _spoken(size: PixelSize) -> str:
    return _tr("{width} by {height}").format(width=size.width, height=size.height)


def _day(at: float) -> date:
    return datetime.fromtimestamp(at).astimezone().date()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tile", text)
