"""What was done last with a collection, for a while, with the way back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gptimg_desktop.ui.theme import UNIT

TOLD_MS: Final = 12_000


class DoneLine(QWidget):
    """One line at the end of a row, no higher than the row is; hidden while there is nothing to tell. `ended`
    comes when it goes."""

    undo_requested = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = _Words(self)
        self._text.setObjectName("collectionDone")
        self._undo = QPushButton(self.tr("Undo"), self)
        self._undo.setObjectName("collectionUndo")
        self._undo.setAccessibleName(self.tr("Undo"))
        self._undo.setProperty("role", "link")
        self._undo.setAutoDefault(False)
        self._undo.clicked.connect(self._take_back)
        self._fading = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._fading.timeout.connect(self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.hide()

    @property
    def is_telling(self) -> bool:
        return not self.isHidden()

    def tell(self, text: str, *, can_undo: bool, tone: str = "muted") -> None:
        """Say a text in the place of the last one."""
        self._text.say(text, tone)
        self._undo.setVisible(can_undo)
        self._undo.setAccessibleName(self.tr("Undo: {text}").format(text=text))
        self.show()
        self._fading.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))

    def end(self) -> None:
        """Say nothing any more."""
        self._fading.stop()
        if self.is_telling:
            self.hide()
            self.ended.emit()

    def _take_back(self) -> None:
        self.end()
        self.undo_requested.emit()


class _Words(QLabel):
    """Plain words on one line, elided where there is no room for all of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def say(self, text: str, tone: str) -> None:
        self.setProperty("role", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * UNIT, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.TextFlag.TextSingleLine, shown)
        painter.end()
