"""Paints one tile: the picture, or what is known about the picture that is to come."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.core.errors import Problem
from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.ui.gallery.caption import patience
from gptimg_desktop.ui.gallery.circumstances import Circumstances
from gptimg_desktop.ui.gallery.model import Role
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.tile_cache import TileCache
from gptimg_desktop.ui.gallery.tiles.brush import Brush
from gptimg_desktop.ui.gallery.tiles.caption_lines import caption_height, paint_caption
from gptimg_desktop.ui.gallery.tiles.drawings import Drawings
from gptimg_desktop.ui.gallery.tiles.ended_tile import asks_at, paint_ended
from gptimg_desktop.ui.gallery.tiles.known import Known
from gptimg_desktop.ui.gallery.tiles.lettering import Lettering
from gptimg_desktop.ui.gallery.tiles.marks import paint_marks
from gptimg_desktop.ui.gallery.tiles.result_tile import paint_result
from gptimg_desktop.ui.gallery.tiles.shape import CAPTION_ROOM, TileShape
from gptimg_desktop.ui.gallery.tiles.work_tile import paint_running, paint_waiting
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    Index = QModelIndex | QPersistentModelIndex

_log = logging.getLogger(__name__)

_NOTHING: Final = QImage()
AT_ONCE: Final = 8
_HOUR_S: Final = 3_600
_MARKED: Final = (
    QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
)


class TileDelegate(QStyledItemDelegate):
    """Tiles of any size: a square of neutral ground, two lines of text below where there is room, unless
    `shows_captions` is off. `clock` gives Unix seconds.

    What does not move is painted once and kept in `tiles`; whoever shares that cache says when something that
    is no part of a job, its picture above all, is another. A picture that is not here is asked for by the
    model, and until it comes its place is a quiet ground.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
        silences: Silences | None = None,
        circumstances: Circumstances | None = None,
        tiles: TileCache | None = None,
    ) -> None:
        self._clock = clock
        self._silences = silences or Silences()
        self._circumstances = circumstances or Circumstances()
        self._drawings = Drawings()
        self._tiles = TileCache(0) if tiles is None else tiles
        self._lettering: Lettering | None = None
        self.shows_captions = True
        self.allowance = AT_ONCE
        """How many drawings may still be kept in this frame: one that is kept takes twice as long."""
        super().__init__(parent)

    def foot(self, width: int, metrics: QFontMetrics) -> int:
        """The height of the caption of a tile so wide; 0 where it has none."""
        return caption_height(metrics) if self.shows_captions and width >= CAPTION_ROOM else 0

    def picture_room(self, tile: QSize, metrics: QFontMetrics) -> int:
        """The edge of the square that pictures are drawn in, in device-independent pixels."""
        return max(1, self._shape(QRect(QPoint(0, 0), tile), metrics).room.width())

    def question_at(self, tile: QRect, job: Job, metrics: QFontMetrics) -> QRect:
        """Where a tile asks what is to be done; empty where it asks nothing."""
        return asks_at(job, self._shape(tile, metrics))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return option.rect.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            self._paint(painter, option, index)
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("tile not painted")
        finally:
            painter.restore()

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        job = index.data(Role.JOB)
        look = self._look(painter, option)
        if isinstance(job, Job) and job.state is JobState.QUEUED:
            look = (look, self._circumstances.place(job), self._circumstances.hold_up(job))
        kept = self._tiles.get(job.seq, job, look) if isinstance(job, Job) else None
        is_plain = not option.state & _MARKED
        if kept is not None and is_plain:
            painter.drawPixmap(option.rect.topLeft(), kept)
            return
        brush = self._brush(painter, option)
        shape = self._shape(option.rect, brush.metrics)
        if not is_plain:
            self._paint_ground(brush, shape, option.state)
        if not isinstance(job, Job):
            brush.fill(shape.stage, brush.tokens.canvas, 6)  # read in a moment: nothing that would flash
        elif kept is not None:
            painter.drawPixmap(option.rect.topLeft(), kept)
        else:
            self._paint_new(brush, option, self._known(index, job), look)
        if not is_plain:
            self._paint_ring(brush, shape, option.state)

    def _paint_new(self, brush: Brush, option: QStyleOptionViewItem, known: Known, look: Hashable) -> None:
        """A tile that moves is painted where it stands, one that rests is also kept."""
        job = known.job
        moves = job.is_running and job.state is not JobState.QUEUED
        if self.allowance <= 0 or moves or (job.images and known.picture.isNull() and known.unseen is None):
            self._paint_tile(brush, self._shape(option.rect, brush.metrics), known)
            return
        self.allowance -= 1
        drawing = self._drawn(option, brush.ratio, known)
        self._tiles.put(job.seq, job, look, drawing)
        brush.painter.drawPixmap(option.rect.topLeft(), drawing)

    def _paint_tile(self, brush: Brush, shape: TileShape, known: Known) -> None:
        job = known.job
        brush.fill(shape.stage, brush.tokens.canvas, 6)
        if job.images:
            paint_result(brush, shape, known)
        elif job.state is JobState.QUEUED:
            paint_waiting(brush, shape, known)
        elif job.is_running:
            paint_running(brush, shape, known)
        else:
            paint_ended(brush, shape, known)
        paint_marks(brush, shape, known)
        paint_caption(brush, shape, known)

    def _drawn(self, option: QStyleOptionViewItem, ratio: float, known: Known) -> QPixmap:
        size = option.rect.size()
        drawing = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        drawing.setDevicePixelRatio(ratio)
        drawing.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawing)
        try:
            brush = self._brush(painter, option)
            self._paint_tile(brush, self._shape(QRect(QPoint(0, 0), size), brush.metrics), known)
        finally:
            painter.end()
        return drawing

    def _look(self, painter: QPainter, option: QStyleOptionViewItem) -> Hashable:
        """All that the drawing of a resting tile depends on but its job and its picture."""
        ratio, today = painter.device().devicePixelRatioF(), int(self._clock() / _HOUR_S)
        ground = option.palette.window().color().rgba()
        return option.rect.size().toTuple(), ratio, ground, self.shows_captions, today

    def _paint_ground(self, brush: Brush, shape: TileShape, state: QStyle.StateFlag) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected or state & QStyle.StateFlag.State_MouseOver:
            tokens = brush.tokens
            brush.fill(shape.ground, tokens.accent_soft if is_selected else tokens.hover, UNIT)

    def _paint_ring(self, brush: Brush, shape: TileShape, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_HasFocus:
            brush.outline(shape.ground, brush.tokens.accent, UNIT, 2.0 if selected else 1.0)

    def _known(self, index: Index, job: Job) -> Known:
        now = self._clock()
        if job.is_running:
            return self._known_work(job, now)
        picture = index.data(Role.THUMBNAIL) if job.images else None
        unseen = index.data(Role.UNSEEN) if job.images else None
        return Known(
            job=job,
            now=now,
            picture=picture if isinstance(picture, QImage) else _NOTHING,
            unseen=unseen if isinstance(unseen, Problem) else None,
        )

    def _known_work(self, job: Job, now: float) -> Known:
        around = self._circumstances
        return Known(
            job=job,
            now=now,
            picture=_NOTHING,
            place=around.place(job),
            hold_up=around.hold_up(job),
            time=around.time(job, now),
            short=around.short(job, now),
            patience=patience(job, now, silent_since=self._silences.since(job.id)),
        )

    def _brush(self, painter: QPainter, option: QStyleOptionViewItem) -> Brush:
        if self._lettering is None or self._lettering.plain != option.font:
            self._lettering = Lettering(option.font)
        return Brush(painter, self._lettering, tokens_for(option.palette), self._drawings)

    def _shape(self, tile: QRect, metrics: QFontMetrics) -> TileShape:
        return TileShape.of(tile, foot=self.foot(tile.width(), metrics))
