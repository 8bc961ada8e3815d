"""Frames drawn to one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gptimg_desktop.core.sizes import PixelSize, is_impossible
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.theme import Tokens, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_SIZE: Final = QSize(80, 40)
_MARGIN: Final = 7.0


class SizeDrawing(QWidget):
    """The sizes that may come back, one over the other about the same middle; the first is solid, the second
    dashed. Nothing to draw is a sign: "open" where nothing was given, "none" where no such picture can be.
    It takes the height that it is given."""

    _sizes: tuple[PixelSize, ...] = ()
    _sign = "scan"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(_SIZE.width())
        self.setMinimumHeight(_SIZE.height())

    def show_sizes(self, sizes: tuple[PixelSize, ...]) -> None:
        self._sizes = tuple(size for size in sizes if not is_impossible(size))
        self._sign = "image-off" if sizes else "scan"
        self.update()

    def frames(self) -> tuple[QRectF, ...]:
        """Where the frames stand in the widget."""
        if not self._sizes:
            return ()
        inside = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        widest = max(size.width for size in self._sizes)
        highest = max(size.height for size in self._sizes)
        scale = min(inside.width() / widest, inside.height() / highest)
        return tuple(_centred(size, scale, inside.center()) for size in self._sizes)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = tokens_for(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self._sizes:
            self._paint_frames(painter, tokens)
        else:
            sign = icons.pixmap(self._sign, tokens.muted, 24, self.devicePixelRatioF())
            painter.drawPixmap(QRectF(self.rect()).center() - QPointF(12, 12), sign)
        painter.end()

    def _paint_frames(self, painter: QPainter, tokens: Tokens) -> None:
        for index, frame in enumerate(self.frames()):
            pen = QPen(QColor(tokens.accent), 1.25)
            painter.setBrush(QColor(tokens.raised) if index == 0 else Qt.BrushStyle.NoBrush)
            if index:
                pen.setDashPattern([3, 2.5])
            painter.setPen(pen)
            painter.drawRect(frame)


def _centred(size: PixelSize, scale: float, middle: QPointF) -> QRectF:
    frame = QRectF(0, 0, max(2.0, size.width * scale), max(2.0, size.height * scale))
    frame.moveCenter(middle)
    return frame
