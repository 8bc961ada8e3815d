"""A small button that is only a sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class IconButton(QToolButton):
    """Its name is read out and shown as a tip; its sign follows the theme's text colour."""

    def __init__(self, sign: str, name: str, parent: QWidget | None = None, *, size: int = 16) -> None:
        self._sign = sign
        self._colour = ""
        super().__init__(parent)
        self.setProperty("role", "quiet")
        self.setProperty("compact", True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIconSize(QSize(size, size))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._colour_sign()

    def show_sign(self, sign: str) -> None:
        """Another sign from now on."""
        if sign != self._sign:
            self._sign, self._colour = sign, ""
            self._colour_sign()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_sign()

    def _colour_sign(self) -> None:
        colour = tokens_for(self.palette()).text
        if colour != self._colour:
            self._colour = colour
            self.setIcon(icons.icon(self._sign, colour))
