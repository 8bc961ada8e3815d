"""The prompt of a job, to read, select and copy."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import UNIT, tokens_for

_MOST_LINES: Final = 9


class PromptBox(QWidget):
    """A heading with a copy button over the text, as high as the text needs up to a bound."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._copy: QToolButton | None = None
        super().__init__(parent)
        heading = QLabel(self.tr("Prompt"), self)
        heading.setProperty("role", "heading")
        self._copy = QToolButton(self)
        self._copy.setObjectName("copyPromptButton")
        self._copy.setProperty("role", "quiet")
        self._copy.setAccessibleName(self.tr("Copy the prompt"))
        self._copy.setToolTip(self.tr("Copy the prompt"))
        self._copy.clicked.connect(self._copy_prompt)
        self._text = _GrowingText(self)
        self._text.setObjectName("detailsPrompt")
        self._text.setAccessibleName(self.tr("Prompt"))
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self._text)
        self._dress()

    def set_prompt(self, prompt: str) -> None:
        if prompt != self._text.toPlainText():
            self._text.setPlainText(prompt)
            self._text.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _copy_prompt(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    def _dress(self) -> None:
        if self._copy is not None:
            self._copy.setIcon(icon("copy", tokens_for(self.palette()).muted))


class _GrowingText(QPlainTextEdit):
    """Read-only text whose height follows its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fit()

    def fit(self) -> None:
        """Take the height that the lines need. A plain-text document measures its height in lines."""
        lines = min(_MOST_LINES, max(1, int(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 3 * UNIT
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()
