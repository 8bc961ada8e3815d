"""The line that tells what was just taken out of a list, and brings it back."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

_LONGEST: Final = 40


class Removal(QWidget):
    """`confirmed` carries the value that is gone for good, `undone` the one that comes back, and its row."""

    confirmed = Signal(object)
    undone = Signal(object, int)
    layout_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._item: Any = None
        self._row = -1
        super().__init__(parent)
        self._told = PlainLabel(role="muted")
        self._undo = QPushButton(self.tr("Undo"))
        self._undo.setObjectName(f"{name}Undo")
        self._undo.setAccessibleName(self.tr("Undo"))
        self._undo.setProperty("role", "quiet")
        self._undo.setAutoDefault(False)
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        self._undo.clicked.connect(self._take_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._told, 1)
        row.addWidget(self._undo)
        self.hide()

    @property
    def item(self) -> Any:
        """What is taken out and can be brought back; None for nothing."""
        return self._item

    def ask(self, item: Any, row: int, text: str) -> None:
        """Offer to bring a row back; the one before is gone for good."""
        self.confirm()
        self._item, self._row = item, row
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"
        self._told.say(self.tr("Removed: {text}").format(text=shown))
        self.show()
        self.layout_changed.emit()

    def confirm(self) -> None:
        """What was taken out is gone for good; nothing where nothing was."""
        item, self._item = self._item, None
        self.hide()
        if item is not None:
            self.confirmed.emit(item)

    def _take_back(self) -> None:
        item, self._item = self._item, None
        self.hide()
        if item is not None:
            self.undone.emit(item, self._row)
        self.layout_changed.emit()
