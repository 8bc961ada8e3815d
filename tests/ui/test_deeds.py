"""Which key is a wish for a picture."""

from __future__ import annotations

import warnings

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from gptimg_desktop.ui.deeds import Deed, deed_of

KEYPAD, CONTROL = Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ControlModifier
MU = 0xB5


def pressed(key: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Deed | None:
    return deed_of(QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


@pytest.mark.parametrize("key", [MU, 0, Qt.Key.Key_unknown, 0x3C0, 0x1F600, 0x01FFFFFE])
def test_a_key_that_qt_has_no_name_for_is_none_for_a_picture(key: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pressed(key) is None


def test_keys_of_the_number_pad_count_like_the_others() -> None:
    assert pressed(Qt.Key.Key_Delete, KEYPAD) is Deed.REMOVE
    assert pressed(Qt.Key.Key_Backspace) is Deed.REMOVE
    assert pressed(Qt.Key.Key_Backspace, CONTROL) is Deed.RESTORE
    assert pressed(Qt.Key.Key_P) is Deed.PICK
    assert pressed(Qt.Key.Key_P, CONTROL) is None
