"""What the gallery shows where there is no picture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gptimg_desktop.core.filter import View
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from gptimg_desktop.core.filter import JobFilter


class EmptyState(QWidget):
    """A drawing, a headline and a line of advice that fit the reason why nothing is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._drawing = _Frames(self)
        self._headline = _centred(self, "heading")
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._headline.setFont(font)
        self._advice = _centred(self, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * UNIT, 4 * UNIT, 4 * UNIT, 4 * UNIT)
        column.setSpacing(UNIT)
        column.addStretch(2)
        column.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(2 * UNIT)
        column.addWidget(self._headline)
        column.addWidget(self._advice)
        column.addStretch(3)
        self.explain(has_jobs=False, shown=None)

    def explain(self, *, has_jobs: bool, shown: JobFilter | None) -> None:
        """Tell why nothing is shown: no job yet, or none that `shown` lets through."""
        headline, advice = self._words(has_jobs=has_jobs, shown=shown)
        self._headline.setText(headline)
        self._advice.setText(advice)
        self._drawing.setVisible(not has_jobs)

    def _words(self, *, has_jobs: bool, shown: JobFilter | None) -> tuple[str, str]:
        if not has_jobs or shown is None:
            return (
                self.tr("Your pictures appear here"),
                self.tr("Describe a picture on the left, choose a shape, and press Generate."),
            )
        if shown.text:
            is_all = shown.view is View.ALL
            advice = self.tr("Try fewer words.") if is_all else self.tr("Try fewer words, or look under All.")
            return self.tr("Nothing matches"), advice
        return {
            View.ALL: (self.tr("All pictures are in the bin"), self.tr("Look under Bin to bring them back.")),
            View.PICKS: (
                self.tr("No picks yet"),
                self.tr("Press P on a picture to pick it. Picks are gathered here."),
            ),
            View.RUNNING: (
                self.tr("Nothing is running"),
                self.tr("Pictures that are being made show up here."),
            ),
            View.NEEDS_YOU: (
                self.tr("Nothing needs you"),
                self.tr("If a picture ever needs a decision of yours, it waits here."),
            ),
            View.BIN: (
                self.tr("The bin is empty"),
                self.tr("Delete moves a picture here. Nothing is lost by it; what was sent goes on."),
            ),
        }[shown.view]


class _Frames(QWidget):
    """Three picture frames of different shapes."""

    _SHAPES = (QRectF(8, 36, 72, 72), QRectF(64, 8, 60, 92), QRectF(104, 52, 104, 58))

    def sizeHint(self) -> QSize:
        return QSize(216, 120)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for position, shape in enumerate(self._SHAPES):
            last = position == len(self._SHAPES) - 1
            painter.setPen(QPen(QColor(tokens.accent if last else tokens.border_strong), 1.5))
            painter.setBrush(QColor(tokens.accent_soft if last else tokens.panel))
            painter.drawRoundedRect(shape, 6, 6)
        self._paint_landscape(painter, self._SHAPES[-1], QColor(tokens.accent))
        painter.end()

    @staticmethod
    def _paint_landscape(painter: QPainter, frame: QRectF, colour: QColor) -> None:
        """A sun and two hills in the front frame."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(frame.right() - 30, frame.top() + 11, 12, 12))
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        left, foot = frame.left() + 14, frame.bottom() - 12
        points = ((0, 0), (20, -22), (38, -4), (50, -14), (66, 0))
        for (x, y), (to_x, to_y) in pairwise(points):
            painter.drawLine(round(left + x), round(foot + y), round(left + to_x), round(foot + to_y))


def _centred(parent: QWidget, role: str) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
