"""What was just taken over into the composer, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.theme import UNIT, tokens_for
from gptimg_desktop.ui.viewer.one_line import OneLine


class TakenLine(QWidget):
    """Takes no room while there is nothing to say. It stands between what scrolls and what never does, so
    that neither moves when it comes and goes. `undo_wanted` by its button."""

    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._words = ""
        super().__init__(parent)
        self.setObjectName("takenLine")
        self._text = OneLine("muted", self)
        self._undo = self._build_button()
        line = QFrame(self)
        line.setProperty("role", "line")
        row = QHBoxLayout()
        row.setContentsMargins(2 * UNIT, UNIT // 2, 2 * UNIT - 4, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(IconLabel("circle-check", "success", parent=self))
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(row)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty where it says nothing."""
        return self._words

    def say(self, text: str) -> None:
        """Tell what was taken, to screen readers too; an empty text takes the offer away."""
        self._words = text
        self._text.say(text)
        self._undo.setAccessibleName(self.tr("Undo: {step}").format(step=text))
        self.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _build_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("undoTaken")
        button.setProperty("role", "link")
        button.setText(self.tr("Undo"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(icons.BESIDE_TEXT)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(self.tr("The composer as it was before ({keys})").format(keys=keys))
        button.clicked.connect(self.undo_wanted)
        self._undo = button
        self._colour()
        return button

    def _colour(self) -> None:
        self._undo.setIcon(icons.icon("undo-2", tokens_for(self.palette()).accent, beside_text=True))
