"""The shape of the result: a named one, the service's choice, or free pixels."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gptimg_desktop.core.good_sizes import matching
from gptimg_desktop.core.sizes import (
    AUTO,
    PixelSize,
    Ratio,
    Size,
    SizeChoice,
    Tier,
    outcomes,
    probable_tier,
    swapped,
)
from gptimg_desktop.ui.compose.size.custom_size import CustomSize
from gptimg_desktop.ui.compose.size.ratio_grid import CUSTOM, RatioGrid
from gptimg_desktop.ui.compose.size.size_heading import SWAP_KEYS, SizeHeading
from gptimg_desktop.ui.theme import UNIT


class SizeBox(QWidget):
    """Holds the size. The tier is shown elsewhere, and so are the fields for free pixels, which take its
    place (`fields`).

    `chosen` carries the `SizeChoice` that the user made here: the tier that goes with it is to be shown.
    `favourites_changed` carries a tuple of `SizeChoice`. `focus_lost`: what had the focus is being hidden.
    """

    chosen = Signal(object)
    favourites_changed = Signal(object)
    focus_lost = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = SizeHeading()
        self._ratios = RatioGrid()
        self._custom = CustomSize()
        self._named_tier = Tier.K1  # the tier of the last size that has a name, while a free one is shown
        self._shown: Size = Ratio.R1X1
        self._lay_out()
        self._connect()
        self._show()

    @property
    def fields(self) -> CustomSize:
        """Width and height, for a place near the tiers."""
        return self._custom

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
            self._show_heading()

    def set_favourites(self, favourites: tuple[SizeChoice, ...]) -> None:
        self._heading.set_favourites(favourites)

    def match(self, pixels: PixelSize, *, like: str = "") -> None:
        """Take the shape of a picture of so many pixels; `like` says whose: "reference 1"."""
        tier = self.size_choice().tier
        size = matching(pixels, tier)
        self._take(SizeChoice(size, tier))
        name = size.value if isinstance(size, Ratio) else str(getattr(size, "label", size))
        self._heading.say(self.tr("{size}, as {like}").format(size=name, like=like) if like else name)

    def focus_custom(self) -> None:
        """Go to the pixels, to mend them."""
        self._custom.take_focus()

    def swap(self) -> None:
        """Turn the size by a quarter; nothing where there is nothing to turn."""
        choice = self.size_choice()
        turned = swapped(choice.size)
        if turned != choice.size:
            self._take(SizeChoice(turned, choice.tier))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._heading)
        column.addWidget(self._ratios)

    def _connect(self) -> None:
        self._heading.swap_wanted.connect(self.swap)
        self._heading.choice_taken.connect(self._take)
        self._heading.favourites_changed.connect(self.favourites_changed)
        self._ratios.choice_made.connect(self._on_choice)
        self._ratios.custom_entered.connect(self.focus_custom)
        self._ratios.swap_wanted.connect(self.swap)
        self._custom.edited.connect(self._on_custom_edited)
        keys = QShortcut(QKeySequence(SWAP_KEYS), self)
        keys.setAutoRepeat(False)
        keys.activated.connect(self.swap)

    def _size(self) -> Size:
        choice = self._ratios.choice()
        if choice == CUSTOM:
            return self._custom.value()
        return choice if isinstance(choice, Ratio) else AUTO

    def _take(self, choice: SizeChoice) -> None:
        """The user chose this as a whole."""
        self.set_choice(choice)
        self.chosen.emit(self.size_choice())

    def _show(self) -> None:
        self._shown = self._size()
        self._heading.say("")
        self._show_heading()
        focused = self.window().focusWidget()
        if not isinstance(self._shown, PixelSize) and self._custom.isAncestorOf(focused):
            self.focus_lost.emit()

    def _show_heading(self) -> None:
        choice = self.size_choice()
        self._heading.show_choice(choice, can_swap=swapped(choice.size) != choice.size)

    def _on_choice(self, choice: Ratio | str) -> None:
        if choice == CUSTOM:
            self._begin_custom()
        self._show()
        self.chosen.emit(self.size_choice())

    def _begin_custom(self) -> None:
        """Free pixels start from the size that was shown."""
        shown = outcomes(self._shown, self._named_tier)
        if shown:
            self._custom.set_value(shown[0])

    def _on_custom_edited(self, _size: PixelSize) -> None:
        if self._ratios.choice() == CUSTOM:
            self._show()
            self.chosen.emit(self.size_choice())
