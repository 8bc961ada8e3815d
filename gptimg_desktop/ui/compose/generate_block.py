"""Size, price and button, as one block that never scrolls away."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.sizes import AUTO, Size, Tier
from gptimg_desktop.ui.compose.copies import Copies
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.compose.size_plate import SizePlate
from gptimg_desktop.ui.compose.size_warning import SizeWarning
from gptimg_desktop.ui.compose.switch import Switch
from gptimg_desktop.ui.compose.tier_picker import TierPicker
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.errors import Problem


class GenerateBlock(QFrame):
    """Warning about the shape, tier, size plate, copies, channel and the button with its price.

    `changed`: the user changed something here. `pressed`: Generate was pressed.
    """

    changed = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = True
        self._size: Size = AUTO
        self._tiers = TierPicker()
        self._warning = SizeWarning(self)
        self._plate = SizePlate()
        self._copies = Copies()
        self._channel = self._build_channel()
        self._message = MessageLine()
        self._button = self._build_button()
        self._lay_out()
        self._tiers.tier_chosen.connect(self._on_changed)
        self._warning.tier_wanted.connect(self._use_tier)
        self._copies.changed.connect(self._on_changed)
        self._channel.toggled.connect(self._on_changed)
        self._show_prices()

    def tier(self) -> Tier:
        return self._tiers.tier()

    def copies(self) -> int:
        return self._copies.value()

    def is_official(self) -> bool:
        return self._channel.isChecked()

    def set_choices(self, *, tier: Tier, copies: int, is_official: bool) -> None:
        """Show these, telling nobody."""
        self._channel.blockSignals(True)
        self._channel.setChecked(is_official)
        self._channel.blockSignals(False)
        self._copies.set_value(copies)
        self._tiers.set_tier(tier)
        self._refresh()

    def set_tier(self, tier: Tier) -> None:
        """Show a tier, telling nobody."""
        self._tiers.set_tier(tier)
        self._refresh()

    def set_size(self, size: Size) -> None:
        self._size = size
        self._refresh()

    def set_tier_following(self, is_following: bool) -> None:
        self._tiers.set_following(is_following)

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._prices, self._is_free = prices, is_free
        self._show_prices()

    def set_open(self, is_open: bool) -> None:
        self._button.setEnabled(is_open)

    def press(self) -> None:
        """As if Generate were clicked; nothing where it is not enabled."""
        self._button.click()

    def show_problem(self, problem: Problem) -> None:
        self._message.show_problem(problem)

    def clear_problem(self) -> None:
        self._message.clear()

    def show_waiting(self, count: int) -> None:
        """Tell why nothing was sent: so many references are still being read."""
        if count == 1:
            self._message.show_note(
                self.tr("Still reading a picture. Nothing was sent; press again when it is there.")
            )
            return
        note = self.tr("Still reading {count} pictures. Nothing was sent; press again when they are there.")
        self._message.show_note(note.format(count=count))

    def show_held_back(self) -> None:
        """Tell why nothing was sent: what was pasted is not in the prompt, and may be what was meant."""
        note = self.tr("Nothing was sent. To generate your prompt as it is, press again in a moment.")
        self._message.show_note(note, "circle-alert")

    @property
    def tells_waiting(self) -> bool:
        return self._message.is_note

    def _build_channel(self) -> Switch:
        switch = Switch(self.tr("Official channel"))
        switch.setObjectName("officialFallback")
        switch.setAccessibleName(self.tr("Official channel"))
        switch.setToolTip(
            self.tr("Lets the service make the image over its official channel. The price may differ.")
        )
        switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return switch

    def _build_button(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("generateButton")
        button.setProperty("role", "primary")
        button.setAutoDefault(False)
        button.setAutoRepeat(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the prompt
        button.setToolTip(self.tr("Ctrl+Enter"))
        button.setMinimumWidth(1)
        button.setEnabled(False)
        button.clicked.connect(self.pressed)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._copies)
        row.addStretch(1)
        row.addWidget(self._channel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, UNIT + UNIT // 2, 2 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT + UNIT // 2)
        layout.addStretch(1)
        layout.addWidget(self._warning)  # at the top: what follows keeps its place when it comes and goes
        layout.addWidget(self._tiers)
        layout.addWidget(self._plate)
        layout.addLayout(row)
        layout.addWidget(self._message)
        layout.addWidget(self._button)

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _use_tier(self, tier: Tier) -> None:
        self._tiers.set_tier(tier)
        self._on_changed()

    def _show_prices(self) -> None:
        self._tiers.set_prices(self._prices, is_free=self._is_free)
        self._warning.set_prices(self._prices, is_free=self._is_free)
        self._plate.set_free(self._is_free)
        self._refresh()

    def _refresh(self) -> None:
        self._warning.show_size(self._size, self.tier())
        self._plate.show_size(self._size, self.tier())
        told = (self._plate.facts(), self._warning.text.rstrip("."))
        self._plate.setAccessibleDescription(". ".join(text for text in told if text))
        text = self._button_text()
        self._button.setText(text)
        self._button.setAccessibleName(text)

    def _button_text(self) -> str:
        copies = self.copies()
        if self._is_free:
            if copies == 1:
                return self.tr("Generate (practice, free)")
            return self.tr("Generate {copies} (practice, free)").format(copies=copies)
        price = money(self._prices.estimate(self._size, self.tier()) * Decimal(copies))
        if copies == 1:
            return self.tr("Generate {price}").format(price=price)
        return self.tr("Generate {copies} · {price}").format(copies=copies, price=price)
