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

_EDGE: Final = 11.5  # of the square; every shape covers as much, so that none shouts
_SHAPE_HEIGHT: Final = 20


def small_font(font: QFont) -> QFont:
    """The font of the second line in a control."""
    smaller = QFont(font)
    smaller.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
    return smaller


def shape_of(ratio: float, edge: float = _EDGE) -> QRectF:
    """A width by height as a rectangle of fixed area round the origin; very long ones end at some length.
    `edge` is that of the square."""
    width = edge * math.sqrt(min(3.5, max(1 / 3.5, ratio)))
    height = edge * edge / width
    return QRectF(-width / 2, -height / 2, width, height)


def paint_shape(
    painter: QPainter, ratio: float, centre: QPointF, colour: QColor, *, edge: float = _EDGE
) -> None:
    """Draw the outline of a shape round a point."""
    painter.setPen(QPen(colour, 1.25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(shape_of(ratio, edge).translated(centre), 1.5, 1.5)


class RatioButton(ChoiceButton):
    """A shape with its name below. It stands on its group's ground and has one of its own only where it is
    chosen, pointed at or has the focus."""

    def __init__(self, ratio: Ratio, parent: QWidget | None = None) -> None:
        self._ratio = ratio.value_as_float
        super().__init__(ratio.value, parent)

    def sizeHint(self) -> QSize:
        return QSize(32, _SHAPE_HEIGHT + self.fontMetrics().height() + 4)

    def paint_ground(self, painter: QPainter, tokens: Tokens) -> None:
        if self.isChecked() or self.isDown() or self.underMouse() or self.hasFocus():
            super().paint_ground(painter, tokens)

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        colour = QColor(tokens.accent if self.isChecked() else tokens.muted)
        paint_shape(painter, self._ratio, QPointF(self.width() / 2, 3 + _SHAPE_HEIGHT / 2), colour)
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        place = self.rect().adjusted(0, _SHAPE_HEIGHT + 3, 0, -2)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text())


class WideRatioButton(ChoiceButton):
    """A choice with its sign at the left of its name: the square, auto and custom."""

    def __init__(self, label: str, sign: Ratio | str, parent: QWidget | None = None) -> None:
        self._sign = sign
        super().__init__(label, parent)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 40, self.fontMetrics().height() + 13)

    def paint_face(self, painter: QPainter, tokens: Tokens) -> None:
        colour = QColor(tokens.accent if self.isChecked() else tokens.muted)
        metrics = self.fontMetrics()
        left = 6  # signs and names of the choices above each other are in line
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, self.width() - left - 28))
        wide = metrics.horizontalAdvance(text)
        self._paint_sign(painter, QPointF(left + 8, self.height() / 2), colour)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        place = QRect(left + 24, 0, wide + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_sign(self, painter: QPainter, centre: QPointF, colour: QColor) -> None:
        if isinstance(self._sign, Ratio):
            paint_shape(painter, self._sign.value_as_float, centre, colour)
            return
        sign = icons.pixmap(self._sign, colour, 16, self.devicePixelRatioF())
        painter.drawPixmap(centre - QPointF(8, 8), sign)
