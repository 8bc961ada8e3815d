"""Paints the tiles of a view: pictures, or what is known about pictures that are to come."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPixmap

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.caption import patience
from gptimg_desktop.ui.gallery.circumstances import Circumstances
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.stress import PLAIN
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
from gptimg_desktop.ui.gallery.tiles.words import Words
from gptimg_desktop.ui.gallery.tiles.work_tile import paint_running, paint_waiting
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette

    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.gallery.stress import Stress

_log = logging.getLogger(__name__)

_NOTHING: Final = QImage()
_AT_ONCE: Final = 8
"""How many drawings are kept in one frame: one that is kept takes twice as long."""
_HOUR_S: Final = 3_600


class TilePainter:
    """Tiles of any size: a square of neutral ground, two lines of text below where there is room, unless
    `shows_captions` is off. `clock` gives Unix seconds.

    `begin` says for all tiles of a frame how they are painted, `paint` paints one of them. What does not move
    is painted once and kept in `tiles`; whoever shares that cache says when something that is no part of a
    job, its picture above all, is another. A picture that is not here is asked for by the model, and until it
    comes its place is a quiet ground.
    """

    def __init__(
        self,
        model: JobListModel,
        *,
        clock: Callable[[], float] = time.time,
        silences: Silences | None = None,
        circumstances: Circumstances | None = None,
        tiles: TileCache | None = None,
    ) -> None:
        self._jobs = model
        self._clock = clock
        self._silences = silences or Silences()
        self._circumstances = circumstances or Circumstances()
        self._drawings = Drawings()
        self._words = Words()
        self._tiles = TileCache(0) if tiles is None else tiles
        self._lettering: Lettering | None = None
        self._brush: Brush | None = None
        self._size = QSize()
        self._shape = TileShape.of(QRect(), foot=0)
        self._look: Hashable = None
        self._mats: dict[Stress | None, QPixmap] = {}
        self._allowance = 0
        self.shows_captions = True

    def foot(self, width: int, metrics: QFontMetrics) -> int:
        """The height of the caption of a tile so wide; 0 where it has none."""
        return caption_height(metrics) if self.shows_captions and width >= CAPTION_ROOM else 0

    def picture_room(self, tile: QSize, metrics: QFontMetrics) -> int:
        """The edge of the square that pictures are drawn in, in device-independent pixels."""
        return max(1, self._shape_of(QRect(QPoint(0, 0), tile), metrics).room.width())

    def question_at(self, tile: QRect, job: Job, metrics: QFontMetrics) -> QRect:
        """Where a tile asks what is to be done; empty where it asks nothing."""
        return asks_at(job, self._shape_of(tile, metrics))

    def begin(
        self, painter: QPainter, font: QFont, palette: QPalette, size: QSize, *, in_haste: bool = False
    ) -> None:
        """Tiles of this size come next; `in_haste` because the size is about to be another one: pictures are
        scaled coarsely, and nothing is kept."""
        if self._lettering is None or self._lettering.plain != font:
            self._lettering = Lettering(font)
            self._look = None
        tokens = tokens_for(palette)
        brush = self._brush = Brush(painter, self._lettering, tokens, self._drawings, in_haste=in_haste)
        self._size = size
        self._allowance = 0 if in_haste else _AT_ONCE
        today = int(self._clock() / _HOUR_S)
        look = size.toTuple(), brush.ratio, tokens.window, self.shows_captions, today
        if look != self._look:
            self._look = look
            self._mats.clear()
            self._shape = self._shape_of(QRect(QPoint(0, 0), size), brush.metrics)

    def paint(self, tile: QRect, row: int, stress: Stress = PLAIN) -> None:
        """Paint a row's tile, which has the size that was told."""
        if self._brush is None:
            return
        try:
            self._paint(self._brush, tile, row, stress)
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("tile not painted")
            self._brush.painter.setOpacity(1.0)
            self._brush.painter.resetTransform()

    def _paint(self, brush: Brush, tile: QRect, row: int, stress: Stress) -> None:
        if stress != PLAIN:
            brush.painter.drawPixmap(tile.topLeft(), self._mat(brush, stress))
        job = self._jobs.job_at(row)
        if job is None:  # read in a moment: nothing that would flash
            brush.painter.drawPixmap(tile.topLeft(), self._mat(brush, None))
            return
        look = self._look
        if job.state is JobState.QUEUED:
            look = (look, self._circumstances.place(job), self._circumstances.hold_up(job))
        kept = self._tiles.get(job.seq, job, look)
        if kept is not None:
            brush.painter.drawPixmap(tile.topLeft(), kept)
        else:
            self._paint_new(brush, tile, self._known(job), look)

    def _paint_new(self, brush: Brush, tile: QRect, known: Known, look: Hashable) -> None:
        """A tile that moves is painted where it stands, one that rests is also kept."""
        job = known.job
        moves = job.is_running and job.state is not JobState.QUEUED
        if self._allowance <= 0 or moves or (job.images and known.picture.isNull() and known.unseen is None):
            brush.painter.translate(tile.topLeft())
            self._paint_tile(brush, known)
            brush.painter.translate(-tile.topLeft())
            return
        self._allowance -= 1
        drawing = brush.drawn(self._size, lambda part: self._paint_tile(part, known))
        self._tiles.put(job.seq, job, look, drawing)
        brush.painter.drawPixmap(tile.topLeft(), drawing)

    def _paint_tile(self, brush: Brush, known: Known) -> None:
        """One at the origin: all have the same size, so all have the same shape."""
        job, shape = known.job, self._shape
        brush.painter.drawPixmap(0, 0, self._mat(brush, None))
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

    def _mat(self, brush: Brush, stress: Stress | None) -> QPixmap:
        """What lies below a tile that is set off; None: what stands for one that is not here."""
        mat = self._mats.get(stress)
        if mat is None:
            mat = self._mats[stress] = brush.drawn(
                self._size, lambda part: _paint_mat(part, self._shape, stress)
            )
        return mat

    def _known(self, job: Job) -> Known:
        now = self._clock()
        words = self._words.of(job, now)
        if job.is_running:
            return self._known_work(job, now, words)
        if not job.images:
            return Known(job=job, now=now, words=words, picture=_NOTHING)
        picture = self._jobs.picture_of(job)
        return Known(
            job=job,
            now=now,
            words=words,
            picture=_NOTHING if picture is None else picture,
            unseen=self._jobs.unseen_of(job),
        )

    def _known_work(self, job: Job, now: float, words: tuple[str, str]) -> Known:
        around = self._circumstances
        return Known(
            job=job,
            now=now,
            words=words,
            picture=_NOTHING,
            place=around.place(job),
            hold_up=around.hold_up(job),
            time=around.time(job, now),
            short=around.short(job, now),
            patience=patience(job, now, silent_since=self._silences.since(job.id)),
        )

    def _shape_of(self, tile: QRect, metrics: QFontMetrics) -> TileShape:
        return TileShape.of(tile, foot=self.foot(tile.width(), metrics))


def _paint_mat(brush: Brush, shape: TileShape, stress: Stress | None) -> None:
    tokens = brush.tokens
    if stress is None:
        brush.fill(shape.stage, tokens.canvas, 6)
        return
    if stress.is_selected or stress.is_hovered:
        brush.fill(shape.ground, tokens.accent_soft if stress.is_selected else tokens.hover, UNIT)
    if stress.is_selected or stress.has_focus:
        brush.outline(shape.ground, tokens.accent, UNIT, 2.0 if stress.is_selected else 1.0)
