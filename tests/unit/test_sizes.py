"""The table of sizes against the words of its source, and what follows from it."""

from __future__ import annotations

from math import isclose

import pytest

from gptimg_desktop.core.sizes import (
    AUTO,
    TABLE,
    PixelSize,
    Ratio,
    SizeAdvice,
    Tier,
    advice,
    is_impossible,
    outcomes,
    outcomes_that_miss,
    parse_size,
    probable_tier,
    simplest_ratio,
)

# As the API's page prints it.
PUBLISHED = """
| size | 1k | 2k | 4k |
|---|---|---|---|
1:1 | 1024×1024 / 1254×1254 | 2048×2048 | 2880×2880 |
3:2 | 1536×1024 | 2048×1360 | 3520×2336 |
2:3 | 1024×1536 | 1360×2048 | 2336×3520 |
4:3 | 1024×768 | 2048×1536 | 3312×2480 |
3:4 | 768×1024 | 1536×2048 | 2480×3312 |
5:4 | 1280×1024 / 1448×1086 | 2560×2048 | 3216×2576 |
4:5 | 1024×1280 / 1122×1402 | 2048×2560 | 2576×3216 |
16:9 | 1536×864 / 1672×941 | 2048×1152 | 3840×2160 |
9:16 | 864×1536 / 941×1672 | 1152×2048 | 2160×3840 |
2:1 | 2048×1024 / 1774×887 | 2688×1344 | 3840×1920 |
1:2 | 1024×2048 / 887×1774 | 1344×2688 | 1920×3840 |
3:1 | 1881×836 / 1536×512 | 3072×1024 | 3840×1280 |
1:3 | 887×1774 / 512×1536 | 1024×3072 | 1280×3840 |
21:9 | 2016×864 / 1915×821 | 2688×1152 | 3840×1648 |
9:21 | 864×2016 / 821×1915 | 1152×2688 | 1648×3840 |
"""


def _published_cells() -> list[tuple[str, str, str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PUBLISHED.split("\n") if line]
    _, *tiers = rows[0]
    return [(row[0], tier, cell) for row in rows[2:] for tier, cell in zip(tiers, row[1:4], strict=True)]


CELLS = _published_cells()


def test_the_page_has_45_cells_and_so_has_the_table() -> None:
    assert len(CELLS) == 45
    assert sum(len(row) for row in TABLE.values()) == 45
    assert list(TABLE) == list(Ratio)


@pytest.mark.parametrize(
    ("ratio", "tier", "cell"), CELLS, ids=[f"{ratio}-{tier}" for ratio, tier, _ in CELLS]
)
def test_cell_is_as_published(ratio: str, tier: str, cell: str) -> None:
    found = outcomes(Ratio(ratio), Tier(tier))
    assert " / ".join(size.label for size in found) == cell


def test_eleven_cells_have_two_outcomes_all_at_1k() -> None:
    double = [(ratio, tier) for ratio in Ratio for tier in Tier if len(outcomes(ratio, tier)) == 2]
    assert len(double) == 11
    assert {tier for _, tier in double} == {Tier.K1}


def test_exactly_three_outcomes_miss_their_ratio() -> None:
    missing = {
        (ratio, tier, str(size))
        for ratio in Ratio
        for tier in Tier
        for size in outcomes_that_miss(ratio, tier)
    }
    assert missing == {
        (Ratio.R5X4, Tier.K1, "1448x1086"),
        (Ratio.R3X1, Tier.K1, "1881x836"),
        (Ratio.R1X3, Tier.K1, "887x1774"),
    }


@pytest.mark.parametrize("tier", Tier)
def test_free_sizes_come_back_as_asked_and_auto_promises_nothing(tier: Tier) -> None:
    free = PixelSize(1881, 836)
    assert outcomes(free, tier) == (free,)
    assert outcomes_that_miss(free, tier) == ()
    assert outcomes(AUTO, tier) == ()
    assert outcomes_that_miss(AUTO, tier) == ()


@pytest.mark.parametrize("ratio", Ratio)
def test_ratio_is_what_it_says(ratio: Ratio) -> None:
    width, height = ratio.parts
    assert f"{width}:{height}" == ratio
    assert isclose(ratio.value_as_float, width / height)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("auto", AUTO),
        (" AUTO ", AUTO),
        ("16:9", Ratio.R16X9),
        ("1881x836", PixelSize(1881, 836)),
        ("1881 × 836", PixelSize(1881, 836)),
        ("1881X836", PixelSize(1881, 836)),
    ],
)
def test_size_is_read_from_text(text: str, size: object) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "7:5", "12", "x", "10x", "-1x10", "1.5x2", "1234567x1", "١٠x١٠"])
def test_text_that_names_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid Ratio"):
        parse_size(text)


@pytest.mark.parametrize("size", [*Ratio, AUTO, PixelSize(887, 1774)], ids=str)
def test_what_is_sent_reads_back_as_the_same_size(size: object) -> None:
    assert parse_size(str(size)) == size


def test_pixel_size_in_numbers() -> None:
    size = PixelSize(1881, 836)
    assert (size.pixels, size.megapixels, size.label) == (1_572_516, 1.572516, "1881×836")
    assert isclose(size.ratio, 2.25)


@pytest.mark.parametrize(
    ("width", "height", "impossible"),
    [
        (15, 1024, True),
        (16, 1024, False),
        (1024, 15, True),
        (10_000, 16, False),
        (10_001, 16, True),
        (16, 10_001, True),
        (0, 0, True),
    ],
)
def test_impossible_sizes(width: int, height: int, impossible: bool) -> None:
    assert is_impossible(PixelSize(width, height)) is impossible


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1024, 1024, ()),
        (3840, 2160, ()),
        (3840, 1280, ()),
        (1881, 836, (SizeAdvice.NOT_MULTIPLE_OF_16,)),
        (1024, 1000, (SizeAdvice.NOT_MULTIPLE_OF_16,)),
        (3856, 2144, (SizeAdvice.EDGE_TOO_LONG,)),
        (3072, 1008, (SizeAdvice.TOO_NARROW,)),
        (1008, 3072, (SizeAdvice.TOO_NARROW,)),
        (640, 1024, ()),
        (640, 1008, (SizeAdvice.TOO_FEW_PIXELS,)),
        (2880, 2880, ()),
        (2896, 2880, (SizeAdvice.TOO_MANY_PIXELS,)),
        (0, 0, (SizeAdvice.TOO_FEW_PIXELS,)),
        (
            5001,
            100,
            (
                SizeAdvice.NOT_MULTIPLE_OF_16,
                SizeAdvice.EDGE_TOO_LONG,
                SizeAdvice.TOO_NARROW,
                SizeAdvice.TOO_FEW_PIXELS,
            ),
        ),
    ],
)
def test_advice_on_free_sizes(width: int, height: int, expected: tuple[SizeAdvice, ...]) -> None:
    assert advice(PixelSize(width, height)) == expected


@pytest.mark.parametrize(
    ("size", "tier"),
    [
        (PixelSize(1000, 1700), Tier.K1),
        (PixelSize(1000, 1701), Tier.K2),
        (PixelSize(2000, 2200), Tier.K2),
        (PixelSize(2000, 2201), Tier.K4),
    ],
    ids=str,
)
def test_free_size_is_billed_by_its_pixels(size: PixelSize, tier: Tier) -> None:
    assert probable_tier(size) is tier


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (1024, 1024, "1:1"),
        (1536, 864, "16:9"),
        (1152, 2688, "3:7"),
        (1881, 836, "9:4"),
        (887, 1774, "1:2"),
        (1254, 941, "1.33:1"),
        (941, 1672, "1:1.78"),
        (3840, 1279, "3.002:1"),
        (1279, 3840, "1:3.002"),
        (2049, 1024, "2.001:1"),
        (10_000, 9_999, "1.0001:1"),
    ],
)
def test_shape_in_small_numbers(width: int, height: int, shape: str) -> None:
    assert simplest_ratio(PixelSize(width, height)) == shape


def test_tiers_are_labelled_in_capitals() -> None:
    assert [tier.label for tier in Tier] == ["1K", "2K", "4K"]
