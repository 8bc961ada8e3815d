"""What can be done with one reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.references.place import Place


class ChipMenu(RoundedMenu):
    """Offers only what is possible. Each wish carries the `Place`; the menu goes when it closes."""

    replace_wanted = Signal(object)
    shape_wanted = Signal(object)
    show_wanted = Signal(object)
    earlier_wanted = Signal(object)
    later_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, place: Place, *, is_first: bool, is_last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = place
        self.setObjectName("referenceMenu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(self.tr("Replace…"), self._replace, "Enter")
        if place.file is not None:
            self._add(self.tr("Use its shape"), self._use_shape)
        if showing := self._showing():
            self._add(showing, self._show)
        self.addSeparator()
        self._add(self.tr("Earlier"), self._move_earlier, "Alt+Left", is_possible=not is_first)
        self._add(self.tr("Later"), self._move_later, "Alt+Right", is_possible=not is_last)
        self.addSeparator()
        self._add(self.tr("Remove"), self._remove, "Del")

    def _showing(self) -> str:
        """How it can be looked at; empty where it cannot."""
        content, file = self._place.content, self._place.file
        if isinstance(content, UrlReference):
            return self.tr("Open in the browser")
        if file is None:
            return ""
        if file.job_id:
            return self.tr("Show in the gallery")
        return "" if file.origin is None else self.tr("Show in its folder")

    def _add(self, text: str, act: Callable[[], None], keys: str = "", *, is_possible: bool = True) -> None:
        action = self.addAction(text)
        action.triggered.connect(act)
        action.setEnabled(is_possible)
        if keys:
            action.setText(f"{text}\t{keys}")  # shown only: the keys are the grid's

    def _replace(self) -> None:
        self.replace_wanted.emit(self._place)

    def _use_shape(self) -> None:
        self.shape_wanted.emit(self._place)

    def _show(self) -> None:
        self.show_wanted.emit(self._place)

    def _move_earlier(self) -> None:
        self.earlier_wanted.emit(self._place)

    def _move_later(self) -> None:
        self.later_wanted.emit(self._place)

    def _remove(self) -> None:
        self.remove_wanted.emit(self._place)
