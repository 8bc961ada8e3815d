"""Which reference makes room for one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.reference import MOST_REFERENCES
from gptimg_desktop.ui.compose.offer import Item, name_of
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget


class ReplaceQuestion(QFrame):
    """Asks for one item after the other; to be seen as long as there is one. Nothing is read before it has a
    place.

    `left_out`: the item that is asked about shall not come. `all_left_out`: none of them shall.
    """

    left_out = Signal()
    all_left_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self.setObjectName("replaceQuestion")
        self.setAccessibleName(self.tr("Which reference is to be replaced?"))
        self._text = PlainLabel()
        self._hint = PlainLabel(
            self.tr("Click a picture, or go to it with the arrow keys and press Enter."), "muted"
        )
        self._leave = ActionButton("leaveOutButton", self.tr("Leave out"), "")
        self._leave_all = ActionButton("leaveOutRestButton", self.tr("Leave out the rest"), "")
        self._leave.setToolTip(self.tr("Esc"))
        self._leave.clicked.connect(self.left_out)
        self._leave_all.clicked.connect(self.all_left_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT // 2, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._text)
        column.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        for button in (self._leave, self._leave_all):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    @property
    def items(self) -> tuple[Item, ...]:
        """What has no place yet, in its order; the first is asked about."""
        return tuple(self._items)

    @property
    def name(self) -> str:
        """What the user knows the item as that is asked about."""
        return name_of(self._items[0]) if self._items else ""

    def add(self, items: Iterable[Item]) -> None:
        """Ask about these after what is asked about already."""
        self._items += items
        self._show()

    def take(self) -> Item:
        """The item that is asked about; it has found its place, or is left out."""
        item = self._items.pop(0)
        self._show()
        return item

    def drop_all(self) -> None:
        self._items.clear()
        self._show()

    def _show(self) -> None:
        if self._items:
            self._text.say(self._sentence())
            self._leave_all.setVisible(len(self._items) > 1)
            QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
        self.setVisible(bool(self._items))

    def _sentence(self) -> str:
        facts = {"most": MOST_REFERENCES, "name": self.name, "more": len(self._items) - 1}
        if len(self._items) == 1:
            text = self.tr("{most} of {most}. Choose the one that “{name}” replaces.")
        else:
            text = self.tr("{most} of {most}. Choose the one that “{name}” replaces, and {more} more.")
        return text.format_map(facts)
