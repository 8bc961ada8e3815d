"""The shapes to choose from, in groups: auto, square and custom; beside them landscape above portrait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.sizes import AUTO, Ratio
from gptimg_desktop.ui.compose.size.ratio_button import RatioButton, WideRatioButton
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

CUSTOM: Final = "custom"

WIDE: Final = (Ratio.R5X4, Ratio.R4X3, Ratio.R3X2, Ratio.R16X9, Ratio.R2X1, Ratio.R21X9, Ratio.R3X1)
TALL: Final = tuple(ratio.swapped() for ratio in WIDE)

_STEPS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class RatioGrid(QWidget):
    """Exactly one choice is on. `choice_made` carries a `Ratio`, "auto" or "custom" that the user took;
    `custom_entered`: with the mouse, or by pressing what is on already, so that numbers come next.
    `swap_wanted`: X was pressed."""

    choice_made = Signal(object)
    custom_entered = Signal()
    swap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QAbstractButton] = {}
        self._is_stepping = False
        self._side = [AUTO, Ratio.R1X1.value, CUSTOM]
        self._rows = [[ratio.value for ratio in ratios] for ratios in (WIDE, TALL)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT * 3 // 4)
        layout.addLayout(self._build_side())
        layout.addLayout(self._build_groups(), 1)
        self.set_choice(Ratio.R1X1)
        self._group.buttonClicked.connect(self._on_clicked)

    def choice(self) -> Ratio | str:
        """The choice that is on: a `Ratio`, "auto" or "custom"."""
        return _choice_of(self._chosen_key())

    def set_choice(self, choice: Ratio | str) -> None:
        """Turn a choice on, telling nobody; the focus goes with it where it is in here."""
        chosen = self._buttons[str(choice)]
        had_focus = any(button.hasFocus() for button in self._buttons.values())
        chosen.setChecked(True)
        self._hold_tab()
        if had_focus:
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move the choice by the grid and not by what Qt thinks is nearest; X swaps."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(event.key())
            if step is not None:
                self._step(*step)
                return True
            if event.key() == Qt.Key.Key_X and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                if not event.isAutoRepeat():
                    self.swap_wanted.emit()
                return True
        return super().eventFilter(watched, event)

    def _build_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(UNIT // 2)
        self._add(
            AUTO, WideRatioButton(self.tr("Auto"), "scan"), self.tr("Auto: the service decides"), column
        )
        self._add(Ratio.R1X1.value, WideRatioButton("1:1", Ratio.R1X1), self.tr("1:1, square"), column)
        self._add(
            CUSTOM, WideRatioButton(self.tr("Custom"), "ratio"), self.tr("Custom size in pixels"), column
        )
        return column

    def _build_groups(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(UNIT * 3 // 4)
        column.addWidget(self._build_group(self.tr("Landscape"), WIDE, self.tr("{ratio}, landscape")))
        column.addWidget(self._build_group(self.tr("Portrait"), TALL, self.tr("{ratio}, portrait")))
        return column

    def _build_group(self, name: str, ratios: tuple[Ratio, ...], words: str) -> QFrame:
        """Shapes that belong together, on one ground."""
        group = QFrame()
        group.setProperty("role", "card")
        group.setAccessibleName(name)
        row = QHBoxLayout(group)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for ratio in ratios:
            button = RatioButton(ratio)
            self._register(ratio.value, button, words.format(ratio=ratio.value))
            row.addWidget(button, 1)
        return group

    def _add(self, key: str, button: WideRatioButton, name: str, column: QVBoxLayout) -> None:
        self._register(key, button, name)
        column.addWidget(button, 1)

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
        if self.choice() == CUSTOM and not self._is_stepping:
            self.custom_entered.emit()

    def _step(self, down: int, right: int) -> None:
        """Move the choice by one cell."""
        button = self._buttons[self._neighbour(self._chosen_key(), down, right)]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        self._is_stepping = True
        button.click()
        self._is_stepping = False

    def _neighbour(self, key: str, down: int, right: int) -> str:
        """What stands beside a choice; itself at the edge. The three at the side meet two rows of shapes."""
        if key in self._side:
            place = self._side.index(key)
            if right > 0:
                return self._rows[key == CUSTOM][0]
            return self._side[max(0, min(len(self._side) - 1, place + down))]
        row = next(row for row, keys in enumerate(self._rows) if key in keys)
        column = self._rows[row].index(key) + right
        if column < 0:
            return CUSTOM if row else AUTO
        return self._rows[max(0, min(1, row + down))][min(column, len(self._rows[row]) - 1)]


def _choice_of(key: str) -> Ratio | str:
    return key if key in {AUTO, CUSTOM} else Ratio(key)
