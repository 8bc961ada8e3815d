"""What an import left out, and why: file by file, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize

from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.text_dialog import TextDialog
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.errors import Problem


class LeftOutDialog(TextDialog):
    """One line for each file."""

    def __init__(self, problems: Sequence[Problem], parent: QWidget) -> None:
        super().__init__("leftOut", QSize(72 * UNIT, 48 * UNIT), parent)
        self.setWindowTitle(self.tr("Not imported"))
        self.name_for_readers(self.tr("Files that were not imported"), copies=self.tr("Copy the list"))
        self.show_text(self._told(len(problems)), "\n".join(map(sentence, problems)))

    def _told(self, count: int) -> str:
        if count == 1:
            return self.tr("This file was not imported. It is still where it was, unchanged.")
        told = self.tr("These {count} files were not imported. They are still where they were, unchanged.")
        return told.format(count=QLocale().toString(count))
