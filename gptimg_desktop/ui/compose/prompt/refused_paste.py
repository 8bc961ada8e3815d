"""What is told at the prompt about a text that it did not take in, and the presses that this holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from gptimg_desktop.ui.compose.message_line import MessageLine

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

READING_MS: Final = 1000
"""How long no press may come before the next one counts as meant: a burst of presses is one habit."""


class RefusedPaste(MessageLine):
    """Stands from a refused paste on until the prompt is edited.

    Whoever presses Generate then may believe that the pasted text is there, so the first press only tells.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._was_told = False
        super().__init__(parent)
        self.setObjectName("refusedPaste")
        self._reading = QTimer(self, singleShot=True, interval=READING_MS)
        self._reading.setObjectName("refusedPasteReading")

    def holds_back(self) -> bool:
        """True for a press that may be meant for the pasted text: the first, and all that follow at once."""
        if self.problem is None:
            return False
        if self._was_told and not self._reading.isActive():
            return False
        self._was_told = True
        self._reading.start()
        self.show_problem(self.problem)
        return True

    def clear(self) -> None:
        self._was_told = False
        self._reading.stop()
        super().clear()
