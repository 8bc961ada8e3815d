"""Tells a key that is pressed from one that is held down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

SAME_MOMENT_MS: Final = 2


class HeldKeys:
    """Hears the presses and releases of one widget.

    Qt's own flag is not always set on X11, where a held key arrives as pairs of release and press of the same
    moment; the first half of a pair may have been the first thing that this widget heard of the key.
    """

    def __init__(self) -> None:
        self._released = 0
        self._released_at = 0

    def is_new_press(self, event: QKeyEvent) -> bool:
        """True where a hand pressed the key; a system that tells no times (0) is taken at its word."""
        since = event.timestamp() - self._released_at
        is_pair = event.key() == self._released and bool(event.timestamp()) and 0 <= since <= SAME_MOMENT_MS
        return not (event.isAutoRepeat() or is_pair)

    def note_release(self, event: QKeyEvent) -> None:
        self._released, self._released_at = event.key(), event.timestamp()
