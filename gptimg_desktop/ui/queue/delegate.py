"""Paints one waiting job: its place, the prompt's first words, size and price."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.ui.queue.model import Role
from gptimg_desktop.ui.theme import RADIUS, UNIT, Tokens, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    Index = QModelIndex | QPersistentModelIndex

_log = logging.getLogger(__name__)
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter


class LineDelegate(QStyledItemDelegate):
    """Two lines a row, all rows of one height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(20 * UNIT, row_height(QFontMetrics(option.font)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            _Row(painter, option).paint(index)
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("row not painted")
        finally:
            painter.restore()


def row_height(metrics: QFontMetrics) -> int:
    """The height of a row in device-independent pixels, its gap to the next one included."""
    return 2 * metrics.lineSpacing() + 2 * UNIT


class _Row:
    """One painting of one row."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        self._painter = painter
        self._option = option
        self._tokens: Tokens = tokens_for(option.palette)
        self._metrics = QFontMetrics(option.font)
        self._room = option.rect.adjusted(0, 1, 0, -1)

    def paint(self, index: Index) -> None:
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground()
        number = self._metrics.horizontalAdvance("0000") + UNIT
        inner = self._room.adjusted(UNIT // 2, UNIT // 2, -UNIT, -UNIT // 2)
        self._text(QRect(inner.left(), inner.top(), number, inner.height()), str(index.row() + 1), _MIDDLE)
        price = str(index.data(Role.PRICE) or "")
        wide = self._metrics.horizontalAdvance(price) + UNIT
        words = QRect(inner.left() + number, inner.top(), inner.width() - number - wide, inner.height() // 2)
        self._text(words, str(index.data() or ""), _LEFT, self._tokens.text)
        self._text(words.translated(0, words.height()), str(index.data(Role.SIZE) or ""), _LEFT)
        self._text(QRect(inner.right() - wide + 1, inner.top(), wide, inner.height()), price, _RIGHT)

    def _paint_ground(self) -> None:
        """The selection, and a ring round it while the keys go to the list."""
        state = self._option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
        if not is_chosen and not is_under_mouse:
            return
        has_keys = is_chosen and bool(state & QStyle.StateFlag.State_Active)
        has_keys = has_keys and bool(state & QStyle.StateFlag.State_HasFocus)
        self._painter.setPen(QPen(QColor(self._tokens.accent), 1) if has_keys else Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._tokens.accent_soft if is_chosen else self._tokens.hover))
        self._painter.drawRoundedRect(QRectF(self._room).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _text(self, rect: QRect, text: str, align: Qt.AlignmentFlag, colour: str = "") -> None:
        self._painter.setFont(QFont(self._option.font))
        self._painter.setPen(QColor(colour or self._tokens.muted))
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        self._painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, shown)
