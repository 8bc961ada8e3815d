"""What an image costs: a dated table, the estimate before, and how money is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.sizes import PixelSize, Tier, probable_tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gptimg_desktop.core.sizes import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTable:
    """US dollars for one image of each tier, as known on a day."""

    as_of: date
    per_image: Mapping[Tier, Decimal] = field(hash=False)

    def estimate(self, size: Size, tier: Tier) -> Decimal:
        """The probable price of one image. Nobody knows whether free pixels are billed by their number or by
        the tier that is sent along: it is the dearer of the two."""
        price = self.per_image[tier]
        return max(price, self.per_image[probable_tier(size)]) if isinstance(size, PixelSize) else price


PUBLISHED: Final = PriceTable(
    as_of=date(2026, 9, 1),
    per_image=MappingProxyType(
        {Tier.K1: Decimal("0.0085"), Tier.K2: Decimal("0.014"), Tier.K4: Decimal("0.021")}
    ),
)
FREE: Final = Decimal(0)


def money(amount: Decimal) -> str:
    """Dollars with at least two decimals and no needless ones: "$0.0085", "$1.40"."""
    plain = f"{amount.normalize():f}"
    whole, _, cents = plain.partition(".")
    return f"${whole}.{cents.ljust(2, '0')}"
