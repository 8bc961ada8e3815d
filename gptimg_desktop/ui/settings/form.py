"""Rows of settings in named groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.plain_label import PlainLabel


class Form(QWidget):
    """Three columns: the group's name, what a row sets, and the fields. A hairline parts the groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * UNIT)
        self._grid.setVerticalSpacing(UNIT // 2)
        self._grid.setColumnStretch(2, 1)
        self._row = 0
        self._group = ""

    def begin_group(self, name: str) -> None:
        """Rows from here on belong to this group."""
        if self._row:
            line = QFrame()
            line.setProperty("role", "line")
            self._grid.setRowMinimumHeight(self._row, 2 * UNIT)
            self._grid.addWidget(line, self._row, 0, 1, 3, Qt.AlignmentFlag.AlignVCenter)
            self._row += 1
        self._group = name

    def add_row(self, label: str, *fields: QWidget, note: PlainLabel) -> None:
        """One row; the last of several fields takes the room that is left."""
        if self._group:
            self._grid.addWidget(_label(self._group, "heading"), self._row, 0)
            self._group = ""
        self._grid.addWidget(_label(label, ""), self._row, 1)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        for field in fields:
            row.addWidget(field)
        self._grid.addLayout(row, self._row, 2)
        self._grid.addWidget(note, self._row + 1, 2)
        self._grid.setRowMinimumHeight(self._row + 2, UNIT // 2)
        self._row += 3


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label
