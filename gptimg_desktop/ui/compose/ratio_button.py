"""One shape of the ratio grid, drawn to scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.choice_button import ChoiceButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.theme import Tokens

_AREA: Final = 13.5 * 13.5  # every shape covers as much, so that none shouts
_SHAPE_HEIGHT: Final = 24


def small_font(font: QFont) -> QFont:
    """The font of the second line in a control."""
    smaller = QFont(font)
    smaller.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
    return smaller


def shape_of(ratio: Ratio) -> QRectF:
    """The ratio as a rectangle of fixed area round the origin."""
    width = math.sqrt(_AREA * ratio.value_as_float)
    height = _AREA / width
    return QRectF(-width / 2, -height / 2, width, height)


class RatioButton(ChoiceButton):
    """A shape with its name below."""

    def __init__(self, ratio: Ratio, parent: QWidget | None = None) -> None:
        self._shape = shape_of(ratio)
        super().__init__(ratio.value, parent)

    def sizeHint(self) -> QSize:
        return QSize(40, _SHAPE_HEIGHT + self.fontMetrics().height() + 8)

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        colour = QColor(tokens.accent if self.isChecked() else tokens.muted)
        centre = QPointF(self.width() / 2, 4 + _SHAPE_HEIGHT / 2)
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._shape.translated(centre), 1.5, 1.5)
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        below = self.rect().adjusted(0, _SHAPE_HEIGHT + 4, 0, -3)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.text())


class WideRatioButton(ChoiceButton):
    """A choice with its sign at the left of its name: the square, auto and custom."""

    def __init__(self, label: str, sign: Ratio | str, parent: QWidget | None = None) -> None:
        self._sign = sign
        super().__init__(label, parent)

    def sizeHint(self) -> QSize:
        return QSize(64, 32)

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        colour = QColor(tokens.accent if self.isChecked() else tokens.muted)
        metrics = self.fontMetrics()
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, self.width() - 36))
        wide = metrics.horizontalAdvance(text)
        left = max(8, (self.width() - 24 - wide) // 2)
        self._paint_sign(painter, QPointF(left + 8, self.height() / 2), colour)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        place = QRect(left + 24, 0, wide + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_sign(self, painter: QPainter, centre: QPointF, colour: QColor) -> None:
        if isinstance(self._sign, Ratio):
            painter.setPen(QPen(colour, 1.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(shape_of(self._sign).translated(centre), 1.5, 1.5)
            return
        sign = icons.pixmap(self._sign, colour, 16, self.devicePixelRatioF())
        painter.drawPixmap(centre - QPointF(8, 8), sign)
