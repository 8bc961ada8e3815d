"""A sum of money that the user sets."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QWidget

_MOST: Final = 9_999.99


class AmountField(QDoubleSpinBox):
    """US dollars and cents. What is left as it stands keeps every digit, however many were set elsewhere."""

    def __init__(self, amount: Decimal, parent: QWidget | None = None) -> None:
        self._given = amount
        super().__init__(parent)
        self.setRange(0, _MOST)
        self.setDecimals(2)
        self.setSingleStep(0.5)
        self.setPrefix("$")
        self.setValue(float(amount))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown = self.value()

    def say_name(self, name: str) -> None:
        """Give it a name for screen readers, which may look at the field or at the text inside."""
        self.setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    def amount(self) -> Decimal:
        """What was chosen, in US dollars."""
        if self.value() == self._shown:
            return self._given
        return Decimal(f"{self.value():.2f}")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A sum that guards money changes only on purpose."""
        event.ignore()
