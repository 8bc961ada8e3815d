"""The prompt: plain text that grows as it is written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS
from gptimg_desktop.ui.compose.data_uri import is_data_uri
from gptimg_desktop.ui.compose.offer import brings_picture, read_offer

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent, QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

_LEAST_LINES: Final = 4
_MOST_LINES: Final = 12


class PromptEdit(QPlainTextEdit):
    """Grows from 4 to 12 lines, then scrolls. `offered` carries the `Offer` of a picture that was pasted,
    `refused` the `Problem` of a text that was not taken in: the prompt would have become too long.

    Ctrl+Enter writes nothing here and goes on to the widget around.
    """

    offered = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._moves_own = False
        self._is_dropping = False
        self._refusal: Problem | None = None
        super().__init__(parent)
        self.setObjectName("promptEdit")
        self.setAccessibleName(self.tr("Prompt"))
        self.setPlaceholderText(
            self.tr(
                "What should be seen? Subject, surroundings, light, style, mood.\n"
                "Speak of references by their number: “the chair of image 2”."
            )
        )
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return brings_picture(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files and bitmaps become references, and so does a picture that comes as text. Other text stays
        text, also where a bitmap of it comes along.

        What could not be sent is not taken in: laying out a word of a million letters would hold the window
        up for half a minute.
        """
        has_files = any(url.isLocalFile() for url in source.urls())
        is_text = source.hasText() and not is_data_uri(source.text())
        if has_files or (brings_picture(source) and not is_text):
            self.offered.emit(read_offer(source))
        elif source.hasText():
            self._insert(source.text())

    def dropEvent(self, event: QDropEvent) -> None:
        """A text that is moved within the prompt makes it no longer, and is out of its place already.

        Qt tells of a change after every drop, and a change takes messages away: a refusal comes after that.
        """
        self._moves_own, self._is_dropping = event.source() in {self, self.viewport()}, True
        try:
            super().dropEvent(event)
        finally:
            self._moves_own = self._is_dropping = False
        self._tell_refusal()

    def _insert(self, text: str) -> None:
        kept = len(self.toPlainText()) - len(self.textCursor().selectedText())
        room = max(0, MOST_PROMPT_CHARACTERS - kept)
        if len(text) > room and not self._moves_own:
            self._refusal = Problem.of(ProblemKind.PASTE_TOO_LONG, length=len(text), limit=room)
        else:
            self.insertPlainText(text)
        if not self._is_dropping:
            self._tell_refusal()

    def _tell_refusal(self) -> None:
        problem, self._refusal = self._refusal, None
        if problem is not None:
            self.refused.emit(problem)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the height of the text, measured line by line: Chinese lines are higher than Latin ones."""
        line = self.fontMetrics().lineSpacing()
        most = _MOST_LINES * line
        text = 0.0
        block = self.document().begin()
        while block.isValid() and text < most:
            text += self.blockBoundingRect(block).height()
            block = block.next()
        frame = max(0, self.height() - self.viewport().height()) if self.isVisible() else 12
        margin = 2 * round(self.document().documentMargin())
        height = min(most, max(_LEAST_LINES * line, math.ceil(text))) + margin + frame
        if height != self.height():
            self.setFixedHeight(height)


def is_ctrl_enter(event: QKeyEvent) -> bool:
    """True for Ctrl+Enter on either Enter key, first press or repeat."""
    return event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )
