"""Small signs on a tile: picked, rejected, and a word at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.ui.gallery.caption import days_in_bin
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.gallery.tiles.brush import Brush
    from gptimg_desktop.ui.gallery.tiles.known import Known
    from gptimg_desktop.ui.gallery.tiles.shape import TileShape

_GOLD = "#ffd166"
_PALE = "#ffffff"
_SIGN = 14


def paint_marks(brush: Brush, shape: TileShape, known: Known) -> None:
    """What stands in the corners: at the upper right the pick or the rejection, at the lower right what the
    caption says where there is one."""
    job, edge = known.job, shape.badge
    inset = 3 if edge < 3 * UNIT else 5
    right = shape.stage.right() - edge - inset + 1
    if job.picked:
        brush.sign("star-filled", _GOLD, edge, right, shape.stage.top() + inset)
    elif job.rejected:
        brush.sign("thumbs-down", _PALE, edge, right, shape.stage.top() + inset)
    if shape.has_caption:
        return
    bottom = shape.stage.bottom() - edge - inset + 1
    if days_in_bin(job, known.now):
        brush.sign("trash-2", _PALE, edge, right, bottom)
    elif job.service == PRACTICE:
        brush.sign("flask-conical", _PALE, edge, right, bottom)


def paint_foot_mark(brush: Brush, shape: TileShape, icon: str, text: str) -> None:
    """A sign and a word at the foot of a picture, on a ground of their own."""
    tokens = brush.tokens
    room = shape.stage.width() - 2 * UNIT
    word = brush.metrics.horizontalAdvance(text) + UNIT // 2 + 2 if shape.has_words else 0
    height = max(22, brush.metrics.lineSpacing() + 4)
    mark = QRect(0, 0, min(room, UNIT + _SIGN + word + UNIT), height)
    inset = UNIT if shape.has_words else UNIT // 2
    mark.moveBottomLeft(QRect.bottomLeft(shape.stage.adjusted(inset, inset, -inset, -inset)))
    shown = text if shape.has_words else ""
    brush.stamp(
        mark,
        (icon, shown, tokens.warning, brush.lettering.plain.key()),
        lambda part: _paint_foot(part, mark.size(), icon, shown),
    )


def _paint_foot(brush: Brush, size: QSize, icon: str, text: str) -> None:
    tokens, mark = brush.tokens, QRect(QPoint(0, 0), size)
    brush.fill(mark, tokens.warning_soft, size.height() / 2)
    brush.icon(icon, tokens.warning, _SIGN, UNIT, (size.height() - _SIGN) // 2)
    if text:
        place = mark.adjusted(UNIT + _SIGN + UNIT // 2, 0, -UNIT, 0)
        brush.text(place, text, tokens.warning, Qt.AlignmentFlag.AlignLeft)
