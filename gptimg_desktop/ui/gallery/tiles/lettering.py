"""The fonts of tiles and what was written with them: a screen has hundreds of lines, and most stay."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

_SMALL = 0.92
_LEAST_POINTS = 6.0
_MOST_LINES: Final = 512
_ENDLESS: Final = 100_000
_BARELY_LEFT_OUT: Final = 8
_SAFE: Final = 3
_NARROWEST: Final = 3
"""Device-independent pixels that nearly every character takes: more of a long text than fits of such need not
be measured."""


class Line:
    """A text as it is shown in rooms from `least` to `most` wide, shaped once for any number of times that it
    is drawn."""

    __slots__ = ("_layout", "_line", "height", "least", "most", "shown", "width")

    def __init__(self, shown: str, font: QFont) -> None:
        self.shown = shown
        self._layout = QTextLayout(shown.replace("\n", " "), font)
        self._layout.setCacheEnabled(True)
        self._layout.beginLayout()
        self._line = self._layout.createLine()
        self._line.setLineWidth(_ENDLESS)
        self._layout.endLayout()
        self.width = self._line.horizontalAdvance()
        self.height = self._line.ascent() + self._line.descent()
        self.least = math.ceil(self.width) + _SAFE
        self.most = 0

    def draw(self, painter: QPainter, left: float, top: float) -> None:
        """In the colour of the painter's pen."""
        self._layout.draw(painter, QPointF(left, top))


class Lettering:
    """`plain` as the view has it, `bold` for labels, `small` for the second line below a tile. What is
    written again in the same font is shaped only once."""

    def __init__(self, font: QFont) -> None:
        self.plain = QFont(font)
        self.bold = QFont(font)
        self.bold.setBold(True)
        self.small = QFont(font)
        self.small.setPointSizeF(max(_LEAST_POINTS, font.pointSizeF() * _SMALL))
        self.metrics = QFontMetrics(self.plain)
        self.bold_metrics = QFontMetrics(self.bold)
        self.small_metrics = QFontMetrics(self.small)
        self.line = self.metrics.lineSpacing()
        """The height of a line of plain text."""
        self._lines: OrderedDict[tuple[str, int], Line] = OrderedDict()

    def metrics_of(self, font: QFont) -> QFontMetrics:
        """The measures of one of the three."""
        if font is self.bold:
            return self.bold_metrics
        return self.small_metrics if font is self.small else self.metrics

    def written(self, text: str, font: QFont, room: int) -> Line:
        """A text in one of the three fonts as one line, with an ellipsis where the room is too narrow."""
        key = text, id(font)
        line = self._lines.get(key)
        if line is not None and line.least <= room <= line.most:
            return line
        shown = elided(self.metrics_of(font), text, room)
        if line is None or line.shown != shown:
            line = self._lines[key] = Line(shown, font)
        line.least, line.most = min(line.least, room), max(line.most, room, self._most_room(text, line, font))
        if len(self._lines) > _MOST_LINES:
            self._lines.popitem(last=False)
        return line

    def _most_room(self, text: str, line: Line, font: QFont) -> int:
        """The widest room in which a text is surely shown like that."""
        left_out = len(text) - len(line.shown)
        if line.shown == text:
            return _ENDLESS
        if left_out < _BARELY_LEFT_OUT or not text.startswith(line.shown[:-1]):
            return 0  # whole it may need hardly more; or its signs are others than those of the text
        following = text[len(line.shown) - 1]
        return math.floor(line.width + self.metrics_of(font).horizontalAdvance(following)) - _SAFE


def elided(metrics: QFontMetrics, text: str, room: int) -> str:
    """A text with an ellipsis where it is wider than the room."""
    begin = text[: room // _NARROWEST + 1]
    shown = metrics.elidedText(begin, Qt.TextElideMode.ElideRight, room)
    if shown != begin or len(begin) == len(text):
        return shown
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
