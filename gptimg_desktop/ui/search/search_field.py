"""The field that one searches with, as one types."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from gptimg_desktop.core.completion import NOTHING, Completion, Option, completed, completion
from gptimg_desktop.core.query_grammar import MOST_CHARACTERS, tokens
from gptimg_desktop.ui.clear_button import add_clear_button
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.search.completion_popup import CompletionPopup
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class SearchField(QLineEdit):
    """`sought` carries the text, without blanks round it, at every change. `left` tells that Escape was
    pressed in the empty field: the keys are wanted elsewhere.

    What can follow is offered below it. Arrows choose, Tab takes what is chosen or the first that fits what
    is typed, Enter takes what is chosen, Escape sends the list away, then the text.
    """

    sought = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._collections: tuple[str, ...] = ()
        self._at: Completion = NOTHING
        self._told = ""
        self._is_composing = False
        self._popup: CompletionPopup | None = None
        super().__init__(parent)
        self.setObjectName("searchEdit")
        self.setAccessibleName(self.tr("Search"))
        self.setPlaceholderText(self.tr("Search prompts, sizes, dates"))
        self.setToolTip(self.tr("Words of the prompt, or size:16:9 tier:4k since:monday -cat (Ctrl+F)"))
        self.setMaxLength(MOST_CHARACTERS)
        add_clear_button(self, self.tr("Clear the search"))
        self.setTextMargins(3 * UNIT, 0, 0, 0)
        glass = QHBoxLayout(self)
        glass.setContentsMargins(UNIT + 2, 0, 0, 0)
        glass.addWidget(IconLabel("search", "muted", 16, self))
        glass.addStretch(1)
        self.textChanged.connect(self._tell)
        self.textEdited.connect(self._offer_typed)

    @property
    def words(self) -> str:
        """What is sought now."""
        return self.text().strip()

    def set_collections(self, names: tuple[str, ...]) -> None:
        """The collections that can be completed."""
        self._collections = names

    def search_for(self, text: str) -> None:
        """Put a search into the field; nothing is offered for it."""
        self._hide_options()
        if text != self.words:
            self.setText(text)

    def begin(self) -> None:
        """Take the keys, ready to be written over; show what can be asked where nothing is there yet."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if not self.text():
            self._offer()

    # Qt's side

    def event(self, event: QEvent) -> bool:
        """Tab and Escape are ours while they mean something here, before focus and shortcuts have them."""
        if isinstance(event, QKeyEvent) and not self._is_composing:
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            is_tab = event.key() == Qt.Key.Key_Tab and event.modifiers() in _PLAIN
            if event.type() == QEvent.Type.KeyPress and is_tab and self._take_by_tab():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._is_composing and event.modifiers() in _PLAIN and self._takes(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.text():
            self._offer()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_composing = False
        super().focusOutEvent(event)

    # Keys

    def _takes(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False where it means nothing special."""
        key = event.key()
        if key in _STEPS:
            self._step(_STEPS[Qt.Key(key)])
            return True
        if key in _ENTER:
            self._take_chosen()
            return True
        if key == Qt.Key.Key_Escape:
            if not event.isAutoRepeat():
                self._go_back()
            return True
        return False

    def _step(self, rows: int) -> None:
        if self._open_popup is None:
            self._offer()
        if self._open_popup is not None:
            self._open_popup.step(rows)

    def _take_chosen(self) -> None:
        chosen = None if self._open_popup is None else self._open_popup.chosen
        if chosen is not None:
            self._take(chosen)
        else:
            self._hide_options()

    def _take_by_tab(self) -> bool:
        """Take what is meant; False where Tab means the next field."""
        popup = self._open_popup
        if popup is None:
            return False
        meant = popup.chosen or (popup.first if self._at.is_asked else None)
        if meant is None:
            self._hide_options()
            return False
        self._take(meant)
        return True

    def _go_back(self) -> None:
        if self._open_popup is not None:
            self._hide_options()
        elif self.text():
            self.clear()
        else:
            self.left.emit()

    # Options

    @property
    def _open_popup(self) -> CompletionPopup | None:
        """The list while it is shown."""
        return self._popup if self._popup is not None and self._popup.isVisible() else None

    def _offer_typed(self) -> None:
        """After a change by hand: what fits the word that is being typed; no list of everything."""
        at = self._completion()
        is_new_word = at.start == at.end and at.options and not at.options[0].value
        self._show(NOTHING if is_new_word else at)

    def _offer(self) -> None:
        self._show(self._completion())

    def _completion(self) -> Completion:
        return completion(self.text(), self.cursorPosition(), collections=self._collections)

    def _show(self, at: Completion) -> None:
        self._at = at
        if self._popup is None and at.options:
            self._popup = CompletionPopup(self._clock, self)
            self._popup.taken.connect(self._take)
        if self._popup is not None:
            self._popup.offer(at.options, self, self.rect(), typed=self._typed(at))

    def _typed(self, at: Completion) -> str:
        """What stands already where an option would; without the quotes round it."""
        found = tokens(self.text()[at.start : at.end])
        return "".join(piece.text for token in found for piece in token.pieces)

    def _hide_options(self) -> None:
        self._show(NOTHING)

    def _take(self, option: Option) -> None:
        at, before = self._at, self.text()
        text, cursor = completed(before, at, option)
        self.setSelection(at.start, at.end - at.start)
        self.insert(text[at.start : len(text) - len(before) + at.end])  # so that Ctrl+Z takes it back
        self.setCursorPosition(cursor)
        if option.value:
            self._hide_options()
        else:
            self._offer()

    def _tell(self) -> None:
        if self.words != self._told:
            self._told = self.words
            self.sought.emit(self._told)
