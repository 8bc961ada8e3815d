"""A job that goes on by itself: it waits its turn, or is being made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainterPath

from gptimg_desktop.ui.gallery.caption import is_held_up, short_patience, state_words
from gptimg_desktop.ui.gallery.tiles.brush import ICON
from gptimg_desktop.ui.gallery.tiles.lines import wrapped
from gptimg_desktop.ui.gallery.tiles.result_tile import framed
from gptimg_desktop.ui.gallery.tiles.state_icons import STATE_ICONS
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.tiles.brush import Brush
    from gptimg_desktop.ui.gallery.tiles.known import Known
    from gptimg_desktop.ui.gallery.tiles.shape import TileShape

_SWEEP_S: Final = 2.4
"""Seconds for one pass of the light over a tile that is being worked on."""
_MOST_LINES: Final = 6
_MOST_LABEL: Final = 2
_NARROWEST_WORDS: Final = 88
_INSET: Final = UNIT // 2
_CORNER: Final = 4


def paint_waiting(brush: Brush, shape: TileShape, known: Known) -> None:
    """The frame of what is to come, its place in line, and what holds the line."""
    tokens, frame = brush.tokens, framed(shape, known.job)
    _paint_frame(brush, frame)
    told = [(known.place, tokens.text), (known.hold_up, tokens.warning)]
    _paint_words(brush, shape, known, tokens.muted, told)


def paint_running(brush: Brush, shape: TileShape, known: Known) -> None:
    """The frame of what is to come, light that moves over it, and the time."""
    tokens, frame = brush.tokens, framed(shape, known.job)
    if is_held_up(known.job):  # a clock would say that something goes on
        _paint_frame(brush, frame)
        _paint_words(brush, shape, known, tokens.warning, [(known.patience, tokens.text)], label="")
        return
    _paint_frame(brush, frame, light=(known.now % _SWEEP_S) / _SWEEP_S)
    told = [(known.time, tokens.text), (known.patience, tokens.muted)]
    _paint_words(brush, shape, known, tokens.accent, told)


def _paint_words(
    brush: Brush,
    shape: TileShape,
    known: Known,
    colour: str,
    told: list[tuple[str, str]],
    *,
    label: str | None = None,
) -> None:
    """Words keep inside the frame: where it is small they become fewer, down to the icon alone."""
    icon, frame = STATE_ICONS[known.job.state], framed(shape, known.job)
    if not shape.has_words:
        brush.lone_icon(icon, colour, shape.stage)
        return
    room = frame.adjusted(_INSET, 0, -_INSET, 0)
    most = (room.height() - ICON - UNIT // 2) // brush.line
    if room.width() < _NARROWEST_WORDS:
        told = [(known.short, brush.tokens.text)]
    if label is None:  # first of all, whatever else there is room for
        label = state_words(known.job)
    labels = _label_lines(brush, room.width(), label)
    most = min(_MOST_LINES, most - labels)
    lines = _lines(brush, room.width(), told, most, last=short_patience(known.job, known.now))
    brush.block(room, icon, label if labels else "", colour, lines, most_label=labels)


def _label_lines(brush: Brush, width: int, label: str) -> int:
    """How many lines a label takes, up to two; 0 where it would be cut even so: then the icon tells it."""
    metrics = brush.lettering.bold_metrics
    lines = wrapped(metrics, label, width - 2, _MOST_LABEL)
    is_whole = " ".join(lines) == label
    return len(lines) if is_whole or width >= _NARROWEST_WORDS else 0


def _lines(
    brush: Brush, width: int, told: list[tuple[str, str]], most: int, *, last: str
) -> list[tuple[str, str]]:
    """Texts as lines of their colours, so many at most. What would be cut leaves room for the `last` word,
    which counts more than how it goes on."""
    lines: list[tuple[str, str]] = []
    for text, colour in told:
        left = max(0, most - len(lines))
        lines += [(line, colour) for line in wrapped(brush.metrics, text, width, left, last=last)]
    return lines


def _paint_frame(brush: Brush, frame: QRect, *, light: float | None = None) -> None:
    brush.fill(frame, brush.tokens.raised, _CORNER)
    if light is not None:
        _paint_light(brush, frame, light)
    brush.outline(frame, brush.tokens.border, _CORNER)


def _paint_light(brush: Brush, frame: QRect, phase: float) -> None:
    """A band of light that goes over the frame: work goes on, and nobody knows how far it is."""
    band = max(48.0, frame.width() * 0.6)
    left = frame.left() - band + (frame.width() + band) * phase
    light = QLinearGradient(QPointF(left, 0), QPointF(left + band, 0))
    soft = QColor(brush.tokens.accent_soft)
    clear = QColor(soft)
    clear.setAlpha(0)
    for place, colour in ((0.0, clear), (0.5, soft), (1.0, clear)):
        light.setColorAt(place, colour)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(frame), _CORNER, _CORNER)
    brush.painter.fillPath(shape, light)
