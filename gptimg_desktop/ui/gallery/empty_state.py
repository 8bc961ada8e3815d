"""What the gallery shows where there is no picture."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.filter import View
from gptimg_desktop.core.misread import misread
from gptimg_desktop.core.query_names import Field
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gptimg_desktop.core.filter import JobFilter
    from gptimg_desktop.core.misread import Misread

_LONGEST: Final = 60
"""Characters of a search that a headline repeats."""
_MOST_MISREAD: Final = 3
_LEAST_WIDTH: Final = 16 * UNIT
_LOW: Final = 34 * UNIT
"""A height in which there is no room for the drawing."""
_OF_DAYS: Final = frozenset({Field.SINCE, Field.BEFORE, Field.UNTIL, Field.ON})


class EmptyState(QWidget):
    """A drawing, a headline and a line of advice that fit the reason why nothing is there; where it is a
    search or a collection, a way out of it.

    `wider_filter_wanted` carries a filter that shows more: without the search, or without view and
    collection.
    """

    wider_filter_wanted = Signal(object)  # JobFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        self._shown: JobFilter | None = None
        self._has_jobs = False
        self._in_bin = 0
        self._column: QVBoxLayout | None = None
        self._has_drawing = True
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._drawing = _Frames(self)
        self._headline = _centred(self, "heading")
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._headline.setFont(font)
        self._advice = _centred(self, "muted")
        column = self._column = QVBoxLayout(self)
        column.setSpacing(UNIT)
        column.addStretch(2)
        column.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(2 * UNIT)
        column.addWidget(self._headline)
        column.addWidget(self._advice)
        column.addSpacing(UNIT)
        column.addLayout(self._ways_out())
        column.addStretch(3)
        self.explain(has_jobs=False, shown=None)

    def minimumSizeHint(self) -> QSize:
        """Its words; the drawing and the air round them need not be there."""
        return QSize(_LEAST_WIDTH, self._headline.sizeHint().height() + 2 * UNIT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In little height there are only words."""
        if self._column is not None:
            is_low = self.height() < _LOW
            air = UNIT if is_low else 4 * UNIT
            self._column.setContentsMargins(air, air, air, air)
            self._drawing.setVisible(self._has_drawing and not is_low)

    def explain(self, *, has_jobs: bool, shown: JobFilter | None) -> None:
        """Tell why nothing is shown: no job yet, or none that `shown` lets through."""
        self._has_jobs = has_jobs
        self._shown = shown if has_jobs else None
        self._say()
        self._has_drawing = not has_jobs
        self._fit()
        self._clear.setVisible(self._shown is not None and bool(self._shown.text))
        self._everywhere.setVisible(self._shown is not None and self._shown != self._wide())

    def tell_opening(self) -> None:
        """Nothing is known yet: the library is being opened."""
        self._has_drawing = False
        self._fit()
        for part in (self._clear, self._everywhere):
            part.hide()
        self._headline.setText(self.tr("Opening the library…"))
        self._advice.setText("")

    def set_in_bin(self, count: int) -> None:
        """How many jobs lie in the bin."""
        self._in_bin = count
        self._say()

    def _say(self) -> None:
        headline, advice = self._words(has_jobs=self._has_jobs, shown=self._shown)
        self._headline.setText(headline)
        self._advice.setText(advice)

    def _ways_out(self) -> QHBoxLayout:
        self._clear = QPushButton(self.tr("Clear the search"), self)
        self._clear.setObjectName("emptyClearSearch")
        self._clear.clicked.connect(self._clear_search)
        self._everywhere = QPushButton(self.tr("Look in all jobs"), self)
        self._everywhere.setObjectName("emptyLookInAll")
        self._everywhere.clicked.connect(self._look_in_all)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addStretch(1)
        for button in (self._clear, self._everywhere):
            button.setAccessibleName(button.text())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _wide(self) -> JobFilter | None:
        """The same search wherever it may find something; without a search there is nothing to look for."""
        shown = self._shown
        return replace(shown, view=View.ALL, collection=0) if shown is not None and shown.text else shown

    def _clear_search(self) -> None:
        if self._shown is not None:
            self.wider_filter_wanted.emit(replace(self._shown, text=""))

    def _look_in_all(self) -> None:
        self.wider_filter_wanted.emit(self._wide())

    def _words(self, *, has_jobs: bool, shown: JobFilter | None) -> tuple[str, str]:
        if not has_jobs or shown is None:
            return self.tr("Your pictures appear here"), self._how_to_begin()
        if shown.text:
            return self._about_search(shown)
        if shown.collection:
            return self._about_collection(shown)
        return {
            View.ALL: self._about_all(),
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

    def _about_all(self) -> tuple[str, str]:
        if self._in_bin:
            return self.tr("All pictures are in the bin"), self.tr("Look under Bin to bring them back.")
        return self.tr("Nothing is here"), self._how_to_begin()

    def _how_to_begin(self) -> str:
        return self.tr("Describe a picture on the left, choose a shape, and press Generate.")

    def _about_search(self, shown: JobFilter) -> tuple[str, str]:
        headline = self.tr("Nothing matches “{words}”").format(words=_shortened(shown.text))
        if wrong := misread(shown.text, time.time()):
            return headline, " ".join(map(self._about_misread, wrong[:_MOST_MISREAD]))
        if shown.collection:
            return headline, self.tr("This looked in one collection only.")
        if shown.view is not View.ALL:
            return headline, self.tr("This looked in one view only.")
        return headline, self.tr("Fewer words find more. What is in the bin is found under Bin.")

    def _about_misread(self, wrong: Misread) -> str:
        if wrong.field is None:
            told = self.tr("There is no field “{text}”.")
        elif wrong.field in _OF_DAYS:
            told = self.tr("No such day: “{text}”.")
        else:
            told = self.tr("“{field}:” knows no “{text}”.")
        return told.format(text=_shortened(wrong.text), field=wrong.field)

    def _about_collection(self, shown: JobFilter) -> tuple[str, str]:
        if shown.view is View.ALL:
            return self.tr("This collection is empty"), self.tr("Drag pictures onto its name to put them in.")
        return self.tr("Nothing of this kind here"), self.tr("This looked in one collection only.")


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"


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
