"""A label for texts from anywhere: never read as markup, wrapped and never clipped."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LONG_WORD: Final = re.compile(r"\S{25,}")
_JOINT: Final = re.compile(r"(?<=..)(?:(?<=_)|(?<=[^\w\s(\[{<]))(?=[\w(\[{<])")
"""Behind a sign inside a word, as in paths and identifiers, but not behind one that begins it."""
_LONG_PART: Final = re.compile(r"[^\s\u200b]{24}(?=[^\s\u200b])")
_BREAK: Final = "\u200b"


class PlainLabel(QLabel):
    """`role` is the style sheet's ("muted", "danger", …).

    Words longer than a line may be are broken where their parts meet, and the parts that are too long as well
    after each 24 characters.
    """

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
        self.setText(_LONG_WORD.sub(_breakable, text))


def _breakable(word: re.Match[str]) -> str:
    return _LONG_PART.sub(rf"\g<0>{_BREAK}", _JOINT.sub(_BREAK, word[0]))
