"""The collections, as a slim row of chips above the gallery."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gptimg_desktop.core.collection import Collection, Gathering, Naming, is_same_name
from gptimg_desktop.ui.collections.chip import CollectionChip
from gptimg_desktop.ui.collections.done_line import DoneLine
from gptimg_desktop.ui.collections.more_button import MoreButton
from gptimg_desktop.ui.collections.name_field import NameField
from gptimg_desktop.ui.collections.new_button import NewButton
from gptimg_desktop.ui.deeds import Deed, deed_of
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.rounded_menu import RoundedMenu
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent

_GAP: Final = UNIT // 2
_PROBLEM: Final = 36 * UNIT
_STEPS: Final[Mapping[int, int]] = MappingProxyType({Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1})


class _Deed(StrEnum):
    """What an entry of a menu does with a collection."""

    CHOOSE = "choose"
    MAKE_CURRENT = "make_current"
    RENAME = "rename"
    REMOVE = "remove"


class CollectionBar(QWidget):
    """Not there while there are no collections. A click on a chip shows what is in it alone, another click
    everything again; `chosen` tells the collection's number, 0 for none. What is shown follows
    `set_collections` and `set_chosen`. Chips for which there is no room are in a menu at the end.
    `undo_requested` takes back what the bar tells of, `undo_last_requested` what was done last anywhere."""

    chosen = Signal(int)
    create_requested = Signal(object)  # Gathering, with a name
    gather_requested = Signal(object)  # Gathering, with a number
    rename_requested = Signal(object)  # Naming
    remove_requested = Signal(int)
    current_requested = Signal(int)  # 0 for none
    undo_requested = Signal()
    undo_last_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._chips: dict[int, CollectionChip] = {}
        self._chosen = 0
        self._renamed = 0  # the number of the collection that is being renamed
        self._asked = ""  # the name that was asked for and is awaited
        self._waiting: tuple[int, ...] = ()  # jobs for the collection that is being named
        self._turned_to = 0  # the number of the collection from which on chips are shown during a drag
        self._row: QHBoxLayout | None = None
        self._presses = KeyPresses()
        super().__init__(parent)
        self.setObjectName("collectionBar")
        self.setAccessibleName(self.tr("Collections"))
        self._field = NameField(self)
        self._more = MoreButton(self)
        self._new = NewButton(self)
        self._done = DoneLine(self)
        self._set_up()
        self._lay_out()
        self._settle()

    # What is told

    def set_collections(self, collections: tuple[Collection, ...]) -> None:
        """All that there are now, in their order."""
        numbers = [each.number for each in collections]
        for number in [number for number in self._chips if number not in numbers]:
            self._drop(self._chips.pop(number))
        for place, each in enumerate(collections):
            chip = self._chips.get(each.number) or self._make_chip(each)
            chip.show_collection(each)
            self._put(place, chip)
        self._chips = {number: self._chips[number] for number in numbers}
        self._order_tabs()
        if self._renamed and self._renamed not in self._chips:
            self._leave_field(0)
        self._follow_names(collections)
        self._show_chosen()
        self._settle()

    def set_chosen(self, number: int) -> None:
        """Which collection the gallery shows now; 0 for none."""
        self._chosen = number
        self._show_chosen()
        self._fit()

    def show_problem(self, text: str) -> None:
        """Why a name was not taken."""
        self._asked = ""
        if self._field.isHidden():
            self._done.tell(text, can_undo=False)
        else:
            self._field.show_problem(text)
            self._done.tell(text, can_undo=False, tone="danger")
        self._settle()

    def offer_undo(self, text: str) -> None:
        """What was done last, for a while, with a way back."""
        self._done.tell(text, can_undo=True)
        self._settle()

    def make_room(self) -> None:
        """Tiles are being dragged: what was told last leaves its room to the chips."""
        if self._chips:  # else nobody needs it, and all of the bar would go
            self._done.end()

    def forget_done(self) -> None:
        """Nothing is left to be taken back."""
        self._done.end()

    def begin_naming(self, seqs: tuple[int, ...] = ()) -> None:
        """Ask for the name of a new collection, into which these jobs go."""
        self._end_naming()
        self._waiting = seqs
        if self._row is not None:
            self._row.insertWidget(self._row.indexOf(self._more) + 1, self._field)
        self._new.hide()
        self._field.begin("", self.tr("Name of the collection"))
        self._settle()

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if deed_of(event) is Deed.UNDO:
            if self._presses.is_new(event):
                self.undo_last_requested.emit()
        else:
            self._go_along(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def _go_along(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key(), 0)
        around = [chip for chip in self._chips.values() if chip.isVisible()]
        at = next((place for place, chip in enumerate(around) if chip.hasFocus()), None)
        if not step or at is None:
            super().keyPressEvent(event)
        else:
            around[max(0, min(at + step, len(around) - 1))].setFocus(Qt.FocusReason.TabFocusReason)

    # Parts

    def _set_up(self) -> None:
        self._field.hide()
        self._field.named.connect(self._name)
        self._field.given_up.connect(self._give_up)
        self._more.setObjectName("moreCollections")
        self._more.setProperty("role", "chip")
        self._more.setProperty("slim", True)
        self._more.setAutoDefault(False)
        self._more.clicked.connect(self._open_others)
        self._more.hovered.connect(self._turn)
        self._more.drag_ended.connect(self._turn_back)
        self._new.naming_wanted.connect(self.begin_naming)
        self._done.undo_requested.connect(self.undo_requested)
        self._done.ended.connect(self._settle)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, _GAP, UNIT, _GAP)
        row.setSpacing(_GAP)
        for part in (self._more, self._new):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._done)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _make_chip(self, collection: Collection) -> CollectionChip:
        chip = CollectionChip(collection, self)
        self._chips[collection.number] = chip
        chip.pressed_on.connect(self._choose)
        chip.gather_requested.connect(self.gather_requested)
        chip.menu_wanted.connect(self._open_menu)
        chip.rename_wanted.connect(self._begin_renaming)
        chip.remove_wanted.connect(self.remove_requested)
        return chip

    def _put(self, place: int, chip: CollectionChip) -> None:
        if self._row is not None and self._row.indexOf(chip) != place:
            self._row.removeWidget(chip)
            self._row.insertWidget(place, chip)

    def _order_tabs(self) -> None:
        """Tab follows the eye: Qt has it go through widgets as they were made."""
        for former, later in pairwise((self._field, *self._chips.values(), self._more, self._new)):
            self.setTabOrder(former, later)

    def _drop(self, chip: CollectionChip) -> None:
        had_keys = chip.hasFocus()
        if self._row is not None:
            self._row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        if had_keys:
            self._new.setFocus(Qt.FocusReason.OtherFocusReason)

    # Looks

    def _show_chosen(self) -> None:
        for number, chip in self._chips.items():
            chip.setChecked(number == self._chosen)

    def _settle(self) -> None:
        """Be there where there is something to show."""
        is_naming = not self._field.isHidden()
        self.setVisible(bool(self._chips) or is_naming or self._done.is_telling)
        self._fit()

    def _room_for_done(self, left: int, wanted: int) -> int:
        """What is told has what the chips leave of the row, and up to two thirds of it in any case."""
        if not self._done.is_telling:
            return 0
        return min(self._done.sizeHint().width() + _GAP, max(left * 2 // 3, left - wanted))

    def _room_for_problem(self) -> int:
        """What stays free beside the field, so that what is wrong with a name can be read there."""
        return min(_PROBLEM, self.width() // 3)

    def _fit(self) -> None:
        """Show as many chips as there is room for, the chosen one in any case."""
        left = self.width() - 2 * UNIT - self._new.sizeHint().width() - _GAP
        if not self._field.isHidden():
            left -= self._field.minimumWidth() + _GAP + self._room_for_problem()
        widths = self._widths()
        if self._field.isHidden():
            left -= self._room_for_done(left, sum(widths.values()))
        fitting = self._fitting(left, widths)
        hidden = len(self._chips) - len(fitting) - (self._renamed in self._chips)
        self._count_more(hidden)
        self._more.setAccessibleName(self.tr("{count} more collections").format(count=hidden))
        for number, chip in self._chips.items():
            chip.setVisible(number in fitting)
        self._more.setVisible(hidden > 0)

    def _count_more(self, hidden: int) -> None:
        self._more.setText(self.tr("{count} more").format(count=QLocale().toString(hidden)))

    def _widths(self) -> dict[int, int]:
        """What each chip takes of the row, in pixels, but for one whose place the field has."""
        chips = {number: chip for number, chip in self._chips.items() if number != self._renamed}
        return {number: chip.sizeHint().width() + _GAP for number, chip in chips.items()}

    def _fitting(self, left: int, widths: dict[int, int]) -> set[int]:
        """The numbers of the chips that show: a chip that has the keys keeps them."""
        if sum(widths.values()) <= left:
            return set(widths)
        self._count_more(len(widths))  # no wider in the end
        left -= self._more.sizeHint().width() + _GAP
        fitting = {self._chosen, self._with_keys()} & set(widths)
        left -= sum(widths[number] for number in fitting)
        for number in self._from_turned_on(tuple(widths)):
            width = widths[number]
            if number in fitting:
                continue
            if width > left:
                break
            fitting.add(number)
            left -= width
        return fitting

    def _with_keys(self) -> int:
        focused = self.window().focusWidget()
        return next((number for number, chip in self._chips.items() if chip is focused), 0)

    def _from_turned_on(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        first = numbers.index(self._turned_to) if self._turned_to in numbers else 0
        return numbers[first:] + numbers[:first]

    def _turn(self) -> None:
        """Tiles are held over the menu of the others: show the next ones, to be dropped on."""
        hidden = [number for number, chip in self._chips.items() if not chip.isVisible()]
        numbers = tuple(self._chips)
        after = numbers.index(self._turned_to) if self._turned_to in numbers else 0
        self._turned_to = next((each for each in hidden if numbers.index(each) > after), 0)
        self._fit()

    def _turn_back(self) -> None:
        """The tiles were let go of: the chips stand as they did before."""
        if self._turned_to:
            self._turned_to = 0
            self._fit()

    # What the user does

    def _choose(self, number: int) -> None:
        self._show_chosen()  # as it is until it is told otherwise
        self.chosen.emit(0 if number == self._chosen else number)

    def _open_others(self) -> None:
        menu = self._menu("otherCollections")
        for number, chip in self._chips.items():
            if not chip.isVisible():
                count = QLocale().toString(chip.collection.count)
                self._add(menu, f"{_plain(chip.collection.name)}\t{count}", _Deed.CHOOSE, number)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _open_menu(self, number: int, at: QPoint) -> None:
        if number in self._chips:
            self.menu_of(number).popup(at)

    def menu_of(self, number: int) -> RoundedMenu:
        """What can be done with a collection."""
        menu = self._menu("collectionMenu")
        current = self._add(menu, self.tr("New generations go here"), _Deed.MAKE_CURRENT, number)
        current.setCheckable(True)
        current.setChecked(self._chips[number].collection.is_current)
        menu.addSeparator()
        self._add(menu, self.tr("Rename…") + "\tF2", _Deed.RENAME, number)
        self._add(menu, self.tr("Remove, keep its pictures") + "\tDel", _Deed.REMOVE, number)
        return menu

    def _menu(self, name: str) -> RoundedMenu:
        menu = RoundedMenu(self)
        menu.setObjectName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.triggered.connect(self._do)
        return menu

    @staticmethod
    def _add(menu: RoundedMenu, text: str, deed: _Deed, number: int) -> QAction:
        action = menu.addAction(text)
        action.setData((deed.value, number))
        return action

    def _do(self, action: QAction) -> None:
        deed, number = action.data()
        {
            _Deed.CHOOSE: self._choose,
            _Deed.MAKE_CURRENT: self._make_current,
            _Deed.RENAME: self._begin_renaming,
            _Deed.REMOVE: self.remove_requested.emit,
        }[_Deed(deed)](number)

    def _make_current(self, number: int) -> None:
        chip = self._chips.get(number)
        if chip is not None:
            self.current_requested.emit(0 if chip.collection.is_current else number)

    # Naming

    def _begin_renaming(self, number: int) -> None:
        chip = self._chips.get(number)
        if chip is None or self._row is None:
            return
        self._end_naming()
        self._renamed = number
        self._row.insertWidget(self._row.indexOf(chip) + 1, self._field)
        self._field.begin(chip.collection.name, self.tr("New name"))
        self._settle()

    def _name(self, name: str) -> None:
        """Ask for it; the field stays until the name is there, or the reason why it cannot be."""
        self._asked = name
        if self._renamed:
            self.rename_requested.emit(Naming(number=self._renamed, name=name))
        else:
            self.create_requested.emit(Gathering(seqs=self._waiting, name=name))

    def _follow_names(self, collections: tuple[Collection, ...]) -> None:
        """What was asked for has come true: the field has done its work."""
        asked, renamed = self._asked, self._renamed
        named = (each.number for each in collections if is_same_name(each.name, asked))
        if asked and (number := next((each for each in named if renamed in {0, each}), 0)):
            self._leave_field(number)

    def _give_up(self) -> None:
        self._leave_field(self._renamed)

    def _leave_field(self, number: int) -> None:
        """Naming is over. The chip of this number has the keys that the field had, the plus where there is
        no such chip: before the field is gone, which would leave them to whatever comes next."""
        if self._field.hasFocus():
            heir = self._chips.get(number, self._new)
            heir.show()
            heir.setFocus(Qt.FocusReason.OtherFocusReason)
        self._end_naming()
        self._settle()

    def _end_naming(self) -> None:
        self._renamed, self._waiting, self._asked = 0, (), ""
        self._field.hide()
        self._new.show()


def _plain(text: str) -> str:
    """A text in which nothing is a key of a menu."""
    return text.replace("&", "&&")
