"""The prompt: plain text that grows as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QSizeF, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit

from gptimg_desktop.ui.compose.offer import brings_picture, read_offer

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

_LEAST_LINES: Final = 4
_MOST_LINES: Final = 12


class PromptEdit(QPlainTextEdit):
    """Grows from 4 to 12 lines, then scrolls. `offered` carries the `Offer` of a picture that was pasted.

    Ctrl+Enter is left to the widget around it.
    """

    offered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
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
        self._fit(self.document().documentLayout().documentSize())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_ctrl_enter(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return brings_picture(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files and bitmaps become references. Text stays text, also where a bitmap of it comes along."""
        has_files = any(url.isLocalFile() for url in source.urls())
        if has_files or (source.hasImage() and not source.hasText()):
            self.offered.emit(read_offer(source))
            return
        if source.hasText():
            self.insertPlainText(source.text())

    def _fit(self, size: QSizeF) -> None:
        """Take the height of the text; for plain text Qt gives the document's height in lines."""
        lines = max(_LEAST_LINES, min(_MOST_LINES, round(size.height())))
        around = self.contentsMargins().top() + self.contentsMargins().bottom()
        margin = 2 * round(self.document().documentMargin())
        height = lines * self.fontMetrics().lineSpacing() + margin + around + 12
        if height != self.height():
            self.setFixedHeight(height)


def is_ctrl_enter(event: QKeyEvent) -> bool:
    """True for Ctrl+Enter on either Enter key, first press or repeat."""
    return event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )
