"""What is scrolled: a column that is never squeezed."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget


class ScrolledColumn(QWidget):
    """Asks for all the height that its parts would like to have. A scroll area gives its content no more than
    the least that it can do with before it scrolls, and styled buttons can do with very little."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "content")
        self._column = QVBoxLayout(self)

    @property
    def column(self) -> QVBoxLayout:
        return self._column

    def needed_height(self) -> int:
        """How high it is at its present width when nothing is squeezed, in device-independent pixels."""
        if self._column.hasHeightForWidth():
            return self._column.totalHeightForWidth(self.width())
        return self._column.totalSizeHint().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.needed_height())
