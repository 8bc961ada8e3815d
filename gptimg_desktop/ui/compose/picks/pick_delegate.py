"""Paints the rows of a list to pick from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.picks.pick import Pick, RowShape
from gptimg_desktop.ui.compose.picks.pick_model import PICK_ROLE
from gptimg_desktop.ui.theme import RADIUS, UNIT, Tokens, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    Index = QModelIndex | QPersistentModelIndex

logger = logging.getLogger(__name__)

_SIGN: Final = 16
_BUTTON: Final = 3 * UNIT
_EDGE: Final = UNIT


def row_height(shape: RowShape, metrics: QFontMetrics) -> int:
    """The height of every row, in device-independent pixels."""
    return shape.lines * _line_height(metrics) + 2 * UNIT


def _line_height(metrics: QFontMetrics) -> int:
    """Chinese lines are higher than what Latin ones need."""
    return metrics.lineSpacing() + 3


def button_rects(shape: RowShape, row: QRect) -> tuple[QRect, ...]:
    """Where the small buttons of a row are, one for each sign."""
    first = row.right() - UNIT // 2 - len(shape.signs) * _BUTTON + 1
    top = row.top() + UNIT // 2
    return tuple(QRect(first + place * _BUTTON, top, _BUTTON, _BUTTON) for place in range(len(shape.signs)))


class PickDelegate(QStyledItemDelegate):
    """All rows have one height. The small buttons are on the chosen row and on the one under the mouse."""

    def __init__(self, shape: RowShape, parent: QObject | None = None) -> None:
        self._shape = shape
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(20 * UNIT, row_height(self._shape, QFontMetrics(option.font)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            pick = index.data(PICK_ROLE)
            if isinstance(pick, Pick):
                _Row(painter, option, self._shape).paint(pick)
        except Exception:  # one that leaves a paint event can end the process
            logger.exception("row not painted")
        finally:
            painter.restore()


class _Row:
    """One painting of one row."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, shape: RowShape) -> None:
        self._painter = painter
        self._shape = shape
        self._rect: QRect = option.rect
        self._font = QFont(option.font)
        self._line_height = _line_height(QFontMetrics(option.font))
        self._tokens: Tokens = tokens_for(option.palette)
        self._is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._is_under_mouse = bool(option.state & QStyle.StateFlag.State_MouseOver)

    def paint(self, pick: Pick) -> None:
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground()
        room = self._rect.adjusted(_EDGE, UNIT, -_EDGE, -UNIT)
        has_buttons = bool(self._shape.signs) and (self._is_chosen or self._is_under_mouse)
        if has_buttons:
            room.setRight(button_rects(self._shape, self._rect)[0].left() - UNIT // 2)
        first, rest = self._broken(pick.words, room.width())
        lines = self._shape.has_heading + bool(first) + bool(rest) + self._shape.has_note
        top = room.top() + (room.height() - lines * self._line_height) // 2
        if self._shape.has_heading:
            top = self._line(room, top, pick.heading, self._tokens.text, is_bold=True)
        for line in filter(None, (first, rest)):
            is_quiet = self._shape.has_heading
            top = self._line(room, top, line, self._tokens.muted if is_quiet else self._tokens.text)
        if self._shape.has_note:
            self._line(room, top, pick.note, self._tokens.muted)
        if has_buttons:
            self._paint_buttons()

    def _paint_ground(self) -> None:
        if not self._is_chosen and not self._is_under_mouse:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        ground = self._tokens.accent_soft if self._is_chosen else self._tokens.hover
        self._painter.setBrush(QColor(ground))
        self._painter.drawRoundedRect(QRectF(self._rect), RADIUS, RADIUS)

    def _line(self, room: QRect, top: int, text: str, colour: str, *, is_bold: bool = False) -> int:
        """Paint one elided line; where the next one begins."""
        self._font.setBold(is_bold)
        self._painter.setFont(self._font)
        self._painter.setPen(QColor(colour))
        shown = QFontMetrics(self._font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        line = QRect(room.left(), top, room.width(), self._line_height)
        self._painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        self._font.setBold(False)
        return top + self._line_height

    def _broken(self, text: str, width: int) -> tuple[str, str]:
        """What fits into the first line, and all the rest; nothing is broken where there is one line only."""
        if self._shape.text_lines == 1:
            return text, ""
        layout = QTextLayout(text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        if line.isValid():
            line.setLineWidth(width)
        layout.endLayout()
        counted = text.encode("utf-16-le", "surrogatepass")  # as Qt counts
        end = 2 * line.textLength() if line.isValid() else 0
        first, rest = counted[:end], counted[end:]
        return _decoded(first), _decoded(rest)

    def _paint_buttons(self) -> None:
        ratio = self._painter.device().devicePixelRatioF()
        for sign, rect in zip(self._shape.signs, button_rects(self._shape, self._rect), strict=True):
            inner = (_BUTTON - _SIGN) // 2
            drawn = icons.pixmap(sign, self._tokens.muted, _SIGN, ratio)
            self._painter.drawPixmap(rect.left() + inner, rect.top() + inner, drawn)


def _decoded(counted: bytes) -> str:
    return counted.decode("utf-16-le", "ignore").strip()
