"""What hangs at the pointer while tiles are dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from gptimg_desktop.ui.gallery.tiles.shape import fit
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from gptimg_desktop.ui.theme import Tokens

_EDGE: Final = 12 * UNIT
_SHIFT: Final = UNIT // 2
_BADGE: Final = 22
_OFF: Final = 2 * UNIT
"""About the length of an arrow."""


def drag_picture(
    thumbnails: Sequence[QImage | None], count: int, tokens: Tokens, ratio: float
) -> tuple[QPixmap, QPoint]:
    """A stack of up to three tiles, the first on top, with a number where there are several files.

    Tells the picture and where the pointer is, seen from its corner: it hangs below the pointer on the right,
    so that the place it is let go over can be read.
    """
    behind = min(3, len(thumbnails), count) - 1
    edge = _EDGE + _SHIFT * behind + _BADGE // 2
    drawn = QPixmap(round(edge * ratio), round(edge * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for depth in range(behind, -1, -1):
        shift = _SHIFT * depth
        room = QRect(shift, shift + _BADGE // 2, _EDGE, _EDGE)
        _paint_tile(painter, room, thumbnails[depth], tokens)
    if count > 1:
        _paint_badge(painter, QRectF(edge - _SHIFT * behind - _BADGE, 0, _BADGE, _BADGE), count, tokens)
    painter.end()
    return drawn, QPoint(-_OFF, -_OFF)


def _paint_tile(painter: QPainter, room: QRect, thumbnail: QImage | None, tokens: Tokens) -> None:
    has_picture = thumbnail is not None and not thumbnail.isNull()
    place = fit(thumbnail.size() if has_picture and thumbnail else QSize(1, 1), room)
    if has_picture and thumbnail is not None:
        painter.drawImage(QRectF(place), thumbnail)
    else:
        painter.fillRect(place, QColor(tokens.hover))
    painter.setPen(QPen(QColor(tokens.border_strong), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_badge(painter: QPainter, place: QRectF, count: int, tokens: Tokens) -> None:
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(12)
    painter.setFont(font)
    text = str(count)
    wider = max(0, painter.fontMetrics().horizontalAdvance(text) + UNIT + UNIT // 2 - _BADGE)
    badge = place.adjusted(-wider, 0, 0, 0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.accent))
    painter.drawRoundedRect(badge, _BADGE / 2, _BADGE / 2)
    painter.setPen(QColor(tokens.on_accent))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
