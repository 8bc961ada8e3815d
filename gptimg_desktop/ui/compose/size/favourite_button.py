"""The star that keeps a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton

from gptimg_desktop.ui import icons
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.sizes import SizeChoice


class FavouriteButton(QToolButton):
    """Filled while the choice shown is one of the favourites; pressing puts it there or takes it away.

    `favourites_changed` carries all of them, a tuple of `SizeChoice`, oldest first.
    """

    favourites_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._favourites: tuple[SizeChoice, ...] = ()
        self._choice: SizeChoice | None = None
        self._dress = ("", "")
        super().__init__(parent)
        self.setObjectName("favouriteButton")
        self.setProperty("role", "quiet")
        self.setProperty("compact", True)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._toggle)
        self._show()

    @property
    def favourites(self) -> tuple[SizeChoice, ...]:
        return self._favourites

    def set_favourites(self, favourites: tuple[SizeChoice, ...]) -> None:
        """Show these, telling nobody."""
        self._favourites = favourites
        self._show()

    def show_choice(self, choice: SizeChoice) -> None:
        """The choice that a press is about."""
        if choice != self._choice:
            self._choice = choice
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show()

    def _show(self) -> None:
        is_one = self._choice in self._favourites
        tokens = tokens_for(self.palette())
        dress = ("star-filled", tokens.accent) if is_one else ("star", tokens.text)
        if dress != self._dress:
            self._dress = dress
            self.setIcon(icons.icon(*dress))
        name = self.tr("Take out of the favourites") if is_one else self.tr("Keep among the favourites")
        if name != self.accessibleName():
            self.setAccessibleName(name)
            self.setToolTip(name)

    def _toggle(self) -> None:
        if self._choice is None:
            return
        others = tuple(each for each in self._favourites if each != self._choice)
        has_gone = len(others) < len(self._favourites)
        self._favourites = others if has_gone else (*others, self._choice)
        self._show()
        self.favourites_changed.emit(self._favourites)
