"""A label for texts from anywhere: never read as markup, wrapped and never clipped."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LONG_WORD: Final = re.compile(r"\S{24}(?=\S)")
_BREAK: Final = "\u200b"


class PlainLabel(QLabel):
    """`role` is the style sheet's ("muted", "danger", …). Long words may be broken anywhere."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(24)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if role:
            self.setProperty("role", role)
        self.say(text)

    def say(self, text: str) -> None:
        """Show a text; an empty one shows nothing."""
        self.setText(_LONG_WORD.sub(rf"\g<0>{_BREAK}", text))
