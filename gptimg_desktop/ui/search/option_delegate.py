"""Paints the options that can follow in a search."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.ui.search.option_model import NOTE_ROLE, TYPED_ROLE
from gptimg_desktop.ui.theme import RADIUS, UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
    from PySide6.QtWidgets import QStyleOptionViewItem

    Index = QModelIndex | QPersistentModelIndex

logger = logging.getLogger(__name__)

_EDGE: Final = UNIT


class OptionDelegate(QStyledItemDelegate):
    """One line for each: the option, what was typed of it in bold, and at the right its quiet words where
    they have room."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(20 * UNIT, QFontMetrics(option.font).height() + UNIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            self._paint(painter, option, index)
        except Exception:  # one that leaves a paint event can end the process
            logger.exception("option not painted")
        finally:
            painter.restore()

    @staticmethod
    def _paint(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = tokens_for(option.palette)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if is_chosen else tokens.hover))
            painter.drawRoundedRect(QRectF(option.rect), RADIUS, RADIUS)
        room: QRect = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.text))
        taken = _paint_option(painter, room, str(index.data() or ""), index.data(TYPED_ROLE))
        room.setLeft(room.left() + taken + 2 * UNIT)
        painter.setPen(QColor(tokens.muted))
        _paint_note(painter, room, str(index.data(NOTE_ROLE) or ""))


def _paint_option(painter: QPainter, room: QRect, text: str, typed: tuple[int, int]) -> int:
    """Paint an option on one elided line, its typed letters in bold; how wide it is. The line is laid out as
    a whole, since the letters of some scripts take their shape from those beside them."""
    font, bold = QFont(painter.font()), QFont(painter.font())
    bold.setWeight(QFont.Weight.DemiBold)
    shown = QFontMetrics(bold).elidedText(text, Qt.TextElideMode.ElideRight, max(0, room.width()))
    layout = QTextLayout(shown, font)
    layout.setFormats([_bold_range(text, typed)])
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return 0
    layout.draw(painter, QPointF(room.left(), room.top() + (room.height() - line.height()) / 2))
    return round(line.naturalTextWidth())


def _bold_range(text: str, typed: tuple[int, int]) -> QTextLayout.FormatRange:
    start, end = (len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in typed)  # as Qt counts
    found = QTextLayout.FormatRange()
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.DemiBold)
    found.start, found.length, found.format = start, end - start, look
    return found


def _paint_note(painter: QPainter, room: QRect, text: str) -> None:
    width = max(0, room.width())
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, width)
    side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(room, side | Qt.TextFlag.TextSingleLine, shown)
