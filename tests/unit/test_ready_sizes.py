"""Ready sizes: each is large enough for its purpose, and asked for in a way that nothing speaks against."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from gptimg_desktop.core.ready_sizes import READY_SIZES, Purpose, ReadySize, Use
from gptimg_desktop.core.sizes import (
    MOST_PIXELS,
    PixelSize,
    Ratio,
    SizeChoice,
    Tier,
    advice,
    outcomes,
    outcomes_that_miss,
    parse_choice,
    print_size,
    probable_tier,
)

EACH = pytest.mark.parametrize("ready", READY_SIZES, ids=lambda ready: ready.purpose.value)


def _of(purpose: Purpose) -> SizeChoice:
    return next(ready.choice for ready in READY_SIZES if ready.purpose is purpose)


def test_every_purpose_has_one_ready_size() -> None:
    assert [ready.purpose for ready in READY_SIZES] == list(Purpose)


@EACH
def test_it_has_a_name_or_nothing_speaks_against_it(ready: ReadySize) -> None:
    size, tier = ready.choice.size, ready.choice.tier
    if isinstance(size, PixelSize):
        assert advice(size) == ()
        assert probable_tier(size) is tier
    else:
        assert isinstance(size, Ratio)
        assert outcomes_that_miss(size, tier) == ()
    assert parse_choice(str(ready.choice)) == ready.choice


@EACH
def test_it_has_the_shape_of_its_purpose(ready: ReadySize) -> None:
    wanted = ready.needs[0] / ready.needs[1]
    for found in outcomes(ready.choice.size, ready.choice.tier):
        assert abs(math.log(found.ratio / wanted)) < 0.011


@EACH
def test_what_is_shown_on_a_screen_has_pixels_enough_at_the_lowest_price(ready: ReadySize) -> None:
    if ready.is_for_print or isinstance(ready.choice.size, PixelSize):
        return
    suffices = [
        tier
        for tier in Tier
        if not outcomes_that_miss(ready.choice.size, tier)
        and all(
            found.width >= ready.needs[0] and found.height >= ready.needs[1]
            for found in outcomes(ready.choice.size, tier)
        )
    ]
    assert suffices[0] is ready.choice.tier


@EACH
def test_paper_has_its_own_shape(ready: ReadySize) -> None:
    size = ready.choice.size
    if ready.is_for_print and isinstance(size, PixelSize):
        shape = Decimal(ready.needs[0]) / Decimal(ready.needs[1])
        if ready.purpose is Purpose.LETTER:
            shape = Decimal(17) / Decimal(22)  # inches; its millimetres are rounded
        assert abs(math.log(size.ratio / float(shape))) < 0.001


@pytest.mark.parametrize("purpose", [Purpose.POSTCARD, Purpose.PHOTO_PRINT, Purpose.BUSINESS_CARD])
def test_small_paper_is_filled_at_300_ppi(purpose: Purpose) -> None:
    ready = next(each for each in READY_SIZES if each.purpose is purpose)
    for found in outcomes(ready.choice.size, ready.choice.tier):
        assert all(made >= needed for made, needed in zip(print_size(found), ready.needs, strict=True))


def test_a4_is_exact_and_no_exact_one_has_more_pixels() -> None:
    portrait, landscape = _of(Purpose.A4_PORTRAIT).size, _of(Purpose.A4_LANDSCAPE).size
    assert isinstance(portrait, PixelSize)
    assert landscape == portrait.swapped()
    assert portrait.width * 297 == portrait.height * 210
    step = 70 * 16 * 99 * 16  # the smallest exact one whose edges are multiples of 16
    times = math.isqrt(portrait.pixels // step)
    assert (times + 1) ** 2 * step > MOST_PIXELS
    assert print_size(portrait) == (190, 268)


def test_uses_come_in_one_piece_each() -> None:
    uses = [ready.use for ready in READY_SIZES]
    assert uses == sorted(uses, key=list(Use).index)
