"""Sizes: the 15 ratios, the three tiers, what may come back for each, and advice on free pixel sizes.

Source of the table: the API's page ("size × resolution → actual pixel mapping").
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal


class Tier(StrEnum):
    """Resolution tier, the unit of billing. The value is what the API takes."""

    K1 = "1k"
    K2 = "2k"
    K4 = "4k"

    @property
    def label(self) -> str:
        return self.value.upper()


class Ratio(StrEnum):
    """An aspect ratio that the API knows by name. The value is what the API takes."""

    R1X1 = "1:1"
    R3X2 = "3:2"
    R2X3 = "2:3"
    R4X3 = "4:3"
    R3X4 = "3:4"
    R5X4 = "5:4"
    R4X5 = "4:5"
    R16X9 = "16:9"
    R9X16 = "9:16"
    R2X1 = "2:1"
    R1X2 = "1:2"
    R3X1 = "3:1"
    R1X3 = "1:3"
    R21X9 = "21:9"
    R9X21 = "9:21"

    @property
    def parts(self) -> tuple[int, int]:
        """Width and height of the ratio, as named: (16, 9)."""
        width, height = self.value.split(":")
        return int(width), int(height)

    @property
    def value_as_float(self) -> float:
        """Width divided by height."""
        width, height = self.parts
        return width / height

    def swapped(self) -> Ratio:
        """The same, turned by a quarter: 9:16 for 16:9."""
        width, height = self.parts
        return Ratio(f"{height}:{width}")


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Width × height in pixels. `str()` gives what the API takes: "1881x836"."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def label(self) -> str:
        return f"{self.width}×{self.height}"

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def megapixels(self) -> float:
        return self.pixels / 1_000_000

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height

    def swapped(self) -> PixelSize:
        """The same, turned by a quarter."""
        return PixelSize(self.height, self.width)


AUTO: Final = "auto"
Size = Ratio | PixelSize | Literal["auto"]
"""What a user may ask for. `str(size)` is what the API takes."""


def _pair(text: str) -> PixelSize:
    width, height = text.split("x")
    return PixelSize(int(width), int(height))


def _row(*cells: str) -> dict[Tier, tuple[PixelSize, ...]]:
    return {tier: tuple(map(_pair, cell.split())) for tier, cell in zip(Tier, cells, strict=True)}


TABLE: Final[dict[Ratio, dict[Tier, tuple[PixelSize, ...]]]] = {
    Ratio.R1X1: _row("1024x1024 1254x1254", "2048x2048", "2880x2880"),
    Ratio.R3X2: _row("1536x1024", "2048x1360", "3520x2336"),
    Ratio.R2X3: _row("1024x1536", "1360x2048", "2336x3520"),
    Ratio.R4X3: _row("1024x768", "2048x1536", "3312x2480"),
    Ratio.R3X4: _row("768x1024", "1536x2048", "2480x3312"),
    Ratio.R5X4: _row("1280x1024 1448x1086", "2560x2048", "3216x2576"),
    Ratio.R4X5: _row("1024x1280 1122x1402", "2048x2560", "2576x3216"),
    Ratio.R16X9: _row("1536x864 1672x941", "2048x1152", "3840x2160"),
    Ratio.R9X16: _row("864x1536 941x1672", "1152x2048", "2160x3840"),
    Ratio.R2X1: _row("2048x1024 1774x887", "2688x1344", "3840x1920"),
    Ratio.R1X2: _row("1024x2048 887x1774", "1344x2688", "1920x3840"),
    Ratio.R3X1: _row("1881x836 1536x512", "3072x1024", "3840x1280"),
    Ratio.R1X3: _row("887x1774 512x1536", "1024x3072", "1280x3840"),
    Ratio.R21X9: _row("2016x864 1915x821", "2688x1152", "3840x1648"),
    Ratio.R9X21: _row("864x2016 821x1915", "1152x2688", "1648x3840"),
}

LEAST_EDGE: Final = 16
MOST_EDGE: Final = 10_000
_PIXELS = re.compile(r"(\d{1,6})\s*[x×X]\s*(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """A size with its tier, as one thing to choose. `str()` gives "16:9 2k", which `parse_choice` reads."""

    size: Size
    tier: Tier

    def __str__(self) -> str:
        return f"{self.size} {self.tier}"


def parse_choice(text: str) -> SizeChoice:
    """The choice that a text such as "16:9 2k" names; ValueError where it names none."""
    size, _, tier = text.strip().rpartition(" ")
    return SizeChoice(parse_size(size), Tier(tier))


def parse_size(text: str) -> Size:
    """The size that a text such as "auto", "16:9" or "1881x836" names; ValueError where it names none."""
    word = text.strip().lower()
    if word == AUTO:
        return AUTO
    if match := _PIXELS.fullmatch(word):
        return PixelSize(int(match[1]), int(match[2]))
    return Ratio(word)


def swapped(size: Size) -> Size:
    """The size turned by a quarter; itself where there is nothing to turn."""
    return size.swapped() if isinstance(size, Ratio | PixelSize) else AUTO


def outcomes(size: Size, tier: Tier) -> tuple[PixelSize, ...]:
    """Every pixel size that may come back: none for auto (the service decides), else one or two."""
    if isinstance(size, Ratio):
        return TABLE[size][tier]
    if isinstance(size, PixelSize):
        return (size,)
    return ()


def outcomes_that_miss(size: Size, tier: Tier) -> tuple[PixelSize, ...]:
    """The outcomes whose shape is over 5 % off the ratio that was asked for (5:4, 3:1 and 1:3 at 1k)."""
    if not isinstance(size, Ratio):
        return ()
    wanted = size.value_as_float
    return tuple(found for found in outcomes(size, tier) if abs(found.ratio / wanted - 1) > 0.05)


def is_impossible(size: PixelSize) -> bool:
    """True where no service could make the size: an edge of a few pixels, or of tens of thousands."""
    return not (is_possible_edge(size.width) and is_possible_edge(size.height))


def is_possible_edge(pixels: int) -> bool:
    """True for an edge that some service may make."""
    return LEAST_EDGE <= pixels <= MOST_EDGE


class SizeAdvice(StrEnum):
    """Why a free pixel size may be refused or changed. Advice: the API's own example breaks the first."""

    NOT_MULTIPLE_OF_16 = "not_multiple_of_16"
    EDGE_TOO_LONG = "edge_too_long"
    TOO_NARROW = "too_narrow"
    TOO_FEW_PIXELS = "too_few_pixels"
    TOO_MANY_PIXELS = "too_many_pixels"


GRID: Final = 16
LONGEST_EDGE: Final = 3840
NARROWEST: Final = 3.0
LEAST_PIXELS: Final = 655_360
MOST_PIXELS: Final = 8_294_400


def advice(size: PixelSize) -> tuple[SizeAdvice, ...]:
    """What upstream's published rule holds against a free pixel size; empty where it is a good size."""
    long, short = max(size.width, size.height), max(1, min(size.width, size.height))
    found = {
        SizeAdvice.NOT_MULTIPLE_OF_16: bool(size.width % GRID or size.height % GRID),
        SizeAdvice.EDGE_TOO_LONG: long > LONGEST_EDGE,
        SizeAdvice.TOO_NARROW: long / short > NARROWEST,
        SizeAdvice.TOO_FEW_PIXELS: size.pixels < LEAST_PIXELS,
        SizeAdvice.TOO_MANY_PIXELS: size.pixels > MOST_PIXELS,
    }
    return tuple(kind for kind, applies in found.items() if applies)


MOST_OF_1K: Final = 1_700_000
MOST_OF_2K: Final = 4_400_000


def probable_tier(size: PixelSize) -> Tier:
    """The tier that a free pixel size is probably billed as (the limits of a cousin model)."""
    if size.pixels <= MOST_OF_1K:
        return Tier.K1
    return Tier.K2 if size.pixels <= MOST_OF_2K else Tier.K4


PRINT_PPI: Final = 300


def print_size(size: PixelSize) -> tuple[int, int]:
    """Width and height on paper at 300 ppi, in whole millimetres."""
    return round(size.width * 25.4 / PRINT_PPI), round(size.height * 25.4 / PRINT_PPI)


def simplest_ratio(size: PixelSize) -> str:
    """The shape in small numbers where it has them ("16:9"), else against one ("2.25:1"), with as many digits
    as it takes not to look like a round number that it is not ("3.003:1")."""
    common = math.gcd(size.width, size.height)
    width, height = size.width // common, size.height // common
    if max(width, height) <= 21:
        return f"{width}:{height}"
    if size.ratio >= 1:
        return f"{_not_rounded(size.ratio)}:1"
    return f"1:{_not_rounded(1 / size.ratio)}"


def _not_rounded(number: float) -> str:
    texts = [f"{number:.{digits}f}" for digits in (2, 3, 4)]
    return next((text for text in texts if not float(text).is_integer()), texts[0])
