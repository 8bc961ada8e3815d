"""The shape of the result: a named one, the service's choice, or free pixels."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gptimg_desktop.core.sizes import (
    AUTO,
    PixelSize,
    Ratio,
    Size,
    SizeChoice,
    Tier,
    outcomes,
    probable_tier,
)
from gptimg_desktop.ui.compose.custom_size import CustomSize
from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.ratio_grid import CUSTOM, RatioGrid
from gptimg_desktop.ui.theme import UNIT


class SizeBox(QWidget):
    """Holds the size; the tier is shown elsewhere, and follows a free size.

    `chosen` carries the `SizeChoice` that the user made here: the tier that goes with it is to be shown.
    `reveal_wanted` carries a widget that is to be in sight now. `focus_lost`: what had the focus is hidden.
    """

    chosen = Signal(object)
    reveal_wanted = Signal(object)
    focus_lost = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratios = RatioGrid()
        self._custom = CustomSize()
        self._named_tier = Tier.K1  # the tier of the last size that has a name, while a free one is shown
        self._shown: Size = Ratio.R1X1
        self._lay_out()
        self._ratios.choice_made.connect(self._on_choice)
        self._custom.edited.connect(self._on_custom_edited)

    def size_choice(self) -> SizeChoice:
        """What is chosen, with the tier that goes with it."""
        size = self._size()
        return SizeChoice(size, probable_tier(size) if isinstance(size, PixelSize) else self._named_tier)

    def set_choice(self, choice: SizeChoice) -> None:
        """Show a choice, telling nobody."""
        if isinstance(choice.size, PixelSize):
            self._custom.set_value(choice.size)
            self._ratios.set_choice(CUSTOM)
        else:
            self._named_tier = choice.tier
            self._ratios.set_choice(choice.size)
        self._show()

    def set_tier(self, tier: Tier) -> None:
        """The tier that the user took for a size with a name."""
        if self._ratios.choice() != CUSTOM:
            self._named_tier = tier

    def focus_custom(self) -> None:
        """Go to the pixels, to mend them."""
        self._custom.focus_width()
        self.reveal_wanted.emit(self._custom)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(heading(self.tr("Shape")))
        column.addWidget(self._ratios)
        column.addWidget(self._custom)

    def _size(self) -> Size:
        choice = self._ratios.choice()
        if choice == CUSTOM:
            return self._custom.value()
        return choice if isinstance(choice, Ratio) else AUTO

    def _show(self) -> None:
        self._shown = self._size()
        is_custom = isinstance(self._shown, PixelSize)
        has_focus = self._custom.isAncestorOf(self.focusWidget())
        self._custom.setVisible(is_custom)
        if not is_custom and has_focus:
            self.focus_lost.emit()

    def _on_choice(self, choice: Ratio | str) -> None:
        if choice == CUSTOM:
            self._begin_custom()
        self._tell()

    def _begin_custom(self) -> None:
        """Free pixels start from the size that was shown."""
        shown = outcomes(self._shown, self._named_tier)
        if shown:
            self._custom.set_value(shown[0])
        QTimer.singleShot(0, self, self._reveal_custom)

    def _reveal_custom(self) -> None:
        """Bring the fields into sight, once they have their place."""
        if self._custom.isVisible():
            self.reveal_wanted.emit(self._custom)

    def _on_custom_edited(self, _size: PixelSize) -> None:
        if self._ratios.choice() == CUSTOM:
            self._tell()

    def _tell(self) -> None:
        self._show()
        self.chosen.emit(self.size_choice())
