"""A small button that puts a text on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CopyButton(QToolButton):
    """`what` says in a word or two what it copies."""

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        self._copied = ""
        super().__init__(parent)
        self.setProperty("role", "quiet")
        self.setToolTip(self.tr("Copy"))
        self.set_text("", what)
        self.clicked.connect(self._copy)
        self._dress()

    def set_text(self, copied: str, what: str) -> None:
        """What the next press copies, and its name."""
        self._copied = copied
        self.setAccessibleName(self.tr("Copy: {what}").format(what=what))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)

    def _dress(self) -> None:
        self.setIcon(icon("copy", tokens_for(self.palette()).muted))
