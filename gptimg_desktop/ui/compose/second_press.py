"""Tells a press of Generate that is meant from one that is to be asked about first."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication


class SecondPress(QObject):
    """Asks by letting the first press pass without effect. `changed`: it began or ended to ask.

    A press that comes within the system's double-click interval after another is the same movement of the
    hand: a burst of presses, however long, answers nothing.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: object = None
        self._burst = QTimer(self, singleShot=True)
        self._burst.setObjectName("secondPressBurst")

    @property
    def is_asking(self) -> bool:
        return self._asked is not None

    def lets_go(self, what: object) -> bool:
        """True where the press of something that is to be asked about may go: it was asked, for just this,
        and the answer took its time."""
        is_same_movement = self._burst.isActive()
        self._burst.start(QApplication.doubleClickInterval())
        if self._asked == what:
            if is_same_movement:
                return False
            self._ask(None)
            return True
        if self._asked is not None or not is_same_movement:
            self._ask(what)
        return False

    def take_back(self) -> bool:
        """Ask no more: something changed, or the user said no. True where it asked."""
        was_asking = self.is_asking
        self._burst.stop()
        self._ask(None)
        return was_asking

    def _ask(self, what: object) -> None:
        was_asking, self._asked = self.is_asking, what
        if was_asking or self.is_asking:
            self.changed.emit()
