"""A text that is shown to be copied: a task id, a path."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import UNIT, tokens_for


class CopyField(QWidget):
    """A label over one read-only line with a copy button; hidden where there is nothing to show."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        self._button: QToolButton | None = None
        super().__init__(parent)
        name = QLabel(label, self)
        name.setProperty("role", "muted")
        self._line = QLineEdit(self)
        self._line.setReadOnly(True)
        self._line.setAccessibleName(label)
        self._button = QToolButton(self)
        self._button.setProperty("role", "quiet")
        self._button.setAccessibleName(self.tr("Copy: {what}").format(what=label))
        self._button.setToolTip(self.tr("Copy"))
        self._button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(name)
        column.addLayout(row)
        self._dress()

    def text(self) -> str:
        return self._line.text()

    def set_text(self, text: str) -> None:
        if text != self._line.text():
            self._line.setText(text)
            self._line.setCursorPosition(0)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._line.text())

    def _dress(self) -> None:
        if self._button is not None:
            self._button.setIcon(icon("copy", tokens_for(self.palette()).muted))
