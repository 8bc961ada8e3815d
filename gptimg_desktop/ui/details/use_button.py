"""A small button that takes one part of the shown settings into the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QToolButton

from gptimg_desktop.core.take import Part
from gptimg_desktop.ui.deeds import PARTS, with_key
from gptimg_desktop.ui.icons import icon
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NAMES: Final = {
    Part.PROMPT: QT_TRANSLATE_NOOP("UseButton", "Use this prompt"),
    Part.SIZE: QT_TRANSLATE_NOOP("UseButton", "Use this size"),
    Part.REFERENCES: QT_TRANSLATE_NOOP("UseButton", "Use these references"),
}
_DEEDS: Final = {part: deed for deed, part in PARTS.items()}


class UseButton(QToolButton):
    """`part_wanted` carries its Part."""

    part_wanted = Signal(object)

    def __init__(self, part: Part, parent: QWidget | None = None) -> None:
        self._part = part
        name = QCoreApplication.translate("UseButton", str(_NAMES[part]))
        super().__init__(parent)
        self.setObjectName(f"use_{part}")
        self.setProperty("role", "quiet")
        self.setProperty("compact", True)
        self.setAccessibleName(name)
        self.setToolTip(with_key(name, _DEEDS[part]))
        self.clicked.connect(self._tell)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        self.setIcon(icon("arrow-left-to-line", tokens_for(self.palette()).muted))

    def _tell(self) -> None:
        self.part_wanted.emit(self._part)
