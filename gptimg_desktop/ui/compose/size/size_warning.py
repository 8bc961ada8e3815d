"""What speaks against a size, and the tier at which nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gptimg_desktop.core.prices import PUBLISHED, PriceTable, money
from gptimg_desktop.core.request import size_problem
from gptimg_desktop.core.sizes import (
    AUTO,
    GRID,
    LEAST_PIXELS,
    LONGEST_EDGE,
    MOST_PIXELS,
    PixelSize,
    Ratio,
    Size,
    SizeAdvice,
    Tier,
    advice,
    outcomes_that_miss,
    simplest_ratio,
)
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator


class SizeWarning(QWidget):
    """Hidden while all is well. A shape that may come out wrong has a way out, the tier at which it does not;
    `tier_wanted` carries the `Tier` that was taken. A size in pixels is advised on, and only one that nobody
    can make is an error."""

    tier_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_free = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self._offered: Tier | None = None
        self.setObjectName("sizeWarning")
        self._sign = IconLabel("triangle-alert", "warning", parent=self)
        self._words = PlainLabel(role="warning", parent=self)
        self._use = QPushButton(self)
        self._use.setObjectName("useTrueTier")
        self._use.setProperty("role", "chip")
        self._use.setAutoDefault(False)
        self._use.setAccessibleName(self.tr("Use a higher resolution"))
        self._use.clicked.connect(self._take_offer)
        self._lay_out()
        self.show_size(self._size, self._tier)

    @property
    def text(self) -> str:
        """What it says; empty where it says nothing."""
        return self._words.text()

    def read_out(self) -> None:
        """Say it to screen readers, though it is nothing new."""
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def set_prices(self, prices: PriceTable, *, is_free: bool) -> None:
        self._prices, self._is_free = prices, is_free
        self.show_size(self._size, self._tier)

    def show_size(self, size: Size, tier: Tier) -> None:
        """Say what is wrong with a size, or what the service makes of it, and offer the tier that fits."""
        self._size, self._tier = size, tier
        problem = size_problem(size)
        if problem is not None:
            self._say(sentence(problem), "danger")
        elif isinstance(size, PixelSize):
            self._say(_advice(size), "warning")
        else:
            self._say(self._miss(), "warning")
        self._show_offer(_true_tier(size, tier))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._use, 0, Qt.AlignmentFlag.AlignVCenter)

    def _miss(self) -> str:
        """That another shape may come back than the one that was asked for."""
        missing = outcomes_that_miss(self._size, self._tier)
        if not missing or not isinstance(self._size, Ratio):
            return ""
        return self.tr("May come back as {found}, not {asked}.").format(
            found=simplest_ratio(missing[0]), asked=self._size.value
        )

    def _say(self, text: str, role: str) -> None:
        self._words.say(text)
        if self._words.property("role") != role:
            self._words.setProperty("role", role)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)
            self._sign.show_icon("circle-alert" if role == "danger" else "triangle-alert", role)
        self.setVisible(bool(text))

    def _show_offer(self, tier: Tier | None) -> None:
        self._offered = tier
        if tier is not None:
            price = self.tr("free") if self._is_free else money(self._prices.estimate(self._size, tier))
            self._use.setText(self.tr("Use {tier} ({price})").format(tier=tier.label, price=price))
            self._use.setAccessibleName(self._use.text())
        self._use.setVisible(tier is not None)

    def _take_offer(self) -> None:
        if self._offered is not None:
            self.tier_wanted.emit(self._offered)


def _true_tier(size: Size, tier: Tier) -> Tier | None:
    """The next tier up at which a shape comes out as asked; None where it does so at this one."""
    if not outcomes_that_miss(size, tier):
        return None
    tiers = list(Tier)
    return next(
        (found for found in tiers[tiers.index(tier) + 1 :] if not outcomes_that_miss(size, found)), None
    )


def _advice(size: PixelSize) -> str:
    """One sentence with all that upstream's rule has against a size; it is for the service to judge."""
    reasons = "; ".join(_reasons(size))
    return _tr("May be refused: {reasons}.").format(reasons=reasons) if reasons else ""


def _reasons(size: PixelSize) -> Iterator[str]:
    words = {
        SizeAdvice.NOT_MULTIPLE_OF_16: _tr("not in steps of {grid}").format(grid=GRID),
        SizeAdvice.EDGE_TOO_LONG: _tr("over {edge} px").format(edge=LONGEST_EDGE),
        SizeAdvice.TOO_NARROW: _tr("longer than 3:1"),
        SizeAdvice.TOO_FEW_PIXELS: _tr("under {limit} MP").format(limit=_megapixels(LEAST_PIXELS)),
        SizeAdvice.TOO_MANY_PIXELS: _tr("over {limit} MP").format(limit=_megapixels(MOST_PIXELS)),
    }
    return (words[kind] for kind in advice(size))


def _megapixels(pixels: int) -> str:
    return f"{pixels / 1_000_000:.2f}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SizeWarning", text)
