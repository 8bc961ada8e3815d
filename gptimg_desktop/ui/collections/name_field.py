"""The field in which a collection is named, in its place in the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from gptimg_desktop.core.collection import LONGEST_NAME, clean_name
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget

_WIDTH: Final = 22 * UNIT
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class NameField(QLineEdit):
    """`named` carries a clean name, each time that Enter is pressed on one; `given_up` comes for Escape, and
    when the focus leaves a field in which nothing new stands."""

    named = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._first = ""
        super().__init__(parent)
        self.setObjectName("collectionName")
        self.setAccessibleName(self.tr("Name of the collection"))
        self.setProperty("slim", True)
        self.setMaxLength(LONGEST_NAME)
        self.setFixedWidth(_WIDTH)
        self.textEdited.connect(self._forget_problem)

    def begin(self, name: str, told: str) -> None:
        """Ask for a name, beginning with this one; `told` says what for."""
        self._first = name
        self.setPlaceholderText(told)
        self.setAccessibleName(told)
        self.setText(name)
        self.selectAll()
        self._forget_problem()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, text: str) -> None:
        """Say why the name cannot be taken; "" for nothing."""
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        if bool(text) != bool(self.property("invalid")):
            self.setProperty("invalid", bool(text))
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in _ENTER:
            event.accept()
            self._name(is_held=event.isAutoRepeat())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        leaves = event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }
        if leaves and clean_name(self.text()) in {"", self._first}:
            self.given_up.emit()

    def _name(self, *, is_held: bool) -> None:
        name = clean_name(self.text())
        if is_held:
            return
        if name in {"", self._first}:
            self.given_up.emit()
        else:
            self.named.emit(name)

    def _forget_problem(self) -> None:
        self.show_problem("")
