"""How many images one press asks for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gptimg_desktop.core.prompt import MOST_PROMPTS
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.steady_spin_box import SteadySpinBox
from gptimg_desktop.ui.theme import UNIT


class Copies(QWidget):
    """A number from 1 to as many images as one press may make, with a button on each side. `changed` tells
    of the user's changes only."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(self.tr("Copies"))
        self._spin = SteadySpinBox("copiesSpin", self.tr("Copies: images to make, each is charged"))
        self._spin.setToolTip(self.tr("Each copy is an image of its own and is charged on its own."))
        self._spin.setRange(1, MOST_PROMPTS)
        self._spin.setFixedWidth(44)
        label.setBuddy(self._spin)
        fewer = IconButton("minus", self.tr("One copy fewer"))
        more = IconButton("plus", self.tr("One copy more"))
        fewer.clicked.connect(self._spin.stepDown)
        more.clicked.connect(self._spin.stepUp)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT // 4)
        layout.addWidget(label)
        layout.addSpacing(UNIT // 4)
        for button in (fewer, more):
            button.setFixedWidth(3 * UNIT)
        for widget in (fewer, self._spin, more):
            layout.addWidget(widget)
        self._spin.valueChanged.connect(self.changed)

    def value(self) -> int:
        return self._spin.value()

    def set_value(self, copies: int) -> None:
        """Show a number, telling nobody."""
        self._spin.blockSignals(True)
        self._spin.setValue(copies)
        self._spin.blockSignals(False)
