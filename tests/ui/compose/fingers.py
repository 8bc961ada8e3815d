"""Fingers on the keyboard, with and without an input method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def key(widget: QWidget, which: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and release a key."""
    QTest.keyClick(widget, which, modifiers)


def older(widget: QWidget) -> None:
    key(widget, Qt.Key.Key_Up, ALT)


def newer(widget: QWidget) -> None:
    key(widget, Qt.Key.Key_Down, ALT)


def compose(widget: QWidget, half: str) -> None:
    """An input method shows what is typed so far."""
    QApplication.sendEvent(widget, QInputMethodEvent(half, []))


def commit(widget: QWidget, text: str, half: str = "") -> None:
    """An input method has a word whole, and goes on with the half of another one."""
    event = QInputMethodEvent(half, [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
