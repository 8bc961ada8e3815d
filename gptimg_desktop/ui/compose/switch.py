"""A check box drawn as a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QCheckBox

from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_WIDTH: Final = 30
_HEIGHT: Final = 18


class Switch(QCheckBox):
    """The whole widget, label included, can be clicked."""

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(
            _WIDTH + UNIT + metrics.horizontalAdvance(self.text()) + 4, max(24, metrics.height() + 4)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH + 4 * UNIT, self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = tokens_for(self.palette())
        is_on = self.isChecked()
        track = QRectF(1.5, (self.height() - _HEIGHT) / 2 + 0.5, _WIDTH - 3, _HEIGHT - 1)
        edge = tokens.accent if is_on or self.hasFocus() else tokens.border_strong
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(tokens.accent if is_on else tokens.raised))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.on_accent if is_on else tokens.border_strong))
        x = track.right() - track.height() / 2 if is_on else track.left() + track.height() / 2
        painter.drawEllipse(QPointF(x, track.center().y()), 5.5, 5.5)
        self._paint_label(painter, tokens.text)
        painter.end()

    def _paint_label(self, painter: QPainter, colour: str) -> None:
        place = self.rect().adjusted(_WIDTH + UNIT, 0, 0, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(QColor(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
