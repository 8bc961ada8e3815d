"""One line with a sign: how something turned out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What to say, and how: `tone` is a colour of the theme and a role of its labels, `sign` an icon."""

    text: str
    tone: str
    sign: str


class ResultLine(QWidget):
    """Takes no room while there is nothing to say; what it says is read out by screen readers."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconLabel("circle-check", parent=self)
        self._text = PlainLabel(parent=self)
        self._text.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    def tell(self, result: Result) -> None:
        """Show what came of it, and have screen readers say it."""
        self._sign.show_icon(result.sign, result.tone)
        self._text.setProperty("role", result.tone)
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._text.say(result.text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
