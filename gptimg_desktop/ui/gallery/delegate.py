"""Paints one tile: the picture, or what is known about the picture that is to come."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Charge, Job, JobState
from gptimg_desktop.ui.gallery.caption import (
    damage,
    delivered,
    elapsed,
    expected,
    is_held_up,
    patience,
    started_at,
    state_line,
    state_words,
    title,
    words_of_service,
)
from gptimg_desktop.ui.gallery.model import Role
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.icons import pixmap
from gptimg_desktop.ui.messages import brief, job_charge_label, state_label, unseen_picture
from gptimg_desktop.ui.theme import UNIT, Tokens, tokens_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

_log = logging.getLogger(__name__)

STATE_ICONS: Final = {
    JobState.QUEUED: "clock",
    JobState.SENDING: "send",
    JobState.UNCONFIRMED: "circle-help",
    JobState.ACCEPTED: "sparkles",
    JobState.READY: "download",
    JobState.SAVED: "circle-check",
    JobState.FAILED: "circle-x",
    JobState.REJECTED: "ban",
    JobState.CANCELLED: "circle-x",
    JobState.CLOSED: "eye-off",
    JobState.LOST: "image-off",
}
_LOUD: Final = frozenset({JobState.UNCONFIRMED, JobState.LOST})
_LOUD_UNSEEN: Final = frozenset(
    {ProblemKind.DELIVERED_DAMAGED, ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING}
)
_MOST_DRAWINGS: Final = 256
_SWEEP_S: Final = 2.4
"""Seconds for one pass of the light over a tile that is being worked on."""
_CHARGE_ICON: Final = 18
"""The width of the sign before the charge, with the gap after it."""
_MOST_PATIENCE: Final = 4
"""Lines for why something takes long."""
_TEXT_ROOM: Final = 128
"""The least width for a state in words below its icon."""


class TileDelegate(QStyledItemDelegate):
    """Tiles of one size: a square of neutral ground, two lines of text below. `clock` gives Unix seconds."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
        silences: Silences | None = None,
    ) -> None:
        self._clock = clock
        self._silences = silences or Silences()
        self._cell = QSize(208, 256)
        self._drawings: dict[tuple[str, str, int, float], QPixmap] = {}
        super().__init__(parent)

    def set_cell(self, cell: QSize) -> None:
        self._cell = cell

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return self._cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        try:
            job = index.data(Role.JOB)
            if isinstance(job, Job):
                now = self._clock()
                told = patience(job, now, silent_since=self._silences.since(job.id))
                tile = _Tile(painter, option, job, now, self._drawing, patience=told)
                tile.paint(index.data(Role.THUMBNAIL), index.data(Role.UNSEEN))
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("tile not painted")
        finally:
            painter.restore()

    def _drawing(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """An icon that was drawn before: tiles at work are painted many times a second."""
        wanted = (name, colour, size, ratio)
        drawing = self._drawings.get(wanted)
        if drawing is None:
            if len(self._drawings) >= _MOST_DRAWINGS:
                self._drawings.clear()
            drawing = self._drawings[wanted] = pixmap(name, colour, size, ratio)
        return drawing


class _Tile:
    """One painting of one tile."""

    def __init__(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        job: Job,
        now: float,
        drawing: Callable[[str, str, int, float], QPixmap],
        *,
        patience: str,
    ) -> None:
        self._drawing = drawing
        self._patience = patience
        self._painter = painter
        self._option = option
        self._job = job
        self._now = now
        self._tokens: Tokens = tokens_for(option.palette)
        self._metrics = QFontMetrics(option.font)
        self._small = QFont(option.font)
        self._small.setPointSizeF(max(6.0, option.font.pointSizeF() * 0.92))
        cell = option.rect.adjusted(UNIT // 2, UNIT // 2, -UNIT // 2, -UNIT // 2)
        self._cell = cell
        inner = cell.adjusted(UNIT // 2, UNIT // 2, -UNIT // 2, -UNIT // 2)
        lines = 2 * self._metrics.lineSpacing() + UNIT
        self._stage = QRect(inner.left(), inner.top(), inner.width(), max(16, inner.height() - lines))
        self._caption = QRect(inner.left(), self._stage.bottom() + UNIT // 2, inner.width(), lines)

    def paint(self, thumbnail: object, unseen: object) -> None:
        self._painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self._paint_ground()
        if self._job.images:
            self._paint_result(thumbnail, unseen)
        elif self._job.is_running:
            self._paint_work()
        else:
            self._paint_ending()
        if self._job.picked:
            self._paint_star()
        self._paint_caption()
        self._paint_ring()

    # Ground and frame

    def _paint_ground(self) -> None:
        state = self._option.state
        if state & QStyle.StateFlag.State_Selected:
            self._fill(self._cell, self._tokens.accent_soft, UNIT)
        elif state & QStyle.StateFlag.State_MouseOver:
            self._fill(self._cell, self._tokens.hover, UNIT)
        self._fill(self._stage, self._tokens.canvas, UNIT * 0.75)

    def _paint_ring(self) -> None:
        state = self._option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if not selected and not state & QStyle.StateFlag.State_HasFocus:
            return
        pen = QPen(QColor(self._tokens.accent), 2 if selected else 1)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(QRectF(self._cell).adjusted(1, 1, -1, -1), UNIT, UNIT)

    # The middle

    def _paint_result(self, thumbnail: object, unseen: object) -> None:
        """The picture, or why it cannot be seen; what came damaged is marked where it can be seen at all."""
        image, damaged = thumbnail if isinstance(thumbnail, QImage) else QImage(), damage(self._job)
        if image.isNull() and isinstance(unseen, Problem):
            self._paint_unseen(damaged or unseen)
            return
        self._paint_picture(image)
        if damaged is not None:
            self._paint_mark(unseen_picture(damaged)[0])

    def _paint_unseen(self, problem: Problem) -> None:
        loud = problem.kind in _LOUD_UNSEEN
        colour = self._tokens.warning if loud else self._tokens.muted
        self._fill(self._stage, self._tokens.warning_soft if loud else self._tokens.raised, UNIT * 0.75)
        label, more = unseen_picture(problem)
        room = self._room()
        fits = self._lines_below(room, 2)
        lines = wrapped(self._metrics, more, room.width(), fits) if fits > 1 else []
        told = [(text, self._tokens.text) for text in lines]
        self._paint_block(room, "image-off", label, colour, told, most_label=2)

    def _paint_mark(self, text: str) -> None:
        """A sign and a word at the foot of a picture, on a ground of their own."""
        has_room = self._stage.width() >= _TEXT_ROOM
        room = self._stage.width() - 2 * UNIT
        word = self._metrics.horizontalAdvance(text) + UNIT // 2 + 2 if has_room else 0
        height = max(22, self._metrics.lineSpacing() + 4)
        mark = QRect(0, 0, min(room, UNIT + 14 + word + UNIT), height)
        mark.moveBottomLeft(self._stage.bottomLeft() + QPoint(UNIT, -UNIT))
        self._fill(mark, self._tokens.warning_soft, height / 2)
        sign = QPointF(mark.left() + UNIT, mark.top() + (height - 14) // 2)
        self._icon("triangle-alert", self._tokens.warning, 14, sign)
        if has_room:
            place = mark.adjusted(UNIT + 14 + UNIT // 2, 0, -UNIT, 0)
            self._text(place, text, self._tokens.warning, Qt.AlignmentFlag.AlignLeft)

    def _paint_picture(self, image: QImage) -> None:
        if image.isNull():
            self._fill(self._framed(), self._tokens.raised, 2)
            return
        fitted = fit(image.size(), self._room())
        ratio = self._painter.device().devicePixelRatioF()
        if image.width() > 2 * fitted.width() * ratio:
            # Bilinear drawing looks at four pixels only: a much larger picture is made small first.
            image = image.scaled(
                QSize(round(fitted.width() * ratio), round(fitted.height() * ratio)),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self._painter.drawImage(QRectF(fitted), image)

    def _paint_work(self) -> None:
        frame = self._framed()
        self._fill(frame, self._tokens.raised, 4)
        held_up = is_held_up(self._job)
        if self._job.state is not JobState.QUEUED and not held_up:
            self._paint_sweep(frame)
        self._painter.setPen(QPen(QColor(self._tokens.border), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        started = started_at(self._job)
        time_line = "" if started is None else elapsed(self._now - started)
        has_room = self._stage.width() >= _TEXT_ROOM
        word = state_words(self._job) if has_room else ""
        waits = self._job.state is JobState.QUEUED
        colour = self._tokens.muted if waits else self._tokens.warning if held_up else self._tokens.accent
        told = (
            wrapped(self._metrics, self._patience, self._room().width() - 2 * UNIT, _MOST_PATIENCE)
            if has_room
            else []
        )
        if held_up:  # a clock would say that something goes on
            time_line = told.pop(0) if told else ""
        self._paint_stack(colour, [word, time_line] if waits else [time_line or word, *told])

    def _paint_sweep(self, frame: QRect) -> None:
        """A band of light that goes over the frame: work goes on, and nobody knows how far it is."""
        phase = (self._now % _SWEEP_S) / _SWEEP_S
        band = max(48.0, frame.width() * 0.6)
        left = frame.left() - band + (frame.width() + band) * phase
        light = QLinearGradient(QPointF(left, 0), QPointF(left + band, 0))
        soft = QColor(self._tokens.accent_soft)
        clear = QColor(soft)
        clear.setAlpha(0)
        light.setColorAt(0, clear)
        light.setColorAt(0.5, soft)
        light.setColorAt(1, clear)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(frame), 4, 4)
        self._painter.fillPath(shape, light)

    def _paint_ending(self) -> None:
        """A job without a picture: what happened, and whether it was charged."""
        loud = self._job.state in _LOUD
        ended_by_user = self._job.state in {JobState.CANCELLED, JobState.CLOSED}
        quiet = self._tokens.muted if ended_by_user else self._tokens.danger
        self._fill(self._stage, self._tokens.warning_soft if loud else self._tokens.raised, UNIT * 0.75)
        self._paint_message(self._tokens.warning if loud else quiet)

    def _paint_message(self, colour: str) -> None:
        """Icon and state, the reason and the service's own words as far as there is room, the charge at the
        foot: that one is never cut."""
        line = self._metrics.lineSpacing() + 1
        room = self._room()
        charge = wrapped(self._metrics, job_charge_label(self._job), room.width() - _CHARGE_ICON, 3)
        foot = line * len(charge)
        above = room.adjusted(0, 0, 0, -foot - UNIT // 2)
        told = self._reasons(room.width(), max(1, self._lines_below(above, 1)))
        state = self._job.state
        self._paint_block(above, STATE_ICONS[state], state_label(state), colour, told)
        self._paint_charge(QRect(room.left(), room.bottom() - foot + 1, room.width(), line), charge)

    def _lines_below(self, room: QRect, labels: int) -> int:
        """How many lines of text have room below an icon and a label of so many lines."""
        return (room.height() - 24 - UNIT // 2) // (self._metrics.lineSpacing() + 1) - labels

    def _paint_block(
        self,
        room: QRect,
        icon: str,
        label: str,
        colour: str,
        told: list[tuple[str, str]],
        *,
        most_label: int = 1,
    ) -> None:
        """An icon, a label and lines of text, each with its colour, in the middle of a room."""
        bold = QFont(self._option.font)
        bold.setBold(True)
        labels = wrapped(QFontMetrics(bold), label, room.width() - 2, most_label)  # an edge for rounding
        line = self._metrics.lineSpacing() + 1
        block = 24 + UNIT // 2 + line * (len(labels) + len(told))
        top = room.top() + max(0, (room.height() - block) // 2)
        self._icon(icon, colour, 24, QPointF(room.center().x() - 12, top))
        place = QRect(room.left(), top + 24 + UNIT // 2, room.width(), line)
        for text in labels:
            self._text(place, text, colour, font=bold)
            place.translate(0, line)
        for text, tone in told:
            self._text(place, text, tone)
            place.translate(0, line)

    def _reasons(self, width: int, most: int) -> list[tuple[str, str]]:
        """Why it ended, line by line, each with its colour."""
        if self._job.problem is None:
            return []
        ours = wrapped(self._metrics, brief(self._job.problem), width, min(4, most))
        left = min(2, most - len(ours))
        theirs = wrapped(self._metrics, words_of_service(self._job.problem), width, left) if left else []
        return [(text, self._tokens.text) for text in ours] + [(text, self._tokens.muted) for text in theirs]

    def _paint_charge(self, line: QRect, texts: list[str]) -> None:
        """A sign, and beside it whether it was charged."""
        charge = self._job.charge
        icon = "circle-check" if charge is Charge.NONE else "coins"
        colour = self._tokens.muted if charge is Charge.NONE else self._tokens.warning
        widest = max((self._metrics.horizontalAdvance(text) for text in texts), default=0)
        left = line.left() + max(0, (line.width() - widest - _CHARGE_ICON) // 2)
        self._icon(icon, colour, 14, QPointF(left, line.center().y() - 6))
        place = QRect(left + _CHARGE_ICON, line.top(), widest + 2, line.height())
        for text in texts:
            self._text(place, text, colour, Qt.AlignmentFlag.AlignLeft)
            place.translate(0, line.height())

    def _paint_stack(self, colour: str, texts: list[str]) -> None:
        """The state's icon in the middle of the stage, lines of text below it."""
        told = [text for text in texts if text]
        line = self._metrics.lineSpacing()
        height = 20 + (UNIT // 2 + line * len(told) if told else 0)
        top = self._stage.center().y() - height // 2
        self._icon(STATE_ICONS[self._job.state], colour, 20, QPointF(self._stage.center().x() - 9, top))
        top += 20 + UNIT // 2
        for text in told:
            self._text(QRect(self._stage.left(), top, self._stage.width(), line), text, self._tokens.text)
            top += line

    # Corner and foot

    def _paint_star(self) -> None:
        corner = self._stage.topRight() + QPointF(-28, 5).toPoint()
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(0, 0, 0, 150))
        self._painter.drawEllipse(QRect(corner.x(), corner.y(), 24, 24))
        self._painter.setBrush(QColor("#ffd166"))
        self._painter.drawPath(star(QPointF(corner.x() + 12, corner.y() + 12.5), 7.5))

    def _paint_caption(self) -> None:
        line = self._metrics.lineSpacing()
        first = QRect(self._caption.left() + 2, self._caption.top() + 2, self._caption.width() - 4, line)
        left = Qt.AlignmentFlag.AlignLeft
        self._text(first, title(self._job), self._tokens.text, left)
        second = first.translated(0, line + 2)
        self._text(second, state_line(self._job), self._tokens.muted, left, font=self._small)

    # Strokes

    def _room(self) -> QRect:
        return self._stage.adjusted(UNIT, UNIT, -UNIT, -UNIT)

    def _framed(self) -> QRect:
        """The picture's place on the stage, in the shape that came or was asked for."""
        shape = delivered(self._job) or expected(self._job)
        size = QSize(1, 1) if shape is None else QSize(shape.width, shape.height)
        return fit(size, self._room())

    def _fill(self, rect: QRect, colour: str, radius: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(colour))
        self._painter.drawRoundedRect(QRectF(rect), radius, radius)

    def _icon(self, name: str, colour: str, size: int, at: QPointF) -> None:
        ratio = self._painter.device().devicePixelRatioF()
        self._painter.drawPixmap(at, self._drawing(name, colour, size, ratio))

    def _text(
        self,
        rect: QRect,
        text: str,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
        *,
        font: QFont | None = None,
    ) -> None:
        used = self._option.font if font is None else font
        self._painter.setFont(used)
        self._painter.setPen(QColor(colour))
        shown = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        self._painter.drawText(
            rect, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown
        )


def fit(size: QSize, room: QRect) -> QRect:
    """The largest rectangle of a shape in a room, in the middle of it, at least one pixel in both ways."""
    scaled = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    width, height = max(1, scaled.width()), max(1, scaled.height())
    left = room.left() + (room.width() - width) // 2
    top = room.top() + (room.height() - height) // 2
    return QRect(left, top, width, height)


def wrapped(metrics: QFontMetrics, text: str, width: int, most: int) -> list[str]:
    """A text in up to `most` lines, broken at blanks (anywhere in a script without blanks), the last one
    ending in an ellipsis where more would follow."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most - 1:
        cut = _cut(metrics, rest, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return lines


def _cut(metrics: QFontMetrics, text: str, width: int) -> int:
    """How many characters of a text make its first line: one at least."""
    fits = len(text)
    while fits > 1 and metrics.horizontalAdvance(text[:fits]) > width:
        fits -= 1
    if fits == len(text):
        return fits
    blank = text.rfind(" ", 0, fits + 1)
    return blank + 1 if blank > 0 else fits


def star(centre: QPointF, radius: float) -> QPainterPath:
    """A star with five points."""
    spokes = (
        (0.0, -1.0),
        (0.235, -0.324),
        (0.951, -0.309),
        (0.38, 0.124),
        (0.588, 0.809),
        (0.0, 0.4),
        (-0.588, 0.809),
        (-0.38, 0.124),
        (-0.951, -0.309),
        (-0.235, -0.324),
    )
    path = QPainterPath()
    for position, (x, y) in enumerate(spokes):
        point = QPointF(centre.x() + x * radius, centre.y() + y * radius)
        if position:
            path.lineTo(point)
        else:
            path.moveTo(point)
    path.closeSubpath()
    return path
