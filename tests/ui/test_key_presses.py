"""A press of a key is one, however the system reports it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from gptimg_desktop.ui.key_presses import KeyPresses


def key(kind: QEvent.Type, at: int, *, flagged: bool = False) -> QKeyEvent:
    event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "\r", flagged)
    event.setTimestamp(at)
    return event


def presses(*events: tuple[QEvent.Type, int]) -> int:
    """How many of the events are presses by a hand."""
    guard, count = KeyPresses(), 0
    for kind, at in events:
        if kind is QEvent.Type.KeyRelease:
            guard.note_release(key(kind, at))
        else:
            count += guard.is_new(key(kind, at))
    return count


PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


def test_a_held_key_that_comes_as_pairs_is_one_press() -> None:
    repeats = [(kind, at) for at in range(1660, 4660, 40) for kind in (RELEASE, PRESS)]
    assert presses((PRESS, 1000), *repeats, (RELEASE, 4700)) == 1


def test_a_held_key_without_releases_is_one_press() -> None:
    assert presses((PRESS, 1000), *((PRESS, at) for at in range(1660, 4660, 40))) == 1


def test_twenty_quick_presses_are_twenty() -> None:
    events = [(kind, 1000 + 20 * n + gap) for n in range(20) for kind, gap in ((PRESS, 0), (RELEASE, 10))]
    assert presses(*events) == 20


def test_a_lost_release_does_not_block_the_key_for_good() -> None:
    assert presses((PRESS, 1000), (PRESS, 5000)) == 2


def test_qts_own_flag_is_believed() -> None:
    assert not KeyPresses().is_new(key(PRESS, 0, flagged=True))
    assert KeyPresses().is_new(key(PRESS, 0))


def test_a_key_that_was_pressed_elsewhere_and_is_held_is_no_press() -> None:
    guard = KeyPresses()
    guard.note_release(key(RELEASE, 1660, flagged=True))
    assert not guard.is_new(key(PRESS, 1660))
