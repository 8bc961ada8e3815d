"""Shows a service's answer as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout

from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.findings import CameBack


class CameBackDialog(QDialog):
    """Plain text, to read and to copy for the service's support; nothing in it is followed or loaded."""

    def __init__(self, answer: CameBack, parent: QWidget) -> None:
        super().__init__(parent)
        self._answer = answer
        self.setObjectName("cameBackDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What came back"))
        self.resize(72 * UNIT, 52 * UNIT)
        text = QPlainTextEdit(self)
        text.setObjectName("cameBackText")
        text.setAccessibleName(self.tr("The service's answer"))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setPlainText(answer.text)
        text.setPlaceholderText(self.tr("The answer was empty."))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(PlainLabel(self._summary(), parent=self))
        column.addWidget(text, 1)
        column.addWidget(self._buttons())

    def _summary(self) -> str:
        answer = self._answer
        parts = [self.tr("no status") if answer.status is None else f"HTTP {answer.status}"]
        parts += [part for part in (answer.media_type, file_size(answer.size_bytes)) if part]
        if not answer.is_whole:
            parts.append(self.tr("cut short"))
        return " · ".join(parts)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        copy = QPushButton(self.tr("Copy"), box)
        copy.setObjectName("cameBackCopy")
        copy.setAccessibleName(self.tr("Copy the answer"))
        copy.clicked.connect(self._copy)
        close = QPushButton(self.tr("Close"), box)
        close.setObjectName("cameBackClose")
        close.setAccessibleName(self.tr("Close the answer"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        return box

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._summary()}\n\n{self._answer.text}")
