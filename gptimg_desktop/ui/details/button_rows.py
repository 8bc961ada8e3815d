"""Buttons below each other, two in a row where both fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent

    from gptimg_desktop.ui.details.action_button import ActionButton


class ButtonRows(QWidget):
    """Shows those of its buttons that are asked for, all over the width; a primary one has its row alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._shown: list[ActionButton] = []
        self._rows: list[tuple[ActionButton, ...]] = []
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(UNIT)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def show_buttons(self, buttons: Iterable[ActionButton]) -> None:
        """These and no others, in this order. Where the one with the focus goes, the last of
        them takes it: Qt would choose any neighbour, and the next press might cost."""
        shown = list(buttons)
        gone = [button for button in self._shown if button not in shown]
        self._shown = shown
        self._arrange()
        for button in shown:
            button.show()
        if shown and any(button.hasFocus() for button in gone):
            shown[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        for button in gone:
            button.hide()
        self.setVisible(bool(shown))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._arrange()

    def _arrange(self) -> None:
        rows = paired(self._shown, (self.width() - UNIT) // 2)
        if rows == self._rows:
            return
        self._rows = rows
        while self._grid.takeAt(0) is not None:
            pass
        for row, buttons in enumerate(rows):
            for column, button in enumerate(buttons):
                self._grid.addWidget(button, row, column, 1, 1 if len(buttons) == 2 else 2)
                QWidget.setTabOrder(self, button)
        for one, other in zip(self._shown, self._shown[1:], strict=False):
            QWidget.setTabOrder(one, other)


def paired(buttons: list[ActionButton], room: int) -> list[tuple[ActionButton, ...]]:
    """The buttons in rows: neighbours share one where each is at most `room` pixels wide on one line."""
    rows: list[tuple[ActionButton, ...]] = []
    for button in buttons:
        is_small = button.natural_width <= room and button.property("role") != "primary"
        last = rows[-1] if rows else ()
        if (
            is_small
            and len(last) == 1
            and last[0].natural_width <= room
            and last[0].property("role") != "primary"
        ):
            rows[-1] = (*last, button)
        else:
            rows.append((button,))
    return rows
