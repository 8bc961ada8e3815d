"""Whether something else than the chosen shape may come back, and the tier that would not do that."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.sizes import AUTO, Ratio, Size, Tier, outcomes_that_miss, simplest_ratio
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT


class SizeWarning(QWidget):
    """Takes no room while the shape comes out as asked. `tier_wanted` carries the `Tier` that was taken."""

    tier_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self._offered: Tier | None = None
        self.setObjectName("sizeWarning")
        self._words = PlainLabel(role="warning", parent=self)
        self._use = QPushButton(self)
        self._use.setObjectName("useTrueTier")
        self._use.setAutoDefault(False)
        self._use.setAccessibleName(self.tr("Use a higher resolution"))
        self._use.clicked.connect(self._take_offer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._words, 1)
        row.addWidget(self._use)
        self.show_size(self._size, self._tier)

    @property
    def text(self) -> str:
        """What it warns of; empty where it does not."""
        return self._words.text()

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._prices, self._is_free = prices, is_free
        self.show_size(self._size, self._tier)

    def show_size(self, size: Size, tier: Tier) -> None:
        self._size, self._tier = size, tier
        missing = outcomes_that_miss(size, tier)
        text = ""
        if missing and isinstance(size, Ratio):
            text = self.tr("May come back as {found}, not {asked}.").format(
                found=simplest_ratio(missing[0]), asked=size.value
            )
        self._words.say(text)
        self._offered = _true_tier(size, tier) if missing else None
        self._use.setVisible(self._offered is not None)
        if self._offered is not None:
            self._name_offer(self._offered)
        self.setVisible(bool(text))

    def _name_offer(self, tier: Tier) -> None:
        price = self.tr("free") if self._is_free else money(self._prices.estimate(self._size, tier))
        self._use.setText(self.tr("Use {tier} ({price})").format(tier=tier.label, price=price))
        self._use.setAccessibleName(self._use.text())

    def _take_offer(self) -> None:
        if self._offered is not None:
            self.tier_wanted.emit(self._offered)


def _true_tier(size: Size, tier: Tier) -> Tier | None:
    """The next tier up at which the shape comes out as asked."""
    tiers = list(Tier)
    return next(
        (found for found in tiers[tiers.index(tier) + 1 :] if not outcomes_that_miss(size, found)), None
    )
