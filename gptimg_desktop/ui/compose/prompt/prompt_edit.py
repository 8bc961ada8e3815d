"""The prompt: plain text that grows as it is written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS
from gptimg_desktop.ui.compose.references.data_uri import is_data_uri
from gptimg_desktop.ui.compose.references.offer import brings_picture, read_offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDropEvent, QInputMethodEvent, QResizeEvent, QShowEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    KeyTaker = Callable[[QKeyEvent], bool]

_LEAST_LINES: Final = 4
_MOST_LINES: Final = 12
_NO_LIMIT: Final = 10_000
_INPUT_METHOD_KEYS: Final = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down}
)


class PromptEdit(QPlainTextEdit):
    """Grows from 4 to 12 lines, or to as many as `set_room` leaves, then scrolls. `offered` carries the
    `Offer` of a picture that was pasted, `refused` the `Problem` of a text that was not taken in: the prompt
    would have become too long. `typed`: the user has written something, and an input method has nothing half
    written in here.

    Ctrl+Enter writes nothing here and goes on to the widget around.
    """

    offered = Signal(object)
    refused = Signal(object)
    typed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._takers: tuple[KeyTaker, ...] = ()
        self._room = _NO_LIMIT
        self._last_replacement = -1
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

    @property
    def is_composing(self) -> bool:
        """True while an input method has something in here that is still being written: no part of the text
        yet."""
        return bool(self.textCursor().block().layout().preeditAreaText())

    def add_key_taker(self, takes: KeyTaker) -> None:
        """Let somebody have each key first, who tells by True that it was meant for him. No key is offered
        while an input method is writing: it is part of a word."""
        self._takers = (*self._takers, takes)

    def set_room(self, height: int) -> None:
        """So many device-independent pixels it may take, if its least lines fit into them."""
        if height != self._room:
            self._room = height
            self._fit()

    def least_height(self) -> int:
        """As high as its least lines, in device-independent pixels."""
        return _LEAST_LINES * self.fontMetrics().lineSpacing() + self._around()

    def replace_text(self, text: str) -> None:
        """Put another text in the place of all of it. One step of undo brings back what the user wrote,
        however many texts have stood there since."""
        cursor = QTextCursor(self.document())
        steps = self.document().availableUndoSteps()
        if steps and steps == self._last_replacement:
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        _set_apart(cursor, 0)
        cursor.endEditBlock()
        self._last_replacement = self.document().availableUndoSteps()
        self.moveCursor(QTextCursor.MoveOperation.End)  # where one goes on writing

    def take_over(self, text: str) -> None:
        """Put a text from elsewhere in the place of all of it, as an undo step that nothing joins; one that
        stands here already makes such a step too, so that what comes with it has its place among the others.
        """
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if text != self.toPlainText():
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
        _set_apart(cursor, 0)
        cursor.endEditBlock()
        self._last_replacement = -1
        self.moveCursor(QTextCursor.MoveOperation.End)  # where one goes on writing

    def cursor_spot(self, position: int) -> QRect:
        """Where the cursor would stand at a position, in the editor's own coordinates."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        return self.cursorRect(cursor).translated(self.viewport().pos())

    def insert_over(self, start: int, end: int, text: str) -> bool:
        """Put a text in the place of what stands between two positions; False, with nothing changed, where
        the prompt would become too long, which is told."""
        cursor = self.textCursor()
        before = (cursor.anchor(), cursor.position())
        self._select(start, end)
        if self._refuses(text):
            self._select(*before)
            return False
        step = QTextCursor(self.document())
        step.beginEditBlock()
        self.insertPlainText(text)
        _set_apart(step, start)
        step.endEditBlock()
        return True

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

    def event(self, event: QEvent) -> bool:
        """Keys are offered to others first: Tab would move the focus before anybody heard of it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_taken(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.document().revision()
        super().keyPressEvent(event)
        self._tell_typed(before)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        before = self.document().revision()
        super().inputMethodEvent(event)
        self._tell_typed(before)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """While one is writing here the wheel moves this text alone, also at its end."""
        super().wheelEvent(event)
        if self.hasFocus() and self.verticalScrollBar().maximum() > 0:
            event.accept()

    def _is_taken(self, event: QKeyEvent) -> bool:
        """True where the key means something to somebody else: to an input method, before all others."""
        if self.is_composing:
            return event.key() in _INPUT_METHOD_KEYS and not is_ctrl_enter(event)
        return any(takes(event) for takes in self._takers)

    def _tell_typed(self, revision: int) -> None:
        if self.document().revision() != revision and not self.is_composing:
            self.typed.emit()

    def _select(self, anchor: int, position: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _insert(self, text: str) -> None:
        if not self._refuses(text):
            self.insertPlainText(text)

    def _refuses(self, text: str) -> bool:
        """True where a text cannot take the place of the selection, which is told."""
        kept = len(self.toPlainText()) - len(self.textCursor().selectedText())
        room = max(0, MOST_PROMPT_CHARACTERS - kept)
        if len(text) <= room or self._moves_own:
            return False
        self._refusal = Problem.of(ProblemKind.PASTE_TOO_LONG, length=len(text), limit=room)
        if not self._is_dropping:
            self._tell_refusal()
        return True

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines may break elsewhere, also when the scroll bar has come or gone."""
        super().resizeEvent(event)
        self._fit()

    def _around(self) -> int:
        """What stands above and below the lines: frame and margins."""
        frame = max(0, self.height() - self.viewport().height()) if self.isVisible() else 12
        return frame + 2 * round(self.document().documentMargin())

    def _fit(self) -> None:
        """Take the height of the text, measured line by line: Chinese lines are higher than Latin ones."""
        line, around = self.fontMetrics().lineSpacing(), self._around()
        room = max(_LEAST_LINES * line, self._room - around)
        most = min(_MOST_LINES * line, room)
        text = 0.0
        block = self.document().begin()
        while block.isValid() and text < most:
            text += self.blockBoundingRect(block).height()
            block = block.next()
        height = min(most, max(_LEAST_LINES * line, math.ceil(text))) + around
        if height != self.height():
            self.setFixedHeight(height)


def is_ctrl_enter(event: QKeyEvent) -> bool:
    """True for Ctrl+Enter on either Enter key, first press or repeat."""
    return event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )


def _set_apart(cursor: QTextCursor, position: int) -> None:
    """End an undo step with something that what is typed next does not join: else one undo would take that
    and the step together."""
    cursor.setPosition(position)
    cursor.insertText(" ")
    cursor.deletePreviousChar()
