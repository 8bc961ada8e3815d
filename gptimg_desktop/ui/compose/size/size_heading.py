"""What stands above the shapes: the title, and what can be done with the size as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.size.favourite_button import FavouriteButton
from gptimg_desktop.ui.compose.size.ratio_button import small_font
from gptimg_desktop.ui.theme import UNIT
from gptimg_desktop.ui.viewer.one_line import OneLine

if TYPE_CHECKING:
    from gptimg_desktop.core.sizes import SizeChoice

SWAP_KEYS = "Ctrl+Shift+X"


class SizeHeading(QWidget):
    """`swap_wanted`; `choice_taken` carries the `SizeChoice` of a ready size or a favourite;
    `favourites_changed` carries all of them."""

    swap_wanted = Signal()
    choice_taken = Signal(object)
    favourites_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading(self.tr("Shape"))
        self._dot, self._note = QLabel("·"), OneLine("muted")
        self._dot.setProperty("role", "muted")
        self._dot.setContentsMargins(UNIT // 2, 0, UNIT // 2, 0)
        self._dot.hide()
        self._note.setFont(small_font(self._note.font()))
        self._swap = IconButton("arrow-left-right", self.tr("Swap width and height"))
        self._swap.setObjectName("swapButton")
        self._swap.setToolTip(self.tr("Swap width and height (X, or {keys})").format(keys=SWAP_KEYS))
        self._favourite = FavouriteButton()
        self._ready = self._build_ready()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._title)
        row.addWidget(self._dot)
        row.addWidget(self._note, 1)
        for button in (self._swap, self._favourite, self._ready):
            row.addWidget(button)
        self._swap.clicked.connect(self.swap_wanted)
        self._favourite.favourites_changed.connect(self.favourites_changed)
        self._ready.clicked.connect(self._open_menu)

    def set_favourites(self, favourites: tuple[SizeChoice, ...]) -> None:
        self._favourite.set_favourites(favourites)

    def show_choice(self, choice: SizeChoice, *, can_swap: bool) -> None:
        self._favourite.show_choice(choice)
        self._swap.setEnabled(can_swap)

    def say(self, note: str) -> None:
        """Tell beside the title where the size came from, to screen readers too; an empty note takes it
        back."""
        self._note.say(note)
        self._dot.setVisible(bool(note))
        if note:
            QAccessible.updateAccessibility(QAccessibleEvent(self._note, QAccessible.Event.Alert))

    def note(self) -> str:
        """What it tells now."""
        return self._note.accessibleName()

    def _build_ready(self) -> IconButton:
        ready = IconButton("layout-template", self.tr("Ready sizes"))
        ready.setObjectName("readySizesButton")
        ready.setText(self.tr("Ready sizes"))
        ready.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        ready.setToolTip(self.tr("Favourites, and sizes by purpose"))
        wide = ready.fontMetrics().horizontalAdvance(ready.text())
        ready.setMaximumWidth(wide + 4 * UNIT)  # else Qt keeps room at the end that nothing uses
        return ready

    def _open_menu(self) -> None:
        from gptimg_desktop.ui.compose.size.ready_menu import ReadyMenu  # noqa: PLC0415 - most starts need none

        menu = ReadyMenu(self._favourite.favourites, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.taken.connect(self.choice_taken)
        # Beside the composer: a second click on the button must not land on what has come under the mouse.
        menu.popup(self.mapToGlobal(QPoint(self.width() + UNIT, 0)))
