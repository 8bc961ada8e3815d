"""A job without a picture: what happened, whether it was charged, and what the user is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QRect, Qt

from gptimg_desktop.core.job import NEEDS_USER, Charge, Job, JobState
from gptimg_desktop.ui.gallery.caption import words_of_service
from gptimg_desktop.ui.gallery.tiles.brush import ICON
from gptimg_desktop.ui.gallery.tiles.lines import wrapped
from gptimg_desktop.ui.gallery.tiles.state_icons import STATE_ICONS
from gptimg_desktop.ui.messages import brief, job_charge_label, state_label
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.tiles.brush import Brush
    from gptimg_desktop.ui.gallery.tiles.known import Known
    from gptimg_desktop.ui.gallery.tiles.shape import TileShape

_QUIET: Final = frozenset({JobState.CANCELLED, JobState.CLOSED})
_CHARGE_ICON: Final = 18
"""The width of the sign before the charge, with the gap after it."""
_ASK_HEIGHT: Final = 3 * UNIT


def paint_ended(brush: Brush, shape: TileShape, known: Known) -> None:
    """Icon and state, the reason and the service's own words as far as there is room; the charge, which is
    never cut; at the foot the question where there is one."""
    job, tokens = known.job, brush.tokens
    asks = job.state in NEEDS_USER
    colour = tokens.warning if asks else tokens.muted if job.state in _QUIET else tokens.danger
    if asks:  # what only tells keeps the ground of all tiles: nothing outshines the pictures
        brush.fill(shape.stage, tokens.warning_soft, 6)
    if not shape.has_words:
        brush.lone_icon(STATE_ICONS[job.state], colour, shape.stage)
        return
    foot = shape.room
    if asks:
        place = question_place(shape)
        _paint_question(brush, place)
        foot = foot.adjusted(0, 0, 0, -(foot.bottom() - place.top()) - UNIT // 2)
    charge = wrapped(brush.metrics, job_charge_label(job), foot.width() - _CHARGE_ICON, 3)
    high = brush.line * len(charge)
    above = foot.adjusted(0, 0, 0, -high - UNIT // 2)
    fits = (above.height() - ICON - UNIT // 2) // brush.line - 1
    brush.block(
        above, STATE_ICONS[job.state], state_label(job.state), colour, _reasons(brush, job, above, fits)
    )
    _paint_charge(brush, job, QRect(foot.left(), foot.bottom() - high + 1, foot.width(), brush.line), charge)


def question_place(shape: TileShape) -> QRect:
    """Where a tile asks what is to be done; the words of the question are a button of the tile."""
    width = min(shape.room.width(), 18 * UNIT)
    left = shape.room.left() + (shape.room.width() - width) // 2
    return QRect(left, shape.room.bottom() - _ASK_HEIGHT + 1, width, _ASK_HEIGHT)


def asks_at(job: Job, shape: TileShape) -> QRect:
    """The place of the question on this job's tile; empty where it asks nothing."""
    asks = job.state in NEEDS_USER and not job.images and shape.has_words
    return question_place(shape) if asks else QRect()


def _paint_question(brush: Brush, place: QRect) -> None:
    tokens = brush.tokens
    brush.fill(place, tokens.raised, 6)
    brush.outline(place, tokens.warning, 6)
    room = place.adjusted(UNIT // 2, 0, -UNIT // 2, 0)
    told = QCoreApplication.translate("Tile", "Choose what to do…")
    if brush.metrics.horizontalAdvance(told) > room.width():
        told = QCoreApplication.translate("Tile", "Decide…")
    brush.text(room, told, tokens.warning)


def _reasons(brush: Brush, job: Job, room: QRect, most: int) -> list[tuple[str, str]]:
    """Why it ended, line by line, each with its colour."""
    if job.problem is None or most < 1:
        return []
    ours = wrapped(brush.metrics, brief(job.problem), room.width(), min(4, most))
    left = min(2, most - len(ours))
    theirs = wrapped(brush.metrics, words_of_service(job.problem), room.width(), left) if left else []
    tokens = brush.tokens
    return [(text, tokens.text) for text in ours] + [(text, tokens.muted) for text in theirs]


def _paint_charge(brush: Brush, job: Job, line: QRect, texts: list[str]) -> None:
    """A sign, and beside it whether it was charged."""
    is_free = job.charge is Charge.NONE
    colour = brush.tokens.muted if is_free else brush.tokens.warning
    widest = max((brush.metrics.horizontalAdvance(text) for text in texts), default=0)
    left = line.left() + max(0, (line.width() - widest - _CHARGE_ICON) // 2)
    brush.icon("circle-check" if is_free else "coins", colour, 14, left, line.center().y() - 6)
    place = QRect(left + _CHARGE_ICON, line.top(), widest + 2, line.height())
    for text in texts:
        brush.text(place, text, colour, Qt.AlignmentFlag.AlignLeft)
        place.translate(0, line.height())
