"""What the user does with one reference: with its chip, its menu, or the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.compose.references.chip_ground import PlaceMove
from gptimg_desktop.ui.compose.references.chip_menu import ChipMenu
from gptimg_desktop.ui.compose.references.offer import Item, Offer
from gptimg_desktop.ui.compose.references.reference_dialog import ReferenceDialog
from gptimg_desktop.ui.compose.second_click import SecondClick
from gptimg_desktop.ui.compose.wishes import ShapeWish

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.references.chip_grid import ChipGrid
    from gptimg_desktop.ui.compose.references.place import Place
    from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
    from gptimg_desktop.ui.compose.references.seventeenth import Seventeenth
    from gptimg_desktop.ui.compose.references.tray_content import TrayContent
    from gptimg_desktop.ui.compose.references.undo_line import UndoLine


class ChipDeeds(QObject):
    """Each deed is a step that can be undone, and is told by the undo line; a place that is gone is ignored.

    `begun`: what was told about the step before is void. `changed`: others are there, or in another order.
    `shape_wanted` carries a `ShapeWish`, `show_wanted` a `Reference`, `offered` an `Offer` that was to
    replace what is gone.
    """

    begun = Signal()
    changed = Signal()
    shape_wanted = Signal(object)
    show_wanted = Signal(object)
    offered = Signal(object)

    def __init__(
        self,
        *,
        content: TrayContent,
        grid: ChipGrid,
        undo_line: UndoLine,
        seventeenth: Seventeenth,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._content = content
        self._undo_line = undo_line
        self._seventeenth = seventeenth
        self._window = parent  # where menus and dialogs belong
        self._second_click = SecondClick(self)
        grid.remove_wanted.connect(self.remove)
        grid.replace_wanted.connect(self.choose_instead)
        grid.move_wanted.connect(self.move)
        grid.chosen.connect(self._on_chosen)
        grid.menu_wanted.connect(self.open_menu)

    def remove(self, place: Place) -> None:
        """Take it out; what waits for a place takes its own, in the same step."""
        if self._is_there(place):
            self._second_click.expect()
            self.begun.emit()
            with self._content.one_step():
                text = self._content.remove((place,))
                self._seventeenth.use_room()
            self._undo_line.say(text)
            self.changed.emit()

    def move(self, move: PlaceMove) -> None:
        """Give it another number."""
        self.begun.emit()
        self._content.move(move.place, move.index)
        self.changed.emit()

    def take_instead(self, old: Place, item: Item) -> None:
        """Let an item have the place of another reference; it is read only now."""
        if not self._is_there(old):
            self.offered.emit(Offer(items=(item,)))
            return
        self.begun.emit()
        self._undo_line.say(self._content.replace(old, item))
        self.changed.emit()

    def choose_instead(self, place: Place) -> None:
        """Ask for the file that replaces it."""
        dialog = ReferenceDialog(self._window, replaces=place)
        dialog.chosen.connect(self._on_chosen_instead)
        dialog.open()

    def open_menu(self, chip: ReferenceChip) -> None:
        """Offer what can be done with it."""
        places = self._content.places
        if chip.place not in places:
            return
        is_first, is_last = chip.place is places[0], chip.place is places[-1]
        menu = ChipMenu(chip.place, is_first=is_first, is_last=is_last, parent=self._window)
        menu.replace_wanted.connect(self.choose_instead)
        menu.shape_wanted.connect(self._use_shape)
        menu.show_wanted.connect(self._show_outside)
        menu.earlier_wanted.connect(self._move_earlier)
        menu.later_wanted.connect(self._move_later)
        menu.remove_wanted.connect(self.remove)
        menu.popup(chip.menu_point)

    def _on_chosen(self, place: Place) -> None:
        item = self._seventeenth.answered()
        if item is not None:
            self.take_instead(place, item)

    def _on_chosen_instead(self, offer: Offer) -> None:
        dialog = self.sender()
        if isinstance(dialog, ReferenceDialog) and dialog.replaces is not None and offer.items:
            self.take_instead(dialog.replaces, offer.items[0])

    def _move_earlier(self, place: Place) -> None:
        self._move_by(place, -1)

    def _move_later(self, place: Place) -> None:
        self._move_by(place, 1)

    def _move_by(self, place: Place, step: int) -> None:
        if self._is_there(place):
            self.move(PlaceMove(place=place, index=self._content.places.index(place) + step))

    def _use_shape(self, place: Place) -> None:
        if place.file is not None and self._is_there(place):
            like = self.tr("reference {number}").format(number=self._content.places.index(place) + 1)
            pixels = PixelSize(place.file.width, place.file.height)
            self.shape_wanted.emit(ShapeWish(pixels=pixels, like=like))

    def _show_outside(self, place: Place) -> None:
        if place.reference is not None:
            self.show_wanted.emit(place.reference)

    def _is_there(self, place: Place) -> bool:
        return place in self._content.places
