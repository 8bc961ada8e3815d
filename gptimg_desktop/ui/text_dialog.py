"""A longer text in a window of its own, to read and to copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT


class TextDialog(QDialog):
    """Plain text under a summary, with buttons that copy it and close; it goes when it closes.

    `name` begins the object names of its parts. The buttons stand in a plain row: a box of buttons leads Tab
    past all but that which answers Enter.
    """

    def __init__(self, name: str, size: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}Dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size)
        self.field = QPlainTextEdit(self)
        self.field.setObjectName(f"{name}Text")
        self.field.setReadOnly(True)
        self.field.setTabChangesFocus(True)
        self._summary = PlainLabel("", parent=self)
        self._copied = ""
        self._copy = self._button(f"{name}Copy", self.tr("Copy"))
        self._copy.clicked.connect(self._to_clipboard)
        self._close = self._button(f"{name}Close", self.tr("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        self._lay_out()

    def name_for_readers(self, text: str, *, copies: str) -> None:
        """What screen readers call the text, and the button that copies it."""
        self.field.setAccessibleName(text)
        self._copy.setAccessibleName(copies)

    def show_text(self, summary: str, text: str, *, copied: str = "") -> None:
        """What stands there; `copied` is what Copy takes, where that is more than the text."""
        self._summary.say(summary)
        self.field.setPlainText(text)
        self._copied = copied or text

    def _button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._summary)
        column.addWidget(self.field, 1)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(self._close)
        column.addLayout(row)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)
