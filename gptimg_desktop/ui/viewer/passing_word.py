"""A word over the picture about what was just done; it goes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LIFE_MS: Final = 2_500


class PassingWord(QFrame):
    """It takes no clicks and no keys: what lies below it works as ever."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewerWord")
        self.setProperty("role", "card")
        self.setProperty("floats", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.addWidget(self._text)
        self._life = QTimer(self)
        self._life.setSingleShot(True)
        self._life.setInterval(_LIFE_MS)
        self._life.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What stands there now."""
        return self._text.text() if not self.isHidden() else ""

    def say(self, text: str) -> None:
        self._text.setText(text)
        self.adjustSize()
        self.show()
        self.raise_()
        self._life.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
