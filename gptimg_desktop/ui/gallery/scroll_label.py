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


class ScrollLabel(QLabel):
    """A word beside the scroll bar that follows its handle, and goes a moment after it has come to rest."""

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self.setObjectName("scrollLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._rest = QTimer(self, singleShot=True, interval=_STAYS_MS)
        self._rest.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str, share: float) -> None:
        """A word, at a share of the way from top to bottom; with "" what was told stays."""
        parent = self.parentWidget()
        if parent is None or not (text or self.text()):
            return
        if text:
            self.setText(text)
            self.adjustSize()
        room = max(0, parent.height() - self.height() - 2 * UNIT)
        self.move(parent.width() - self.width() - _FROM_EDGE, UNIT + round(share * room))
        self.show()
        self.raise_()
        self._rest.start()

    def stop(self) -> None:
        """Another list is shown."""
        self._rest.stop()
        self.clear()
        self.hide()
