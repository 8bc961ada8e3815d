"""The rows of a list to pick from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject, QPersistentModelIndex

    from gptimg_desktop.ui.compose.picks.pick import Pick

    Index = QModelIndex | QPersistentModelIndex

PICK_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The row's `Pick`."""
_NOWHERE: Final = QModelIndex()


class PickModel(QAbstractListModel):
    """Values of any kind; how one is shown is asked for only when its row is in sight."""

    def __init__(self, describe: Callable[[Any], Pick], parent: QObject | None = None) -> None:
        self._describe = describe
        self._items: list[Any] = []
        super().__init__(parent)

    def set_items(self, items: Sequence[Any]) -> None:
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def item(self, row: int) -> Any:
        """The value of a row; None outside."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def take_out(self, row: int) -> None:
        """One row less; nothing outside."""
        if 0 <= row < len(self._items):
            self.beginRemoveRows(_NOWHERE, row, row)
            del self._items[row]
            self.endRemoveRows()

    def put_in(self, row: int, item: Any) -> None:
        """One row more."""
        row = max(0, min(row, len(self._items)))
        self.beginInsertRows(_NOWHERE, row, row)
        self._items.insert(row, item)
        self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._items):
            return None
        if role == PICK_ROLE:
            return self._describe(self._items[index.row()])
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            pick = self._describe(self._items[index.row()])
            return ", ".join(part for part in (pick.heading, pick.words, pick.note) if part)
        return None
