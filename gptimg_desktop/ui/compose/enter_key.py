"""One press of Ctrl+Enter is one job, however long the key is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
SAME_MOMENT_MS: Final = 2
LONGEST_REPEAT_MS: Final = 1000


class EnterKey:
    """Tells presses from repeats by the release between them.

    Qt's own flag cannot be trusted on X11, where a held key arrives as pairs of release and press of the same
    moment and Qt only sometimes sees through that; a hand takes longer.
    """

    def __init__(self) -> None:
        self._is_down = False
        self._pressed_at = 0
        self._released_at = 0

    def is_new_press(self, event: QKeyEvent) -> bool:
        """True where a hand pressed the key; times are milliseconds, 0 where the system tells none."""
        at = event.timestamp()
        is_held = self._is_down and bool(at) and at - self._pressed_at < LONGEST_REPEAT_MS
        is_pair = bool(self._released_at) and at - self._released_at <= SAME_MOMENT_MS
        self._is_down, self._pressed_at = True, at
        return not (event.isAutoRepeat() or is_held or is_pair)

    def note_release(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.isAutoRepeat():
            self._is_down, self._released_at = False, event.timestamp()
