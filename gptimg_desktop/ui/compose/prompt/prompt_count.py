"""How long the prompt is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QSize
from PySide6.QtWidgets import QLabel

from gptimg_desktop.core.request import MOST_PROMPT_CHARACTERS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NEAR: Final = MOST_PROMPT_CHARACTERS * 9 // 10


class PromptCount(QLabel):
    """Quiet as long as there is room; near the limit it names it, beyond it says so in another tone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("promptCount")
        self.setProperty("role", "muted")
        self.set_count(0, 0)

    def set_count(self, written: int, longest: int) -> None:
        """So many characters as written, and in the longest prompt that the text stands for, which the limit
        is for; nothing is shown for none."""
        limit = _number(MOST_PROMPT_CHARACTERS)
        is_near = longest >= _NEAR
        told = self.tr("{count} of {limit}") if is_near else "{count}"
        sent = told.format(count=_number(longest), limit=limit)
        tip = self.tr("{count} of {limit} characters").format(count=_number(longest), limit=limit)
        if longest != written:
            sent = self.tr("{count} · longest {longest}").format(count=_number(written), longest=sent)
            words = self.tr("{count} characters; in the longest prompt {longest}")
            tip = words.format(count=_number(written), longest=tip)
        self.setText(sent if written else "")
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        is_over = longest > MOST_PROMPT_CHARACTERS
        self._dress("danger" if is_over else "warning" if is_near else "muted")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _dress(self, tone: str) -> None:
        if self.property("role") != tone:
            self.setProperty("role", tone)
            self.style().unpolish(self)
            self.style().polish(self)


def _number(count: int) -> str:
    return QLocale().toString(count)
