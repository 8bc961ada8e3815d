"""The list in which a collection is picked for the selected tiles, or a new one named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QRect, Signal

from gptimg_desktop.core.collection import Collection, Gathering, clean_name, is_same_name
from gptimg_desktop.ui.compose.picks.pick import Pick, RowShape
from gptimg_desktop.ui.compose.picks.pick_list import PickList
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """The offer to make a collection of this name."""

    name: str


class CollectionPicker(QObject):
    """`gather_requested` carries a Gathering: for a collection that is there by its number, or by name for a
    new one. What is typed narrows the list, and names a new one where none is called so."""

    gather_requested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._collections: tuple[Collection, ...] = ()
        self._seqs: tuple[int, ...] = ()
        title = self.tr("Collection, or a new name")
        self._list = PickList(
            "collectionList", title, shape=RowShape(text_lines=1), describe=_described, parent=parent
        )
        self._list.sought.connect(self._show)
        self._list.taken.connect(self._take)

    @property
    def popup(self) -> PickList:
        return self._list

    def set_collections(self, collections: tuple[Collection, ...]) -> None:
        """All that there are now."""
        self._collections = collections
        if self._list.isVisible():
            self._show(self._list.words)

    def open_for(self, seqs: tuple[int, ...], anchor: QWidget) -> None:
        """Ask where these jobs go, at the top of a widget, which has the keys again afterwards."""
        if not seqs:
            return
        self._seqs = seqs
        self._show("")
        self._list.open_with_keys(anchor, QRect(UNIT, 0, anchor.width() - 2 * UNIT, 1))

    def _show(self, words: str) -> None:
        sought = words.casefold().split()
        found: list[Collection | _New] = [
            each for each in self._collections if all(word in each.name.casefold() for word in sought)
        ]
        name = clean_name(words)
        if name and not any(is_same_name(each.name, name) for each in self._collections):
            found.append(_New(name=name))
        self._list.set_items(found, self.tr("Type a name for the first collection."))

    def _take(self, item: object) -> None:
        seqs, self._seqs = self._seqs, ()
        if isinstance(item, Collection):
            self.gather_requested.emit(Gathering(seqs=seqs, number=item.number))
        elif isinstance(item, _New):
            self.gather_requested.emit(Gathering(seqs=seqs, name=item.name))


def _described(item: Collection | _New) -> Pick:
    if isinstance(item, _New):
        said = QCoreApplication.translate("CollectionPicker", "New collection “{name}”")
        return Pick(text=said.format(name=item.name))
    count = QLocale().toString(item.count)
    return Pick(text=f"{item.name}  ·  {count}")
