"""The button inside a text field that empties it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QToolButton

from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import tokens_for


def add_clear_button(field: QLineEdit, name: str) -> None:
    """Give a field its clear button, under a name that a screen reader can say; Qt gives it none."""
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(name)
        field.installEventFilter(_Dresser(field, button))


class _Dresser(QObject):
    """Gives Qt's button our sign, in the colour of the field's theme."""

    def __init__(self, field: QLineEdit, button: QToolButton) -> None:
        self._field = field
        self._button = button
        self._colour = ""
        super().__init__(field)
        self._dress()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        return False

    def _dress(self) -> None:
        colour = tokens_for(self._field.palette()).muted
        if colour != self._colour:
            self._colour = colour
            self._button.defaultAction().setIcon(icon("x", colour))
