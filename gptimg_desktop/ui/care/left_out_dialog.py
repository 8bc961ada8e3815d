"""What an import left out, and why: file by file, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout

from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.errors import Problem


class LeftOutDialog(QDialog):
    """Plain text; it goes when it closes."""

    def __init__(self, problems: Sequence[Problem], parent: QWidget) -> None:
        super().__init__(parent)
        self._told = "\n".join(map(sentence, problems))
        self.setObjectName("leftOutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Not imported"))
        self.resize(72 * UNIT, 48 * UNIT)
        text = QPlainTextEdit(self)
        text.setObjectName("leftOutText")
        text.setAccessibleName(self.tr("Files that were not imported"))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setPlainText(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(PlainLabel(self._summary(len(problems)), parent=self))
        column.addWidget(text, 1)
        column.addWidget(self._buttons())

    def _summary(self, count: int) -> str:
        if count == 1:
            return self.tr("This file was not imported. It is still where it was, unchanged.")
        told = self.tr("These {count} files were not imported. They are still where they were, unchanged.")
        return told.format(count=self.locale().toString(count))

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        copy = QPushButton(self.tr("Copy"), box)
        copy.setObjectName("leftOutCopy")
        copy.setAccessibleName(self.tr("Copy the list"))
        copy.clicked.connect(self._copy)
        close = QPushButton(self.tr("Close"), box)
        close.setObjectName("leftOutClose")
        close.setAccessibleName(self.tr("Close"))
        close.setDefault(True)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        return box

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._told)
