"""What was just done, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

_LEAST_WORDS: Final = 10 * UNIT
"""Fewer pixels than these say nothing: then the button stands alone, and its tip has the words."""
_CHROME: Final = 22 + 2 * UNIT
"""What a link takes beside its text, in pixels: its sign, and what it keeps free around both."""


class UndoLine(QWidget):
    """A button, and before it what it takes back as far as there is room: long names are cut in their middle.
    Its place is kept also while there is nothing to take back, so that nothing moves when it comes.

    `undo_wanted` by its button; `changed`: it has something to say now, or nothing any more.
    """

    undo_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._full = ""
        super().__init__(parent)
        self.setObjectName("undoLine")
        self._text = QLabel()
        self._text.setProperty("role", "muted")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._undo = self._build_button()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colour()
        self.say("")

    def say(self, text: str) -> None:
        """Tell a step that can be undone; an empty text takes the offer away."""
        self._full = text
        told = self.tr("Undo: {step}").format(step=text)
        self._undo.setAccessibleName(told)
        self._undo.setToolTip(self.tr("{undo} (Ctrl+Z in the references)").format(undo=told))
        self._undo.setVisible(bool(text))
        self._cut()
        self.changed.emit()

    def text(self) -> str:
        """The step that can be undone; empty where none is offered."""
        return self._full

    @property
    def button(self) -> QToolButton:
        return self._undo

    def fit_into(self, room: int) -> None:
        """Where there are not so many pixels for its button, the button is a sign alone."""
        whole = self._undo.fontMetrics().horizontalAdvance(self._undo.text()) + _CHROME
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        self._undo.setToolButtonStyle(beside if whole <= room else alone)
        self._cut()

    def sizeHint(self) -> QSize:
        hint = self._undo.sizeHint()
        return QSize(hint.width(), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._undo.sizeHint().width() if self._full else 0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._colour()

    def _build_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("undoReference")
        button.setProperty("role", "link")
        button.setText(self.tr("Undo"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(icons.BESIDE_TEXT)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self.undo_wanted)
        return button

    def _cut(self) -> None:
        room = self.width() - self._undo.sizeHint().width() - UNIT // 2
        words = self._text.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, room)
        self._text.setText(words if room >= _LEAST_WORDS else "")

    def _colour(self) -> None:
        self._undo.setIcon(icons.icon("undo-2", tokens_for(self.palette()).accent, beside_text=True))
