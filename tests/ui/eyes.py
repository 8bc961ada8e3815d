"""What a test sees in a widget, presses there, and hears from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance


def text_of(widget: QWidget) -> str:
    """Every label that can be read, a line each, without the places where a long word may break."""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels).replace("\u200b", "")


def visible_buttons(widget: QWidget) -> set[str]:
    """The texts of the push buttons that can be pressed."""
    return {button.text() for button in widget.findChildren(QPushButton) if button.isVisible()}


def press(widget: QWidget, name: str) -> None:
    """Click a button that can be seen."""
    button = widget.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton), name
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def heard(signal: SignalInstance) -> list[object]:
    """A list that grows by what a signal carries, None for one that carries nothing."""
    told: list[object] = []

    def note(*values: object) -> None:
        told.append(values[0] if values else None)

    signal.connect(note)
    return told
