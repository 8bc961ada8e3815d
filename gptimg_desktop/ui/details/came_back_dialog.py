"""Shows a service's answer as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase

from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.text_dialog import TextDialog
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.findings import CameBack


class CameBackDialog(TextDialog):
    """To read and to copy for the service's support; nothing in it is followed or loaded."""

    def __init__(self, answer: CameBack, parent: QWidget) -> None:
        super().__init__("cameBack", QSize(72 * UNIT, 52 * UNIT), parent)
        self.setWindowTitle(self.tr("What came back"))
        self.name_for_readers(self.tr("The service's answer"), copies=self.tr("Copy the answer"))
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setPlaceholderText(self.tr("The answer was empty."))
        told = self._told(answer)
        self.show_text(told, answer.text, copied=f"{told}\n\n{answer.text}")

    def _told(self, answer: CameBack) -> str:
        parts = [self.tr("no status") if answer.status is None else f"HTTP {answer.status}"]
        parts += [part for part in (answer.media_type, file_size(answer.size_bytes)) if part]
        if not answer.is_whole:
            parts.append(self.tr("cut short"))
        return " · ".join(parts)
