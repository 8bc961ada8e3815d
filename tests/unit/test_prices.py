"""The shipped prices, the estimate before a press, and how money is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gptimg_desktop.core.prices import FREE, PUBLISHED, money
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size, Tier


def test_the_newer_row_is_shipped_with_its_date() -> None:
    assert date(2026, 9, 1) == PUBLISHED.as_of
    assert dict(PUBLISHED.per_image) == {
        Tier.K1: Decimal("0.0085"),
        Tier.K2: Decimal("0.014"),
        Tier.K4: Decimal("0.021"),
    }


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("size", [AUTO, *Ratio], ids=str)
def test_named_sizes_are_billed_by_their_tier(size: Size, tier: Tier) -> None:
    assert PUBLISHED.estimate(size, tier) == PUBLISHED.per_image[tier]


@pytest.mark.parametrize(
    ("size", "tier", "price"),
    [
        (PixelSize(1024, 1024), Tier.K1, "0.0085"),
        (PixelSize(2048, 2048), Tier.K1, "0.014"),
        (PixelSize(2048, 2048), Tier.K2, "0.014"),
        (PixelSize(3840, 2160), Tier.K1, "0.021"),
        (PixelSize(1024, 1024), Tier.K4, "0.021"),
        (PixelSize(2048, 2048), Tier.K4, "0.021"),
    ],
    ids=str,
)
def test_free_sizes_cost_the_dearer_of_their_pixels_and_their_tier(
    size: PixelSize, tier: Tier, price: str
) -> None:
    assert PUBLISHED.estimate(size, tier) == Decimal(price)


def test_the_table_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        PUBLISHED.per_image[Tier.K1] = FREE  # type: ignore[index]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.0085", "$0.0085"),
        ("0.014", "$0.014"),
        ("1.4", "$1.40"),
        ("1.400", "$1.40"),
        ("5", "$5.00"),
        ("100", "$100.00"),
        ("1E+2", "$100.00"),
        ("0E-8", "$0.00"),
        ("1E-7", "$0.0000001"),
        ("12345.678", "$12345.678"),
    ],
)
def test_money_is_written_without_needless_digits(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text
