"""Tells while the tiles move past what they have come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_STAYS_MS: Final = 900
_FROM_EDGE: Final = 3 * UNIT
_UNKNOWN: Final = "…"


class ScrollLabel(QLabel):
    """A word beside the scroll bar that follows its handle. It goes a moment after the tiles have come to
    rest, but not while a hand holds the handle."""

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self.setObjectName("scrollLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._rest = QTimer(self, singleShot=True, interval=_STAYS_MS)
        self._rest.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str, share: float, *, is_held: bool) -> None:
        """A word, at a share of the way from top to bottom; "" where nobody knows it yet. While the handle
        `is_held` it stays, until `let_go`."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setText(text or _UNKNOWN)
        self.adjustSize()
        room = max(0, parent.height() - self.height() - 2 * UNIT)
        self.move(parent.width() - self.width() - _FROM_EDGE, UNIT + round(share * room))
        self.show()
        self.raise_()
        self._rest.stop() if is_held else self._rest.start()

    @property
    def waits(self) -> bool:
        """True while it is seen and does not know its word."""
        return self.isVisible() and self.text() == _UNKNOWN

    def let_go(self) -> None:
        """Nobody holds the handle any more."""
        if self.isVisible():
            self._rest.start()

    def stop(self) -> None:
        """Another list is shown."""
        self._rest.stop()
        self.clear()
        self.hide()
