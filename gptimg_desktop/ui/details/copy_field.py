"""A text that is shown to be copied: a task id, a path."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gptimg_desktop.ui.details.copy_button import CopyButton
from gptimg_desktop.ui.theme import UNIT


class CopyField(QWidget):
    """A label over one read-only line with a copy button; hidden where there is nothing to show."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        name = QLabel(label, self)
        name.setProperty("role", "muted")
        self._line = QLineEdit(self)
        self._line.setReadOnly(True)
        self._line.setAccessibleName(label)
        self._button = CopyButton(label, self)
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(name)
        column.addLayout(row)

    def text(self) -> str:
        return self._line.text()

    def set_text(self, text: str, *, shows_end: bool = False) -> None:
        """Show a text; where it is too long, its end where `shows_end`, else its beginning."""
        if text != self._line.text():
            self._line.setText(text)
            self._line.setCursorPosition(len(text) if shows_end else 0)
        self._button.set_text(text, self._label)
        self.setVisible(bool(text))
