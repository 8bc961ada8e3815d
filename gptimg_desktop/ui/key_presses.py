"""Tells the press of a key from what a held key goes on sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

SAME_MOMENT_MS: Final = 2
LOST_RELEASE_MS: Final = 1000
"""A key that was pressed so long ago is taken as let go: its release may have gone to another window."""


class KeyPresses:
    """Remembers which keys are down. Widgets between which the focus moves share one.

    The auto-repeat flag alone does not do: X11 sends a held key as releases and presses of the same moment,
    and Qt marks only some of them.
    """

    def __init__(self) -> None:
        self._down: dict[int, int] = {}
        self._let_go: dict[int, int] = {}

    def is_new(self, event: QKeyEvent) -> bool:
        """True where a hand pressed the key. Event times are milliseconds, 0 where none is told."""
        key, at = event.key(), event.timestamp()
        is_held = bool(at) and 0 <= at - self._down.get(key, at + 1) < LOST_RELEASE_MS
        is_pair = bool(at) and 0 <= at - self._let_go.get(key, at + 1) <= SAME_MOMENT_MS
        self._down[key] = at
        return not (event.isAutoRepeat() or is_held or is_pair)

    def note_release(self, event: QKeyEvent) -> None:
        """Also of one half of a pair, which may be the first thing that is heard of the key here."""
        if not event.isAutoRepeat():
            self._down.pop(event.key(), None)
        self._let_go[event.key()] = event.timestamp()
