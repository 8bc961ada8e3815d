"""The options that can follow in a search, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from gptimg_desktop.ui.search.option_words import note, typed_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject, QPersistentModelIndex

    from gptimg_desktop.core.completion import Option

    Index = QModelIndex | QPersistentModelIndex

NOTE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The quiet words beside an option."""
TYPED_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""From where to where the letters of an option stand that were typed; the same twice where none do."""
_NOWHERE: Final = QModelIndex()


class OptionModel(QAbstractListModel):
    """A row for each option. `clock` gives Unix seconds, for what dates mean."""

    def __init__(self, clock: Callable[[], float], parent: QObject | None = None) -> None:
        self._clock = clock
        self._options: tuple[Option, ...] = ()
        self._typed = ""
        super().__init__(parent)

    def set_options(self, options: tuple[Option, ...], typed: str) -> None:
        """Hold what can follow where `typed` stands already."""
        self.beginResetModel()
        self._options = options
        self._typed = typed
        self.endResetModel()

    def option(self, row: int) -> Option | None:
        """The option of a row; None outside."""
        return self._options[row] if 0 <= row < len(self._options) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        option = self.option(index.row()) if index.isValid() else None
        if option is None:
            return None
        shown = option.value or option.text
        if role == Qt.ItemDataRole.DisplayRole:
            return shown
        if role == NOTE_ROLE:
            return note(option, self._clock())
        if role == TYPED_ROLE:
            return typed_span(shown, self._typed)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (shown, note(option, self._clock()))))
        return None
