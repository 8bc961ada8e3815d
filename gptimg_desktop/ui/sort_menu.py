"""The orders that the gallery can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup

from gptimg_desktop.core.filter import Sort
from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget


class SortMenu(RoundedMenu):
    """Each order is one entry, under a name that says what comes first. `chosen` tells that the user took
    another; `sort` and `is_reverse` are what holds."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sortMenu")
        self.setProperty("checks", True)
        self.setAccessibleName(self.tr("Order"))
        self._actions: dict[tuple[Sort, bool], QAction] = {}
        group = QActionGroup(self)
        for sort, *names in (
            (Sort.TIME, self.tr("Newest first"), self.tr("Oldest first")),
            (Sort.SIZE, self.tr("Largest first"), self.tr("Smallest first")),
            (Sort.COST, self.tr("Most expensive first"), self.tr("Cheapest first")),
        ):
            if self._actions:
                self.addSeparator()
            for is_reverse, name in enumerate(names):
                self._actions[sort, bool(is_reverse)] = self._add(group, name, f"sort_{sort}", is_reverse)
        self._actions[Sort.TIME, False].setChecked(True)
        group.triggered.connect(self._tell)

    @property
    def sort(self) -> Sort:
        return self._current[0]

    @property
    def is_reverse(self) -> bool:
        return self._current[1]

    @property
    def label(self) -> str:
        """The order that holds, as its entry says it."""
        return self._actions[self._current].text()

    def show_order(self, sort: Sort, *, is_reverse: bool) -> None:
        """The order came from elsewhere; nothing is told."""
        self._actions[sort, is_reverse].setChecked(True)

    @property
    def _current(self) -> tuple[Sort, bool]:
        checked = (order for order, action in self._actions.items() if action.isChecked())
        return next(checked, (Sort.TIME, False))

    def _add(self, group: QActionGroup, text: str, name: str, is_reverse: int) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"{name}_reverse" if is_reverse else name)
        action.setCheckable(True)
        group.addAction(action)
        return action

    def _tell(self) -> None:
        self.chosen.emit()
