"""The prompts of a run, numbered, as they will be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.prompt import Piece

_MOST_LINES: Final = 8
_WHOLE: Final = 240
"""Of several prompts those up to so many characters are shown whole, of longer ones the words beside what
differs."""
_CONTEXT: Final = 32
_MOST_CHOSEN: Final = 160


class RunList(QTextEdit):
    """Can be read, scrolled and copied from, not edited. What differs between the prompts is emphasised.

    Texts go in as plain characters, never as markup.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._prompts: Sequence[Sequence[Piece]] = ()
        super().__init__(parent)
        self.setObjectName("runPreviewList")
        self.setAccessibleName(self.tr("What will be sent"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_prompts(self, prompts: Sequence[Sequence[Piece]]) -> None:
        """Show these, each as its parts; the place that was scrolled to stays where it can."""
        if prompts == self._prompts:
            return
        self._prompts = prompts
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._prompts:
            self._write()

    def _write(self) -> None:
        scrolled = self.verticalScrollBar().value()
        tokens = tokens_for(self.palette())
        number, plain, chosen = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        number.setForeground(QColor(tokens.muted))
        plain.setForeground(QColor(tokens.text))
        chosen.setForeground(QColor(tokens.accent))
        chosen.setFontWeight(QFont.Weight.DemiBold)
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for count, pieces in enumerate(self._prompts, 1):
            if count > 1:
                cursor.insertBlock()
            cursor.setBlockFormat(self._hanging())
            cursor.insertText(f"{count}\t", number)
            for text, is_choice in _shown(pieces, is_whole=len(self._prompts) == 1):
                cursor.insertText(text, chosen if is_choice else plain)
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(scrolled)

    def _hanging(self) -> QTextBlockFormat:
        """The number stands before the text's own left edge."""
        indent = self.fontMetrics().horizontalAdvance("100") + UNIT
        block = QTextBlockFormat()
        block.setLeftMargin(indent)
        block.setTextIndent(-indent)
        block.setBottomMargin(UNIT // 2)
        block.setTabPositions([])
        self.document().setIndentWidth(indent)
        self.setTabStopDistance(indent)
        return block

    def _fit(self) -> None:
        """As high as the text, up to a few lines."""
        frame = self.height() - self.viewport().height() if self.isVisible() else 10
        most = _MOST_LINES * self.fontMetrics().lineSpacing()
        height = min(most, int(self.document().size().height())) + max(0, frame)
        if height != self.height():
            self.setFixedHeight(height)


def _shown(pieces: Sequence[Piece], *, is_whole: bool) -> list[tuple[str, bool]]:
    """Texts with whether each was chosen, on one line; long ones cut down to what shows the difference,
    unless there is nothing that they differ from."""
    is_long = not is_whole and sum(len(piece.text) for piece in pieces) > _WHOLE
    result = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if is_long and piece.is_choice:
            text = _cut(text, _MOST_CHOSEN, 0)
        elif is_long:
            is_last = place == len(pieces) - 1
            text = _cut(text, _WHOLE if len(pieces) == 1 else _CONTEXT, 0 if is_last else _CONTEXT)
        result.append((text.replace("\n", " "), piece.is_choice))
    return result


def _cut(text: str, first: int, last: int) -> str:
    if len(text) <= first + last + 3:
        return text
    return f"{text[:first]} … {text[len(text) - last :]}" if last else f"{text[:first]} …"
