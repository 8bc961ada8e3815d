"""The prompt of a job, to read, select and copy."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gptimg_desktop.core.take import Part
from gptimg_desktop.ui.details.copy_button import CopyButton
from gptimg_desktop.ui.details.use_button import UseButton
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_MOST_LINES: Final = 9


class PromptBox(QWidget):
    """A heading with buttons that copy and use over the text, as high as the text needs up to a bound.
    `part_wanted` carries Part.PROMPT."""

    part_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = QLabel(self.tr("Prompt"), self)
        self._heading.setProperty("role", "heading")
        self._use = UseButton(Part.PROMPT, self)
        self._use.part_wanted.connect(self.part_wanted)
        self._copy = CopyButton(self.tr("Prompt"), self)
        self._copy.setObjectName("copyPromptButton")
        self._copy.setToolTip(self.tr("Copy the prompt"))
        self._text = _GrowingText(self)
        self._text.setObjectName("detailsPrompt")
        self._text.setAccessibleName(self.tr("Prompt"))
        head = QHBoxLayout()
        head.setSpacing(UNIT // 2)
        head.addWidget(self._heading, 1)
        head.addWidget(self._use)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self._text)

    def set_prompt(self, prompt: str, *, is_name: bool = False) -> None:
        """Show a prompt; `is_name`: what is only what a picture of the user's is called."""
        self._heading.setText(self.tr("Name") if is_name else self.tr("Prompt"))
        self._use.setVisible(not is_name)
        if prompt != self._text.toPlainText():
            self._text.setPlainText(prompt)
            self._text.fit()
        self._copy.set_text(prompt, self.tr("Prompt"))


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
        """Take the height that the text needs; scripts differ in the height of their lines."""
        lines = max(1, int(self.document().size().height()))
        line = self.blockBoundingGeometry(self.document().lastBlock()).bottom() / lines
        height = ceil(min(lines, _MOST_LINES) * line) + 3 * UNIT
        policy = Qt.ScrollBarPolicy
        needed = policy.ScrollBarAlwaysOn if lines > _MOST_LINES else policy.ScrollBarAlwaysOff
        if needed != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(needed)
            self._wrap_anew()
        if height != self.height():
            self.setFixedHeight(height)

    def _wrap_anew(self) -> None:
        """Qt does not notice by itself that the bar took room from lines that it had laid out."""
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()
