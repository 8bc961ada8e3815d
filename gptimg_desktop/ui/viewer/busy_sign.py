"""A quiet sign that something is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent

_EDGE: Final = 5 * UNIT
_FRAME_MS: Final = 50
_STEP: Final = 18
"""Degrees from one frame to the next."""
_PATIENCE_MS: Final = 200
"""What arrives sooner than this needs no sign."""


class BusySign(QWidget):
    """A round badge with an arc that goes round; it comes after a moment and goes at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._turn = 0
        self._frames: QTimer | None = None
        super().__init__(parent)
        self.setObjectName("viewerBusy")
        self.setAccessibleName(self.tr("Loading…"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_EDGE, _EDGE)
        self._frames = QTimer(self)
        self._frames.setInterval(_FRAME_MS)
        self._frames.timeout.connect(self._go_on)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    def set_busy(self, is_busy: bool) -> None:
        if not is_busy:
            self._patience.stop()
            self.hide()
        elif not self.isVisible() and not self._patience.isActive():
            self._patience.start()

    def sizeHint(self) -> QSize:
        return QSize(_EDGE, _EDGE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.raise_()  # a page that is shown anew lies above what stood there before
        if self._frames is not None:
            self._frames.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._frames is not None:
            self._frames.stop()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(QColor(tokens.accent), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        ring = QRectF(self.rect()).adjusted(11, 11, -11, -11)
        painter.drawArc(ring, -self._turn * 16, 260 * 16)
        painter.end()

    def _go_on(self) -> None:
        self._turn = (self._turn + _STEP) % 360
        self.update()
