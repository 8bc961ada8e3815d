"""A spin box that scrolling the panel cannot change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QWidget


class SteadySpinBox(QSpinBox):
    """Leaves the wheel to what scrolls around it: a number that costs money changes only on purpose."""

    def __init__(self, object_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def stepBy(self, steps: int) -> None:
        """Qt marks the number at each step, which says that typing replaces it: true with the focus only."""
        super().stepBy(steps)
        if not self.hasFocus():
            self.lineEdit().deselect()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
