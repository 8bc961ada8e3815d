"""The nearest size that nothing speaks against, for any that can be typed, and sizes of a given shape."""

from __future__ import annotations

import math
import random

import pytest

from gptimg_desktop.core.good_sizes import matching, nearest_good
from gptimg_desktop.core.sizes import TABLE, PixelSize, Ratio, Tier, advice, probable_tier

ODD = [
    PixelSize(*edges)
    for edges in (
        (0, 0),
        (1, 1),
        (0, 99_999),
        (99_999, 3),
        (3, 99_999),
        (99_999, 99_999),
        (16, 10_000),
        (3840, 3840),
        (3841, 1280),
        (655, 1000),
        (640, 1008),
    )
]


def _any_sizes(count: int) -> list[PixelSize]:
    """Sizes of all magnitudes, the same at every run."""
    dice = random.Random(5)
    return [PixelSize(*(round(math.exp(dice.uniform(0, 11.5))) for _ in range(2))) for _ in range(count)]


def _off(found: PixelSize, size: PixelSize) -> float:
    """How far a shape is off another, or off the longest that is good."""
    wanted = max(1, size.width) / max(1, size.height)
    return abs(math.log(found.ratio / min(3.0, max(1 / 3, wanted))))


@pytest.mark.parametrize("size", ODD, ids=str)
def test_the_oddest_sizes_have_a_good_one_near(size: PixelSize) -> None:
    assert advice(nearest_good(size)) == ()


def test_every_size_has_a_good_one_of_nearly_its_shape() -> None:
    for size in _any_sizes(4_000):
        found = nearest_good(size)
        assert advice(found) == (), size
        assert _off(found, size) < 0.03, (size, found)


def test_pixels_stay_near_where_the_rule_allows_them() -> None:
    for size in _any_sizes(20_000):
        within = 700_000 < size.pixels < 8_000_000 and max(size.width, size.height) < 3_800
        if within and 0.35 < size.ratio < 2.85:
            assert abs(math.log(nearest_good(size).pixels / size.pixels)) < 0.03, size


def test_a_good_size_is_its_own_nearest_and_a_turned_one_has_the_turned_nearest() -> None:
    for size in _any_sizes(1_000):
        found = nearest_good(size)
        assert nearest_good(found) == found
        assert nearest_good(size.swapped()) == found.swapped()


@pytest.mark.parametrize(
    ("size", "nearest"),
    [
        (PixelSize(1881, 836), PixelSize(1888, 832)),
        (PixelSize(1920, 1080), PixelSize(1920, 1088)),
        (PixelSize(1000, 1000), PixelSize(1008, 1008)),
        (PixelSize(1, 1), PixelSize(816, 816)),
        (PixelSize(4096, 4096), PixelSize(2880, 2880)),
        (PixelSize(7680, 4320), PixelSize(3840, 2160)),
        (PixelSize(99_999, 3), PixelSize(1440, 480)),
        (PixelSize(3200, 800), PixelSize(2784, 928)),
    ],
    ids=str,
)
def test_what_designers_type_leads_where_they_expect(size: PixelSize, nearest: PixelSize) -> None:
    assert nearest_good(size) == nearest


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("ratio", Ratio)
def test_every_picture_of_a_named_shape_is_matched_by_its_name(ratio: Ratio, tier: Tier) -> None:
    for scale in (7, 100, 311):
        width, height = ratio.parts
        assert matching(PixelSize(width * scale, height * scale), tier) is ratio
    assert matching(TABLE[ratio][Tier.K4][0], tier) is ratio


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (PixelSize(4032, 3024), Ratio.R4X3),
        (PixelSize(1019, 1000), Ratio.R1X1),
        (PixelSize(1000, 1019), Ratio.R1X1),
        (PixelSize(6000, 4000), Ratio.R3X2),
        (PixelSize(1366, 768), Ratio.R16X9),
    ],
    ids=str,
)
def test_a_shape_within_two_percent_takes_the_name(size: PixelSize, expected: Ratio) -> None:
    assert matching(size, Tier.K1) is expected


@pytest.mark.parametrize("size", [PixelSize(1021, 1000), PixelSize(1000, 1021)], ids=str)
def test_a_shape_beyond_two_percent_is_a_free_size(size: PixelSize) -> None:
    assert isinstance(matching(size, Tier.K1), PixelSize)


@pytest.mark.parametrize("tier", Tier)
def test_any_other_shape_is_a_good_size_that_is_billed_as_the_tier(tier: Tier) -> None:
    for size in _any_sizes(1_500):
        found = matching(size, tier)
        if isinstance(found, PixelSize):
            assert advice(found) == (), size
            assert probable_tier(found) is tier, size
            assert _off(found, size) < 0.03, (size, found)


def test_free_sizes_of_a_tier_have_about_the_pixels_of_its_table() -> None:
    found = [str(matching(PixelSize(210, 297), tier)) for tier in Tier]
    assert found == ["1056x1488", "1408x1984", "2416x3424"]  # 2:3 has 1024×1536, 1360×2048, 2336×3520
