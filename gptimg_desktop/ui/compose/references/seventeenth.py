"""What finds no room among the references: it is asked which one it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from gptimg_desktop.ui.compose.second_click import SecondClick

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.references.chip_grid import ChipGrid
    from gptimg_desktop.ui.compose.references.offer import Item
    from gptimg_desktop.ui.compose.references.replace_question import ReplaceQuestion
    from gptimg_desktop.ui.compose.references.tray_content import TrayContent


class Seventeenth(QObject):
    """Leads through the question: while it is open, the chips of the grid are the answers. Before it was
    seen nothing that is done to them, and no Escape, is one; it comes into sight instead.

    `asked`: it is to be seen now. `changed`: the user has answered. `focus_lost`: what had the
    focus is gone. The focus moves into the question only by `take_keys`, and goes back where it came from.
    """

    asked = Signal()
    changed = Signal()
    focus_lost = Signal()

    def __init__(
        self, question: ReplaceQuestion, grid: ChipGrid, content: TrayContent, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._question = question
        self._grid = grid
        self._content = content
        self._came_from: QWidget | None = None
        self._second_click = SecondClick(self)
        content.left_over.connect(self.ask_about)
        question.left_out.connect(self._leave_out_by_button)
        question.all_left_out.connect(self.leave_out_all)
        question.pictures_wanted.connect(self._go_to_pictures)

    @property
    def is_open(self) -> bool:
        return bool(self._question.items)

    @property
    def name(self) -> str:
        """What the user knows it as; empty where nothing is asked about."""
        return self._question.name

    def ask_about(self, items: tuple[Item, ...]) -> None:
        """Ask about these after what is asked about already."""
        self._question.add(items)
        self._grid.set_asking(is_asking=True)
        self.asked.emit()

    def take_keys(self) -> None:
        """Move the focus here, unless it is here already: the user's last act was meant for the tray."""
        if self.is_open and not self._has_keys():
            self._came_from = _focus_of(self._question.window())
            self._question.setFocus(Qt.FocusReason.OtherFocusReason)

    def answered(self) -> Item | None:
        """A picture was chosen: the item that takes its place; None where nothing was asked, or where nobody
        could know."""
        return self._settled() if self._is_known() else None

    def leave_out(self) -> bool:
        """What is asked about shall not come; False where nothing was asked."""
        was_open = self.is_open
        if self._is_known():
            self._settled()
        return was_open

    def _leave_out_by_button(self) -> None:
        if self.is_open:
            self._settled()

    def _is_known(self) -> bool:
        """True where the user knows what is asked; else he is shown."""
        if self.is_open and not self._question.was_seen:
            self.asked.emit()
            return False
        return self.is_open

    def _settled(self) -> Item:
        """The item that is asked about, which is answered now."""
        self._second_click.expect()
        has_keys = self._has_keys()
        item = self._question.take()
        self._go_on(has_keys=has_keys)
        return item

    def leave_out_all(self) -> None:
        """None of those that wait shall come."""
        has_keys = self._has_keys()
        self._question.drop_all()
        self._go_on(has_keys=has_keys)

    def use_room(self) -> None:
        """Where there is room by now, as many as fit come in and replace nothing."""
        has_keys = _has_focus(self._question)
        items = tuple(self._question.take() for _ in self._question.items[: self._content.room])
        if items:
            self._content.insert(items)
            self._go_on(has_keys=has_keys)

    def drop_all(self) -> None:
        """The references are others now: nothing waits any more."""
        self._question.drop_all()
        self._grid.set_asking(is_asking=False)

    def _go_on(self, *, has_keys: bool) -> None:
        self._grid.set_asking(is_asking=self.is_open)
        if has_keys and not self.is_open:
            self._give_keys_back()
        self.changed.emit()

    def _give_keys_back(self) -> None:
        origin, self._came_from = self._came_from, None
        if origin is not None and isValid(origin) and origin.isVisible():
            origin.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not _has_focus(self._grid):
            self.focus_lost.emit()

    def _has_keys(self) -> bool:
        return _has_focus(self._question) or _has_focus(self._grid)

    def _go_to_pictures(self) -> None:
        self._grid.focus_chip(0)


def _has_focus(widget: QWidget) -> bool:
    focus = _focus_of(widget.window())
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))


def _focus_of(window: QWidget) -> QWidget | None:
    """What has its focus, or will have it once the window is the active one."""
    return window.focusWidget()
