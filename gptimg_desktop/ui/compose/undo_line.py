"""What was just done, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class UndoLine(QWidget):
    """One quiet line; long names are cut in their middle. `undo_wanted` by its button."""

    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._full = ""
        super().__init__(parent)
        self.setObjectName("undoLine")
        self._text = QLabel()
        self._text.setProperty("role", "muted")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._undo = QToolButton()
        self._undo.setObjectName("undoReference")
        self._undo.setProperty("role", "link")
        self._undo.setText(self.tr("Undo"))
        self._undo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._undo.clicked.connect(self.undo_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT // 2, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(IconLabel("undo-2", "muted", 14))
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        self.hide()

    def say(self, text: str) -> None:
        """Tell a step that can be undone; an empty text takes the line away."""
        self._full = text
        self._undo.setAccessibleName(self.tr("Undo: {step}").format(step=text))
        self._undo.setToolTip(self.tr("Ctrl+Z in the references"))
        self.setVisible(bool(text))
        self._cut()

    def text(self) -> str:
        return self._full

    @property
    def button(self) -> QToolButton:
        return self._undo

    def sizeHint(self) -> QSize:
        return QSize(120, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics = self._text.fontMetrics()
        self._text.setText(
            metrics.elidedText(self._full, Qt.TextElideMode.ElideMiddle, max(40, self._text.width()))
        )
