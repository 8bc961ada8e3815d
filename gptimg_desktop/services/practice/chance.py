"""All that looks like chance in the practice service: derived from a task's seed, thus repeatable."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.sizes import AUTO, Ratio, outcomes

if TYPE_CHECKING:
    from gptimg_desktop.core.sizes import PixelSize, Size, Tier

SECOND_OUTCOME_SHARE: Final = 0.4
FASTEST_S: Final = 30.0
SLOWEST_S: Final = 60.0

AUTO_RATIOS: Final = (
    *(Ratio.R1X1,) * 3, *(Ratio.R3X2,) * 3, *(Ratio.R2X3,) * 3,
    Ratio.R4X3, Ratio.R3X4, Ratio.R4X5, Ratio.R16X9, Ratio.R16X9, Ratio.R9X16,
)  # fmt: skip
"""What `auto` may turn into; ratios that are asked for often stand there more than once."""


def drawn(seed: str, purpose: str) -> random.Random:
    """A stream of numbers for one purpose of one seed, the same on every machine."""
    return random.Random(f"{seed}/{purpose}")  # noqa: S311 - pictures and delays, no secrets


def pixel_size(size: Size, tier: Tier, seed: str) -> PixelSize:
    """The size that comes back: one of the table's outcomes, or exactly the pixels asked for."""
    source = drawn(seed, "size")
    wanted = source.choice(AUTO_RATIOS) if size == AUTO else size
    possible = outcomes(wanted, tier)
    return possible[-1] if source.random() < SECOND_OUTCOME_SHARE else possible[0]


def duration_s(seed: str) -> float:
    """How long the real service might take for the task."""
    return drawn(seed, "duration").uniform(FASTEST_S, SLOWEST_S)
