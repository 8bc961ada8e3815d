"""Paints the options that can follow in a search."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.ui.search.option_model import NOTE_ROLE
from gptimg_desktop.ui.theme import RADIUS, UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
    from PySide6.QtWidgets import QStyleOptionViewItem

    Index = QModelIndex | QPersistentModelIndex

logger = logging.getLogger(__name__)

_EDGE: Final = UNIT


class OptionDelegate(QStyledItemDelegate):
    """One line for each: the option, and at the right its quiet words where they have room."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(20 * UNIT, QFontMetrics(option.font).height() + UNIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            self._paint(painter, option, str(index.data() or ""), str(index.data(NOTE_ROLE) or ""))
        except Exception:  # one that leaves a paint event can end the process
            logger.exception("option not painted")
        finally:
            painter.restore()

    @staticmethod
    def _paint(painter: QPainter, option: QStyleOptionViewItem, text: str, note: str) -> None:
        tokens = tokens_for(option.palette)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if is_chosen else tokens.hover))
            painter.drawRoundedRect(QRectF(option.rect), RADIUS, RADIUS)
        room: QRect = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        taken = _line(painter, room, text, font, tokens.text)
        room.setLeft(room.left() + taken + 2 * UNIT)
        _line(painter, room, note, QFont(option.font), tokens.muted, is_right=True)


def _line(
    painter: QPainter, room: QRect, text: str, font: QFont, colour: str, *, is_right: bool = False
) -> int:
    """Paint an elided line; how wide it is."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room.width()))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)
