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
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """So many characters; nothing is shown for none."""
        number = QLocale().toString(count)
        limit = QLocale().toString(MOST_PROMPT_CHARACTERS)
        told = self.tr("{count} of {limit}").format(count=number, limit=limit)
        self.setText(("" if not count else number) if count < _NEAR else told)
        characters = self.tr("{count} of {limit} characters").format(count=number, limit=limit)
        self.setToolTip(characters)
        self.setAccessibleName(characters)
        self._dress("muted" if count < _NEAR else "warning" if count <= MOST_PROMPT_CHARACTERS else "danger")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _dress(self, tone: str) -> None:
        if self.property("role") != tone:
            self.setProperty("role", tone)
            self.style().unpolish(self)
            self.style().polish(self)
