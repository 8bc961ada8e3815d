"""The button inside a text field that empties it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit


def add_clear_button(field: QLineEdit, name: str) -> None:
    """Give a field its clear button, under a name that a screen reader can say; Qt gives it none."""
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(name)
