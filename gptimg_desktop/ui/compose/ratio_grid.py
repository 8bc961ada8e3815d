"""The shapes to choose from: auto, square and custom, then each wide shape above its tall twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.sizes import AUTO, Ratio
from gptimg_desktop.ui.compose.ratio_button import RatioButton, WideRatioButton
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

CUSTOM: Final = "custom"

WIDE: Final = (Ratio.R5X4, Ratio.R4X3, Ratio.R3X2, Ratio.R16X9, Ratio.R2X1, Ratio.R21X9, Ratio.R3X1)
TALL: Final = (Ratio.R4X5, Ratio.R3X4, Ratio.R2X3, Ratio.R9X16, Ratio.R1X2, Ratio.R9X21, Ratio.R1X3)

_STEPS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class RatioGrid(QWidget):
    """Exactly one choice is on. `choice_made` carries a `Ratio`, "auto" or "custom" that the user took."""

    choice_made = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QAbstractButton] = {}
        self._rows: list[list[str]] = [
            [AUTO, Ratio.R1X1.value, CUSTOM],
            [ratio.value for ratio in WIDE],
            [ratio.value for ratio in TALL],
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT // 2)
        layout.addLayout(self._build_first_row())
        layout.addLayout(self._build_shapes())
        self.set_choice(Ratio.R1X1)
        self._group.buttonClicked.connect(self._on_clicked)

    def choice(self) -> Ratio | str:
        """The choice that is on: a `Ratio`, "auto" or "custom"."""
        return _choice_of(self._chosen_key())

    def set_choice(self, choice: Ratio | str) -> None:
        """Turn a choice on, telling nobody."""
        self._buttons[str(choice)].setChecked(True)
        self._hold_tab()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move the choice by the grid and not by what Qt thinks is nearest."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(event.key())
            if step is not None:
                self._step(*step)
                return True
        return super().eventFilter(watched, event)

    def _build_first_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        self._add(AUTO, WideRatioButton(self.tr("Auto"), "scan"), self.tr("Auto: the service decides"), row)
        self._add(Ratio.R1X1.value, WideRatioButton("1:1", Ratio.R1X1), self.tr("1:1, square"), row)
        self._add(CUSTOM, WideRatioButton(self.tr("Custom"), "ratio"), self.tr("Custom size in pixels"), row)
        return row

    def _build_shapes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(UNIT // 2)
        for column, (wide, tall) in enumerate(zip(WIDE, TALL, strict=True)):
            for row, (ratio, words) in enumerate(
                ((wide, self.tr("{ratio}, landscape")), (tall, self.tr("{ratio}, portrait")))
            ):
                button = RatioButton(ratio)
                self._register(ratio.value, button, words.format(ratio=ratio.value))
                grid.addWidget(button, row, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _add(self, key: str, button: WideRatioButton, name: str, row: QHBoxLayout) -> None:
        self._register(key, button, name)
        row.addWidget(button, 1)

    def _register(self, key: str, button: QAbstractButton, name: str) -> None:
        button.setObjectName("ratio_" + key.replace(":", "x"))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.installEventFilter(self)
        self._buttons[key] = button
        self._group.addButton(button)

    def _chosen_key(self) -> str:
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def _hold_tab(self) -> None:
        """Tab stops at the choice that is on, once; the arrow keys go on from there."""
        for button in self._buttons.values():
            strong, click = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(strong if button.isChecked() else click)

    def _on_clicked(self) -> None:
        self._hold_tab()
        self.choice_made.emit(self.choice())

    def _step(self, down: int, right: int) -> None:
        """Move the choice by one cell; the three wide buttons stand above the seven columns."""
        row, column = self._position(self._chosen_key())
        target = max(0, min(len(self._rows) - 1, row + down))
        if target != row and 0 in {row, target}:
            column = round(column * (len(self._rows[target]) - 1) / (len(self._rows[row]) - 1))
        column = max(0, min(len(self._rows[target]) - 1, column + right))
        button = self._buttons[self._rows[target][column]]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()

    def _position(self, key: str) -> tuple[int, int]:
        return next((row, keys.index(key)) for row, keys in enumerate(self._rows) if key in keys)


def _choice_of(key: str) -> Ratio | str:
    return key if key in {AUTO, CUSTOM} else Ratio(key)
