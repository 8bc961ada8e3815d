"""The chips of the tray in rows, with what mouse and keyboard do to them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gptimg_desktop.ui.compose.references.chip_aim import COLUMNS, GAP
from gptimg_desktop.ui.compose.references.chip_ground import ChipGround, PlaceMove
from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.ui.compose.references.place import Place

_ALT: Final = Qt.KeyboardModifier.AltModifier
_TAB_STOP: Final = Qt.FocusPolicy.StrongFocus
_NO_MODIFIERS: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -COLUMNS,
    Qt.Key.Key_Down: COLUMNS,
}


class ChipGrid(ChipGround):
    """One chip for each place; one of them is a stop of the Tab key, the arrows go on from there.

    `remove_wanted`, `replace_wanted` and `chosen` carry a `Place`, `menu_wanted` a `ReferenceChip`.
    `emptied`: the chip that had the focus was the last one. `reveal_wanted`: a chip that the keys lead to.
    """

    remove_wanted = Signal(object)
    replace_wanted = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object)
    emptied = Signal()
    reveal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_asking = False
        self._keyed: ReferenceChip | None = None  # the chip that a key came to
        self._presses = KeyPresses()
        super().__init__(parent)
        self.setObjectName("referenceChips")
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        for column in range(COLUMNS):
            self._layout.setColumnStretch(column, 1)

    @property
    def chips(self) -> tuple[ReferenceChip, ...]:
        """In the order of their numbers."""
        return tuple(self._chips)

    def set_places(self, places: Iterable[Place]) -> None:
        """Show these; chips of places that stay are kept, and the focus goes to a neighbour if need be."""
        focused = next((index for index, chip in enumerate(self._chips) if chip.hasFocus()), -1)
        known = {chip.place: chip for chip in self._chips}
        self._chips = [known[place] if place in known else self._new_chip(place) for place in places]
        for index, chip in enumerate(self._chips):
            self._layout.addWidget(chip, index // COLUMNS, index % COLUMNS)
            chip.show()
        if focused >= 0 and not any(chip.hasFocus() for chip in self._chips):
            self._keep_focus(focused)
        for chip in set(known.values()).difference(self._chips):
            self._layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._order_tabs()
        self._mend_tab_stop()
        self.setVisible(bool(self._chips))

    def update_chips(self) -> None:
        """Pictures came."""
        for chip in self._chips:
            chip.update()

    def set_asking(self, *, is_asking: bool) -> None:
        """While asking, a click, Enter, or a number chooses a chip."""
        self._is_asking = is_asking
        for chip in self._chips:
            chip.set_choice(is_choice=is_asking)

    def focus_chip(self, index: int) -> None:
        if self._chips:
            chip = self._chips[max(0, min(index, len(self._chips) - 1))]
            chip.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reveal_wanted.emit(chip)

    def take_keys(self) -> bool:
        """Focus the chip that is the stop of the Tab key; False where there is none."""
        stop = (index for index, chip in enumerate(self._chips) if chip.focusPolicy() == _TAB_STOP)
        self.focus_chip(next(stop, 0))
        return bool(self._chips)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keyed, self._keyed = self._keyed, None
        index = self._chips.index(keyed) if keyed in self._chips else -1
        is_new = self._presses.is_new(event)
        if index < 0 or not self._take_key(event, index, is_new=is_new):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def _take_key(self, event: QKeyEvent, index: int, *, is_new: bool) -> bool:
        key = event.key()
        if event.modifiers() == _ALT and key in _STEPS:
            self._wish_move(index, index + _STEPS[Qt.Key(key)])
        elif event.modifiers() not in _NO_MODIFIERS:
            return False
        elif key in _STEPS:
            self._go(index + _STEPS[Qt.Key(key)])
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._go(0 if key == Qt.Key.Key_Home else len(self._chips) - 1)
        else:
            return self._act(key, index, is_new=is_new)
        return True

    def _act(self, key: int, index: int, *, is_new: bool) -> bool:
        """What a held key does not go on doing."""
        place = self._chips[index].place
        number = key - Qt.Key.Key_1
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            wish, subject = self.remove_wanted, place
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            wish, subject = (self.chosen if self._is_asking else self.replace_wanted), place
        elif key == Qt.Key.Key_F2 and not self._is_asking:
            wish, subject = self.replace_wanted, place
        elif self._is_asking and 0 <= number < min(9, len(self._chips)):
            wish, subject = self.chosen, self._chips[number].place
        else:
            return False
        if is_new:
            wish.emit(subject)
        return True

    def _go(self, index: int) -> None:
        if 0 <= index < len(self._chips):
            self._chips[index].setFocus(Qt.FocusReason.TabFocusReason)
            self.reveal_wanted.emit(self._chips[index])

    def _wish_move(self, start: int, target: int) -> None:
        """To the end, where the next row is there but too short."""
        last = len(self._chips) - 1
        if target > last and start // COLUMNS < last // COLUMNS:
            target = last
        if 0 <= target <= last:
            self.move_wanted.emit(PlaceMove(place=self._chips[start].place, index=target))

    # Chips

    def _new_chip(self, place: Place) -> ReferenceChip:
        chip = ReferenceChip(place, self)
        chip.remove_requested.connect(self._on_remove)
        chip.picked.connect(self._on_picked)
        chip.drag_wanted.connect(self._on_drag)
        chip.menu_wanted.connect(self.menu_wanted)
        chip.focused.connect(self._on_focused)
        chip.keyed.connect(self._on_keyed)
        chip.set_choice(is_choice=self._is_asking)
        return chip

    def _keep_focus(self, index: int) -> None:
        if self._chips:
            self.focus_chip(index)
        else:
            self.emptied.emit()

    def _order_tabs(self) -> None:
        """Tab reaches new chips where they stand, and not behind Generate. Qt orders only what takes the
        focus."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for before, after in pairwise((self, *self._chips)):
            QWidget.setTabOrder(before, after)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _mend_tab_stop(self) -> None:
        stops = [chip for chip in self._chips if chip.focusPolicy() == _TAB_STOP]
        if self._chips and len(stops) != 1:
            focused = next((chip for chip in self._chips if chip.hasFocus()), self._chips[0])
            self._on_focused(focused)

    def _on_focused(self, focused: ReferenceChip) -> None:
        for chip in self._chips:
            is_stop = chip is focused
            chip.setFocusPolicy(_TAB_STOP if is_stop else Qt.FocusPolicy.ClickFocus)

    def _on_keyed(self, chip: ReferenceChip) -> None:
        self._keyed = chip

    def _on_drag(self, chip: ReferenceChip) -> None:
        if not self._is_asking:
            self.carry(chip)

    def _on_remove(self, chip: ReferenceChip) -> None:
        if chip in self._chips:  # else a second press came before the first was shown
            self.remove_wanted.emit(chip.place)

    def _on_picked(self, chip: ReferenceChip) -> None:
        if self._is_asking and chip in self._chips:
            self.chosen.emit(chip.place)
