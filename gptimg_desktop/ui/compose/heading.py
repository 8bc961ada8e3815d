"""What stands above a part of the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def heading(text: str, buddy: QWidget | None = None) -> QLabel:
    """A title; a click on its mnemonic goes to `buddy`."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    if buddy is not None:
        label.setBuddy(buddy)
    return label
