"""The fonts of tiles, measured once: a screen has a hundred tiles."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics

_SMALL = 0.92
_LEAST_POINTS = 6.0


class Lettering:
    """`plain` as the view has it, `bold` for labels, `small` for the second line below a tile."""

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

    def metrics_of(self, font: QFont) -> QFontMetrics:
        """The measures of one of the three."""
        if font is self.bold:
            return self.bold_metrics
        return self.small_metrics if font is self.small else self.metrics
