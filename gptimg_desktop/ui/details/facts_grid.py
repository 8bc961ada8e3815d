"""The lines of the details, label beside text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.ui.details.facts import Fact


class FactsGrid(QWidget):
    """Shows facts; only texts are exchanged while the labels stay the same, so that a clock may tick here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._texts: list[PlainLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * UNIT)
        self._grid.setVerticalSpacing(UNIT // 2)
        self._grid.setColumnStretch(1, 1)

    def set_facts(self, facts: tuple[Fact, ...]) -> None:
        labels = tuple(fact.label for fact in facts)
        if labels != self._labels:
            self._rebuild(labels)
        for line, fact in zip(self._texts, facts, strict=True):
            if line.text() != fact.text:
                line.say(fact.text)

    def _rebuild(self, labels: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._labels = labels
        self._texts = []
        for row, label in enumerate(labels):
            name = QLabel(label, self)
            name.setProperty("role", "muted")
            text = PlainLabel(parent=self)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(name, row, 0, top)
            self._grid.addWidget(text, row, 1, top)
            self._texts.append(text)
