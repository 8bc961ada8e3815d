"""The button that costs money: what it says is what a press does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QPushButton, QStyleOptionButton

from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

_KEYS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Select})


class GenerateButton(QPushButton):
    """A text that is too long loses its middle: the price at its end stays. A held key is one press."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._presses = KeyPresses()
        self._is_asking = self._is_refused = False
        super().__init__(parent)
        self.setObjectName("generateButton")
        self.setProperty("role", "primary")
        self.setAutoDefault(False)
        self.setAutoRepeat(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the prompt
        self.setMinimumWidth(1)

    def say(self, text: str, *, is_asking: bool, is_refused: bool = False) -> None:
        """Say what a press does; as a question it looks different, and is read out. One that would be refused
        looks quiet and can be pressed all the same, to be told why."""
        self.setText(text)
        self.setAccessibleName(text)
        if (is_asking, is_refused) == (self._is_asking, self._is_refused):
            return
        begins_to_ask = is_asking and not self._is_asking
        self._is_asking, self._is_refused = is_asking, is_refused
        self.setProperty("asking", "true" if is_asking else "false")
        self.setProperty("refused", "true" if is_refused else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        if begins_to_ask:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS and not self._presses.is_new(event):
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        room = self.width() - 5 * UNIT
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)
