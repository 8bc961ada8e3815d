"""The line below a field: advice, or what is wrong with what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.errors import Problem


class FieldNote(PlainLabel):
    """Takes no room while there is nothing to say. `frame` is what is drawn round the field: the field
    itself, or the combo box that it stands in."""

    def __init__(self, field: QWidget, advice: str = "", *, frame: QWidget | None = None) -> None:
        self._field = field
        self._frame = frame or field
        self._advice = advice
        super().__init__(advice, "muted")
        self.setVisible(bool(advice))

    def refuse(self, problem: Problem) -> None:
        """Say what is wrong with the field, and go there."""
        self._show(sentence(problem), "danger")
        self._field.setFocus()

    def forgive(self) -> None:
        """Back to the advice: the field was changed."""
        self._show(self._advice, "muted")

    def _show(self, text: str, role: str) -> None:
        self.say(text)
        self.setVisible(bool(text))
        self.setProperty("role", role)
        for widget in {self._field, self._frame}:
            widget.setProperty("invalid", role == "danger")
        for widget in {self, self._field, self._frame}:
            widget.style().unpolish(widget)
            widget.style().polish(widget)
