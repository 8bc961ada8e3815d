"""A column whose widgets may show or hide parts of theirs while they are being given their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

_MOST: Final = 3


class RepeatedColumn(QVBoxLayout):
    """Where a widget shows a part, Qt lays out everything around it at once, in the middle of the pass that
    is under way, which then goes on with what it had worked out before. Here such a pass is put off, and the
    one under way is done once more instead.
    """

    def __init__(self) -> None:
        self._is_placing = False
        self._is_outdated = False
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)

    def setGeometry(self, rect: QRect) -> None:
        if self._is_placing:
            self._is_outdated = True
            return
        self._is_placing = True
        try:
            self._place(rect)
        finally:
            self._is_placing = False

    def _place(self, rect: QRect) -> None:
        for _ in range(_MOST):
            self._is_outdated = False
            super().setGeometry(rect)
            if not self._is_outdated:
                return
            self.invalidate()
