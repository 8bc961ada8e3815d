"""The strokes that tiles are painted with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gptimg_desktop.ui.gallery.tiles.lines import wrapped
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from PySide6.QtCore import QSize
    from PySide6.QtGui import QFont, QImage, QPaintDevice

    from gptimg_desktop.ui.gallery.tiles.drawings import Drawings
    from gptimg_desktop.ui.gallery.tiles.lettering import Lettering
    from gptimg_desktop.ui.theme import Tokens

ICON: Final = 24
_COARSE: Final = QPainter.RenderHint.Antialiasing
_FINE: Final = _COARSE | QPainter.RenderHint.SmoothPixmapTransform
_GLASS: Final = QColor(20, 20, 22, 170)
"""The ground of signs on pictures, in both themes: it has to do on any picture."""


class Brush:
    """A painter with one font in the colours of a theme. Sizes are device-independent pixels.

    `in_haste`: pictures that have to be scaled are scaled coarsely, in a fraction of the time.
    """

    def __init__(
        self,
        painter: QPainter,
        lettering: Lettering,
        tokens: Tokens,
        drawings: Drawings,
        *,
        in_haste: bool = False,
    ) -> None:
        self.painter = painter
        self.tokens = tokens
        self.lettering = lettering
        self.metrics = lettering.metrics
        self.ratio = painter.device().devicePixelRatioF()
        self._drawings = drawings
        self._in_haste = in_haste
        painter.setRenderHints(_COARSE if in_haste else _FINE)

    @contextmanager
    def on(self, drawing: QPaintDevice) -> Iterator[Brush]:
        """The same strokes on another ground."""
        painter = QPainter(drawing)
        try:
            yield Brush(painter, self.lettering, self.tokens, self._drawings)
        finally:
            painter.end()

    @property
    def line(self) -> int:
        """The height of a line of text."""
        return self.lettering.line + 1

    def fill(self, place: QRect | QRectF, colour: str | QColor, radius: float = 0.0) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        self.painter.drawRoundedRect(QRectF(place), radius, radius)

    def outline(self, place: QRect | QRectF, colour: str, radius: float, width: float = 1.0) -> None:
        """A frame whose stroke lies inside the rectangle."""
        half = width / 2
        self.painter.setPen(QPen(QColor(colour), width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(QRectF(place).adjusted(half, half, -half, -half), radius, radius)

    def stamp(self, place: QRect, what: Hashable, paint: Callable[[Brush], None]) -> None:
        """What looks the same wherever it stands: painted at the origin for the first time, copied from then
        on. `what` tells it from all others of its size."""
        wanted = (what, place.width(), place.height(), self.ratio)
        self.painter.drawPixmap(
            place.topLeft(), self._drawings.made(wanted, lambda: self.drawn(place.size(), paint))
        )

    def drawn(self, size: QSize, paint: Callable[[Brush], None]) -> QPixmap:
        """A drawing of its own, see-through where nothing is painted; `paint` begins at the origin."""
        pixels = size * self.ratio
        drawing = QPixmap(pixels.width(), pixels.height())
        drawing.setDevicePixelRatio(self.ratio)
        drawing.fill(Qt.GlobalColor.transparent)
        with self.on(drawing) as part:
            paint(part)
        return drawing

    def icon(self, name: str, colour: str, size: int, left: float, top: float) -> None:
        drawing = self._drawings.get(name, colour, size, self.ratio)
        self.painter.drawPixmap(QPointF(left, top), drawing)

    def text(
        self,
        place: QRect,
        text: str,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
        *,
        font: QFont | None = None,
    ) -> None:
        """One line, with an ellipsis where it does not fit."""
        used = self.lettering.plain if font is None else font
        line = self.lettering.written(text, used, place.width())
        left, top = float(place.left()), place.top() + (place.height() - line.height) / 2
        if align != Qt.AlignmentFlag.AlignLeft:
            left += (place.width() - line.width) / 2
        self.painter.setPen(QColor(colour))
        line.draw(self.painter, left, top)

    def block(
        self,
        room: QRect,
        icon: str,
        label: str,
        colour: str,
        told: list[tuple[str, str]],
        *,
        most_label: int = 1,
    ) -> None:
        """An icon, a label and lines of text, each with its colour, in the middle of a room."""
        labels = wrapped(
            self.lettering.bold_metrics, label, room.width() - 2, most_label
        )  # an edge for rounding
        height = ICON + UNIT // 2 + self.line * (len(labels) + len(told))
        top = room.top() + max(0, (room.height() - height) // 2)
        self.icon(icon, colour, ICON, room.left() + (room.width() - ICON) // 2, top)
        place = QRect(room.left(), top + ICON + UNIT // 2, room.width(), self.line)
        for text in labels:
            self.text(place, text, colour, font=self.lettering.bold)
            place.translate(0, self.line)
        for text, tone in told:
            self.text(place, text, tone)
            place.translate(0, self.line)

    def picture(self, place: QRect, picture: QImage, opacity: float = 1.0) -> None:
        """One that fills a place."""
        if opacity < 1 and self._in_haste:  # to scale and to let through in one go takes three times as long
            picture = picture.scaled(place.size() * self.ratio)
        self.painter.setOpacity(opacity)
        self.painter.drawImage(place, picture)
        self.painter.setOpacity(1.0)

    def lone_icon(self, name: str, colour: str, room: QRect) -> None:
        """The icon alone in the middle of a room that is too small for words."""
        size = min(ICON, max(14, room.width() // 3))
        self.icon(name, colour, size, *self._middle(room, size))

    def sign(self, name: str, colour: str, edge: int, left: int, top: int) -> None:
        """An icon on a round dark ground that can be seen on any picture."""
        self.fill(QRectF(left, top, edge, edge), _GLASS, edge / 2)
        size = edge - UNIT if edge < 3 * UNIT else edge - 9
        self.icon(name, colour, size, left + (edge - size) / 2, top + (edge - size) / 2)

    @staticmethod
    def _middle(room: QRect, size: int) -> tuple[float, float]:
        return room.left() + (room.width() - size) // 2, room.top() + (room.height() - size) // 2
